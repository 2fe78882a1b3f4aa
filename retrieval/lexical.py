"""Keyword search: BM25 over words reduced to their stems, mapped into memory and read by column.

A score is the share of a question's words, rare ones weighing more, that a text holds: 0 to 1, so that the scores of
different questions can be compared and added to a cosine. bm25s computes the columns (its "lucene" method: Kamphuis et
al., ECIR 2020, table 1, row 3); asking reads them directly, since only a few documents are of interest.
"""

import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import SnapshotDamaged
from retrieval.mapped import mapped

DIRECTORY = "lexical"
K1, B = 1.2, 0.75
#: Entries of rare words that are read to find documents; words in more texts only add to what was found otherwise.
_ENTRIES = 8192
#: Entries of a word that are read as fast as it is looked up for the documents of interest.
_READ = 4096

#: A letter or digit, and what follows of them with the marks on them: accents that stand apart, points, vowel signs.
_WORD = re.compile(r"\w[\w\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff]*")
_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
#: A stemmer belongs to one thread.
_local = threading.local()

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def stems(text: str, language: str | None) -> list[str]:
    """The words of a text in lower case, without the endings of the language; as they are in a language unknown."""
    whole = normalize("NFKC", text.encode("utf-8", "replace").decode())
    words: list[str] = _WORD.findall(whole.casefold())
    algorithm = _ALGORITHMS.get(language or "")
    if algorithm is None:
        return words
    if not hasattr(_local, "stemmers"):
        _local.stemmers = {}
    if algorithm not in _local.stemmers:
        import Stemmer  # noqa: PLC0415  # a compiled library that importing this package should not need

        _local.stemmers[algorithm] = Stemmer.Stemmer(algorithm)
    return list(_local.stemmers[algorithm].stemWords(words))


def write_lexical(documents: Iterable[tuple[str | None, Sequence[str]]], directory: Path) -> None:
    """Index documents, each a language and the texts whose best one scores for it, into an existing directory."""
    from bm25s import BM25  # noqa: PLC0415  # only needed to build

    numbers: dict[str, int] = {}
    rows: list[list[int]] = []
    starts = [0]
    languages = Counter[str]()
    for language, texts in documents:
        languages.update([language] if language else [])
        rows += ([numbers.setdefault(word, len(numbers)) for word in stems(text, language)] for text in texts)
        starts.append(len(rows))
    lengths = [len(row) for row in rows]
    if numbers:
        built = BM25(method="lucene", k1=K1, b=B, backend="numpy", csc_backend="numpy").build_index_from_ids(
            range(len(numbers)), rows, show_progress=False
        )
    else:
        built = {"data": np.empty(0), "indices": np.empty(0), "indptr": np.zeros(1)}
    hashes = np.fromiter(map(_hash, numbers), dtype=np.uint64, count=len(numbers))
    order = np.argsort(hashes)
    files: dict[str, NDArray[Any]] = {
        "scores": np.asarray(built["data"], dtype=np.float32),
        "rows": np.asarray(built["indices"], dtype=np.int32),
        "columns": np.asarray(built["indptr"], dtype=np.int64),
        "words": hashes[order],
        "numbers": order.astype(np.int32),
        "starts": np.array(starts, dtype=np.int32),
    }
    (directory / DIRECTORY).mkdir()
    for name, array in files.items():
        np.save(directory / DIRECTORY / f"{name}.npy", array)
    facts = {
        "rows": len(rows),
        "mean_length": sum(lengths) / max(1, len(lengths)),
        "language": next((language for language, _ in languages.most_common(1)), None),
    }
    (directory / DIRECTORY / "facts.json").write_text(json.dumps(facts), "utf-8")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The words of a question: their columns, rarest first, and what all of them, known or not, weigh together."""

    columns: Ints
    #: Weight of each word of the question by its stem, for texts that are not in the index.
    weights: dict[str, float]
    total: float
    #: The scores of all documents, where those are quickly had; float32 [documents].
    every: Floats | None = None


class LexicalIndex:
    """BM25 over the texts of documents; a document scores as its best text. Safe to share between threads."""

    def __init__(self, directory: Path) -> None:
        folder = directory / DIRECTORY
        try:
            self._scores, self._rows, self._columns, self._words, self._numbers, self._starts = (
                mapped(folder / f"{name}.npy") for name in ("scores", "rows", "columns", "words", "numbers", "starts")
            )
            facts: dict[str, Any] = json.loads((folder / "facts.json").read_bytes())
            self._count, self._mean_length = int(facts["rows"]), float(facts["mean_length"])
            #: Of most documents: the language of a question that does not say its own.
            self._language: str | None = facts["language"]
        except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
            raise SnapshotDamaged(f"{folder} cannot be read: {error}. Reindex, or roll back.") from error

    def terms(self, text: str, language: str | None) -> Terms:
        """The words of a question."""
        words = list(dict.fromkeys(stems(text, language or self._language)))
        hashes = np.fromiter(map(_hash, words), dtype=np.uint64, count=len(words))
        places = np.minimum(np.searchsorted(self._words, hashes), max(0, len(self._words) - 1))
        known = self._words[places] == hashes if len(self._words) else np.zeros(len(words), dtype=np.bool_)
        columns = self._numbers[places[known]].astype(np.int64)
        holding = np.zeros(len(words))
        holding[known] = self._columns[columns + 1] - self._columns[columns]
        weights = np.log1p((self._count - holding + 0.5) / (holding + 0.5))
        rarest = np.argsort(holding[known], kind="stable")
        found = Terms(
            columns=columns[rarest],
            weights=dict(zip(words, weights.tolist(), strict=True)),
            total=float(weights.sum()),
        )
        quick = self._count + holding.sum() <= _READ * (1 + len(columns))
        return replace(found, every=self.all_scores(found)) if quick else found

    def best(self, terms: Terms, count: int) -> Ints:
        """At most `count` documents that hold the rarest words of a question, in no order."""
        if terms.every is not None:
            few = (
                np.argpartition(-terms.every, count)[:count]
                if len(terms.every) > count
                else np.arange(len(terms.every))
            )
            return few[terms.every[few] > 0]
        sizes = self._columns[terms.columns + 1] - self._columns[terms.columns]
        used = terms.columns[np.cumsum(sizes) <= _ENTRIES]
        if not len(used):
            return np.empty(0, dtype=np.int64)
        spans = [slice(self._columns[column], self._columns[column + 1]) for column in used]
        rows = np.concatenate([self._rows[span] for span in spans])
        order = np.argsort(rows, kind="stable")
        rows = rows[order]
        first = np.flatnonzero(np.diff(rows, prepend=-1))
        sums = np.add.reduceat(np.concatenate([self._scores[span] for span in spans])[order], first)
        few = np.argpartition(-sums, count)[:count] if len(sums) > count else np.arange(len(sums))
        return np.unique(np.searchsorted(self._starts, rows[first[few]], side="right") - 1)

    def scores(self, terms: Terms, documents: Ints) -> Floats:
        """The score of each of these documents, float32 [n], 0 to 1."""
        if terms.every is not None:
            return terms.every[documents]
        starts = self._starts[documents].astype(np.int64)
        counts = self._starts[documents + 1] - starts
        ends = np.cumsum(counts)
        rows = np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)
        sums = np.zeros(len(rows) + 1, dtype=np.float32)  # one more, for documents without texts at the end
        for column in terms.columns:
            start, end = self._columns[column], self._columns[column + 1]
            held = self._rows[start:end]
            places = np.minimum(np.searchsorted(held, rows.astype(np.int32)), end - start - 1)
            sums[:-1] += np.where(held[places] == rows, self._scores[start + places], 0)
        best = np.maximum.reduceat(sums, ends - counts) if len(documents) else np.empty(0, dtype=np.float32)
        return np.where(counts > 0, best, 0).astype(np.float32) / np.float32(max(terms.total, 1e-9))

    def all_scores(self, terms: Terms) -> Floats:
        """The score of every document, float32 [documents], 0 to 1."""
        if terms.every is not None:
            return terms.every.copy()
        sums = np.zeros(self._count + 1, dtype=np.float32)
        for column in terms.columns:
            span = slice(self._columns[column], self._columns[column + 1])
            sums[self._rows[span]] += self._scores[span]
        best = np.maximum.reduceat(sums, np.minimum(self._starts[:-1], self._count))
        return np.where(np.diff(self._starts) > 0, best, 0).astype(np.float32) / np.float32(max(terms.total, 1e-9))

    def score_text(self, terms: Terms, text: str, language: str | None) -> float:
        """What a text would score that is not in the index, or that is in it with something more."""
        held = Counter(stems(text, language))
        norm = K1 * (1 - B + B * held.total() / max(self._mean_length, 1e-9))
        score = sum(weight * held[word] / (held[word] + norm) for word, weight in terms.weights.items())
        return score / max(terms.total, 1e-9)


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
