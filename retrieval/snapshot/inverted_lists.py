"""Vectors in lists of those that are alike, of which a search looks into those that may hold what is nearest.

How many that are is decided for each question: after the first few lists it is known how near the tenth nearest is at
most, and a list can only hold a nearer one if its centre is not much farther. By how much, the vectors themselves tell
(the triangle inequality, with what is usual in place of what is possible; as SPANN does by the nearest centre, Chen et
al., NeurIPS 2021). That takes half of the lists that one number for all questions would take for the same recall.
"""

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.encoder import Vectors
from retrieval.snapshot.quantizer import Quantizer

Rows = NDArray[np.int64]
Distances = NDArray[np.float32]

#: Lists that are always looked into, and at most: of a million vectors, twice as many find two hundredths more in
#: twice the time.
MIN_PROBES, MAX_PROBES = 96, 384
#: The nearest whose distance decides.
TENTH = 10
#: Vectors that train each list, and rounds of moving its centre: more take twice as long and gain half a hundredth.
SAMPLE_PER_LIST = 40
_ROUNDS = 6
_SEED = 1


class InvertedLists:
    """Lists around centres, float32 [lists, kept], and how much farther than the tenth nearest a centre may be."""

    def __init__(self, index: Any, coding: Quantizer, *, reach: float, unseen: int) -> None:
        self.index = index
        self.coding = coding
        self.reach = reach
        #: Vectors that came after the centres were made.
        self.unseen = unseen
        self.centres = _centres(index)
        self._lengths = np.vecdot(self.centres, self.centres)

    @classmethod
    def around(cls, centres: Vectors, coding: Quantizer, *, unseen: int = 0) -> "InvertedLists":
        """Empty lists around these centres."""
        quantizer = faiss.IndexFlatL2(coding.kept)
        quantizer.add(centres)
        kind, metric = faiss.ScalarQuantizer.QT_8bit_direct, faiss.METRIC_L2
        index = faiss.IndexIVFScalarQuantizer(quantizer, coding.kept, len(centres), kind, metric, False)
        index.train(centres)  # there is nothing to be learned
        return cls(index, coding, reach=0.0, unseen=unseen)

    def add(self, codes: Vectors) -> None:
        """Put codes, float32 [n, kept], into the lists of their nearest centres."""
        self.index.add(codes)

    def distances(self, asked: Vectors) -> Distances:
        """Squared distances of every centre to a coded question [kept]; float32 [lists]."""
        distances: Distances = np.vecdot(self.centres, asked)
        distances *= -2
        distances += self._lengths
        distances += np.vecdot(asked, asked)
        return distances

    def search(self, question: Vectors, count: int) -> Rows:
        """Rows of about the `count` vectors nearest to a question [dimensions], in no order; fewer if there are."""
        asked = self.coding.asked(question)
        centres = self.distances(asked)
        first = (
            np.argpartition(centres, MIN_PROBES)[:MIN_PROBES] if len(centres) > MIN_PROBES else np.arange(len(centres))
        )
        distances, rows = self._look_into(first, centres, asked, count)
        more = self._in_reach(centres, first, distances)
        if len(more):
            others, their_rows = self._look_into(more, centres, asked, count)
            distances, rows = np.concatenate([distances, others]), np.concatenate([rows, their_rows])
        found: Rows = rows[np.argpartition(distances, count)[:count]] if len(rows) > count else rows
        return found[found >= 0]

    def tenth(self, question: Vectors) -> float:
        """Distance of the tenth nearest in the first lists; infinite when they hold fewer."""
        asked = self.coding.asked(question)
        centres = self.distances(asked)
        first = (
            np.argpartition(centres, MIN_PROBES)[:MIN_PROBES] if len(centres) > MIN_PROBES else np.arange(len(centres))
        )
        return _tenth(self._look_into(first, centres, asked, TENTH)[0])

    def looked_into(self, question: Vectors) -> int:
        """Number of lists that a search for a question looks into."""
        centres = self.distances(self.coding.asked(question))
        limit = max(0.0, self.tenth(question) + self.reach) ** 2
        return min(max(MIN_PROBES, int((centres <= limit).sum())), MAX_PROBES, len(centres))

    def _in_reach(self, centres: Distances, first: Rows, distances: Distances) -> Rows:
        """The lists beside the first ones that may hold something nearer than the tenth."""
        limit = max(0.0, _tenth(distances) + self.reach) ** 2
        is_near = centres <= limit
        is_near[first] = False
        more = np.flatnonzero(is_near)
        if len(more) > MAX_PROBES - MIN_PROBES:
            more = more[np.argpartition(centres[more], MAX_PROBES - MIN_PROBES)[: MAX_PROBES - MIN_PROBES]]
        return more

    def _look_into(self, lists: Rows, centres: Distances, asked: Vectors, count: int) -> tuple[Distances, Rows]:
        """Squared distances and rows of the nearest in some lists, the nearest first; -1 where there are no more."""
        distances, rows = np.empty(count, dtype=np.float32), np.empty(count, dtype=np.int64)
        to = np.take(centres, lists)
        # faiss takes the number of lists from the index, which threads share, or from this.
        chosen = faiss.SearchParametersIVF(nprobe=len(lists))  # type: ignore[call-arg]  # not in its stubs
        question, near, far, out, found = (faiss.swig_ptr(array) for array in (asked, lists, to, distances, rows))
        self.index.search_preassigned_c(1, question, count, near, far, out, found, False, chosen)
        return distances, rows


def centres_of(codes: Vectors, count: int) -> Vectors:
    """The centres of so many lists for codes like these, [n, kept]."""
    found = faiss.Kmeans(
        codes.shape[1], count, niter=_ROUNDS, seed=_SEED, min_points_per_centroid=1, max_points_per_centroid=len(codes)
    )
    found.train(codes)
    return np.asarray(found.centroids)


def _tenth(distances: Distances) -> float:
    """The tenth of the distances, squared and in order; infinite where there are fewer."""
    return float(distances[TENTH - 1]) ** 0.5 if len(distances) >= TENTH else float("inf")


def _centres(index: Any) -> Vectors:
    """The centres of an index, where they are mapped."""
    quantizer: Any = faiss.downcast_index(index.quantizer)
    return np.asarray(faiss.rev_swig_ptr(quantizer.get_xb(), index.nlist * index.d)).reshape(index.nlist, index.d)
