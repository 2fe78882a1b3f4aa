import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.scoring.thresholds import (
    UNREACHABLE,
    certified_threshold,
    expected_threshold,
    incomplete_beta,
    is_within,
    labels_needed,
    upper_bound,
)


@pytest.mark.parametrize(
    ("wrong", "answered", "bound"),
    # One-sided 90 % bounds of Clopper and Pearson: with nothing wrong, 1 - 0.1 ** (1 / n); others from their tables.
    [(0, 45, 0.0499), (0, 10, 0.2057), (1, 20, 0.1810), (5, 100, 0.0908)],
)
def test_a_budget_is_supported_from_clopper_and_pearsons_bound_on(wrong: int, answered: int, bound: float) -> None:
    assert is_within(bound + 2e-4, wrong=wrong, answered=answered)
    assert not is_within(bound - 2e-4, wrong=wrong, answered=answered)


@pytest.mark.parametrize(
    ("a", "b", "x", "value"),
    # I_x(1, 1) = x; I_x(2, 3) = 6 x^2 - 8 x^3 + 3 x^4; I_x(a, 1) = x^a; I_x(1/2, 1/2) = 2 / pi * asin(sqrt(x)).
    [
        (1, 1, 0.3, 0.3),
        (2, 3, 0.4, 0.5248),
        (45, 1, 0.95, 0.95**45),
        (0.5, 0.5, 0.25, 1 / 3),
        (3, 2, 0, 0),
        (3, 2, 1, 1),
    ],
)
def test_the_incomplete_beta_function_has_its_known_values(a: float, b: float, x: float, value: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(value, abs=1e-10)


@given(st.integers(1, 400), st.integers(0, 40), st.floats(0.01, 0.5))
def test_bounds_are_tails_of_the_binomial_distribution(answered: int, wrong: int, budget: float) -> None:
    if wrong >= answered:
        assert not is_within(budget, wrong=wrong, answered=answered)
        return
    counts = np.arange(1, wrong + 1)
    ratios = np.log((answered - counts + 1) / counts) + np.log(budget / (1 - budget))
    logs = answered * np.log1p(-budget) + np.concatenate([[0.0], np.cumsum(ratios)])
    tail = float(np.exp(logs).sum())
    assert incomplete_beta(answered - wrong, wrong + 1, 1 - budget) == pytest.approx(tail, abs=1e-9)


def test_the_most_that_may_be_wrong_is_the_bound_itself() -> None:
    assert upper_bound(wrong=0, answered=45) == pytest.approx(1 - 0.1 ** (1 / 45), abs=1e-5)
    bound = upper_bound(wrong=3, answered=80)
    assert is_within(bound + 1e-5, wrong=3, answered=80)
    assert not is_within(bound - 1e-5, wrong=3, answered=80)
    assert upper_bound(wrong=0, answered=0) == upper_bound(wrong=2, answered=2) == 1


def test_labels_needed_are_just_enough() -> None:
    for budget in (0.01, 0.02, 0.05, 0.1):
        needed = labels_needed(budget)
        assert is_within(budget, wrong=0, answered=needed)
        assert not is_within(budget, wrong=0, answered=needed - 1)


def test_expected_answers_as_long_as_one_more_mistake_would_be_within_the_budget() -> None:
    confidence, weight = np.linspace(1, 0.01, 100), np.ones(100)
    wrong = np.arange(100) >= 60
    threshold = expected_threshold(confidence, wrong, weight, 0.1)
    answered = confidence >= threshold
    assert (wrong[answered].sum() + 1) / (answered.sum() + 1) <= 0.1
    assert (wrong[answered].sum() + 2) / (answered.sum() + 2) > 0.1
    assert expected_threshold(confidence, wrong, weight, 0.01) == UNREACHABLE, "60 right ones do not say so"
    heavy = np.where(wrong, 3.0, 1.0)
    assert expected_threshold(confidence, wrong, heavy, 0.1) > threshold
    assert expected_threshold(np.empty(0), np.empty(0, dtype=bool), np.empty(0), 0.1) == UNREACHABLE


def test_questions_of_equal_confidence_are_answered_together() -> None:
    confidence = np.array([0.9] * 40 + [0.5] * 20)
    wrong = np.arange(60) >= 40
    assert expected_threshold(confidence, wrong, np.ones(60), 0.2) == 0.9


def test_promised_finds_the_lowest_threshold_whose_bound_is_within_the_budget() -> None:
    confidence = np.linspace(1, 0, 400)
    wrong = np.arange(400) >= 200
    threshold = certified_threshold(confidence, wrong, np.ones(400), 0.05)
    answered = confidence >= threshold
    assert is_within(0.05, wrong=wrong[answered].sum(), answered=answered.sum())
    assert 195 < answered.sum() < 215
    assert certified_threshold(confidence, wrong, np.ones(400), 0.001) == UNREACHABLE


def test_a_few_heavy_questions_promise_less_than_many_light_ones() -> None:
    confidence, right = np.full(60, 0.9), np.zeros(60, dtype=np.bool_)
    assert certified_threshold(confidence, right, np.ones(60), 0.05) == 0.9
    weight = np.ones(60)
    weight[:3] = 100
    assert certified_threshold(confidence, right, weight, 0.05) == UNREACHABLE


def test_questions_of_equal_confidence_are_answered_together_or_not_at_all() -> None:
    confidence = np.array([0.9] * 100 + [0.5] * 100)
    wrong = np.array([False] * 100 + [False] * 50 + [True] * 50)
    assert certified_threshold(confidence, wrong, np.ones(200), 0.1) == 0.9
