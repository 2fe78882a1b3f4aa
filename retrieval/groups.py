from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Groups:
    """The texts or vectors of documents, laid one after the other, so that the best of each is quickly found.

    Most documents have two, what they say and what they are called; numpy's own reduction takes three times as long.
    """

    #: The first of each document.
    first: Ints
    #: Documents that have none, two at least, and more; and where what these have begins and ends, by turns.
    none: Ints
    two: Ints
    more: Ints
    spans: Ints

    @classmethod
    def of(cls, starts: Ints) -> "Groups":
        """From where each document's begin, and at the end how many there are; int64 [documents + 1]."""
        counts = np.diff(starts)
        more = np.flatnonzero(counts > 2)
        return cls(
            first=starts[:-1],
            none=np.flatnonzero(counts == 0),
            two=np.flatnonzero(counts >= 2),
            more=more,
            spans=np.column_stack([starts[more], starts[more + 1]]).ravel(),
        )

    def best(self, scores: Floats) -> Floats:
        """The highest of each document's scores, from the scores of all; 0 where it has none.

        One score more stands at the end where the last documents have none.
        """
        best: Floats = scores.take(self.first)
        best[self.two] = np.maximum(best[self.two], scores.take(self.first[self.two] + 1))
        if len(self.more):
            spans = self.spans[:-1] if self.spans[-1] == len(scores) else self.spans
            best[self.more] = np.maximum.reduceat(scores, spans)[::2]
        best[self.none] = 0
        return best
