"""BM25 index files: documents to columns of scores, one column a word."""

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.snapshot.bm25 import DIRECTORY, K1, READ, B, Floats, Ints, word_hash
from retrieval.tokenizer import pieces, stem_words, words

#: A word in more than one text of so many is common: its entries are found by bits, one for each text.
_COMMON = 32


class _Numbers(dict[str, int]):
    """The number of each word of a language, by its stem; stems have the same number in all languages."""

    def __init__(self, language: str | None, known: dict[str, int]) -> None:
        super().__init__()
        self._language = language
        self._known = known

    def __missing__(self, word: str) -> int:
        (stem,) = stem_words([word], self._language)
        self[word] = number = self._known.setdefault(stem, len(self._known))
        return number


def write_bm25(
    documents: Iterable[tuple[str | None, Sequence[str]]], directory: Path, *, in_pieces: bool = False
) -> None:
    """Index documents, each a language and the texts whose best one scores for it, into an existing directory.

    By words without the endings of the language, or by words and their pieces, whatever the language.
    """
    known: dict[str, int] = {}
    numbers: dict[str | None, _Numbers] = {}
    entries = array("i")
    lengths: list[int] = []
    starts = [0]
    languages = Counter[str]()
    for language, texts in documents:
        languages.update([language] if language else [])
        language = None if in_pieces else language  # noqa: PLW2901  # pieces are of no language
        if language not in numbers:
            numbers[language] = _Numbers(language, known)
        for text in texts:
            found = pieces(words(text)) if in_pieces else words(text)
            entries.extend(map(numbers[language].__getitem__, found))
            lengths.append(len(found))
        starts.append(len(lengths))
    columns, rows, scores = _scored(
        np.frombuffer(entries, dtype=np.int32), np.array(lengths, dtype=np.int64), len(known)
    )
    hashes = np.fromiter(map(word_hash, known), dtype=np.uint64, count=len(known))
    order = np.argsort(hashes)
    common, bits = _common(columns, rows, len(lengths))
    files: dict[str, NDArray[Any]] = {
        "scores": scores,
        "rows": rows,
        "columns": columns,
        "words": hashes[order],
        "numbers": order.astype(np.int32),
        "starts": np.array(starts, dtype=np.int32),
        "common": common,
        "bits": bits,
    }
    (directory / DIRECTORY).mkdir()
    for name, content in files.items():
        np.save(directory / DIRECTORY / f"{name}.npy", content)
    facts = {
        "rows": len(lengths),
        "mean_length": sum(lengths) / max(1, len(lengths)),
        "language": next((language for language, _ in languages.most_common(1)), None),
        "in_pieces": in_pieces,
    }
    (directory / DIRECTORY / "facts.json").write_text(json.dumps(facts), "utf-8")


def _scored(numbers_of_words: NDArray[np.int32], lengths: Ints, count: int) -> tuple[Ints, NDArray[np.int32], Floats]:
    """The columns of `count` words: where each begins, the texts that hold it in order, and what it gives to each.

    From the numbers of the words of all texts, one after the other, and the length of each text. The scores are those
    of the "lucene" method of Kamphuis et al., ECIR 2020, table 1, row 3.
    """
    texts = max(1, len(lengths))
    entries = numbers_of_words.astype(np.int64)
    entries *= texts
    entries += np.repeat(np.arange(len(lengths)), lengths)
    entries.sort()
    first = np.flatnonzero(np.diff(entries, prepend=-1))
    often = np.diff(first, append=len(entries))
    numbers, rows = np.divmod(entries[first], texts)
    columns = np.searchsorted(numbers, np.arange(count + 1))
    holding = np.diff(columns)
    weights = np.log1p((len(lengths) - holding + 0.5) / (holding + 0.5))
    norms = K1 * (1 - B + B * lengths / max(lengths.mean() if len(lengths) else 0, 1e-9))
    scores = weights[numbers] * often / (often + norms[rows])
    return columns, rows.astype(np.int32), scores.astype(np.float32)


def _common(columns: Ints, rows: NDArray[np.int32], count: int) -> tuple[Ints, NDArray[np.uint64]]:
    """The columns of common words, in order, and for each one and every 64 texts the bits of those that hold it.

    uint64 [common, texts / 64, 2]: beside the bits stands how many texts before these hold the word.
    """
    common = np.flatnonzero(np.diff(columns) > max(READ, count // _COMMON))
    bits = np.zeros((len(common), -(-count // 64), 2), dtype=np.uint64)
    for number, column in enumerate(common.tolist()):
        holding = np.zeros(64 * bits.shape[1], dtype=np.bool_)
        holding[rows[columns[column] : columns[column + 1]]] = True
        bits[number, :, 0] = np.packbits(holding, bitorder="little").view("<u8")
        bits[number, 1:, 1] = np.cumsum(np.bitwise_count(bits[number, :-1, 0]))
    return common, bits
