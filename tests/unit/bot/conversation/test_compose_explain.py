from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from bot.console.display import REASONS
from bot.conversation.compose import answer_text, compose
from bot.conversation.decisions import Answer, AnsweredQuestion, Clarify, Escalate, OfferHuman, Partial, Silent, Social
from bot.conversation.explain import WHY, confidence_text, explain
from bot.conversation.phrases import phrases_for
from bot.conversation.receipt import DecisionName, Part, Reason, Receipt
from bot.conversation.source_card import source_card
from bot.conversation.text.choice_reply import HUMAN, NONE
from tests.unit.bot.conversation.test_policy import ANSWER, CANDIDATE, CLARIFIED, SECOND

ENGLISH = phrases_for("en")
HANDOVER: dict[Reason, str] = {reason: ENGLISH.handover(reason) for reason in get_args(Reason)}
RECEIPT = Receipt(
    decision="answer",
    question="how do I reset it",
    confidence=0.859,
    threshold=0.851,
    snapshot="v1",
    candidates=(CANDIDATE, replace(CANDIDATE, title="Restart", url=None, score=0.51236)),
    features={"top": 0.8, "margin": 0.1234567},
)


def test_every_reason_has_words_for_the_customer_and_for_the_maintainer() -> None:
    assert HANDOVER.keys() == WHY.keys() == REASONS.keys() == set(get_args(Reason))


def test_a_hand_over_says_that_a_colleague_has_it_and_where_the_reply_will_be() -> None:
    for reason, text in HANDOVER.items():
        assert "colleague" in text
        assert "see the reply here" in text or reason == "undelivered"


def test_an_answer_is_the_passage_under_its_headings() -> None:
    assert answer_text(CANDIDATE) == CANDIDATE.text
    assert answer_text(replace(CANDIDATE, headings=("Hub", "Reset"))) == f"**Hub › Reset**\n\n{CANDIDATE.text}"


def test_the_source_card_says_who_and_when() -> None:
    forum = replace(CANDIDATE, kind="answer", author="Ida", confirmed=True, updated=date(2025, 6, 6))
    card = source_card(forum, ENGLISH)
    assert (card.title, card.kind, card.url) == (forum.title, "answer", forum.url)
    assert (card.author, card.confirmed, card.updated) == ("Ida", True, date(2025, 6, 6))


def test_each_decision_becomes_its_message() -> None:
    [answer] = compose(ANSWER, ENGLISH)
    assert (answer.text, answer.source, answer.feedback) == (CANDIDATE.text, source_card(CANDIDATE, ENGLISH), True)
    [handover] = compose(Escalate(reason="asked"), ENGLISH)
    assert (handover.text, handover.source, handover.feedback) == (HANDOVER["asked"], None, False)
    assert [draft.text for draft in compose(Social(phrase="thanks"), ENGLISH)] == [ENGLISH.say("social.thanks")]
    assert compose(Silent(), ENGLISH) == ()


def test_an_answer_is_explained_from_question_to_index() -> None:
    lines = explain(RECEIPT)
    assert lines[:2] == ["Asked: how do I reset it", "It answered."]
    assert lines[3:] == [
        "1. Reset the hub (https://help.example/reset): score 0.800",
        "2. Restart: score 0.512",
        "top: 0.8",
        "margin: 0.1235",
        "Index: v1",
    ]


@pytest.mark.parametrize("reason", get_args(Reason))
def test_a_hand_over_is_explained_with_its_reason(reason: Reason) -> None:
    lines = explain(Receipt(decision="escalate", reason=reason, question="x"))
    assert lines == ["Asked: x", "It handed over to a person.", WHY[reason]]


def test_something_social_is_explained() -> None:
    assert explain(Receipt(decision="social", question="Hi")) == ["Asked: Hi", "It said something social."]


def test_sure_and_needed_never_look_equal_when_they_are_not() -> None:
    assert (
        confidence_text(replace(RECEIPT, confidence=0.859, threshold=0.8595)) == "85 % sure; 86 % is needed to answer."
    )
    assert confidence_text(replace(RECEIPT, confidence=0.9, threshold=None)) == "90 % sure."
    assert confidence_text(replace(RECEIPT, confidence=None)) is None
    never = confidence_text(replace(RECEIPT, threshold=1.01))
    assert never is not None
    assert "no answer is sure enough yet" in never


def test_a_question_back_gives_titles_and_a_way_out() -> None:
    [draft] = compose(Clarify(candidates=(CANDIDATE, SECOND)), ENGLISH)
    assert draft.text == ENGLISH.say("clarify")
    assert [choice.id for choice in draft.choices] == ["1", "2", NONE]
    assert [choice.label for choice in draft.choices[:2]] == ["Reset the hub", "Restart the hub"]
    assert "human" in draft.choices[-1].label
    assert not draft.feedback


def test_answers_to_several_questions_say_which_they_answer() -> None:
    first = AnsweredQuestion(question="How do I\n*reset* it?", candidate=CANDIDATE)
    second = AnsweredQuestion(question="And restart?", candidate=SECOND)
    one, other, rest = compose(Partial(answered=(first, second), open=("Where is it?", "[Why](x)?")), ENGLISH)
    assert one.text == f"> How do I \\*reset\\* it?\n\n{CANDIDATE.text}"
    assert other.text.startswith("> And restart?")
    assert (one.source, one.feedback) == (source_card(CANDIDATE, ENGLISH), True)
    assert rest.text == f"> Where is it?\n>\n> \\[Why\\](x)?\n\n{HANDOVER['partial']}"
    assert rest.source is None


def test_one_passage_that_answers_two_questions_is_said_once() -> None:
    both = tuple(AnsweredQuestion(question=text, candidate=CANDIDATE) for text in ("How?", "In what way?"))
    [draft] = compose(Answer(answered=both), ENGLISH)
    assert draft.text == f"> How?\n>\n> In what way?\n\n{CANDIDATE.text}"


def test_a_human_is_offered_by_one_button_alone_or_under_an_answer() -> None:
    [offer] = compose(OfferHuman(reason="upset"), ENGLISH)
    assert (offer.text, [choice.id for choice in offer.choices]) == (ENGLISH.say("offer.upset"), [HUMAN])
    answer, beside = compose(replace(ANSWER, offers_human="not_helped"), ENGLISH)
    assert (answer.feedback, answer.choices) == (True, ())
    assert (beside.text, [choice.id for choice in beside.choices]) == (ENGLISH.say("offer.beside"), [HUMAN])


@pytest.mark.parametrize("decision", get_args(DecisionName))
def test_every_decision_is_explained(decision: DecisionName) -> None:
    assert explain(Receipt(decision=decision, question="x"))[1].startswith("It ")


def test_a_question_back_is_explained_with_what_was_offered() -> None:
    receipt = replace(CLARIFIED, searched="hub. how do I reset it", confidence=0.5, threshold=0.8, among_first=0.859)
    assert explain(receipt)[:6] == [
        "Asked: how do I reset it",
        "Searched: hub. how do I reset it",
        "It asked which of a few pages was meant.",
        "50 % sure; 80 % is needed to answer.",
        "85 % sure that one of the first three answers it.",
        "1. Reset the hub (https://help.example/reset): score 0.800, offered",
    ]
    assert "The customer chose the page restart." in explain(replace(RECEIPT, chosen="restart"))


def test_a_partial_answer_is_explained_question_by_question() -> None:
    parts = (
        Part(question="How?", confidence=0.97, is_answered=True, title="Reset"),
        Part(question="Why?", confidence=0.2, is_answered=False),
    )
    lines = explain(Receipt(decision="partial", reason="partial", question="x", parts=parts, detail="“A” says: 2"))
    assert "Answered: How? (97 % sure, from “Reset”)" in lines
    assert "Open: Why? (20 % sure)" in lines
    assert "“A” says: 2" in lines
