import numpy as np
import pytest

from retrieval.scoring.query_population import FEWEST, Normal, QueryPopulation

KNOWN, UNKNOWN = Normal(mean=0.65, deviation=0.6), Normal(mean=-0.6, deviation=0.6)


def asked(count: int, *, unanswerable: float, shift: float = 0.0, seed: int = 1) -> np.ndarray:
    """How well a corpus knows each of these questions."""
    random = np.random.default_rng(seed)
    strange = random.uniform(size=count) < unanswerable
    mean = np.where(strange, UNKNOWN.mean, KNOWN.mean)
    return mean + shift + random.normal(scale=0.6, size=count)


def seen(index: np.ndarray, assumed: float = 0.2) -> QueryPopulation:
    return QueryPopulation.seen(np.zeros((len(index), 8)), index, KNOWN, UNKNOWN, assumed=assumed)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.4, 0.7])
def test_the_share_of_unanswerable_questions_is_estimated_without_labels(share: float) -> None:
    traffic = seen(asked(1000, unanswerable=share))
    # What was assumed pulls a little, the more the farther it is.
    assert traffic.unanswerable == pytest.approx(share, abs=0.05 + 0.15 * share)
    assert traffic.unanswerable <= traffic.most_unanswerable
    assert not traffic.is_unlike


def test_customers_who_word_everything_farther_from_the_corpus_are_not_taken_to_ask_the_unanswerable() -> None:
    index = asked(1000, unanswerable=0.3, shift=-0.5)
    traffic = seen(index)
    # Some of it is put down to unanswerable questions, which errs on the careful side.
    assert -0.6 < traffic.shift < -0.2
    assert 0.3 < traffic.unanswerable < 0.45
    assert not traffic.is_unlike


def test_customers_are_never_thought_to_know_the_corpus_better_than_it_knows_itself() -> None:
    assert seen(asked(1000, unanswerable=0.1, shift=0.5)).shift > -0.1


def test_few_questions_leave_what_was_assumed() -> None:
    traffic = seen(asked(FEWEST - 1, unanswerable=0.9), assumed=0.15)
    assert traffic == QueryPopulation.assumed(0.15)
    assert traffic.questions == 0


def test_what_is_assumed_counts_for_less_the_more_was_asked() -> None:
    few, many = asked(FEWEST, unanswerable=0.0), asked(1000, unanswerable=0.0)
    assert abs(seen(few, 0.05).unanswerable - seen(few, 0.5).unanswerable) > abs(
        seen(many, 0.05).unanswerable - seen(many, 0.5).unanswerable
    )


def test_questions_that_no_mixture_explains_are_noticed() -> None:
    random = np.random.default_rng(1)
    assert seen(random.normal(-0.4, 0.05, size=500)).is_unlike


def test_customers_who_ask_what_the_corpus_knows_best_are_no_reason_to_be_careful() -> None:
    assert not seen(np.random.default_rng(1).normal(1.5, 0.05, size=500)).is_unlike


def test_questions_about_something_else_entirely_are_unanswerable_not_unlike() -> None:
    index = np.concatenate([asked(700, unanswerable=0.0), np.full(300, -8.0)])
    traffic = seen(index)
    assert traffic.unanswerable == pytest.approx(0.3, abs=0.06)
    assert not traffic.is_unlike


def test_the_same_questions_in_another_order_are_the_same_traffic() -> None:
    index = asked(300, unanswerable=0.3)
    other = seen(index[::-1])
    assert other.unanswerable == pytest.approx(seen(index).unanswerable, abs=1e-12)
