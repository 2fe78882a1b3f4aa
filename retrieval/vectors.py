"""Vectors on disk, kept twice: exactly, in half precision, and as the structure that is searched."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.encoder import Vectors
from retrieval.errors import SnapshotDamaged
from retrieval.mapped import mapped

Halves = NDArray[np.float16]
Scores = NDArray[np.float32]
Rows = NDArray[np.int64]

CANONICAL, SEARCHED = "vectors.npy", "vectors.faiss"
#: Up to here all vectors are compared with a query, which costs at most half a millisecond.
FLAT_MOST = 10_000
#: Recall at 10 that is aimed at, and how many lists may be looked into for it.
RECALL = 0.99
PROBES = (8, 16, 32, 64, 128, 256)

_NEAREST = 10
#: Fetched beyond what is asked for: what is searched misplaces some at the border, exact scores put them right.
_SPARE = 100
#: Lists hold vectors in the directions in which they differ most, if these are less than half of the dimensions. On
#: 17,773 real texts, with a hundred to spare, that finds the same in about half of the time; of 100,000 made ones, half
#: a hundredth less in less than half of it. And how many vectors tell the directions.
_DIRECTIONS, _DIRECTIONS_SAMPLE = 128, 50_000
_CHUNK = 32_768
#: Vectors that train each list, and rounds of moving its centre: more take twice as long and gain half a hundredth.
_SAMPLE_PER_LIST = 40
_ROUNDS = 6
_QUESTIONS = 200
#: Length of what is added to a vector to make a question of it; 0.75 leaves a cosine of 0.8 between the two.
_NOISE = 0.75
_SEED = 1


@dataclass(frozen=True, kw_only=True)
class IndexReport:
    """How vectors are searched, and how much of what is nearest that finds."""

    #: "flat", or faiss's name of the structure: "IVF1789,SQ8".
    kind: str
    #: Lists that a search looks into; 0 where it looks at everything.
    probes: int
    #: The share of the ten nearest that is found, measured against exact search.
    recall: float


def write_vectors(vectors: Halves, directory: Path, *, flat_most: int = FLAT_MOST) -> IndexReport:
    """Write vectors [n, dimensions] of unit length and what searches them; OSError when the disk refuses.

    The same vectors make the same bytes. Beyond `flat_most` of them, those alike are put into lists of which a search
    looks into the most promising.
    """
    _write_canonical(vectors, directory / CANONICAL)
    with _all_cores():
        if len(vectors) <= flat_most:
            index = faiss.IndexFlatIP(vectors.shape[1])
            _add(index, vectors)
            report = IndexReport(kind="flat", probes=0, recall=1.0)
        else:
            index, lists = _lists(vectors)
            recall = _tune(index, lists, vectors)
            kind = f"IVF{lists.nlist},SQ8" if index is lists else f"PCA{lists.d},IVF{lists.nlist},SQ8"
            report = IndexReport(kind=kind, probes=int(lists.nprobe), recall=recall)
    # Given a path, faiss answers a full disk with a RuntimeError of its own.
    with (directory / SEARCHED).open("wb") as file:
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]  # not in its stubs
    return report


class VectorIndex:
    """Nearest vectors by cosine, from files whose pages are shared between processes and never written."""

    def __init__(self, directory: Path) -> None:
        faiss.omp_set_num_threads(1)
        self._vectors = _open_canonical(directory / CANONICAL)
        path = directory / SEARCHED
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise _damaged(path, "is no index of vectors") from error
        if (self._index.ntotal, self._index.d) != self._vectors.shape:
            raise _damaged(path, f"does not index the vectors of {CANONICAL}")
        self._is_exact = isinstance(self._index, faiss.IndexFlat)

    def __len__(self) -> int:
        return len(self._vectors)

    @property
    def canonical(self) -> Halves:
        """All vectors, float16 [n, dimensions], mapped into memory and read-only."""
        return self._vectors

    def search(self, query: Vectors, count: int) -> tuple[Scores, Rows]:
        """Exact cosines and rows of the `count` vectors nearest to a query [dimensions], the nearest first.

        They are fewer where there are fewer, or where the lists that were looked into held fewer.
        """
        if not self._is_exact:
            return _found(self._index, self._vectors, query, count)
        scores, rows = self._index.search(query[None, :], min(count, len(self)))
        return _ordered(scores[0], rows[0])

    def at(self, start: int, count: int) -> Vectors:
        """The vectors of rows start to start + count, float32 [count, dimensions]."""
        return _widened(self._vectors[start : start + count])

    def rows(self, numbers: NDArray[np.integer]) -> Vectors:
        """The vectors of these rows, float32 [len(numbers), dimensions]."""
        return _widened(self._vectors.take(numbers, axis=0))


def _found(index: Any, vectors: Halves, query: Vectors, count: int) -> tuple[Scores, Rows]:
    """What the lists hold that is nearest to a query, by exact scores.

    Each score is a dot product of its own, so that it depends on nothing but the query and the row.
    """
    _, rows = index.search(query[None, :], min(count + _SPARE, len(vectors)))
    found = rows[0][rows[0] >= 0]
    scores, found = _ordered(np.vecdot(_widened(vectors.take(found, axis=0)), query), found)
    return scores[:count], found[:count]


def _ordered(scores: Scores, rows: Rows) -> tuple[Scores, Rows]:
    """By score, descending, and among equals by row."""
    order = np.lexsort((rows, -scores))
    return scores[order], rows[order]


def _widened(halves: Halves) -> Vectors:
    """Finite halves as float32, exactly, in a seventh of the time that astype takes.

    Sign, exponent and fraction are moved to where float32 has them; a product then corrects the exponent, whose bias is
    15 in a half and 127 in a float32.
    """
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= np.int32(-0x70002000)  # the sign, which astype spread over the upper bits, once
    floats = bits.view(np.float32)
    floats *= np.float32(2.0**112)
    return floats


def _chunks(vectors: Halves) -> Iterator[Vectors]:
    for start in range(0, len(vectors), _CHUNK):
        yield _widened(vectors[start : start + _CHUNK])


def _add(index: Any, vectors: Halves) -> None:
    for chunk in _chunks(vectors):
        index.add(chunk)


def _lists(vectors: Halves) -> tuple[Any, Any]:
    """An index of about 4 sqrt(n) lists, made around the centres of a sample, and the part of it that holds them."""
    count, dimensions = vectors.shape
    number = min(round(4 * count**0.5), count)
    directions = _directions(vectors) if dimensions > 2 * _DIRECTIONS else None
    kept = dimensions if directions is None else len(directions)
    quantizer = faiss.IndexFlatIP(kept)
    kind, metric = faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    lists = faiss.IndexIVFScalarQuantizer(quantizer, kept, number, kind, metric)
    index: Any = lists
    if directions is not None:
        turn = faiss.LinearTransform(dimensions, kept, False)  # without a bias
        faiss.copy_array_to_vector(directions.ravel(), turn.A)
        turn.is_trained = True
        index = faiss.IndexPreTransform(turn, lists)
    lists.cp.niter = _ROUNDS
    lists.cp.min_points_per_centroid = 1  # or it warns on stderr
    index.train(_widened(vectors[_sample(count, _SAMPLE_PER_LIST * number)]))
    _add(index, vectors)
    return index, lists


def _directions(vectors: Halves) -> Vectors:
    """The directions [_DIRECTIONS, dimensions] in which a sample is longest, so that products lose least."""
    sample = _widened(vectors[_sample(len(vectors), _DIRECTIONS_SAMPLE)])
    _, directions = np.linalg.eigh((sample.T @ sample).astype(np.float64))
    return np.ascontiguousarray(directions.T[::-1][:_DIRECTIONS], dtype=np.float32)


def _sample(count: int, most: int) -> Rows:
    """Rows to stand for all, in order, the same ones each time."""
    return np.sort(np.random.default_rng(_SEED).choice(count, min(most, count), replace=False))


def _tune(index: Any, lists: Any, vectors: Halves) -> float:
    """Have an index look into as many of its lists as the recall aimed at takes; the recall that this gives."""
    questions = _questions(vectors)
    tenth = _tenth_best(vectors, questions)
    recall = 0.0
    for probes in PROBES:
        lists.nprobe = min(probes, lists.nlist)
        recall = _recall(index, vectors, questions, tenth)
        if recall >= RECALL or lists.nprobe == lists.nlist:
            break
    return recall


def _questions(vectors: Halves) -> Vectors:
    """Vectors near to some of these as a question is to what answers it, and not the same."""
    near = _widened(vectors[_sample(len(vectors), _QUESTIONS)])
    near += np.random.default_rng(_SEED).normal(scale=_NOISE / near.shape[1] ** 0.5, size=near.shape)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    return near


def _tenth_best(vectors: Halves, questions: Vectors) -> Scores:
    """The score, of all vectors, that belongs to the tenth nearest to each question."""
    nearest = min(_NEAREST, len(vectors))
    best = np.full((len(questions), nearest), -np.inf, dtype=np.float32)
    for chunk in _chunks(vectors):
        scores, _ = faiss.knn(questions, chunk, min(nearest, len(chunk)), metric=faiss.METRIC_INNER_PRODUCT)
        best = -np.sort(-np.hstack([best, scores]), axis=1)[:, :nearest]
    return best[:, -1]


def _recall(index: Any, vectors: Halves, questions: Vectors, tenth: Scores) -> float:
    """The share of the ten nearest that is found; vectors as near as the tenth are as good as it."""
    nearest = min(_NEAREST, len(vectors))
    found = [_found(index, vectors, question, nearest)[0] for question in questions]
    hits = [np.count_nonzero(scores >= least - 1e-6) for scores, least in zip(found, tenth, strict=True)]
    return float(np.mean(hits)) / nearest


@contextmanager
def _all_cores() -> Iterator[None]:
    """Let faiss use every core for a build; searches share the machine and use one."""
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(1)


def _write_canonical(vectors: Halves, path: Path) -> None:
    """As numpy.save writes it, whose error on a full disk does not say so."""
    with path.open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(vectors.dtype), "fortran_order": False, "shape": vectors.shape}
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, len(vectors), _CHUNK):
            file.write(np.ascontiguousarray(vectors[start : start + _CHUNK]).data)


def _open_canonical(path: Path) -> Halves:
    try:
        vectors = mapped(path)
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(path, "holds no vectors") from error
    if vectors.dtype != np.float16 or vectors.ndim != 2:
        raise _damaged(path, "holds something else than vectors")
    return vectors


def _damaged(path: Path, what: str) -> SnapshotDamaged:
    return SnapshotDamaged(f"{path} {what}. Reindex, or roll back to another version.")
