"""Keyword search: BM25 over words reduced to their stems, mapped into memory and read by column.

Where many languages are searched together, a text is its words and their pieces of five letters: these are common to
the forms of a word, to the parts of a compound, and to names and words that languages share, and need no rules of any
language (McNamee and Mayfield, Inf. Retrieval 7, 2004, 73).

A score is the share of a question's words, rare ones weighing more, that a text holds: 0 to 1, so that the scores of
different questions can be compared and added to a cosine.
"""

import hashlib
import json
import math
import re
import threading
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, compress
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Segments, open_memmap
from retrieval.errors import SnapshotDamaged

DIRECTORY = "lexical"
K1, B = 1.2, 0.75
#: Entries of rare words that are read to find documents; words in more texts only add to what was found otherwise.
_ENTRIES = 8192
#: Entries of a word that are read as fast as it is looked up for the documents of interest.
_READ = 4096
#: A word in more than one text of so many is common: its entries are found by bits, one for each text.
_COMMON = 32

#: A letter or digit, and what follows of them with the marks on them: accents that stand apart, points, vowel signs.
_WORD = re.compile(r"\w[\w\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff]*")
_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
#: Letters of a piece of a word; a word begins and ends with a sign of its own.
_PIECE = 5
#: A stemmer belongs to one thread.
_local = threading.local()

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_NOTHING, _NO_ROWS = np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int32)
_TRUE = np.ones(1, dtype=np.bool_)


def stems(text: str, language: str | None) -> list[str]:
    """The words of a text in lower case, without the endings of the language; as they are in a language unknown."""
    return _stemmed(_words(text), language)


def _words(text: str) -> list[str]:
    """The words of a text in lower case."""
    if not text.isascii():
        text = normalize("NFKC", text.encode("utf-8", "replace").decode())
    words: list[str] = _WORD.findall(text.casefold())
    return words


def _stemmed(words: list[str], language: str | None) -> list[str]:
    algorithm = _ALGORITHMS.get(language or "")
    if algorithm is None:
        return words
    if not hasattr(_local, "stemmers"):
        _local.stemmers = {}
    if algorithm not in _local.stemmers:
        import Stemmer  # noqa: PLC0415  # a compiled library that importing this package should not need

        _local.stemmers[algorithm] = Stemmer.Stemmer(algorithm)
    return list(_local.stemmers[algorithm].stemWords(words))


def _pieces(words: Iterable[str]) -> list[str]:
    """Words, marked as such, and after each its pieces."""
    found: list[str] = []
    for word in words:
        bordered = f"_{word}_"
        found.append(f"={word}")
        found += [bordered[start : start + _PIECE] for start in range(max(1, len(bordered) - _PIECE + 1))]
    return found


class _Numbers(dict[str, int]):
    """The number of each word of a language, by its stem; stems have the same number in all languages."""

    def __init__(self, language: str | None, known: dict[str, int]) -> None:
        super().__init__()
        self._language = language
        self._known = known

    def __missing__(self, word: str) -> int:
        (stem,) = _stemmed([word], self._language)
        self[word] = number = self._known.setdefault(stem, len(self._known))
        return number


def write_lexical(
    documents: Iterable[tuple[str | None, Sequence[str]]], directory: Path, *, in_pieces: bool = False
) -> None:
    """Index documents, each a language and the texts whose best one scores for it, into an existing directory.

    By words without the endings of the language, or by words and their pieces, whatever the language.
    """
    known: dict[str, int] = {}
    numbers: dict[str | None, _Numbers] = {}
    words = array("i")
    lengths: list[int] = []
    starts = [0]
    languages = Counter[str]()
    for language, texts in documents:
        languages.update([language] if language else [])
        language = None if in_pieces else language  # noqa: PLW2901  # pieces are of no language
        if language not in numbers:
            numbers[language] = _Numbers(language, known)
        for text in texts:
            found = _pieces(_words(text)) if in_pieces else _words(text)
            words.extend(map(numbers[language].__getitem__, found))
            lengths.append(len(found))
        starts.append(len(lengths))
    columns, rows, scores = _scored(np.frombuffer(words, dtype=np.int32), np.array(lengths, dtype=np.int64), len(known))
    hashes = np.fromiter(map(_hash, known), dtype=np.uint64, count=len(known))
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


def _scored(words: NDArray[np.int32], lengths: Ints, count: int) -> tuple[Ints, NDArray[np.int32], Floats]:
    """The columns of `count` words: where each begins, the texts that hold it in order, and what it gives to each.

    From the numbers of the words of all texts, one after the other, and the length of each text. The scores are those
    of the "lucene" method of Kamphuis et al., ECIR 2020, table 1, row 3.
    """
    texts = max(1, len(lengths))
    entries = words.astype(np.int64)
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
    common = np.flatnonzero(np.diff(columns) > max(_READ, count // _COMMON))
    bits = np.zeros((len(common), -(-count // 64), 2), dtype=np.uint64)
    for number, column in enumerate(common.tolist()):
        holding = np.zeros(64 * bits.shape[1], dtype=np.bool_)
        holding[rows[columns[column] : columns[column + 1]]] = True
        bits[number, :, 0] = np.packbits(holding, bitorder="little").view("<u8")
        bits[number, 1:, 1] = np.cumsum(np.bitwise_count(bits[number, :-1, 0]))
    return common, bits


@dataclass(frozen=True, kw_only=True)
class QueryTerms:
    """The words of a question: their columns, rarest first, and what all of them, known or not, weigh together."""

    columns: Sequence[int]
    #: Weight of each word of the question by its stem, for texts that are not in the index.
    weights: dict[str, float]
    total: float
    #: The scores of all documents, where those are quickly had; float32 [documents].
    every: Floats | None = None
    #: Where not, what the first `merged` words give to each text that holds one of them: its row, in order, and a sum.
    merged: int = 0
    rows: NDArray[np.int32]
    sums: Floats


class Bm25Index:
    """BM25 over the texts of documents; a document scores as its best text. Safe to share between threads."""

    def __init__(self, directory: Path) -> None:
        folder = directory / DIRECTORY
        try:
            self._scores, self._rows, self._columns, self._words, self._numbers, self._starts = (
                open_memmap(folder / f"{name}.npy")
                for name in ("scores", "rows", "columns", "words", "numbers", "starts")
            )
            self._bits: NDArray[np.uint64] = open_memmap(folder / "bits.npy")
            #: The place among the bits of each common word's column.
            self._common = {column: place for place, column in enumerate(open_memmap(folder / "common.npy").tolist())}
            facts: dict[str, Any] = json.loads((folder / "facts.json").read_bytes())
            self._count, self._mean_length = int(facts["rows"]), float(facts["mean_length"])
            #: Of most documents: the language of a question that does not say its own.
            self._language: str | None = facts["language"]
            self._in_pieces = bool(facts["in_pieces"])
        except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
            raise SnapshotDamaged(f"{folder} cannot be read: {error}. Reindex, or roll back.") from error

    def terms(self, text: str, language: str | None) -> QueryTerms:
        """The words of a question."""
        words = list(dict.fromkeys(self._taken_apart(text, language or self._language)))
        hashes = np.array([_hash(word) for word in words], dtype=np.uint64)
        places = np.searchsorted(self._words, hashes)
        known = self._words.take(places, mode="clip") == hashes if len(self._words) else np.zeros(len(words), np.bool_)
        columns = self._numbers[places[known]]
        sizes = (self._columns[columns + 1] - self._columns[columns]).tolist()
        holding = dict(zip(compress(words, known.tolist()), sizes, strict=True))
        weights = {word: self._weight(holding.get(word, 0)) for word in words}
        ranked = sorted(zip(sizes, columns.tolist(), strict=True))
        rarest, total = [column for _, column in ranked], sum(weights.values())
        if self._count + sum(sizes) <= _READ * (1 + len(sizes)):
            every, merged, rows, sums = self._every(rarest, total), 0, _NO_ROWS, _NOTHING
        else:
            every, merged = None, bisect_right(list(accumulate(sorted(sizes))), _ENTRIES)
            rows, sums = self._sums(rarest[:merged])
        return QueryTerms(
            columns=rarest, weights=weights, total=total, every=every, merged=merged, rows=rows, sums=sums
        )

    def _taken_apart(self, text: str, language: str | None) -> list[str]:
        return _pieces(_words(text)) if self._in_pieces else stems(text, language)

    def best(self, terms: QueryTerms, count: int) -> Ints:
        """At most `count` documents that hold the rarest words of a question, in no order."""
        if terms.every is not None:
            few = _highest(terms.every, count)
            return few[terms.every[few] > 0]
        rows = terms.rows[_highest(terms.sums, count)]
        return np.unique(np.searchsorted(self._starts, rows, side="right") - 1)

    def scores(self, terms: QueryTerms, documents: Ints) -> Floats:
        """The score of each of these documents, float32 [n], 0 to 1."""
        if terms.every is not None:
            return terms.every[documents]
        starts = self._starts[documents]
        counts = self._starts[documents + 1] - starts
        ends = np.cumsum(counts)
        rows = np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)
        sums = np.zeros(len(rows) + 1, dtype=np.float32)  # one more, for documents without texts at the end
        sums[:-1] += self._held(rows, terms)
        best = np.maximum.reduceat(sums, ends - counts) if len(documents) else _NOTHING
        return np.where(counts > 0, best, 0).astype(np.float32) / np.float32(max(terms.total, 1e-9))

    def all_scores(self, terms: QueryTerms) -> Floats:
        """The score of every document, float32 [documents], 0 to 1."""
        return self._every(terms.columns, terms.total) if terms.every is None else terms.every.copy()

    def _every(self, columns: Sequence[int], total: float) -> Floats:
        """The score of every document by the words of these columns, which together with others weigh `total`."""
        sums = np.zeros(self._count + 1, dtype=np.float32)
        np.add.at(sums, *self._entries(columns))
        best: Floats = self._texts.best(sums)
        best /= np.float32(max(total, 1e-9))
        return best

    @cached_property
    def _texts(self) -> Segments:
        """Which texts each document has; it is only held where all documents are asked for."""
        return Segments.of(self._starts.astype(np.int64))

    def _weight(self, holding: int) -> float:
        """What a word weighs that so many texts hold."""
        return math.log1p((self._count - holding + 0.5) / (holding + 0.5))

    def _entries(self, columns: Sequence[int]) -> tuple[NDArray[np.int32], Floats]:
        """The texts that hold each of some words, one word after the other, and what it gives them."""
        spans = [slice(*self._columns[column : column + 2].tolist()) for column in columns]
        if not spans:
            return _NO_ROWS, _NOTHING
        rows = np.concatenate([self._rows[span] for span in spans])
        return rows, np.concatenate([self._scores[span] for span in spans])

    def _sums(self, columns: Sequence[int]) -> tuple[NDArray[np.int32], Floats]:
        """The texts that hold one of some words, in order, and what these give to each."""
        rows, scores = self._entries(columns)
        if not len(rows):
            return _NO_ROWS, _NOTHING
        # Sorted as one number, the row before the bits of the score: a third of the time that an order of rows takes.
        both = rows.astype(np.int64)
        both <<= 32
        both |= scores.view(np.int32)  # no score is negative
        both.sort()
        rows = (both >> 32).astype(np.int32)
        first = np.flatnonzero(np.concatenate([_TRUE, rows[1:] != rows[:-1]]))
        return rows[first], np.add.reduceat(both.astype(np.int32).view(np.float32), first)

    def _held(self, rows: Ints, terms: QueryTerms) -> Floats:
        """What the words of a question give to texts, float32 [rows]."""
        wanted = rows.astype(np.int32)
        sums = _looked_up(wanted, terms.rows, terms.sums)
        common = []
        for column in terms.columns[terms.merged :]:
            if column in self._common:
                common.append(column)
            else:
                span = slice(*self._columns[column : column + 2].tolist())
                sums += _looked_up(wanted, self._rows[span], self._scores[span])
        return sums + self._by_bits(rows, common) if common else sums

    def _by_bits(self, rows: Ints, columns: Sequence[int]) -> Floats:
        """What common words give to texts, float32 [rows]."""
        numbers = np.array([self._common[column] for column in columns])[:, None]
        # 16 bytes, whatever they are, are fetched at once.
        pairs = self._bits.reshape(-1).view(np.complex128).take(numbers * self._bits.shape[1] + (rows >> 6))
        bits, before = np.moveaxis(pairs.view(np.uint64).reshape(*pairs.shape, 2), -1, 0)
        place = (rows & 63).astype(np.uint64)
        below = bits & ((np.uint64(1) << place) - np.uint64(1))
        holds = (bits >> place) & np.uint64(1)
        places = before + np.bitwise_count(below)
        places += self._columns[columns].astype(np.uint64)[:, None]
        places *= holds
        scores = self._scores.take(places.view(np.int64))
        scores *= holds
        sums: Floats = scores.sum(axis=0)
        return sums

    def score_text(self, terms: QueryTerms, text: str, language: str | None) -> float:
        """What a text would score that is not in the index, or that is in it with something more."""
        held = Counter(self._taken_apart(text, language))
        norm = K1 * (1 - B + B * held.total() / max(self._mean_length, 1e-9))
        score = sum(weight * held[word] / (held[word] + norm) for word, weight in terms.weights.items())
        return score / max(terms.total, 1e-9)


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def _highest(scores: Floats, count: int) -> Ints:
    """The places of the `count` highest, in no order."""
    return np.argpartition(-scores, count)[:count] if len(scores) > count else np.arange(len(scores))


def _looked_up(wanted: NDArray[np.int32], rows: NDArray[np.int32], scores: Floats) -> Floats:
    """The scores of the texts that are wanted, from those of some texts in order; 0 for the others."""
    if not len(rows):
        return np.zeros(len(wanted), dtype=np.float32)
    places = np.minimum(np.searchsorted(rows, wanted), len(rows) - 1)
    return np.where(rows[places] == wanted, scores[places], np.float32(0))
