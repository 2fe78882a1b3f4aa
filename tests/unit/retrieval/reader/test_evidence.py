"""A verdict moves what is believed by as much as the reader is worth; the gate stays what it was."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.decision import DecisionSettings
from retrieval.reader.consulted import Consulted
from retrieval.reader.evidence import belief_of, updated, with_verdict
from retrieval.reader.passages import led_by, offered_pages
from retrieval.reader.port import Verdict
from retrieval.reader.trust import Outcome, Seen, Trust
from retrieval.result import SearchResult
from tests.unit.retrieval.reader.pages import TEXT, candidate, found

NAMES = ("reset", "pair", "update", "move", "limits", "ports", "lights", "sale")
FOUND = found(*NAMES)


def seen(**counts: int) -> Seen:
    """So many verdicts of each outcome, all of them sure."""
    worth = Seen()
    for outcome, count in counts.items():
        for _ in range(count):
            worth = worth.and_one(outcome, 0.95)  # type: ignore[arg-type]
    return worth


GOOD = Trust(seen=seen(right=20, refused=20))


def after(
    verdict: Verdict, trust: Trust = GOOD, result: SearchResult = FOUND, *, stricter: str = "none"
) -> SearchResult:
    return with_verdict(result, verdict, trust, offered=8, characters=450, stricter={stricter: 0.01})


def test_the_page_that_a_good_reader_names_comes_first_and_is_believed() -> None:
    result = after(Verdict(best="update", sure=0.95))
    assert [each.document_id for each in result.candidates][:3] == ["update", "reset", "pair"]
    assert result.confidence > 0.9
    assert result.confidence <= result.among_beside <= result.among_first <= result.answerable <= 1
    assert result.decision == "answer"


def test_no_page_at_all_is_believed_too() -> None:
    result = after(Verdict(best=None, sure=0.95))
    assert [each.document_id for each in result.candidates] == list(NAMES)
    assert result.answerable < 0.5
    assert result.decision == "escalate"


def test_less_is_believed_of_who_says_they_are_not_sure() -> None:
    sure, unsure = (after(Verdict(best="update", sure=said)).confidence for said in (0.95, 0.5))
    assert belief_of(FOUND, 8).pages[2] < unsure < sure


def test_a_reader_that_nobody_knows_suggests_and_answers_nothing_plainly() -> None:
    result = after(Verdict(best="reset", sure=0.99), Trust())
    assert result.decision == "suggest"
    assert not result.may_answer


@pytest.mark.parametrize(
    "counts",
    [{"wrong": 15, "refused": 15}, {"right": 12, "wrong": 10, "refused": 20}, {"right": 20, "invented": 20}],
)
def test_who_is_found_out_changes_nothing(counts: dict[str, int]) -> None:
    trust = Trust(seen=seen(**counts))
    assert trust.is_left_aside
    assert after(Verdict(best="update", sure=0.99), trust) is FOUND


def test_a_reader_that_never_finds_what_is_there_says_nothing_by_finding_none() -> None:
    trust = Trust(seen=seen(missed=30, refused=30))
    assert after(Verdict(best=None, sure=0.95), trust) is FOUND


def test_who_says_the_same_sureness_of_everything_answers_nothing_plainly() -> None:
    trust = Trust.of(GOOD.seen, (0.0, 1.0, 60.0))
    result = after(Verdict(best="reset", sure=1.0), trust)
    assert not trust.is_sureness_told
    assert result.decision == "suggest"
    assert result.confidence < after(Verdict(best="reset", sure=1.0)).confidence


def test_a_page_with_a_stricter_budget_or_that_nobody_confirmed_is_no_plain_answer_by_a_verdict() -> None:
    assert after(Verdict(best="update", sure=0.95), stricter="billing/*").decision == "answer"
    assert after(Verdict(best="update", sure=0.95), stricter="upd*").decision == "suggest"
    said = tuple(
        replace(each, kind="answer", confirmed=False) if each.document_id == "update" else each
        for each in FOUND.candidates
    )
    forum = replace(FOUND, candidates=said)
    assert after(Verdict(best="update", sure=0.95), result=forum).decision == "suggest"
    allowed = replace(forum, settings=DecisionSettings(unconfirmed_answers=True))
    assert after(Verdict(best="update", sure=0.95), result=allowed).decision == "answer"


def test_what_was_named_beside_the_best_is_the_next_best() -> None:
    result = after(Verdict(best="update", also=("sale",), sure=0.5))
    plain = after(Verdict(best="update", sure=0.5))
    places = [[each.document_id for each in one.candidates].index("sale") for one in (result, plain)]
    assert places[0] < places[1]


def test_a_verdict_on_other_pages_than_were_found_changes_nothing() -> None:
    consulted = Consulted(verdict=Verdict(best="gone", sure=0.9), trust=GOOD, offered=8, characters=450)
    assert consulted.applied_to(FOUND) is FOUND


def test_a_verdict_is_taken_into_account_the_same_from_where_it_is_stored() -> None:
    import json
    from dataclasses import asdict

    consulted = Consulted(
        verdict=Verdict(best="update", also=("pair",), sentences=(1,), sure=0.9137),
        trust=Trust.of(seen(right=7, wrong=1), (1.0, 2.0, 3.0)),
        offered=8,
        characters=450,
        stricter={"billing/*": 0.01},
    )
    again = Consulted.from_json(json.loads(json.dumps(asdict(consulted))))
    assert again == consulted
    assert again.applied_to(FOUND) == consulted.applied_to(FOUND) != FOUND


OUTCOMES: list[Outcome] = ["right", "wrong", "missed", "invented", "refused"]


@st.composite
def searches(draw: st.DrawFn) -> SearchResult:
    """Searches that are as sure as can be, of one page up to eight."""
    first, further, answerable = (draw(st.floats(0, 1)) for _ in range(3))
    return found(
        *NAMES[: draw(st.integers(1, 8))],
        confidence=first * answerable,
        answerable=answerable,
        among_beside=(first + (1 - first) * further / 2) * answerable,
        among_first=(first + (1 - first) * further) * answerable,
    )


@given(
    searches(),
    st.lists(st.tuples(st.sampled_from(OUTCOMES), st.floats(0, 1)), max_size=60),
    st.sampled_from([None, *NAMES]),
    st.floats(0, 1),
)
def test_whatever_is_said_probabilities_stay_probabilities(
    result: SearchResult, trials: list[tuple[Outcome, float]], best: str | None, sure: float
) -> None:
    worth = Seen()
    for outcome, said in trials:
        worth = worth.and_one(outcome, said)
    ids = [each.document_id for each in result.candidates]
    verdict = Verdict(best=best if best in ids else None, sure=sure)
    belief = updated(belief_of(result, len(ids)), ids, verdict, Trust(seen=worth))
    assert sum(belief.pages) + belief.unseen + belief.nothing == pytest.approx(1)
    read = after(verdict, Trust(seen=worth), result)
    assert 0 <= read.confidence <= read.among_beside <= read.among_first <= 1 + 1e-9
    assert {each.document_id for each in read.candidates} == set(ids)
    assert all(each.text == TEXT for each in read.candidates)


def test_the_sentences_that_answer_lead_word_for_word_and_no_list_is_cut() -> None:
    page = candidate("reset")
    assert offered_pages([page], characters=450)[0].sentences == (
        "Hold the button for ten seconds.",
        "The light blinks twice.",
        "Then open the app:",
        "1. Choose Add.",
        "2. Scan the code.",
    )
    assert led_by(page, (2,), characters=450).lead == "Hold the button for ten seconds. The light blinks twice."
    assert led_by(page, (5,), characters=450).lead == "Then open the app:\n\n1. Choose Add.\n2. Scan the code."
    assert led_by(page, (1, 4), characters=450).lead == TEXT
    assert led_by(page, (99,), characters=450) == page
    within = replace(page, span=(TEXT.index("Then"), len(TEXT)))
    assert offered_pages([within], characters=450)[0].sentences[0] == "Then open the app:"
    assert led_by(within, (1,), characters=450).lead == within.lead
