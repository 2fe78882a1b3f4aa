"""Topics of a snapshot: what several documents or several wordings are about, each told by a linear classifier.

A linear support vector machine on the encoder's vectors has learned to tell them apart (indexing.topic_mining), and a
question's support for a topic is how far it lies on the topic's side of the margin.
"""

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import open_memmap
from retrieval.encoders.encoder import Vectors
from retrieval.errors import SnapshotDamaged

WEIGHTS, MEMBERS = "topics.npy", "topics.members.npy"
#: How many topics a document may belong to; the largest are kept.
WIDTH = 4

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class Topics:
    """Learned topics: float32 weights [topics, dimensions + 1], and int32 members [documents, WIDTH], -1 for none."""

    def __init__(self, weights: Floats, members: NDArray[np.int32]) -> None:
        self._weights = weights
        self._members = members
        #: The documents of all topics, one topic after the other, in order; and where those of each end, after a 0.
        self._documents = np.empty(0, dtype=np.int64)
        self._ends = [0]
        if len(weights):
            numbers, places = np.nonzero(members >= 0)
            topics = members[numbers, places]
            self._documents = numbers[np.argsort(topics, kind="stable")]
            self._ends += np.cumsum(np.bincount(topics, minlength=len(weights))).tolist()

    def __len__(self) -> int:
        return len(self._weights)

    @classmethod
    def none(cls) -> Self:
        """No topics, of any document."""
        return cls(np.empty((0, 1), dtype=np.float32), np.empty((0, WIDTH), dtype=np.int32))

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map what was saved."""
        try:
            return cls(*(open_memmap(directory / name) for name in (WEIGHTS, MEMBERS)))
        except (OSError, EOFError, ValueError) as error:
            raise SnapshotDamaged(f"{directory / WEIGHTS} cannot be read: {error}. Reindex, or roll back.") from error

    def save(self, directory: Path) -> None:
        """Write both arrays."""
        np.save(directory / WEIGHTS, self._weights)
        np.save(directory / MEMBERS, self._members if len(self) else self._members[:0])

    def support(self, query: Vectors) -> Floats:
        """Distance of a question's vector [dimensions] on each topic's side, float32 [topics]; 0 is no support."""
        if not len(self):
            return np.empty(0, dtype=np.float32)
        # Not a product of matrices, which would be shared among all cores, whoever waits for them.
        support: Floats = np.maximum(np.vecdot(self._weights[:, :-1], query) + self._weights[:, -1] + 1, 0)
        return support

    def of(self, documents: Ints) -> NDArray[np.int32]:
        """The topics of these documents, int32 [n, WIDTH], -1 where there are no more."""
        if not len(self):
            return np.full((len(documents), WIDTH), -1, dtype=np.int32)
        return self._members.take(documents, axis=0)

    def strongest(self, documents: Ints, support: Floats) -> tuple[Ints, Floats]:
        """The topic of each document that has the most support, -1 for none, and that support, 0 for none."""
        if not len(self):
            return np.full(len(documents), -1), np.zeros(len(documents), dtype=np.float32)
        topics = self.of(documents)
        supports = np.append(support, np.float32(-1)).take(topics)  # no topic, -1, is the last
        best = supports.argmax(axis=1)
        best += np.arange(0, supports.size, WIDTH)
        return topics.take(best).astype(np.int64), np.maximum(supports.take(best), 0)

    def documents(self, support: Floats, most: int) -> Ints:
        """The documents of the topics with the best support, `most` at most; some twice.

        Those of the best topic come first. Where there are more of them, the last ones are left out.
        """
        if not len(self):
            return self._documents
        best = np.flatnonzero(support > 0)
        found: list[Ints] = []
        left = most
        for topic in best[np.argsort(-support[best], kind="stable")].tolist():
            found.append(self._documents[self._ends[topic] : self._ends[topic + 1]][:left])
            left -= len(found[-1])
            if not left:
                break
        return np.concatenate(found) if found else self._documents[:0]
