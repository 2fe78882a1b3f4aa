"""Confidence of a search, in plain numbers: one search is judged in a tenth of the time that arrays take."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Confidence:
    """Probabilities, 0 to 1, that a search found what answers."""

    #: That the corpus answers the question.
    answerable: float
    #: That the first document does, one of the first BESIDE, one of the first CHOICES.
    first: float
    beside: float
    choices: float


@dataclass(frozen=True, kw_only=True)
class OwnQuestions:
    """Questions made from a corpus, and labelled ones, as searches: each [n].

    answerable, first, beside, choices: probabilities, 0 to 1, that the corpus answers, the first page does, one of the
    first BESIDE, one of the first CHOICES; weight: its share of all questions that customers are expected to ask;
    is_answerable: true when the corpus has what it asks; is_customers: true when a customer asked it.
    """

    answerable: Floats
    first: Floats
    beside: Floats
    choices: Floats
    weight: Floats
    is_answerable: Bools
    is_customers: Bools


def weighed(values: Sequence[float], weights: Sequence[float]) -> float:
    """Log-odds of values [n] by weights [n + 1], the intercept last."""
    return sum(value * weight for value, weight in zip(values, weights, strict=False)) + weights[-1]


def chance(odds: float) -> float:
    """The probability that belongs to log-odds."""
    return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))


def prior_shift(unanswerable: float, seen: float) -> float:
    """Shift of the log-odds of an answer from a share `seen` of unanswerable questions to another share.

    Odds change with the share they are drawn at, and with nothing else (Saerens et al., Neural Comput. 14, 2002, 21).
    """
    return math.log((1 - unanswerable) / unanswerable) - math.log((1 - seen) / seen)
