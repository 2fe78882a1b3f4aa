"""Scale of a search's scores in one corpus, so that they mean the same in all.

A lead of 0.1 over the second document is nothing where every search leads by that, and a lot where none does. What is
usual is seen when the corpus is asked its own questions with everything on their topic held out: nothing is right then,
and still something comes first (under such a null, the spacing of the best scores is about exponential: Pyke, J. R.
Stat. Soc. B 27, 1965, 395).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.scoring.features import FEATURES

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: What tells how well the corpus knows what is asked.
_TELLING: Final = [FEATURES.index(name) for name in ("dense", "lexical", "topic", "near")]
_MARGIN, _LIFT, _DENSE, _NEAR = (FEATURES.index(name) for name in ("margin", "lift", "dense", "near"))
#: The usual leads where nothing is right, before a corpus has shown its own, and how many questions that counts for.
_USUAL_MARGIN, _USUAL_LIFT, _ASSUMED = 0.05, 0.15, 5.0
#: Nearer than this, of the way from unrelated to equal, a document or the nearest texts are not far off any more.
_NOT_FAR, _NOT_FAR_ON_AVERAGE = 0.45, 0.35
#: The comparable features: of how known a question is, and of how clearly the first document leads.
KNOWN: Final = ("index", "near", "surroundings", "lead", "height", "worded")
LEAD: Final = ("lead", "height")


@dataclass(frozen=True, kw_only=True)
class CorpusScale:
    """Distribution of searches' features in one corpus, through one encoder."""

    #: Mean lead of the first document over the second, and over the mean of the next nine, where nothing is right.
    margin: float
    lift: float
    #: Of each feature that tells how known a question is, the middle between answerable and unanswerable questions, and
    #: the mean deviation of both; a deviation of 0 tells nothing.
    middle: tuple[tuple[float, float], ...]
    #: The share of the corpus's questions that people have worded, 0 to 1; the others are pieces of titles.
    worded: float
    #: The cosine that the encoder gives to texts that have nothing to do with each other.
    unrelated: float

    @classmethod
    def of(cls, features: Floats, answerable: Bools, *, worded: float, unrelated: float) -> Self:
        """Fit it to searches with these features, [n, FEATURES], of which some, [n], have their topic in the corpus."""
        nothing, known = features[~answerable], features[answerable]
        shrunk = _ASSUMED / (_ASSUMED + len(nothing))
        room = 1 - unrelated

        def usual(place: int, assumed: float) -> float:
            mean = nothing[:, place].mean() if len(nothing) else 0.0
            return max(1e-3, float((1 - shrunk) * mean + shrunk * assumed * room))

        return cls(
            margin=usual(_MARGIN, _USUAL_MARGIN),
            lift=usual(_LIFT, _USUAL_LIFT),
            middle=tuple(_middle(known[:, place], nothing[:, place]) for place in _TELLING),
            worded=worded,
            unrelated=unrelated,
        )

    def comparable(self, features: Sequence[float]) -> tuple[list[float], list[float]]:
        """The features of one search, [FEATURES], as KNOWN and as LEAD."""
        told = [(place, *middle) for place, middle in zip(_TELLING, self.middle, strict=True) if middle[1] > 0]
        index = sum((features[place] - mean) / spread for place, mean, spread in told) / max(1, len(told))
        lead = math.sqrt(max(0.0, features[_MARGIN]) / self.margin)
        height = math.sqrt(max(0.0, features[_LIFT]) / self.lift)
        room, unworded = 1 - self.unrelated, 1 - self.worded
        known = [
            self.worded * index,
            min((features[_DENSE] - self.unrelated) / room, _NOT_FAR),
            min((features[_NEAR] - self.unrelated) / room, _NOT_FAR_ON_AVERAGE),
            unworded * lead,
            unworded * height,
            self.worded,
        ]
        return known, [lead, height]

    def all_comparable(self, features: Floats) -> tuple[Floats, Floats]:
        """The same of many searches: [n, KNOWN] and [n, LEAD] from [n, FEATURES]."""
        rows = [self.comparable(row) for row in features.tolist()]
        known = np.array([each for each, _ in rows], dtype=np.float64).reshape(-1, len(KNOWN))
        return known, np.array([each for _, each in rows], dtype=np.float64).reshape(-1, len(LEAD))


def _middle(known: Floats, nothing: Floats) -> tuple[float, float]:
    if not len(known) or not len(nothing):
        return 0.0, 0.0
    deviation = float(known.std() + nothing.std()) / 2
    return float(known.mean() + nothing.mean()) / 2, deviation if deviation > 1e-6 else 0.0
