"""Linear support vector machines, one a class, fitted together."""

import numpy as np

from retrieval.snapshot.topics import Floats, Ints


def fit_one_against_rest(
    vectors: Floats, classes: Ints, count: int, *, cost: float = 2.0, rounds: int = 200, tolerance: float = 1e-4
) -> Floats:
    """Weights [count, dimensions + 1] of linear support vector machines, one against the rest, the intercept last.

    vectors [n, dimensions], classes [n], -1 for none of them. It ends with a step that changes no weight by more than
    `tolerance` of the largest, or after `rounds`.
    Squared hinge loss with a quadratic penalty, also on the intercept (Fan et al., LIBLINEAR, JMLR 9, 2008, 1871).
    All classes are fitted at once: a second derivative that bounds those of all of them is inverted once, and steps
    with it are accelerated (Nesterov, with the restarts of O'Donoghue and Candes, Found. Comput. Math. 15, 2015, 715).
    Deterministic.
    """
    design = np.column_stack([vectors, np.ones(len(vectors), dtype=np.float32)])
    bound = np.eye(design.shape[1]) + 2 * cost * (design.T @ design).astype(np.float64)
    inverse = np.linalg.inv(bound).astype(np.float32)
    sides = np.full((len(vectors), count), -1, dtype=np.float32)
    told = np.flatnonzero(classes >= 0)
    sides[told, classes[told]] = 1
    weights = ahead = np.zeros((design.shape[1], count), dtype=np.float32)
    momentum = 1.0
    for _ in range(rounds if len(vectors) else 0):
        short = np.maximum(1 - sides * (design @ ahead), 0) * sides
        step = inverse @ (ahead - 2 * cost * (design.T @ short))
        reached = ahead - step
        if float(np.sum(step * (reached - weights))) > 0:
            momentum = 1.0
        following = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = reached + (momentum - 1) / following * (reached - weights)
        weights, momentum = reached, following
        if np.abs(step).max() < tolerance * np.abs(weights).max():
            break
    return np.ascontiguousarray(weights.T)
