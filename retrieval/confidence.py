"""A first calibrated confidence: a logistic fit on pseudo-questions, and the threshold that keeps an error budget."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import SnapshotDamaged

FILE = "confidence.json"
#: Fewer pseudo-questions say nothing about a corpus.
FEWEST = 20
#: How sure it must be that the budget is kept, on questions like those it was fitted on.
CERTAINTY = 0.9
#: Above every confidence: nothing is answered.
NEVER = 1.01

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Turns the features of a search into a probability, and a budget into a threshold."""

    #: Logistic weights of the features and, last, the intercept; empty when the corpus was too small to fit.
    weights: tuple[float, ...]
    #: What it was fitted on: counts by kind of pseudo-question, and the day.
    fitted_on: dict[str, int]
    fitted_at: str
    #: Thresholds from high to low, each with the questions at least that sure and the wrong ones among them.
    curve: tuple[tuple[float, int, int], ...]

    def confidence(self, features: Floats) -> float:
        """Probability, 0 to 1, that the best document answers the question. features: [4], as `ranking` gives them."""
        if not self.weights:
            return float(np.clip(features[0], 0, 1))
        weights = np.array(self.weights)
        return float(_sigmoid(features @ weights[:-1] + weights[-1]))

    def threshold(self, budget: float) -> float:
        """The lowest threshold whose share of wrong answers is at most `budget`, with CERTAINTY.

        NEVER when what was seen on this corpus cannot promise that much.
        """
        lowest = NEVER
        for threshold, answered, wrong in self.curve:
            if supports(budget, wrong=wrong, answered=answered):
                lowest = threshold
        return lowest

    def save(self, directory: Path) -> None:
        """Write it as JSON."""
        (directory / FILE).write_text(json.dumps(asdict(self), indent=1), "utf-8")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Read what was saved."""
        path = directory / FILE
        try:
            stored = json.loads(path.read_text("utf-8"))
            stored["weights"] = tuple(stored["weights"])
            stored["curve"] = tuple((float(t), int(n), int(w)) for t, n, w in stored["curve"])
            return cls(**stored)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SnapshotDamaged(f"{path} cannot be read: {error}. Reindex, or roll back.") from error


def calibrate(
    features: Floats, right: Bools, groups: NDArray[np.int64], *, fitted_on: dict[str, int], fitted_at: str
) -> Calibration:
    """Fit on pseudo-questions: features [n, 3], whether the best document was right [n], and their groups [n].

    The curve comes from fits that did not see the question's group, five in turn, so it does not flatter.
    """
    if len(right) < FEWEST or right.all() or not right.any():
        return Calibration(weights=(), fitted_on=fitted_on, fitted_at=fitted_at, curve=())
    fold = np.unique(groups, return_inverse=True)[1] % 5
    unseen = np.empty(len(right))
    for number in range(5):
        asked = fold == number
        weights = fit_rising(features[~asked], right[~asked])
        unseen[asked] = _sigmoid(features[asked] @ weights[:-1] + weights[-1])
    weights = fit_rising(features, right)
    if not weights[:-1].any():
        return Calibration(weights=(), fitted_on=fitted_on, fitted_at=fitted_at, curve=())
    return Calibration(
        weights=tuple(float(weight) for weight in weights),
        fitted_on=fitted_on,
        fitted_at=fitted_at,
        curve=_curve(unseen, right),
    )


def fit_rising(features: Floats, right: Bools) -> Floats:
    """Weights [k + 1] of a logistic regression in which no feature lowers the confidence.

    A higher score can never be a worse sign; where a corpus seems to say so, the feature that says it is left out, so
    that a question far from everything is never taken for a sure one.
    """
    kept = list(range(features.shape[1]))
    weights = np.zeros(features.shape[1] + 1)
    while kept:
        fitted = fit_logistic(features[:, kept], right)
        if (fitted[:-1] >= 0).all():
            weights[[*kept, -1]] = fitted
            break
        del kept[int(np.argmin(fitted[:-1]))]
    return weights


def fit_logistic(features: Floats, right: Bools, *, ridge: float = 1.0, rounds: int = 50) -> Floats:
    """Weights [k + 1] of a logistic regression on features [n, k], the intercept last.

    Newton's method (iteratively reweighted least squares: McCullagh and Nelder, Generalized Linear Models, 1989, 4.4)
    on standardised features with a ridge on their weights; deterministic.
    """
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    design = np.column_stack([(features - mean) / spread, np.ones(len(features))])
    penalty = np.diag([ridge] * features.shape[1] + [1e-6])
    weights = np.zeros(design.shape[1])
    for _ in range(rounds):
        chance = _sigmoid(design @ weights)
        gradient = design.T @ (chance - right) + penalty @ weights
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + penalty
        change = np.linalg.solve(curvature, gradient)
        weights -= change
        if np.abs(change).max() < 1e-9:
            break
    scaled = weights[:-1] / spread
    return np.append(scaled, weights[-1] - scaled @ mean)


def supports(budget: float, *, wrong: int, answered: int) -> bool:
    """Whether `wrong` among `answered` shows, with CERTAINTY, that the share of wrong answers is at most `budget`.

    True when Clopper and Pearson's upper bound (Biometrika 26, 1934, 404) is at most the budget: so few wrong ones
    would be seen with a chance of at most 1 - CERTAINTY if the share were as large as the budget.
    """
    if wrong >= answered:
        return False
    seen = np.arange(wrong)
    steps = np.log((answered - seen) / (seen + 1)) + math.log(budget / (1 - budget))
    terms = answered * math.log1p(-budget) + np.concatenate([[0.0], np.cumsum(steps)])
    return bool(np.exp(terms).sum() <= 1 - CERTAINTY)


def _curve(confidence: Floats, right: Bools, points: int = 200) -> tuple[tuple[float, int, int], ...]:
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order])
    ends = np.flatnonzero(np.append(np.diff(confidence[order]) != 0, True))
    chosen = ends[np.unique(np.linspace(0, len(ends) - 1, min(points, len(ends))).astype(int))]
    return tuple((float(confidence[order[end]]), int(end) + 1, int(wrong[end])) for end in chosen)


def _sigmoid(value: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(value, -30, 30)))
