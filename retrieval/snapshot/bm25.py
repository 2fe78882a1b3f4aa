"""Keyword search: BM25 over words reduced to their stems, mapped into memory and read by column.

Where many languages are searched together, a text is its words and their pieces of five letters.

A score is the share of a question's words, rare ones weighing more, that a text holds: 0 to 1, so that the scores of
different questions can be compared and added to a cosine.
"""

import hashlib
import json
import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, compress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Segments, open_memmap
from retrieval.errors import SnapshotDamaged
from retrieval.tokenizer import pieces, stems, words

DIRECTORY = "lexical"
K1, B = 1.2, 0.75
#: Entries of rare words that are read to find documents; words in more texts only add to what was found otherwise.
_ENTRIES = 8192
#: Entries of a word that are read as fast as it is looked up for the documents of interest.
READ = 4096


Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_NOTHING, _NO_ROWS = np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int32)
_TRUE = np.ones(1, dtype=np.bool_)


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
        weights, columns, sizes = self._weighed(text, language)
        ranked = sorted(zip(sizes, columns.tolist(), strict=True))
        rarest, total = [column for _, column in ranked], sum(weights.values())
        if self._count + sum(sizes) <= READ * (1 + len(sizes)):
            every, merged, rows, sums = self._every(rarest, total), 0, _NO_ROWS, _NOTHING
        else:
            every, merged = None, bisect_right(list(accumulate(sorted(sizes))), _ENTRIES)
            rows, sums = self._sums(rarest[:merged])
        return QueryTerms(
            columns=rarest, weights=weights, total=total, every=every, merged=merged, rows=rows, sums=sums
        )

    def term_weights(self, text: str, language: str | None) -> dict[str, float]:
        """The words of a text, each once, as a question's are, and what each weighs."""
        return self._weighed(text, language)[0]

    def _weighed(self, text: str, language: str | None) -> tuple[dict[str, float], Ints, list[int]]:
        """Weights of a text's words, the columns of those that are known, and the number of texts that hold each."""
        asked = list(dict.fromkeys(self._taken_apart(text, language or self._language)))
        hashes = np.array([word_hash(word) for word in asked], dtype=np.uint64)
        places = np.searchsorted(self._words, hashes)
        known = self._words.take(places, mode="clip") == hashes if len(self._words) else np.zeros(len(asked), np.bool_)
        columns = self._numbers[places[known]]
        sizes = (self._columns[columns + 1] - self._columns[columns]).tolist()
        holding = dict(zip(compress(asked, known.tolist()), sizes, strict=True))
        return {word: self._weight(holding.get(word, 0)) for word in asked}, columns, sizes

    def _taken_apart(self, text: str, language: str | None) -> list[str]:
        return pieces(words(text)) if self._in_pieces else stems(text, language)

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
        """Texts of each document; they are only held where all documents are asked for."""
        return Segments.of(self._starts.astype(np.int64))

    def _weight(self, holding: int) -> float:
        """Weight (idf) of a word that so many texts hold."""
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
        """Sum of the scores that the words of a question give to texts, float32 [rows]."""
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
        """Sum of the scores that common words give to texts, float32 [rows]."""
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
        """Score of a text that is not in the index, or that is in it with something more; 0 to 1."""
        held = Counter(self._taken_apart(text, language))
        norm = K1 * (1 - B + B * held.total() / max(self._mean_length, 1e-9))
        score = sum(weight * held[word] / (held[word] + norm) for word, weight in terms.weights.items())
        return score / max(terms.total, 1e-9)


def word_hash(word: str) -> int:
    """The number, of 64 bits, by which an index knows a word."""
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
