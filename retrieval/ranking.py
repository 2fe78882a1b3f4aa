"""From scores of documents to what a confidence is computed from."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

#: The features of a search, in the order in which a fit holds their weights.
FEATURES: Final = ("top", "margin", "lift", "authority")
#: How many documents the features look at.
WIDTH: Final = 10


def features(scores: NDArray[np.float32], authority: float) -> NDArray[np.float64]:
    """Features of a search from the scores of its best documents, best first, and the authority of the first.

    scores: [n], cosines. Returns float64 [4]: the top score, its distance to the second, its distance to the mean of
    the following ones, up to WIDTH, and the authority. A search that found a single document is as far from the rest as
    can be.
    """
    best = scores[:WIDTH].astype(np.float64)
    if len(best) < 2:
        top = float(best[0])
        return np.array([top, top, top, authority])
    return np.array([best[0], best[0] - best[1], best[0] - best[1:].mean(), authority])


def named(features: NDArray[np.float64]) -> dict[str, float]:
    """The features by name, for a receipt."""
    return dict(zip(FEATURES, map(float, features), strict=True))
