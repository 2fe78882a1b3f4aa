"""Figures worked by hand on a few questions."""

import numpy as np
import pytest

from retrieval.evaluation.metrics import (
    Bin,
    Point,
    auroc,
    best_within_budget,
    calibration_error,
    reliability,
    risk_coverage,
)

NONE = np.empty(0)


def bools(*values: int) -> np.typing.NDArray[np.bool_]:
    return np.array(values, dtype=np.bool_)


def test_answering_the_surest_first_the_share_of_wrong_ones_is_that_among_those_answered() -> None:
    curve = risk_coverage(np.array([0.2, 0.9, 0.6, 0.8]), bools(0, 1, 1, 0))
    assert [(point.confidence, point.coverage) for point in curve] == [(0.9, 0.25), (0.8, 0.5), (0.6, 0.75), (0.2, 1.0)]
    assert [point.risk for point in curve] == pytest.approx([0, 1 / 2, 1 / 3, 2 / 4])


def test_questions_of_equal_confidence_are_answered_together_whatever_their_order() -> None:
    for right in (bools(1, 0, 1), bools(1, 1, 0)):
        curve = risk_coverage(np.array([0.9, 0.5, 0.5]), right)
        assert [(point.coverage, point.risk) for point in curve] == [(1 / 3, 0), (1, pytest.approx(1 / 3))]
    assert risk_coverage(NONE, bools()) == []


def test_hindsight_answers_most_within_the_budget_though_it_was_overrun_before() -> None:
    curve = risk_coverage(np.array([0.9, 0.8, 0.7, 0.6, 0.5]), bools(0, 1, 1, 1, 0))
    assert best_within_budget(curve, 0.3) == Point(confidence=0.6, coverage=0.8, risk=0.25)
    assert best_within_budget(curve, 0.1) is None


def test_a_bin_holds_its_lower_edge_and_the_last_one_both() -> None:
    low, high = reliability(np.array([0.0, 0.4, 0.5, 1.0]), bools(0, 1, 1, 0), bins=2)
    assert low == Bin(low=0, high=0.5, questions=2, confidence=0.2, right=0.5)
    assert high == Bin(low=0.5, high=1, questions=2, confidence=0.75, right=0.5)


def test_the_calibration_error_weighs_each_bin_by_its_questions() -> None:
    bins = reliability(np.array([0.1, 0.9, 0.9, 0.9]), bools(1, 1, 1, 0))
    assert len(bins) == 15
    assert calibration_error(bins) == pytest.approx(1 / 4 * 0.9 + 3 / 4 * abs(2 / 3 - 0.9))
    assert calibration_error(reliability(NONE, bools())) is None


@pytest.mark.parametrize(
    ("score", "positive", "area"),
    [
        ([0.9, 0.8, 0.3, 0.1], [1, 1, 0, 0], 1.0),
        ([0.1, 0.9], [1, 0], 0.0),
        ([0.9, 0.6, 0.5, 0.1], [1, 0, 1, 0], 3 / 4),
        ([0.5, 0.5, 0.5], [1, 0, 0], 1 / 2),  # equal scores tell nothing
        ([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0], 3.5 / 4),  # one pair of four is equal
        ([0.9, 0.8], [1, 1], None),
        ([], [], None),
    ],
)
def test_auroc_is_the_share_of_pairs_in_the_right_order(
    score: list[float], positive: list[int], area: float | None
) -> None:
    assert auroc(np.array(score, dtype=np.float64), bools(*positive)) == (area if area is None else pytest.approx(area))
