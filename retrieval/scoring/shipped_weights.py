"""Logistic weights that every corpus starts with, fitted on other corpora's customers.

Fitted by `python -m tests.benchmarks.shipped_weights`, which says on which corpora, how well each of them is calibrated
by the others alone, and prints these numbers.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Weights of the comparable features, the intercept last.

    known: of `corpus_scale.KNOWN`, that the corpus answers the question; the others of `corpus_scale.LEAD`, that the
    first document answers it, one of the first BESIDE, one of the first CHOICES, if the corpus does.
    """

    known: tuple[float, ...]
    first: tuple[float, ...]
    beside: tuple[float, ...]
    choices: tuple[float, ...]


SHIPPED: Final = Weights(
    known=(1.5197, 6.3132, 0.0, 1.1479, 0.3927, 0.9409, -2.4178),
    first=(1.9498, 1.1677, -2.1473),
    beside=(0.6955, 3.537, -2.4405),
    choices=(0.5472, 3.5144, -1.657),
)
#: How far the features spread over those corpora: what a weight's step is measured in.
SPREADS: Final = {
    "known": (0.7496, 0.0536, 0.0455, 0.8423, 0.6266, 0.4634),
    "lead": (0.7055, 0.3735),
}
