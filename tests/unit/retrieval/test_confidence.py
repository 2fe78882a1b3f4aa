import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.confidence import NEVER, Calibration, calibrate, fit_logistic, fit_rising, supports


def made(count: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Features whose first one decides, with the logistic chance of 6 * top - 3."""
    random = np.random.default_rng(seed)
    features = random.uniform(0, 1, (count, 3))
    chance = 1 / (1 + np.exp(-(6 * features[:, 0] - 3)))
    return features, random.uniform(size=count) < chance


def fitted(features: np.ndarray, right: np.ndarray) -> Calibration:
    return calibrate(features, right, np.arange(len(right)), fitted_on={"made": len(right)}, fitted_at="2026-03-02")


def test_the_fit_finds_the_weights_the_data_was_made_with() -> None:
    features, right = made(20_000)
    assert fit_logistic(features, right) == pytest.approx([6, 0, 0, -3], abs=0.25)


def test_a_higher_score_is_never_a_worse_sign() -> None:
    features, right = made(2_000)
    assert fit_rising(-features, right)[0] == 0
    features[:, 1] = np.where(right, 0.2, 0.8)
    weights = fit_rising(features, right)
    assert weights[0] > 0
    assert weights[1] == 0


def test_confidence_is_the_share_that_is_right() -> None:
    calibration = fitted(*made(5_000))
    features, right = made(5_000, seed=4)
    confidence = np.array([calibration.confidence(row) for row in features])
    for low in np.arange(0.1, 0.9, 0.2):
        among = (confidence >= low) & (confidence < low + 0.2)
        assert right[among].mean() == pytest.approx(confidence[among].mean(), abs=0.05)


def test_the_threshold_keeps_the_budget_on_questions_it_has_not_seen() -> None:
    calibration = fitted(*made(4_000))
    features, right = made(4_000, seed=5)
    confidence = np.array([calibration.confidence(row) for row in features])
    for budget in (0.05, 0.1, 0.2):
        answered = confidence >= calibration.threshold(budget)
        assert answered.any()
        assert (~right[answered]).mean() <= budget


def test_a_smaller_budget_never_lowers_the_threshold() -> None:
    calibration = fitted(*made(1_000))
    thresholds = [calibration.threshold(budget) for budget in (0.01, 0.02, 0.05, 0.1, 0.3)]
    assert thresholds == sorted(thresholds, reverse=True)


@pytest.mark.parametrize("count", [0, 1, 19])
def test_a_corpus_too_small_to_fit_answers_nothing(count: int) -> None:
    calibration = fitted(*made(count))
    assert calibration.weights == ()
    assert calibration.threshold(0.5) == NEVER
    assert calibration.confidence(np.array([1.5, 0, 0])) == 1.0


def test_questions_that_are_all_right_or_all_wrong_teach_nothing() -> None:
    features, _ = made(100)
    for right in (np.ones(100, dtype=bool), np.zeros(100, dtype=bool)):
        assert fitted(features, right).weights == ()


@pytest.mark.parametrize(
    ("wrong", "answered", "bound"),
    # One-sided 90 % bounds of Clopper and Pearson: with nothing wrong, 1 - 0.1 ** (1 / n); others from their tables.
    [(0, 45, 0.0499), (0, 10, 0.2057), (1, 20, 0.1810), (5, 100, 0.0908)],
)
def test_a_budget_is_supported_from_clopper_and_pearsons_bound_on(wrong: int, answered: int, bound: float) -> None:
    assert supports(bound + 2e-4, wrong=wrong, answered=answered)
    assert not supports(bound - 2e-4, wrong=wrong, answered=answered)


@given(st.integers(0, 400), st.integers(1, 400), st.floats(0.001, 0.9))
def test_a_share_above_the_budget_never_supports_it(wrong: int, answered: int, budget: float) -> None:
    if min(wrong, answered) / answered > budget:
        assert not supports(budget, wrong=min(wrong, answered), answered=answered)
