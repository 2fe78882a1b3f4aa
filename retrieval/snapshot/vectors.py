"""Vectors on disk, kept twice: exactly, in half precision, and as the structure that is searched."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Float16s, open_memmap, to_float32
from retrieval.encoders.encoder import Vectors
from retrieval.errors import SnapshotDamaged
from retrieval.snapshot.inverted_lists import InvertedLists
from retrieval.snapshot.quantizer import Quantizer

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]

EXACT, SEARCHED, REACH = "vectors.npy", "vectors.faiss", "vectors.json"

#: Fetched beyond what is asked for: bytes misplace some at the border, exact scores put them right.
_SPARE = 100


class VectorIndex:
    """Nearest vectors by cosine, from files whose pages are shared between processes and never written."""

    def __init__(self, directory: Path) -> None:
        faiss.omp_set_num_threads(1)
        self._vectors = _open_canonical(directory / EXACT)
        path = directory / SEARCHED
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise _damaged(path, "is no index of vectors") from error
        #: Where there are many.
        self.lists: InvertedLists | None = None
        self._nearest: Nearest | None = None
        width = self._index.d
        if not isinstance(self._index, faiss.IndexFlat):
            coding, stored = _opened(directory)
            width = coding.turn.shape[1]
            is_flat = isinstance(self._index, faiss.IndexScalarQuantizer)
            self.lists = None if is_flat else InvertedLists(self._index, coding, **stored)
            self._nearest = self.lists.search if self.lists else among_all(self._index, coding)
        if (self._index.ntotal, width) != self._vectors.shape:
            raise _damaged(path, f"does not index the vectors of {EXACT}")

    def __len__(self) -> int:
        return len(self._vectors)

    @property
    def canonical(self) -> Float16s:
        """All vectors, float16 [n, dimensions], mapped into memory and read-only."""
        return self._vectors

    def search(self, query: Vectors, count: int) -> tuple[Scores, Rows]:
        """Exact cosines and rows of the `count` vectors nearest to a query [dimensions], the nearest first.

        They are fewer where there are fewer, or where the lists that were looked into held fewer.
        """
        if self._nearest:
            return rescored(self._nearest, self._vectors, query, count)
        scores, rows = self._index.search(query[None, :], min(count, len(self)))
        return _ordered(scores[0], rows[0])

    def at(self, start: int, count: int) -> Vectors:
        """The vectors of rows start to start + count, float32 [count, dimensions]."""
        return to_float32(self._vectors[start : start + count])

    def rows(self, numbers: NDArray[np.integer]) -> Vectors:
        """The vectors of these rows, float32 [len(numbers), dimensions]."""
        return to_float32(self._vectors.take(numbers, axis=0))


#: Rows of about so many vectors that are nearest to a question [dimensions], in no order.
Nearest = Callable[[Vectors, int], Rows]


def _opened(directory: Path) -> tuple[Quantizer, dict[str, Any]]:
    """The coding of what is searched by bytes, and what is told of its lists."""
    try:
        stored = json.loads((directory / REACH).read_bytes())
        return Quantizer.load(directory), {"reach": float(stored["reach"]), "unseen": int(stored["unseen"])}
    except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
        raise _damaged(directory / REACH, "or the turn beside it cannot be read") from error


def among_all(index: Any, coding: Quantizer) -> Nearest:
    """A search of everything, by bytes."""

    def nearest(question: Vectors, count: int) -> Rows:
        rows: Rows = index.search(coding.asked(question)[None, :], min(count, index.ntotal))[1][0]
        return rows

    return nearest


def rescored(nearest: Nearest, vectors: Float16s, query: Vectors, count: int) -> tuple[Scores, Rows]:
    """Rescore exactly the rows that bytes find nearest to a query; the best `count` scores and rows.

    Each score is a dot product of its own, so that it depends on nothing but the query and the row.
    """
    found = nearest(query, count + _SPARE)
    scores, found = _ordered(np.vecdot(to_float32(vectors.take(found, axis=0)), query), found)
    return scores[:count], found[:count]


def _ordered(scores: Scores, rows: Rows) -> tuple[Scores, Rows]:
    """By score, descending, and among equals by row."""
    order = np.lexsort((rows, -scores))
    return scores[order], rows[order]


def _open_canonical(path: Path) -> Float16s:
    try:
        vectors = open_memmap(path)
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(path, "holds no vectors") from error
    if vectors.dtype != np.float16 or vectors.ndim != 2:
        raise _damaged(path, "holds something else than vectors")
    return vectors


def _damaged(path: Path, what: str) -> SnapshotDamaged:
    return SnapshotDamaged(f"{path} {what}. Reindex, or roll back to another version.")
