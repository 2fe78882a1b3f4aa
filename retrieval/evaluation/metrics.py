"""The figures of a report, from confidences and outcomes whose order is that of the questions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Bins of a reliability diagram.
BINS = 15


@dataclass(frozen=True, kw_only=True)
class Point:
    """Coverage and risk of answering all questions down to a confidence."""

    confidence: float
    #: The share of questions that are answered, and of wrong ones among them.
    coverage: float
    risk: float


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Questions of about the same confidence."""

    low: float
    high: float
    questions: int
    #: Means over them; None where there are none.
    confidence: float | None
    right: float | None


def risk_coverage(confidence: Floats, right: Bools) -> list[Point]:
    """Curve of the share answered and the share of it that is wrong, by sinking confidence; a point each.

    confidence, right: [n]. Questions of equal confidence are answered together. The curve is that of El-Yaniv and
    Wiener (J. Mach. Learn. Res. 11, 2010, 1605).
    """
    order = np.argsort(-confidence, kind="stable")
    ranked, wrong = confidence[order], np.cumsum(~right[order])
    ends = np.flatnonzero(np.append(np.diff(ranked) != 0, np.ones(min(1, len(ranked)), dtype=np.bool_)))
    return [
        Point(
            confidence=float(ranked[end]),
            coverage=float((end + 1) / len(ranked)),
            risk=float(wrong[end] / (end + 1)),
        )
        for end in ends.tolist()
    ]


def best_within_budget(curve: Sequence[Point], budget: float) -> Point | None:
    """The point of a curve that answers most within a budget: what hindsight would have chosen."""
    return max((point for point in curve if point.risk <= budget), key=lambda point: point.coverage, default=None)


def reliability(confidence: Floats, right: Bools, bins: int = BINS) -> list[Bin]:
    """Share of right predictions by confidence, in bins of equal width.

    confidence, right: [n]; a bin holds its lower edge, the last one 1 too. The diagram is that of DeGroot and Fienberg
    (The Statistician 32, 1983, 12).
    """
    places = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    found = []
    for place in range(bins):
        inside = places == place
        count = int(inside.sum())
        found.append(
            Bin(
                low=place / bins,
                high=(place + 1) / bins,
                questions=count,
                confidence=float(confidence[inside].mean()) if count else None,
                right=float(right[inside].mean()) if count else None,
            )
        )
    return found


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """The expected calibration error: how far confidence is from the share that was right, in the mean of questions.

    Naeini, Cooper and Hauskrecht, AAAI 2015, 2901: the sum over bins of (questions in it / questions) times
    |share right - mean confidence|. None without questions.
    """
    total = sum(each.questions for each in bins)
    apart = sum(
        each.questions * abs(each.right - each.confidence)
        for each in bins
        if each.right is not None and each.confidence is not None
    )
    return apart / total if total else None


def auroc(score: Floats, positive: Bools) -> float | None:
    """The chance that a positive one scores higher than a negative one, equal scores counting half; None without both.

    score, positive: [n]. That chance is the area under the curve of true against false positives (Hanley and McNeil,
    Radiology 143, 1982, 29), computed from ranks (Mann and Whitney, Ann. Math. Stat. 18, 1947, 50).
    """
    count, others = int(positive.sum()), int((~positive).sum())
    if not count or not others:
        return None
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * others))
