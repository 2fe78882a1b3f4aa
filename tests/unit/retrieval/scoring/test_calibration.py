import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import SnapshotDamaged
from retrieval.scoring.calibration import (
    EVIDENCE,
    FILE,
    Calibration,
    LabelledSearches,
    calibrate,
    load_calibration,
)
from retrieval.scoring.confidence import prior_shift
from retrieval.scoring.corpus_scale import CorpusScale
from retrieval.scoring.earlier_calibration import EarlierCalibration
from retrieval.scoring.features import FEATURES
from retrieval.scoring.logistic import fit_around, fit_logistic, fit_nonnegative, sigmoid
from retrieval.scoring.shipped_weights import SHIPPED
from retrieval.scoring.thresholds import UNREACHABLE

BUDGETS = (0.02, 0.05, 0.1, 0.3)


def made(count: int, *, unanswerable: float, seed: int = 3, size: float = 1.0) -> LabelledSearches:
    """Searches of a made world in which the shipped weights hold; `size` stretches all that its scores say."""
    random = np.random.default_rng(seed)
    answerable = random.uniform(size=count) >= unanswerable
    right = answerable & (random.uniform(size=count) < 0.85)
    features = np.zeros((count, len(FEATURES)))
    for name in ("dense", "lexical", "near"):
        features[:, FEATURES.index(name)] = np.where(answerable, 0.6, 0.4) + random.normal(scale=0.08, size=count)
    lead = random.exponential(np.where(right, 0.35, 0.08))
    features[:, FEATURES.index("margin")] = lead
    features[:, FEATURES.index("lift")] = lead + 0.1
    features[:, FEATURES.index("spread")] = lead + 0.05
    features[:, FEATURES.index("score")] = features[:, FEATURES.index("dense")]
    return LabelledSearches(
        features=features * size,
        places=np.where(right, 0, np.where(answerable, random.integers(1, 6, count), -1)),
        answerable=answerable,
        weight=np.ones(count),
        is_customers=np.zeros(count, dtype=np.bool_),
    )


def fitted(searches: LabelledSearches, *, worded: float = 1.0, unanswerable: float | None = None) -> Calibration:
    return calibrate(
        searches,
        worded=worded,
        unrelated=0.05,
        fitted_on={"made": 1},
        fitted_at="2026-03-02",
        unanswerable=unanswerable,
    )


def confidences(calibration: Calibration, searches: LabelledSearches, unanswerable: float = 0.2) -> np.ndarray:
    rows = searches.features.tolist()
    return np.array([calibration.confidence(row, unanswerable=unanswerable).first for row in rows])


def by_customers(searches: LabelledSearches) -> LabelledSearches:
    return replace(searches, weight=np.full(len(searches.weight), 5.0), is_customers=np.ones_like(searches.answerable))


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


def test_what_is_known_already_gives_way_to_what_is_seen_as_it_is_seen_more() -> None:
    random = np.random.default_rng(3)
    features = random.uniform(0, 1, (4_000, 1))
    right = random.uniform(size=4_000) < sigmoid(6 * features[:, 0] - 3)
    prior, precision = np.array([1.0, 0.0]), np.array([8.0, 8.0])
    assert fit_around(prior, precision, features[:0], right[:0], np.ones(0)) == pytest.approx(prior)
    slopes = [
        fit_around(prior, precision, features[:count], right[:count], np.ones(count))[0] for count in (50, 500, 4_000)
    ]
    assert 1 < slopes[0] < slopes[1] < slopes[2] < 6


def test_what_leads_by_as_much_as_is_usual_says_the_same_in_every_corpus() -> None:
    searches = made(2_000, unanswerable=0.5)
    one, other = (
        CorpusScale.of(searches.features * size, searches.answerable, worded=1.0, unrelated=0.0) for size in (1, 2)
    )
    for row in searches.features[:50]:
        known, lead = one.comparable(row.tolist())
        _, twice = other.comparable((row * 2).tolist())
        assert twice == pytest.approx(lead, rel=0.02)
        assert len(known) == 6


def test_words_of_people_tell_what_is_known_and_pieces_of_titles_do_not() -> None:
    searches = made(1_000, unanswerable=0.5)
    worded, unworded = (fitted(searches, worded=worded) for worded in (1.0, 0.0))
    near, far = (list(searches.features[searches.answerable][0]) for _ in range(2))
    far[FEATURES.index("lexical")] = near[FEATURES.index("lexical")] - 0.3
    assert worded.confidence(far).answerable < worded.confidence(near).answerable - 0.01
    assert unworded.confidence(far).answerable == pytest.approx(unworded.confidence(near).answerable)


def test_a_corpus_of_no_questions_of_its_own_is_judged_as_others_are() -> None:
    nothing = made(10, unanswerable=0.5).at(np.zeros(10, dtype=np.bool_))
    calibration = fitted(nothing, worded=0.0)
    assert not calibration.is_calibrated
    searches = made(500, unanswerable=0.2, seed=5)
    sure = confidences(calibration, searches)
    assert sure[searches.places == 0].mean() > sure[searches.places != 0].mean() + 0.15
    assert calibration.threshold(0.05) == 0.975


def test_one_of_a_few_is_right_at_least_as_probably_as_the_first() -> None:
    calibration = fitted(made(1_000, unanswerable=0.5))
    for row in made(200, unanswerable=0.3, seed=8).features.tolist():
        sure = calibration.confidence(row)
        assert 0 <= sure.first <= sure.beside <= sure.choices <= sure.answerable <= 1


def test_the_threshold_keeps_the_budget_even_if_most_ask_what_nobody_has_written_about() -> None:
    calibration = fitted(made(8_000, unanswerable=0.5))
    for share in (0.0, 0.3, 0.6):
        asked = made(4_000, unanswerable=share, seed=5)
        sure = confidences(calibration, asked)
        for budget in (0.05, 0.1, 0.3):
            answered = sure >= calibration.threshold(budget)
            assert answered.any()
            assert (asked.places[answered] != 0).mean() <= budget + 0.03  # beyond chance


def test_a_smaller_budget_never_lowers_the_threshold() -> None:
    calibration = fitted(made(1_000, unanswerable=0.5))
    thresholds = [calibration.threshold(budget) for budget in BUDGETS]
    assert thresholds == sorted(thresholds, reverse=True)


def test_who_expects_more_unanswerable_questions_is_told_less_of_each() -> None:
    calibration = fitted(made(1_000, unanswerable=0.5))
    asked = made(200, unanswerable=0.3, seed=7)
    assert (confidences(calibration, asked, 0.05) > confidences(calibration, asked, 0.6)).all()
    assert prior_shift(0.2, 0.2) == 0


def test_labelled_questions_tell_the_share_of_unanswerable_ones() -> None:
    told = fitted(made(400, unanswerable=0.5), unanswerable=0.4)
    assumed = fitted(made(400, unanswerable=0.5))
    row = made(1, unanswerable=0.0).features[0].tolist()
    assert told.confidence(row, unanswerable=0.01) == assumed.confidence(row, unanswerable=0.4)


def test_only_labelled_questions_promise_anything() -> None:
    made_up = made(2_000, unanswerable=0.5)
    assert fitted(made_up).promised_threshold(0.1) == UNREACHABLE
    labelled = made_up.and_these(by_customers(made(600, unanswerable=0.2, seed=9)))
    calibration = fitted(labelled)
    promised = calibration.promised_threshold(0.1)
    assert calibration.threshold(0.1) <= promised < 1
    few = fitted(made_up.and_these(by_customers(made(15, unanswerable=0.2, seed=9))))
    assert few.promised_threshold(0.02) == UNREACHABLE


def test_without_labels_the_weights_are_the_shipped_ones_and_labels_move_them() -> None:
    made_up = made(1_000, unanswerable=0.5)
    assert fitted(made_up).weights == SHIPPED
    hard = by_customers(made(300, unanswerable=0.4, seed=9))
    hard = replace(hard, places=np.where(hard.answerable, 3, -1))
    taught = fitted(made_up.and_these(hard))
    row = made(1, unanswerable=0.0).features[0].tolist()
    assert taught.confidence(row).first < fitted(made_up).confidence(row).first - 0.1


def test_labels_that_are_all_answerable_do_not_make_everything_answerable() -> None:
    made_up = made(1_000, unanswerable=0.5)
    labelled = by_customers(made(300, unanswerable=0.0, seed=9))
    assert fitted(made_up.and_these(labelled)).weights.known == SHIPPED.known


def test_a_score_that_never_varies_tells_nothing() -> None:
    searches = made(400, unanswerable=0.5)
    calibration = fitted(searches)
    assert calibration.scale.middle[2] == (0.0, 0.0), "made without topics"
    row = searches.features[0].tolist()
    other = list(row)
    other[FEATURES.index("topic")] = 5.0
    assert calibration.confidence(other) == calibration.confidence(row)


def test_it_is_read_as_it_was_saved(tmp_path: Path) -> None:
    calibration = fitted(made(400, unanswerable=0.5), unanswerable=0.25)
    calibration.save(tmp_path)
    again = load_calibration(tmp_path)
    assert again == calibration
    assert np.array_equal(again.evidence, calibration.evidence)
    assert again.threshold(0.1, unanswerable=0.2) == calibration.threshold(0.1)


@pytest.mark.parametrize("name", [FILE, EVIDENCE])
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    fitted(made(400, unanswerable=0.5)).save(tmp_path)
    (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(SnapshotDamaged, match=FILE):
        load_calibration(tmp_path)


def test_evidence_of_another_width_is_refused_when_it_is_read(tmp_path: Path) -> None:
    calibration = fitted(made(400, unanswerable=0.5))
    replace(calibration, evidence=calibration.evidence[:, :5]).save(tmp_path)
    with pytest.raises(SnapshotDamaged, match="Reindex"):
        load_calibration(tmp_path)


#: As a release before this one wrote it: a question of index 0 whose first document leads by nothing.
EARLIER = {
    "fit": {"known": [2.0, 0.5], "clear": [3.0, 1.0, 0.0, -1.0], "among": [3.0, 1.0, 0.0, 0.0]},
    "usual": [[0.6, 0.2], [0.5, 0.2], [1.0, 0.5], [0.5, 0.1]],
    "answerable": {"mean": 0.5, "deviation": 0.6},
    "unanswerable": {"mean": -0.5, "deviation": 0.6},
    "fitted_on": {"phrasings": 300},
    "fitted_at": "2026-01-01",
    "labelled_unanswerable": None,
}


def test_a_snapshot_of_an_earlier_release_is_judged_as_it_was_then(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps(EARLIER))
    np.save(tmp_path / EVIDENCE, np.tile(np.array([[0.5, 2.0, 0.95, 1.0, 2.0]], dtype=np.float32), (60, 1)))
    calibration = load_calibration(tmp_path)
    assert isinstance(calibration, EarlierCalibration)
    usual = dict(zip(FEATURES, [0.0, 0.0, 0.0, 0.0, 0.6, 0.5, 1.0, 0.5], strict=True))
    sure = calibration.confidence(list(usual.values()), unanswerable=0.3)
    assert sure.answerable == pytest.approx(sigmoid(np.array(0.5)))
    assert sure.first == pytest.approx(sure.answerable * sigmoid(np.array(-1.0)))
    assert sure.choices == pytest.approx(sure.answerable * 0.5)
    shifted = calibration.with_shift(-0.5).confidence(list(usual.values()), unanswerable=0.3)
    assert shifted.answerable == pytest.approx(sigmoid(np.array(1.5)))
    assert calibration.threshold(0.05, unanswerable=0.01) < 1
    assert calibration.threshold(0.01, unanswerable=0.2) == UNREACHABLE


def test_a_snapshot_of_an_earlier_release_that_was_too_small_answers_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps(EARLIER | {"fit": None}))
    np.save(tmp_path / EVIDENCE, np.empty((0, 5), dtype=np.float32))
    calibration = load_calibration(tmp_path)
    assert not calibration.is_calibrated
    assert calibration.threshold(0.5, unanswerable=0.2) == UNREACHABLE
    assert calibration.confidence([1.0] * len(FEATURES), unanswerable=0.2).first == 0
