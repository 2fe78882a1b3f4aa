"""What customers ask like: how many ask what nobody has written about, and how far from the corpus they word it.

Neither is known when a corpus is asked its own questions, and neither needs labels: customers' questions are a mixture
of answerable and unanswerable ones, and how well the corpus knows each kind was seen when the corpus was asked.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: As many questions the assumption counts for, against at most _TRUSTED of those seen: two bell curves are only roughly
#: what questions are distributed like, so that more data must not make it surer (a coarsened posterior: Miller and
#: Dunson, J. Am. Stat. Assoc. 114, 2019, 1113).
_ASSUMED, _TRUSTED = 4.0, 100.0
#: How far customers may word things from the corpus's own wordings: the deviation of the prior of `shift`.
_SHIFT: Final = 0.5
#: What is tried of both, and what chance of more unanswerable questions is left.
_SHARES: Final = np.concatenate([[0.005, 0.01, 0.02], np.arange(0.04, 0.96, 0.02)])
_SHIFTS: Final = np.arange(-1.5, 0.01, 0.05)
_LEFT: Final = 0.1
#: Questions that the corpus knows less of than the unanswerable ones seen, by this many deviations, are about
#: something else entirely: unanswerable, however far they are.
_FAR: Final = 3.0
#: The share of questions that nothing in a corpus answers, where nobody has said or seen otherwise.
UNANSWERABLE = 0.2
#: With fewer questions than this nothing can be said of them.
FEWEST = 50
#: The largest distance between the distribution of what is asked and of what was expected.
_UNLIKE: Final = 0.2


@dataclass(frozen=True, kw_only=True)
class Normal:
    """How an index is distributed."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, index: Floats, weight: Floats) -> Self:
        """Of values [n] that count by their weight [n]."""
        mean = float(np.average(index, weights=weight))
        variance = float(np.average((index - mean) ** 2, weights=weight))
        return cls(mean=mean, deviation=max(1e-3, variance**0.5))


@dataclass(frozen=True, kw_only=True)
class QueryPopulation:
    """How customers ask."""

    #: The share of questions that the corpus cannot answer, and the most it may well be.
    unanswerable: float
    most_unanswerable: float
    #: How much less the corpus knows of customers' wordings than of its own, in units of the index; 0 or less.
    shift: float
    #: How many questions this was seen on; 0 when it was assumed.
    questions: int
    #: The largest distance between what is asked and what was expected, 0 to 1.
    distance: float
    #: Features of the questions that this was seen on, [n, FEATURES].
    sample: Floats = field(repr=False, compare=False)

    @property
    def is_unlike(self) -> bool:
        """Whether customers ask unlike anything that the confidence was fitted on."""
        return self.distance > _UNLIKE

    @classmethod
    def recorded(cls, unanswerable: float, shift: float) -> Self:
        """What a receipt says of it: enough to be as sure again as the search was then."""
        return replace(cls.assumed(unanswerable), shift=shift)

    @classmethod
    def assumed(cls, unanswerable: float) -> Self:
        """What is taken for granted before anybody has asked."""
        return cls(
            unanswerable=unanswerable,
            most_unanswerable=unanswerable,
            shift=0.0,
            questions=0,
            distance=0.0,
            sample=np.empty((0, 0)),
        )

    @classmethod
    def seen(cls, features: Floats, index: Floats, answerable: Normal, unanswerable: Normal, *, assumed: float) -> Self:
        """Estimate it from questions: their features [n, FEATURES], and how well the corpus knows each, [n].

        The estimate is the mean of the posterior of both numbers; what was assumed is the prior. Too few questions
        leave what was assumed.
        """
        if len(index) < FEWEST:
            return cls.assumed(assumed)
        near = index[index > unanswerable.mean - _FAR * unanswerable.deviation]
        far = min(_SHARES[-1], 1 - len(near) / len(index))
        posterior = _posterior(near, far, answerable, unanswerable, assumed)
        shares = posterior.sum(axis=0)
        share = float(shares @ _SHARES)
        shift = float(posterior.sum(axis=1) @ _SHIFTS)
        return cls(
            unanswerable=share,
            most_unanswerable=max(share, float(_SHARES[np.searchsorted(np.cumsum(shares), 1 - _LEFT)])),
            shift=shift,
            questions=len(index),
            distance=_distance(near - shift, max(0.0, share - far) / (1 - far), answerable, unanswerable),
            sample=features,
        )


def _posterior(near: Floats, far: float, answerable: Normal, unanswerable: Normal, assumed: float) -> Floats:
    """Chances of each shift and share, [shifts, shares], after questions of these indices, [n], `far` apart."""
    shifted = near[:, None] - _SHIFTS
    known, unknown = _density(shifted, answerable)[..., None], _density(shifted, unanswerable)[..., None]
    likelihood = np.log((1 - _SHARES) * known + np.maximum(0, _SHARES - far) * unknown + 1e-4).sum(axis=0)
    likelihood *= min(1.0, _TRUSTED / max(1, len(near)))
    of_shift = -0.5 * (_SHIFTS / _SHIFT) ** 2
    of_share = (_ASSUMED * assumed - 1) * np.log(_SHARES) + (_ASSUMED * (1 - assumed) - 1) * np.log1p(-_SHARES)
    of_share[: np.searchsorted(_SHARES, far)] = -np.inf
    chances = np.exp(likelihood - likelihood.max() + of_shift[:, None] + of_share) * np.gradient(_SHARES)
    return np.asarray(chances / chances.sum())


def _distance(seen: Floats, share: float, answerable: Normal, unanswerable: Normal) -> float:
    """How much more is asked below some point than was expected, beyond what chance makes; 0 to 1.

    The one-sided distance between distribution functions (Smirnov, Ann. Math. Stat. 19, 1948, 279): that customers ask
    what the corpus knows better than it was asked before is no reason to be careful.
    """
    ranked = np.sort(seen)
    model = (1 - share) * _below(ranked, answerable) + share * _below(ranked, unanswerable)
    observed = np.arange(1, len(ranked) + 1) / max(1, len(ranked))
    chance = 1.22 / math.sqrt(max(1, len(ranked)))
    return max(0.0, float((observed - model).max(initial=0.0)) - chance)


def _density(index: Floats, spread: Normal) -> Floats:
    scaled = (index - spread.mean) / spread.deviation
    density: Floats = np.exp(-0.5 * scaled**2) / (spread.deviation * (2 * np.pi) ** 0.5)
    return density


def _below(index: Floats, spread: Normal) -> Floats:
    """The normal distribution function (Abramowitz and Stegun, 7.1.26; the error is below 2e-7)."""
    scaled = np.abs(index - spread.mean) / (spread.deviation * 2**0.5)
    t = 1 / (1 + 0.3275911 * scaled)
    tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    half = 0.5 * tail * np.exp(-(scaled**2))
    return np.where(index > spread.mean, 1 - half, half)
