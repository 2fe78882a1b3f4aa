from dataclasses import replace

from bot.conversation.decisions import Decision
from bot.conversation.history import History
from bot.conversation.interpretation import interpret, search_queries
from bot.conversation.policy import decide
from bot.conversation.receipt import Receipt
from bot.conversation.receipt_builder import RECEIPT_CANDIDATES, build_receipt
from bot.conversation.turn import Turn
from retrieval.result import SearchResult
from tests.unit.bot.conversation.test_contradiction import DAYS
from tests.unit.bot.conversation.test_contradiction import found as rivals
from tests.unit.bot.conversation.test_policy import (
    CANDIDATE,
    DOUBTFUL,
    FOUND,
    NOON,
    NOTHING_YET,
    OFFERED,
    OTHER,
    SECOND,
    THIRD,
    UNCLEAR,
    answered,
    turn,
)


def written(said: Turn, by_question: dict[str, SearchResult], history: History = NOTHING_YET) -> Receipt:
    interpretation = interpret(said, history, now=NOON)
    looked_up = search_queries(lambda question: by_question.get(question, FOUND), interpretation)
    decision: Decision = decide(said, interpretation, history, looked_up, now=NOON)
    receipt = build_receipt(said, interpretation, decision, looked_up)
    assert receipt is not None
    return receipt


def test_an_answer_is_written_down_with_what_it_was_found_by() -> None:
    receipt = written(turn("hi", "how do I reset it"), {})
    assert (receipt.decision, receipt.question, receipt.searched) == (
        "answer",
        "hi\nhow do I reset it",
        "how do I reset it",
    )
    assert (receipt.confidence, receipt.threshold, receipt.snapshot) == (0.9, 0.8, "v1")
    assert (receipt.reason, receipt.chosen, receipt.parts) == (None, None, ())


def test_a_question_back_is_written_down_with_what_was_offered() -> None:
    receipt = written(turn("how do I reset it"), {"how do I reset it": UNCLEAR})
    assert receipt.decision == "clarify"
    assert receipt.offered == ("reset", "restart", "sell")
    assert receipt.among_first == UNCLEAR.among_first
    assert receipt.reason is None


def test_a_choice_is_a_label_for_the_question_it_was_offered_for() -> None:
    receipt = written(turn("2"), {"how do I reset it": UNCLEAR}, OFFERED)
    assert (receipt.decision, receipt.question, receipt.chosen) == ("answer", "how do I reset it", "restart")
    refused = written(turn("none of these"), {}, OFFERED)
    assert (refused.decision, refused.reason, refused.question) == ("escalate", "unclear", "how do I reset it")
    assert refused.chosen is None
    assert refused.candidates == UNCLEAR.candidates, "the agent sees what was offered"


def test_of_several_questions_the_open_ones_are_what_the_agent_gets() -> None:
    text = "How do I reset the hub? Where is my parcel?"
    doubtful = replace(DOUBTFUL, candidates=(SECOND, THIRD))
    receipt = written(turn(text), {"Where is my parcel?": doubtful})
    assert (receipt.decision, receipt.reason, receipt.question) == ("partial", "partial", text)
    assert receipt.open == ("Where is my parcel?",)
    assert [(part.is_answered, part.title) for part in receipt.parts] == [
        (True, CANDIDATE.title),
        (False, SECOND.title),
    ]
    assert receipt.candidates == (SECOND, THIRD)
    assert receipt.confidence == DOUBTFUL.confidence


def test_candidates_of_several_questions_take_turns_and_come_once() -> None:
    one = replace(FOUND, confidence=0.1, candidates=(CANDIDATE, THIRD))
    other = replace(OTHER, confidence=0.1, candidates=(SECOND, CANDIDATE))
    text = "How do I reset the hub? Where is my parcel?"
    receipt = written(turn(text), {"How do I reset the hub?": one, "Where is my parcel?": other})
    assert (receipt.decision, len(receipt.parts)) == ("escalate", 2)
    assert receipt.candidates == (CANDIDATE, SECOND, THIRD)
    many = replace(one, candidates=tuple(replace(CANDIDATE, document_id=str(n)) for n in range(9)))
    assert len(written(turn("how?"), {"how?": many}).candidates) == RECEIPT_CANDIDATES


def test_an_offer_is_about_the_question_that_was_not_helped() -> None:
    receipt = written(turn("that didn't help"), {}, History(receipts=(answered("how do I pair it"),)))
    assert (receipt.decision, receipt.reason, receipt.question) == ("offer", "not_helped", "how do I pair it")


def test_a_contradiction_names_both_pages() -> None:
    both = rivals("You have 30 days to return an item.", "You have 14 days to return an item.")
    receipt = written(turn(DAYS), {DAYS: both})
    assert (receipt.decision, receipt.reason) == ("escalate", "contradiction")
    assert receipt.detail is not None
    assert receipt.detail.splitlines() == [
        "“One” says: You have 30 days to return an item.",
        "“Other” says: You have 14 days to return an item.",
    ]
