"""Features of a search: what a confidence is computed from."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: The features of a search, in the order in which a fit holds their weights.
FEATURES: Final = ("score", "margin", "lift", "spread", "dense", "lexical", "topic", "near")
#: How many documents the features look at.
WIDTH: Final = 10
#: How many units tell how usual a question is.
NEAREST: Final = 20


def features(scores: Floats, dense: float, lexical: float, topic: float, near: float) -> tuple[float, ...]:
    """Features that a confidence is computed from, in the order of FEATURES.

    scores: [n], those of the best documents, best first. Their distances are those of the first to the second, to the
    mean of the following ones up to WIDTH, and to the fourth; a search that found a single document is as far from the
    rest as can be. dense, lexical, topic: what each part of the search says of the first document; the root of the
    lexical share counts, since most customers use few of a document's words. near: the mean cosine of the NEAREST
    units, whatever they belong to, which tells how usual the question is for the corpus.
    """
    top, *following = scores[:WIDTH].tolist()
    rest = following or [0.0]
    spread = top - (rest[2] if len(rest) > 2 else 0.0)
    return (top, top - rest[0], top - sum(rest) / len(rest), spread, dense, max(0.0, lexical) ** 0.5, topic, near)


def as_dict(features: Sequence[float]) -> dict[str, float]:
    """The features by name, for a receipt."""
    return dict(zip(FEATURES, features, strict=True))
