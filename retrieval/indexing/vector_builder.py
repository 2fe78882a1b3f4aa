"""Vector index files: the exact vectors, and the structure that is searched, its recall measured as it is made."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from retrieval.arrays import Float16s, to_float32
from retrieval.encoders.encoder import Vectors
from retrieval.snapshot.inverted_lists import SAMPLE_PER_LIST, InvertedLists, centres_of
from retrieval.snapshot.quantizer import KEPT, Quantizer
from retrieval.snapshot.vectors import EXACT, REACH, SEARCHED, Nearest, Rows, Scores, VectorIndex, among_all, rescored

#: Up to here all vectors are compared with a query, as they are and as bytes; each takes some 20 microseconds at most.
EXACT_MOST, FLAT_MOST = 1_000, 20_000
#: Recall at 10 that is aimed at.
RECALL = 0.99

_NEAREST = 10
#: How many vectors tell the directions.
_DIRECTIONS_SAMPLE = 50_000
_CHUNK = 32_768
_QUESTIONS = 200
#: Length of what is added to a vector to make a question of it; 0.75 leaves a cosine of 0.8 between the two.
_NOISE = 0.75
_SEED = 1
#: The share of vectors that centres need not have seen; the recall is measured with each build.
_UNSEEN = 0.1
#: Shares of the ten nearest whose lists are within reach, tried until the recall aimed at is found.
_SHARES = (0.99, 0.995, 0.998, 0.999, 1.0)
#: Recall that a farther reach must bring: less is not worth its time.
_GAIN = 0.002


@dataclass(frozen=True, kw_only=True)
class IndexReport:
    """Structure that vectors are searched by, and the share of the nearest that it finds."""

    #: "flat", or faiss's name of the structure: "PCA128,IVF1789,SQ8".
    kind: str
    #: Lists that a search looks into, on average; 0 where it looks at everything.
    probes: int
    #: The share of the ten nearest that is found, measured against exact search.
    recall: float
    #: Whether the lists are those of the vectors before, with what has changed.
    is_carried: bool = False


def write_vectors(
    vectors: Float16s,
    directory: Path,
    *,
    flat_most: int = FLAT_MOST,
    before: VectorIndex | None = None,
    fresh: int = 0,
) -> IndexReport:
    """Write vectors [n, dimensions] of unit length and what searches them; OSError when the disk refuses.

    The same vectors make the same bytes. Beyond `flat_most` of them, those alike are put into lists of which a search
    looks into the most promising.

    Where `before` holds all of them but `fresh`, its centres are taken over, as long as those that came since they were
    made are at most _UNSEEN of all: what the lists are is then decided by what was indexed before too.
    """
    _write_canonical(vectors, directory / EXACT)
    index: Any
    stored = {"reach": 0.0, "unseen": 0}
    with _all_cores():
        if len(vectors) <= (flat_most if vectors.shape[1] <= 2 * KEPT else min(flat_most, EXACT_MOST)):
            index, report = faiss.IndexFlatIP(vectors.shape[1]), IndexReport(kind="flat", probes=0, recall=1.0)
            _add(index, vectors)
        else:
            lists = before.lists if before and _is_carried(before.lists, len(vectors), fresh) else None
            coding = (
                lists.coding if lists else Quantizer.of(to_float32(vectors[_sample(len(vectors), _DIRECTIONS_SAMPLE)]))
            )
            coding.save(directory)
            if len(vectors) <= flat_most:
                index, report = _flat(vectors, coding)
            else:
                lists, report = _lists(vectors, coding, lists, fresh)
                index, stored = lists.index, {"reach": lists.reach, "unseen": lists.unseen}
    (directory / REACH).write_text(json.dumps(stored), "utf-8")
    # Given a path, faiss answers a full disk with a RuntimeError of its own.
    with (directory / SEARCHED).open("wb") as file:
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]  # not in its stubs
    return report


def _chunks(vectors: Float16s) -> Iterator[Vectors]:
    for start in range(0, len(vectors), _CHUNK):
        yield to_float32(vectors[start : start + _CHUNK])


def _add(index: Any, vectors: Float16s) -> None:
    for chunk in _chunks(vectors):
        index.add(chunk)


def _flat(vectors: Float16s, coding: Quantizer) -> tuple[Any, IndexReport]:
    """All vectors as bytes."""
    index = faiss.IndexScalarQuantizer(coding.kept, faiss.ScalarQuantizer.QT_8bit_direct, faiss.METRIC_L2)
    for chunk in _chunks(vectors):
        index.add(coding.stored(chunk))
    questions = _questions(vectors)
    least = _nearest(vectors, questions)[0][:, -1]
    recall = _recall(among_all(index, coding), vectors, questions, least)
    return index, IndexReport(kind=f"PCA{coding.kept},SQ8", probes=0, recall=recall)


def _is_carried(lists: InvertedLists | None, count: int, fresh: int) -> bool:
    """True when lists are still good for so many vectors, of which some are fresh."""
    return bool(lists and lists.unseen + fresh <= _UNSEEN * count and len(lists.centres) <= 4 * (2 * count) ** 0.5)


def _lists(
    vectors: Float16s, coding: Quantizer, before: InvertedLists | None, fresh: int
) -> tuple[InvertedLists, IndexReport]:
    """About 4 sqrt(n) lists, around the centres of a sample or those from before."""
    number = len(before.centres) if before else min(round(4 * len(vectors) ** 0.5), len(vectors))
    if before:
        lists = InvertedLists.around(np.array(before.centres), coding, unseen=before.unseen + fresh)
    else:
        sample = coding.stored(to_float32(vectors[_sample(len(vectors), SAMPLE_PER_LIST * number)]))
        lists = InvertedLists.around(centres_of(sample, number), coding)
    for chunk in _chunks(vectors):
        lists.add(coding.stored(chunk))
    questions = _questions(vectors)
    recall = _tune(lists, vectors, questions)
    kind = f"IVF{number},SQ8" if coding.kept == vectors.shape[1] else f"PCA{coding.kept},IVF{number},SQ8"
    probes = round(float(np.mean([lists.looked_into(question) for question in questions])))
    return lists, IndexReport(kind=kind, probes=probes, recall=recall, is_carried=before is not None)


def _sample(count: int, most: int) -> Rows:
    """Rows to stand for all, in order, the same ones each time."""
    return np.sort(np.random.default_rng(_SEED).choice(count, min(most, count), replace=False))


def _tune(lists: InvertedLists, vectors: Float16s, questions: Vectors) -> float:
    """Have lists be looked into as far as the recall aimed at takes, or as it pays; the recall that this gives."""
    scores, rows = _nearest(vectors, questions)
    farther = np.concatenate([_farther(lists, vectors, *each) for each in zip(questions, rows, strict=True)])
    recall = 0.0
    for share in _SHARES:
        lists.reach = float(np.quantile(farther, share))
        before, recall = recall, _recall(lists.search, vectors, questions, scores[:, -1])
        if recall >= RECALL or recall < before + _GAIN:
            break
    return recall


def _farther(lists: InvertedLists, vectors: Float16s, question: Vectors, rows: Rows) -> Scores:
    """Distance to the centres in whose lists these rows are, less that to the tenth nearest; float32 [rows]."""
    centres = np.argmin([lists.distances(code) for code in lists.coding.stored(to_float32(vectors[rows]))], axis=1)
    distances: Scores = lists.distances(lists.coding.asked(question))[centres] ** np.float32(0.5)
    return distances - np.float32(lists.tenth(question))


def _questions(vectors: Float16s) -> Vectors:
    """Vectors near to some of these as a question is to what answers it, and not the same."""
    near = to_float32(vectors[_sample(len(vectors), _QUESTIONS)])
    near += np.random.default_rng(_SEED).normal(scale=_NOISE / near.shape[1] ** 0.5, size=near.shape)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    return near


def _nearest(vectors: Float16s, questions: Vectors) -> tuple[Scores, Rows]:
    """The scores and the rows of the ten nearest of all vectors to each question, the nearest first."""
    count = min(_NEAREST, len(vectors))
    scores = np.full((len(questions), count), -np.inf, dtype=np.float32)
    rows = np.zeros((len(questions), count), dtype=np.int64)
    for number, chunk in enumerate(_chunks(vectors)):
        more, places = faiss.knn(questions, chunk, min(count, len(chunk)), metric=faiss.METRIC_INNER_PRODUCT)
        scores, rows = np.hstack([scores, more]), np.hstack([rows, places + number * _CHUNK])
        best = np.argsort(-scores, axis=1, kind="stable")[:, :count]
        scores, rows = np.take_along_axis(scores, best, axis=1), np.take_along_axis(rows, best, axis=1)
    return scores, rows


def _recall(nearest: Nearest, vectors: Float16s, questions: Vectors, tenth: Scores) -> float:
    """The share of the ten nearest that is found; vectors as near as the tenth are as good as it."""
    count = min(_NEAREST, len(vectors))
    found = [rescored(nearest, vectors, question, count)[0] for question in questions]
    hits = [np.count_nonzero(scores >= least - 1e-6) for scores, least in zip(found, tenth, strict=True)]
    return float(np.mean(hits)) / count


@contextmanager
def _all_cores() -> Iterator[None]:
    """Let faiss use every core for a build; searches share the machine and use one."""
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(1)


def _write_canonical(vectors: Float16s, path: Path) -> None:
    """As numpy.save writes it, whose error on a full disk does not say so."""
    with path.open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(vectors.dtype), "fortran_order": False, "shape": vectors.shape}
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, len(vectors), _CHUNK):
            file.write(np.ascontiguousarray(vectors[start : start + _CHUNK]).data)
