import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def fit_nonnegative(features: Floats, right: Bools, counts: Floats | None = None) -> Floats:
    """Weights [k + 1] of a logistic regression in which no feature lowers the chance.

    A higher score can never be a worse sign; where a corpus seems to say so, the feature that says it is left out, so
    that a question far from everything is never taken for a sure one.
    """
    kept = list(range(features.shape[1]))
    weights = np.zeros(features.shape[1] + 1)
    while kept:
        fitted = fit_logistic(features[:, kept], right, counts)
        if (fitted[:-1] >= 0).all():
            weights[[*kept, -1]] = fitted
            break
        del kept[int(np.argmin(fitted[:-1]))]
    return weights


def fit_logistic(
    features: Floats, right: Bools, counts: Floats | None = None, *, ridge: float = 1.0, rounds: int = 50
) -> Floats:
    """Weights [k + 1] of a logistic regression on features [n, k], the intercept last; each row counts `counts` times.

    Newton's method (iteratively reweighted least squares: McCullagh and Nelder, Generalized Linear Models, 1989, 4.4)
    on standardised features with a ridge on their weights; deterministic.
    """
    counts = np.ones(len(features)) if counts is None else counts
    mean = np.average(features, axis=0, weights=counts)
    spread = np.sqrt(np.average((features - mean) ** 2, axis=0, weights=counts)) + 1e-9
    design = np.column_stack([(features - mean) / spread, np.ones(len(features))])
    penalty = np.diag([ridge] * features.shape[1] + [1e-6])
    weights = np.zeros(design.shape[1])
    for _ in range(rounds):
        chance = sigmoid(design @ weights)
        gradient = design.T @ (counts * (chance - right)) + penalty @ weights
        curvature = (design * (counts * chance * (1 - chance))[:, None]).T @ design + penalty
        change = np.linalg.solve(curvature, gradient)
        weights -= change
        if np.abs(change).max() < 1e-9:
            break
    scaled = weights[:-1] / spread
    return np.append(scaled, weights[-1] - scaled @ mean)


def fit_around(prior: Floats, precision: Floats, features: Floats, right: Bools, counts: Floats) -> Floats:
    """Weights [k + 1], the intercept last, that features [n, k] move from those that are known already.

    The prior is normal around `prior` [k + 1] with this precision [k + 1]; without rows it is what comes out.
    """
    design = np.column_stack([features, np.ones(len(features))])
    penalty, weights = np.diag(precision), prior.copy()
    for _ in range(50):
        chance = sigmoid(design @ weights)
        gradient = design.T @ (counts * (chance - right)) + penalty @ (weights - prior)
        curvature = (design * (counts * chance * (1 - chance))[:, None]).T @ design + penalty
        change = np.linalg.solve(curvature, gradient)
        weights -= change
        if np.abs(change).max() < 1e-9:
            break
    return weights


def sigmoid(value: Floats) -> Floats:
    """The chance that belongs to a log-odds."""
    return 1 / (1 + np.exp(-np.clip(value, -30, 30)))
