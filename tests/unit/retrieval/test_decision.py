import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.decision import Chances, DecisionSettings, decide

SETTINGS = DecisionSettings(suggest_at=0.5, clarify_at=0.5, beside_at=0.25, in_scope_at=0.7)
share = st.floats(0, 1)


def chances(first: float, choices: float | None = None) -> Chances:
    among = first if choices is None else choices
    return Chances(first=first, beside=(first + among) / 2, choices=among)


def test_a_page_that_is_called_just_so_is_answered_whatever_the_probabilities_say() -> None:
    assert decide(chances(0.01), SETTINGS, threshold=1.01, pages=4, same_words=1) == "answer"


def test_several_pages_that_are_called_just_so_are_a_choice() -> None:
    assert decide(chances(0.99), SETTINGS, threshold=0.5, pages=4, same_words=2) == "clarify"


def test_what_nobody_has_confirmed_is_suggested_at_most() -> None:
    assert decide(chances(0.99), SETTINGS, threshold=0.5, pages=4, may_answer=False) == "suggest"
    assert decide(chances(0.01), SETTINGS, threshold=0.5, pages=4, same_words=1, may_answer=False) == "suggest"
    assert decide(chances(0.3, 0.4), SETTINGS, threshold=0.5, pages=4, may_answer=False) == "escalate"


def test_a_question_back_needs_two_pages() -> None:
    assert decide(chances(0.4, 0.7), SETTINGS, threshold=0.9, pages=2) == "clarify"
    assert decide(chances(0.4, 0.7), SETTINGS, threshold=0.9, pages=1) == "suggest"
    assert decide(chances(0.4, 0.7), SETTINGS, threshold=0.9, pages=0) == "escalate"


@pytest.mark.parametrize("pages", [1, 2, 4])
@given(first=share, more=share, threshold=st.floats(0.01, 1.01))
def test_what_is_likelier_is_never_handed_over_sooner(first: float, more: float, threshold: float, pages: int) -> None:
    order = {"escalate": 0, "clarify": 1, "suggest": 2, "answer": 3}
    among = first + (1 - first) * more
    surer = first + (1 - first) / 2
    less = decide(chances(first, among), SETTINGS, threshold=threshold, pages=pages)
    more_so = decide(chances(surer, max(among, surer)), SETTINGS, threshold=threshold, pages=pages)
    assert order[more_so] >= order[less]


def test_what_may_well_be_about_something_else_is_asked_back_and_not_claimed() -> None:
    near = Chances(first=0.6, beside=0.62, choices=0.65, answerable=0.69)
    assert decide(near, SETTINGS, threshold=0.5, pages=4) == "clarify"
    assert decide(near, SETTINGS, threshold=0.5, pages=1) == "escalate"
    assert decide(near, SETTINGS, threshold=0.5, pages=4, same_words=1) == "answer"
