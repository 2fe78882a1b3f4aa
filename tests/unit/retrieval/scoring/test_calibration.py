from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import SnapshotDamaged
from retrieval.scoring.calibration import EVIDENCE, FILE, Calibration, LabelledSearches, calibrate
from retrieval.scoring.features import FEATURES
from retrieval.scoring.logistic import fit_logistic, fit_nonnegative
from retrieval.scoring.query_population import QueryPopulation
from retrieval.scoring.thresholds import UNREACHABLE


def made(count: int, *, unanswerable: float, seed: int = 3, shift: float = 0.0) -> LabelledSearches:
    """Searches of a made world: four scores tell if a question can be answered, the margin if the first one does."""
    random = np.random.default_rng(seed)
    answerable = random.uniform(size=count) >= unanswerable
    known = np.where(answerable, 0.6, 0.4)[:, None] + random.normal(scale=0.12, size=(count, 4)) + shift
    margin = random.uniform(0, 0.5, count)
    right = answerable & (random.uniform(size=count) < 1 / (1 + np.exp(-(12 * margin - 1))))
    features = np.zeros((count, len(FEATURES)))
    for name, column in zip(("dense", "lexical", "topic", "near"), known.T, strict=True):
        features[:, FEATURES.index(name)] = column
    features[:, FEATURES.index("margin")] = margin
    features[:, FEATURES.index("lift")] = margin + 0.1
    features[:, FEATURES.index("spread")] = margin + 0.1
    features[:, FEATURES.index("score")] = known.mean(axis=1)
    return LabelledSearches(
        features=features,
        places=np.where(right, 0, np.where(answerable, random.integers(1, 6, count), -1)),
        answerable=answerable,
        groups=np.arange(count),
        weight=np.ones(count),
    )


def fitted(examples: LabelledSearches, unanswerable: float | None = None) -> Calibration:
    return calibrate(examples, fitted_on={"made": 1}, fitted_at="2026-03-02", unanswerable=unanswerable)


def test_the_fit_finds_the_weights_the_data_was_made_with() -> None:
    random = np.random.default_rng(3)
    features = random.uniform(0, 1, (20_000, 3))
    right = random.uniform(size=20_000) < 1 / (1 + np.exp(-(6 * features[:, 0] - 3)))
    assert fit_logistic(features, right) == pytest.approx([6, 0, 0, -3], abs=0.25)


def test_a_row_that_counts_twice_is_as_two_rows() -> None:
    random = np.random.default_rng(3)
    features = random.uniform(0, 1, (200, 2))
    right = random.uniform(size=200) < features[:, 0]
    twice = np.where(np.arange(200) < 50, 2.0, 1.0)
    doubled = np.concatenate([features, features[:50]]), np.concatenate([right, right[:50]])
    assert fit_logistic(features, right, twice) == pytest.approx(fit_logistic(*doubled), abs=1e-6)


def test_a_higher_score_is_never_a_worse_sign() -> None:
    random = np.random.default_rng(3)
    features = random.uniform(0, 1, (2_000, 2))
    right = random.uniform(size=2_000) < features[:, 0]
    assert fit_nonnegative(-features, right)[0] == 0
    features[:, 1] = np.where(right, 0.2, 0.8)
    weights = fit_nonnegative(features, right)
    assert weights[0] > 0
    assert weights[1] == 0


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_confidence_is_the_share_that_is_right_however_many_ask_the_unanswerable(share: float) -> None:
    calibration = fitted(made(3_000, unanswerable=0.5))
    asked = made(4_000, unanswerable=share, seed=4)
    traffic = calibration.traffic(asked.features, assumed=0.2)
    confidence = calibration.confidences(asked.features, traffic)
    for low in np.arange(0.1, 0.9, 0.2):
        among = (confidence >= low) & (confidence < low + 0.2)
        if among.sum() > 100:
            assert (asked.places[among] == 0).mean() == pytest.approx(confidence[among].mean(), abs=0.08)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5])
def test_the_threshold_keeps_the_budget_on_questions_it_has_not_seen(share: float) -> None:
    calibration = fitted(made(2_000, unanswerable=0.5))
    asked = made(3_000, unanswerable=share, seed=5)
    traffic = calibration.traffic(asked.features, assumed=0.2)
    confidence = calibration.confidences(asked.features, traffic)
    for budget in (0.05, 0.1, 0.2):
        answered = confidence >= calibration.threshold(budget, traffic)
        assert answered.any()
        assert (asked.places[answered] != 0).mean() <= budget


def test_the_budget_is_kept_before_anybody_has_asked_if_the_assumption_holds() -> None:
    calibration = fitted(made(2_000, unanswerable=0.5))
    asked = made(3_000, unanswerable=0.3, seed=6)
    traffic = calibration.traffic(assumed=0.3)
    answered = calibration.confidences(asked.features, traffic) >= calibration.threshold(0.1, traffic)
    assert answered.any()
    assert (asked.places[answered] != 0).mean() <= 0.1 + 0.02  # twice what chance makes of so many answers


def test_more_unanswerable_questions_make_it_less_sure_and_more_careful() -> None:
    calibration = fitted(made(2_000, unanswerable=0.5))
    features = made(200, unanswerable=0.5, seed=7).features
    few, many = QueryPopulation.assumed(0.05), QueryPopulation.assumed(0.6)
    assert (calibration.confidences(features, few) > calibration.confidences(features, many)).all()
    evidence = calibration.evidence[:, 2]
    assert len(evidence)
    answered = [
        (calibration.confidences(features, traffic) >= calibration.threshold(0.1, traffic)).sum()
        for traffic in (few, many)
    ]
    assert answered[0] > answered[1]


def test_customers_who_ask_unlike_anything_seen_get_half_of_the_budget() -> None:
    calibration = fitted(made(2_000, unanswerable=0.5))
    usual = QueryPopulation.assumed(0.2)
    unlike = QueryPopulation(
        unanswerable=0.2,
        most_unanswerable=0.2,
        shift=0.0,
        questions=0,
        distance=0.5,
        sample=np.empty((0, 0)),
    )
    assert calibration.threshold(0.1, unlike) == calibration.threshold(0.05, usual)
    assert calibration.threshold(0.1, unlike) > calibration.threshold(0.1, usual)


def test_a_smaller_budget_never_lowers_the_threshold() -> None:
    calibration = fitted(made(1_000, unanswerable=0.5))
    thresholds = [
        calibration.threshold(budget, QueryPopulation.assumed(0.2)) for budget in (0.01, 0.02, 0.05, 0.1, 0.3)
    ]
    assert thresholds == sorted(thresholds, reverse=True)


def test_one_of_the_first_three_is_right_at_least_as_probably_as_the_first() -> None:
    calibration = fitted(made(2_000, unanswerable=0.5))
    asked = made(3_000, unanswerable=0.3, seed=8)
    traffic = calibration.traffic(asked.features, assumed=0.2)
    sure = [calibration.sureness(row, traffic) for row in asked.features.tolist()]
    among = np.array([each.among_first for each in sure])
    assert (among >= np.array([each.first for each in sure])).all()
    assert np.mean((asked.places >= 0) & (asked.places < 3)) == pytest.approx(among.mean(), abs=0.05)


def test_one_search_is_judged_as_many_are() -> None:
    calibration = fitted(made(500, unanswerable=0.5))
    features = made(20, unanswerable=0.5, seed=9).features
    traffic = QueryPopulation.assumed(0.2)
    alone = [calibration.sureness(row, traffic).first for row in features.tolist()]
    assert alone == pytest.approx(calibration.confidences(features, traffic).tolist(), abs=1e-12)


@pytest.mark.parametrize("count", [0, 1, 19])
def test_a_corpus_too_small_to_fit_answers_nothing(count: int) -> None:
    calibration = fitted(made(count, unanswerable=0.5))
    assert calibration.fit is None
    assert calibration.threshold(0.5, QueryPopulation.assumed(0.2)) == UNREACHABLE
    sure = calibration.sureness([1.0] * len(FEATURES), QueryPopulation.assumed(0.2))
    assert (sure.known, sure.first, sure.among_first) == (0.0, 0.0, 0.0)


def test_where_every_question_is_answered_rightly_it_still_is_not_certain() -> None:
    examples = made(400, unanswerable=0.5)
    places = np.where(examples.answerable, 0, -1)
    all_right = LabelledSearches(**{**vars(examples), "places": places})
    calibration = fitted(all_right)
    assert calibration.fit is not None
    assert calibration.fit.clear[:-1] == (0.0, 0.0, 0.0)
    assert 0.99 < 1 / (1 + np.exp(-calibration.fit.clear[-1])) < 1


def test_a_score_that_never_varies_tells_nothing() -> None:
    examples = made(400, unanswerable=0.5)
    examples.features[:, FEATURES.index("topic")] = 0.0
    calibration = fitted(examples)
    assert calibration.usual[2] == (0.0, 0.0)
    other = examples.features.copy()
    other[:, FEATURES.index("topic")] = 5.0
    assert np.array_equal(calibration.index(other), calibration.index(examples.features))


def test_labelled_questions_tell_the_share_of_unanswerable_ones() -> None:
    calibration = fitted(made(400, unanswerable=0.5), unanswerable=0.4)
    assert calibration.traffic(assumed=0.1).unanswerable == 0.4


def test_it_is_read_as_it_was_saved(tmp_path: Path) -> None:
    calibration = fitted(made(400, unanswerable=0.5), unanswerable=0.25)
    calibration.save(tmp_path)
    again = Calibration.load(tmp_path)
    assert (again.fit, again.usual, again.answerable, again.unanswerable) == (
        calibration.fit,
        calibration.usual,
        calibration.answerable,
        calibration.unanswerable,
    )
    assert np.array_equal(again.evidence, calibration.evidence)
    assert again.threshold(0.1, QueryPopulation.assumed(0.2)) == calibration.threshold(
        0.1, QueryPopulation.assumed(0.2)
    )


@pytest.mark.parametrize("name", [FILE, EVIDENCE])
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    fitted(made(400, unanswerable=0.5)).save(tmp_path)
    (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(SnapshotDamaged, match=FILE):
        Calibration.load(tmp_path)
