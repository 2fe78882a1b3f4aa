from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from bot.console.display import REASONS
from bot.conversation.compose import answer_text, compose
from bot.conversation.decisions import (
    Answer,
    AnsweredQuestion,
    Clarify,
    Escalate,
    OfferHuman,
    Partial,
    Silent,
    Social,
    Suggest,
)
from bot.conversation.explain import WHY, confidence_text, explain
from bot.conversation.phrases import phrases_for
from bot.conversation.receipt import DecisionName, Part, Reason, Receipt
from bot.conversation.source_card import source_card
from bot.conversation.text.choice_reply import HUMAN, NONE, NOT_SOLVED, SOLVED
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
    assert answer_text((), CANDIDATE.text) == CANDIDATE.text
    assert answer_text(("Hub", "Reset"), CANDIDATE.text) == f"**Hub › Reset**\n\n{CANDIDATE.text}"


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
        "85 % sure that one of the pages to choose from answers it.",
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


GUESS = AnsweredQuestion(question="How do I reset it?", candidate=CANDIDATE)
FORUM = replace(CANDIDATE, kind="answer", author="Eva")
MORE = ("It blinks while it forgets what it knew. " * 20).strip()
LONG = replace(CANDIDATE, text=f"Hold the button.\n\n{MORE}")
SECTIONS = replace(
    CANDIDATE,
    text=f"# The hub\n\n{MORE}\n\n## Reset\n\nHold the button.\n\n## Lids\n\n{MORE}",
    section=("Reset",),
    span=(len(MORE) + 23, len(MORE) + 41),
    section_leads=True,
)


def test_a_suggestion_is_said_as_a_guess_with_its_source_and_asks_what_came_of_it() -> None:
    [page] = compose(Suggest(suggested=(GUESS,)), ENGLISH)
    assert page.text == f"This may be it:\n\n{CANDIDATE.text}"
    assert (page.source, page.feedback) == (source_card(CANDIDATE, ENGLISH), False)
    assert ENGLISH.labels().solved == "Did this solve it?"
    assert [(choice.id, choice.label) for choice in page.choices] == [
        (SOLVED, "Yes"),
        (NOT_SOLVED, "No"),
        (HUMAN, "A person, please"),
    ]


def test_a_suggestion_says_that_it_follows_on_another_is_unchecked_or_in_another_language() -> None:
    assert compose(Suggest(suggested=(GUESS,), is_next=True), ENGLISH)[0].text.startswith("Then this may be it:\n\n1.")
    unchecked = compose(Suggest(suggested=(replace(GUESS, candidate=FORUM),)), ENGLISH)[0].text
    assert unchecked.startswith("This is from the forum, and we have not checked it.")
    confirmed = replace(GUESS, candidate=replace(FORUM, confirmed=True))
    assert compose(Suggest(suggested=(confirmed,)), ENGLISH)[0].text.startswith("This may be it:")
    foreign = compose(Suggest(suggested=(replace(GUESS, other_language="en"),)), phrases_for("sv"))[0].text
    assert foreign.startswith("Det här kan vara rätt:\n\nDet här har vi bara på engelska:\n\n1. Hold")


def test_of_a_long_page_the_short_answer_is_shown_and_the_rest_comes_with_the_source() -> None:
    [page] = compose(Suggest(suggested=(replace(GUESS, candidate=LONG),)), ENGLISH)
    assert page.text == "This may be it:\n\nHold the button."
    assert page.source == replace(source_card(LONG, ENGLISH), rest=MORE)
    [answer] = compose(Answer(answered=(replace(GUESS, candidate=LONG),)), ENGLISH)
    assert (answer.text, answer.source, answer.feedback) == ("Hold the button.", page.source, True)


def test_the_section_that_answers_is_shown_under_its_heading_and_all_else_is_the_rest() -> None:
    assert SECTIONS.lead == "Hold the button."
    [answer] = compose(Answer(answered=(replace(GUESS, candidate=SECTIONS),)), ENGLISH)
    assert answer.text == "**Reset**\n\nHold the button."
    assert answer.source is not None
    assert answer.source.rest == f"# The hub\n\n{MORE}\n\n## Lids\n\n{MORE}"


def test_a_section_that_does_not_lead_is_not_shown_alone() -> None:
    unclear = replace(GUESS, candidate=replace(SECTIONS, section_leads=False))
    [answer] = compose(Answer(answered=(unclear,)), ENGLISH)
    assert answer.text.startswith(f"# The hub\n\n{MORE}")
    other = replace(GUESS, question="And its lids?", candidate=replace(SECTIONS, section=("Lids",), span=(900, 1000)))
    [both] = compose(Answer(answered=(replace(GUESS, candidate=SECTIONS), other)), ENGLISH)
    assert MORE in both.text, "two questions about one page lead to two of its sections"


def test_a_receipt_says_what_was_shown_first() -> None:
    shown = {SECTIONS.document_id: (SECTIONS.span or (0, 0),)}
    receipt = replace(RECEIPT, candidates=(SECTIONS,), shown_first=shown)
    of = f"18 of {len(SECTIONS.text)} characters"
    assert f"   Shown first: {of}, the best section “Reset”; the rest was folded or linked." in explain(receipt)


def test_steps_are_offered_where_they_are_shown() -> None:
    steps = "\n".join(f"{number}. Press it." for number in range(1, 6))
    text = f"## Reset\n\n{steps}\n\n## Price\n\nIt costs a crown.\n\n## Lids\n\n{MORE}"
    start = text.index("It costs")
    priced = replace(CANDIDATE, text=text, section=("Price",), span=(start, start + 18), section_leads=True)
    [answer] = compose(Answer(answered=(replace(GUESS, candidate=priced),)), ENGLISH)
    assert answer.text == "**Price**\n\nIt costs a crown."
    start = text.index("1. Press")
    reset = replace(priced, section=("Reset",), span=(start, start + len(steps)))
    [answer] = compose(Answer(answered=(replace(GUESS, candidate=reset),)), ENGLISH)
    assert answer.text.startswith(f"**Reset**\n\n{steps}\n\n*These are 5 steps.")


def test_steps_are_not_offered_where_it_is_not_clear_which() -> None:
    steps = "\n".join(f"{number}. Press it." for number in range(1, 6))
    for more, is_offered in (("Then wait.", True), ("## Or\n\n1. Pull the plug.\n2. Wait.", False)):
        [answer] = compose(
            Answer(answered=(replace(GUESS, candidate=replace(CANDIDATE, text=f"{steps}\n\n{more}")),)), ENGLISH
        )
        assert ("These are 5 steps." in answer.text) == is_offered


def test_several_suggestions_say_which_question_they_are_for_and_are_asked_about_once() -> None:
    other = AnsweredQuestion(question="And restart?", candidate=SECOND)
    answer, guess, ask = compose(Suggest(answered=(other,), suggested=(GUESS,)), ENGLISH)
    assert answer.text.startswith("> And restart?")
    assert guess.text.startswith("> How do I reset it?\n\nThis may be it:")
    assert [choice.id for choice in ask.choices] == [SOLVED, NOT_SOLVED, HUMAN]
    guess, rest = compose(Partial(suggested=(GUESS,), open=("Where is it?",)), ENGLISH)
    assert guess.text.startswith("> How do I reset it?\n\nThis may be it:")
    assert rest.text.startswith("> Where is it?")


def test_a_hand_over_shows_the_pages_beside_by_their_links_or_by_what_they_say() -> None:
    tricky = replace(SECOND, title="Restart [the] *hub*", url="https://help.example/a_(b)")
    [both] = compose(Escalate(reason="unsure", beside=(CANDIDATE, tricky)), ENGLISH)
    assert both.text.split("\n\n") == [
        HANDOVER["unsure"],
        "These pages may help meanwhile:",
        "- [Reset the hub](<https://help.example/reset>)\n- [Restart \\[the\\] \\*hub\\*](<https://help.example/a_(b)>)",
    ]
    no_link = replace(CANDIDATE, url=None, text="Hold the\nbutton. Then wait.")
    [one] = compose(Escalate(reason="unsure", beside=(no_link,)), ENGLISH)
    assert one.text.endswith("This page may help meanwhile:\n\n- **Reset the hub**: Hold the")


def test_guesses_are_explained_with_what_became_of_them() -> None:
    suggested = replace(
        RECEIPT, decision="suggest", offered=("reset",), confidence=0.6, threshold=0.9, denied=("sell",)
    )
    lines = explain(suggested)
    assert lines[1] == "It suggested a page, as a guess."
    assert "60 % sure; 90 % is needed to answer." in lines
    assert "The customer said that this did not help: sell." in lines
    assert "1. Reset the hub (https://help.example/reset): score 0.800, suggested" in lines
    beside = replace(suggested, decision="escalate", reason="unsure", confidence=0.2, among_beside=0.4)
    assert "40 % sure that one of the first two pages answers it." in explain(beside)
    assert "1. Reset the hub (https://help.example/reset): score 0.800, shown beside" in explain(beside)
    part = Part(question="How?", confidence=0.6, is_answered=False, is_suggested=True, title="Reset")
    assert "Suggested: How? (60 % sure, from “Reset”)" in explain(
        Receipt(decision="partial", question="x", parts=(part,))
    )
