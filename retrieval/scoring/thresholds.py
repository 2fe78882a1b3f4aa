"""Thresholds that keep an error budget, and bounds on the share of wrong answers."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: How sure it must be that the budget is kept, on questions like those it was fitted on.
CONFIDENCE_LEVEL = 0.9
#: Above every confidence: nothing is answered.
UNREACHABLE = 1.01
#: Thresholds that are looked at.
_POINTS = 200


def certified_threshold(confidence: Floats, wrong: Bools, weight: Floats, budget: float) -> float:
    """The lowest threshold above which wrong answers are within the budget, with CONFIDENCE_LEVEL; or UNREACHABLE.

    confidence, wrong, weight: [n], of questions whose answers are known. A share that is estimated from weighted
    questions is as sure as one of (sum of weights)^2 / (sum of squared weights) questions that count alike (Kish,
    Survey Sampling, 1965); its bound is that of Clopper and Pearson, at each threshold by itself.
    """
    order = np.argsort(-confidence, kind="stable")
    answered, squared = np.cumsum(weight[order]), np.cumsum(weight[order] ** 2)
    mistaken = np.cumsum((weight * wrong)[order])
    lowest = UNREACHABLE
    for end in _ends(confidence[order]):
        size = answered[end] ** 2 / squared[end]
        if is_within(budget, wrong=size * mistaken[end] / answered[end], answered=size):
            lowest = float(confidence[order[end]])
    return lowest


def expected_threshold(confidence: Floats, wrong: Bools, weight: Floats, budget: float) -> float:
    """The lowest threshold above which the share of wrong answers is expected within the budget; or UNREACHABLE.

    confidence, wrong, weight: [n], of questions whose answers are known. Each share is taken as if one more wrong
    answer, of the mean weight of right ones, had been seen (Laplace's rule of succession), so that a few lucky ones
    promise nothing.
    """
    order = np.argsort(-confidence, kind="stable")
    one_more = weight[~wrong].sum() / max(1, int((~wrong).sum()))
    answered = np.cumsum(weight[order]) + one_more
    mistaken = np.cumsum((weight * wrong)[order]) + one_more
    ranked = confidence[order]
    ends = np.append(np.diff(ranked) != 0, np.ones(min(1, len(ranked)), dtype=np.bool_))
    kept = np.flatnonzero(ends & (mistaken <= budget * answered))
    return float(ranked[kept[-1]]) if len(kept) else UNREACHABLE


def is_within(budget: float, *, wrong: float, answered: float) -> bool:
    """Test if `wrong` among `answered` shows, with CONFIDENCE_LEVEL, that at most the share `budget` is wrong.

    True when Clopper and Pearson's upper bound (Biometrika 26, 1934, 404) is at most the budget: so few wrong ones
    would be seen with a chance of at most 1 - CONFIDENCE_LEVEL if the share were as large as the budget. Counts may be
    broken.
    """
    if wrong >= answered:
        return False
    return incomplete_beta(answered - wrong, wrong + 1, 1 - budget) <= 1 - CONFIDENCE_LEVEL


def upper_bound(*, wrong: float, answered: float) -> float:
    """The largest share of wrong answers that `wrong` among `answered` leaves likely: the bound of `is_within`, 0 to 1.

    It is found by halving, to a millionth; where nothing was answered or all was wrong, it is 1.
    """
    low, high = 0.0, 1.0
    while wrong < answered and high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (low, middle) if is_within(middle, wrong=wrong, answered=answered) else (middle, high)
    return high


def labels_needed(budget: float) -> int:
    """Number of answers, none of them wrong, that would show with CONFIDENCE_LEVEL that a budget is kept."""
    return math.ceil(math.log(1 - CONFIDENCE_LEVEL) / math.log(1 - budget))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF, 8.17.22).

    With whole numbers, I_(1-p)(n - k, k + 1) is the chance of at most k in n when each comes with chance p.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    tiny = 1e-300
    upper, lower, fraction = 1.0, 0.0, 1.0
    for step in range(500):
        half = step // 2
        if step == 0:
            term = 1.0
        elif step % 2 == 0:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        else:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        lower = 1 / (1 + term * lower or tiny)
        upper = 1 + term / upper or tiny
        fraction *= upper * lower
        if abs(upper * lower - 1) < 1e-12 and step:
            break
    return front * (fraction - 1) / a


def _ends(ranked: Floats) -> list[int]:
    """The last places of equal confidences, in a ranking [n] from high to low: all, or _POINTS of them."""
    ends = np.flatnonzero(np.append(np.diff(ranked) != 0, np.ones(min(1, len(ranked)), dtype=np.bool_)))
    chosen = np.unique(np.linspace(0, len(ends) - 1, min(_POINTS, len(ends))).astype(int))
    return [int(end) for end in ends[chosen]]
