from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from bot.conversation.compose import clarifying_choices, compose, human_choices, outcome_choices
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
from bot.conversation.history import FOLLOWS_WITHIN, REPEATS_WITHIN, History
from bot.conversation.history import PendingChoice as Offered
from bot.conversation.interpretation import ChosenOption, Query, interpret, search_queries
from bot.conversation.phrases import phrases_for
from bot.conversation.policy import decide
from bot.conversation.receipt import Part, Reason, Receipt
from bot.conversation.text.choice_reply import HUMAN, NOT_SOLVED, SOLVED
from bot.conversation.turn import Conversation, Turn, TurnMessage
from channels.message import Action
from retrieval.result import Candidate, SearchResult

ENGLISH = phrases_for("en")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CANDIDATE = Candidate(
    document_id="reset",
    passage_id="reset#0",
    title="Reset the hub",
    headings=(),
    text="1. Hold the button.\n2. Wait.",
    kind="article",
    url="https://help.example/reset",
    language="en",
    updated=None,
    author=None,
    confirmed=False,
    authority=1.0,
    score=0.8,
)
FOUND = SearchResult(
    question="how do I reset it",
    candidates=(CANDIDATE,),
    confidence=0.9,
    threshold=0.8,
    features={"top": 0.8},
    snapshot="v1",
)

ANSWER = Answer(answered=(AnsweredQuestion(question="how do I reset it", candidate=CANDIDATE),))
NOTHING_YET = History()


def turn(*texts: str, actions: tuple[Action, ...] = (), owner: str = "bot", attachments: bool = False) -> Turn:
    conversation = Conversation(
        id=1,
        channel="web",
        address="a",
        customer="a",
        customer_name=None,
        locale=None,
        owner=owner,  # type: ignore[arg-type]
        version=3,
    )
    said = [
        TurnMessage(inbox_id=n, received_at=NOON, text=text, line_id=n, has_attachments=attachments)
        for n, text in enumerate(texts)
    ]
    said += [TurnMessage(inbox_id=99, received_at=NOON, action=action) for action in actions]
    return Turn(conversation=conversation, said=tuple(said), attempts=1)


def decision_on(said: Turn, found: SearchResult | None = FOUND, history: History = NOTHING_YET) -> object:
    interpretation = interpret(said, history, now=NOON)
    looked_up = search_queries(lambda _: found, interpretation) if found else None
    return decide(said, interpretation, history, looked_up, now=NOON)


def test_a_sure_answer_is_given_word_for_word_with_its_source() -> None:
    decision = decision_on(turn("how do I reset it"))
    assert decision == ANSWER
    (draft,) = compose(ANSWER, ENGLISH)
    assert draft.text == CANDIDATE.text
    assert draft.source is not None
    assert (draft.source.title, draft.source.url) == ("Reset the hub", "https://help.example/reset")
    assert draft.feedback


def test_what_is_not_sure_enough_goes_to_a_person() -> None:
    assert decision_on(turn("how?"), replace(FOUND, confidence=0.49)) == Escalate(reason="unsure")


def test_a_doubt_in_a_language_that_nobody_here_speaks_is_said_to_be_one_of_language() -> None:
    doubt = replace(FOUND, confidence=0.49)
    assert decision_on(turn("hogyan?"), replace(doubt, language="hu")) == Escalate(reason="language")
    assert decision_on(turn("hur?"), replace(doubt, language="sv")) == Escalate(reason="unsure")
    hungarian = replace(doubt, language="hu", candidates=(replace(CANDIDATE, language="hu"),))
    assert decision_on(turn("hogyan?"), hungarian) == Escalate(reason="unsure")


def test_the_threshold_itself_is_enough() -> None:
    assert isinstance(decision_on(turn("how?"), replace(FOUND, confidence=0.8)), Answer)


def test_nothing_found_and_nothing_to_search_are_told_apart() -> None:
    assert decision_on(turn("how?"), replace(FOUND, candidates=(), confidence=0.0)) == Escalate(reason="nothing_found")
    assert decision_on(turn("how?"), None) == Escalate(reason="unavailable")


def test_a_human_is_given_by_word_and_by_button_even_beside_a_question() -> None:
    assert decision_on(turn("how do I reset it", "a human please")) == Escalate(reason="asked")
    assert decision_on(turn(actions=(Action(name="human"),)), None) == Escalate(reason="asked")


def test_the_bot_is_silent_while_an_agent_has_the_conversation() -> None:
    assert decision_on(turn("how do I reset it", owner="agent")) == Silent()
    assert decision_on(turn("a human please", owner="agent")) == Silent()


def test_a_burst_is_one_question_without_its_greeting() -> None:
    [query] = interpret(turn("hi", "my lamp is red", "since yesterday"), NOTHING_YET, now=NOON).queries
    assert query.question == "my lamp is red\nsince yesterday"


def test_small_talk_is_answered_small() -> None:
    assert decision_on(turn("thanks!"), None) == Social(phrase="thanks")
    assert decision_on(turn("???"), None) == Social(phrase="unreadable")
    assert decision_on(turn("", attachments=True), None) == Escalate(reason="attachment")


def test_a_pressed_button_that_asks_nothing_is_taken_quietly() -> None:
    assert decision_on(turn(actions=(Action(name="helped", answer_id=4),)), None) == Silent()
    assert decision_on(turn(actions=(Action(name="not_helped", answer_id=4),)), None) == OfferHuman(reason="not_helped")


def test_every_reason_and_phrase_has_words() -> None:
    for phrase in ("greeting", "thanks", "goodbye", "declined", "solved", "unreadable"):
        assert compose(Social(phrase=phrase), ENGLISH)[0].text == ENGLISH.say(f"social.{phrase}")
    for reason in get_args(Reason):
        assert compose(Escalate(reason=reason), ENGLISH)[0].text == ENGLISH.handover(reason)


SECOND = replace(CANDIDATE, document_id="restart", passage_id="restart#0", title="Restart the hub", score=0.79)
THIRD = replace(CANDIDATE, document_id="sell", passage_id="sell#0", title="Sell the hub", score=0.7)
UNCLEAR = replace(
    FOUND,
    candidates=(CANDIDATE, SECOND, THIRD),
    confidence=0.4,
    among_beside=0.6,
    among_first=0.85,
)
CLARIFIED = Receipt(
    decision="clarify",
    question="how do I reset it",
    searched="how do I reset it",
    candidates=UNCLEAR.candidates,
    offered=("reset", "restart", "sell"),
    at=NOON,
    id=7,
)
OFFERED = History(
    receipts=(CLARIFIED,),
    pending_choices=(Offered(line_id=5, choices=clarifying_choices(UNCLEAR.candidates, ENGLISH), receipt=CLARIFIED),),
)


def test_the_customer_is_asked_where_one_of_the_first_few_is_likely() -> None:
    assert decision_on(turn("how do I reset it"), UNCLEAR) == Clarify(candidates=UNCLEAR.candidates)


@pytest.mark.parametrize(
    ("found", "titles"),
    [
        (UNCLEAR, ["Reset the hub", "Restart the hub", "Sell the hub"]),
        (replace(UNCLEAR, threshold=1.01), ["Reset the hub", "Restart the hub", "Sell the hub"]),
        (
            replace(UNCLEAR, candidates=(CANDIDATE, replace(SECOND, title="reset  the HUB"), THIRD)),
            ["Reset the hub", "Sell the hub"],
        ),
    ],
)
def test_choices_are_titles_that_can_be_told_apart(found: SearchResult, titles: list[str]) -> None:
    decision = decision_on(turn("how do I reset it"), found)
    assert isinstance(decision, Clarify)
    assert [candidate.title for candidate in decision.candidates] == titles


def test_what_was_chosen_is_answered_from_the_chosen_document() -> None:
    for said in (turn("2"), turn("restart"), turn(actions=(Action(name="choose", answer_id=5, choice="2"),))):
        decision = decision_on(said, UNCLEAR, OFFERED)
        assert decision == Answer(answered=(AnsweredQuestion(question="how do I reset it", candidate=SECOND),))


def test_a_chosen_document_that_is_gone_is_a_persons_matter() -> None:
    gone = replace(UNCLEAR, candidates=(CANDIDATE, THIRD))
    assert decision_on(turn("2"), gone, OFFERED) == Escalate(reason="unclear")


def test_none_or_a_second_unclear_reply_goes_to_a_person() -> None:
    for text in ("none of these", "4", "hm, the thing with the button on it", "how do I reset it?"):
        assert decision_on(turn(text), UNCLEAR, OFFERED) == Escalate(reason="unclear"), text


def test_a_choice_and_a_question_in_one_turn_are_both_answered() -> None:
    said = turn("and how long does the battery last?", actions=(Action(name="choose", answer_id=5, choice="3"),))
    interpretation = interpret(said, OFFERED, now=NOON)
    found = {"how do I reset it": UNCLEAR}
    looked_up = search_queries(lambda question: found.get(question, FOUND), interpretation)
    decision = decide(said, interpretation, OFFERED, looked_up, now=NOON)
    assert isinstance(decision, Answer)
    assert [each.candidate.document_id for each in decision.answered] == ["sell", "reset"]


def test_a_choice_that_was_taken_or_never_offered_says_nothing() -> None:
    taken = replace(OFFERED, pending_choices=(replace(OFFERED.pending_choices[0], is_taken=True),))
    for action, history in (
        (Action(name="choose", answer_id=5, choice="1"), taken),
        (Action(name="choose", answer_id=5, choice="9"), OFFERED),
        (Action(name="choose", answer_id=6, choice="1"), OFFERED),
    ):
        assert decision_on(turn(actions=(action,)), UNCLEAR, history) == Silent()


def answered(question: str = "how do I reset it", **values: Any) -> Receipt:
    receipt = Receipt(
        decision="answer", question=question, searched=question, candidates=(CANDIDATE,), at=NOON, id=8, reason=None
    )
    return replace(receipt, **values)


def test_the_same_question_is_not_answered_twice_within_a_day() -> None:
    again = turn("How can I reset it?")
    assert decision_on(again, history=History(receipts=(answered(),))) == Escalate(reason="repeated")
    long_ago = answered(at=NOON - REPEATS_WITHIN - timedelta(seconds=1))
    assert isinstance(decision_on(again, history=History(receipts=(long_ago,))), Answer)


def test_the_page_just_given_is_not_given_to_another_question_but_a_person_offered_and_then_brought() -> None:
    given = History(receipts=(answered(),))
    assert decision_on(turn("where is my parcel"), history=given) == OfferHuman(reason="repeated")
    earlier = History(receipts=(answered(at=NOON - FOLLOWS_WITHIN - timedelta(seconds=1)),))
    assert isinstance(decision_on(turn("where is my parcel"), history=earlier), Answer)


def test_a_denial_counts_only_after_an_answer() -> None:
    assert decision_on(turn("that didn't help"), history=History(receipts=(answered(),))) == OfferHuman(
        reason="not_helped"
    )
    assert isinstance(decision_on(turn("it does not work")), Answer), "somebody reports trouble"


def test_a_denied_answer_is_not_given_again() -> None:
    said = turn("That didn't help. The light is red.")
    assert decision_on(said, history=History(receipts=(answered(),))) == Escalate(reason="not_helped")
    other = replace(FOUND, candidates=(SECOND,))
    decision = decision_on(said, other, History(receipts=(answered(),)))
    assert decision == Answer(
        answered=(AnsweredQuestion(question="The light is red.", candidate=SECOND),), offers_human="not_helped"
    )


def test_a_passage_that_did_not_help_is_not_given_for_other_words_either() -> None:
    offer = Receipt(decision="offer", reason="not_helped", question="x", denied=("reset",), at=NOON, id=9)
    history = History(receipts=(offer, answered()))
    assert decision_on(turn("where is the reset button?"), history=history) == Escalate(reason="not_helped")
    section = replace(FOUND, candidates=(replace(CANDIDATE, passage_id="reset#4"),))
    assert isinstance(decision_on(turn("where is the reset button?"), section, history), Answer), "another section"


def test_who_is_upset_is_not_asked_what_they_mean() -> None:
    said = turn("This is ridiculous. How do I reset it?")
    assert decision_on(said, UNCLEAR) == Escalate(reason="unsure", beside=(CANDIDATE, SECOND))
    assert decision_on(said, LIKELY) == Escalate(reason="unsure", beside=(CANDIDATE,))
    assert decision_on(turn("you idiots")) == OfferHuman(reason="upset")


def test_a_human_who_was_offered_comes_for_a_yes_and_for_another_complaint() -> None:
    receipt = Receipt(decision="offer", reason="not_helped", question="how do I reset it", at=NOON, id=9)
    offer = Offered(line_id=6, choices=human_choices(ENGLISH), receipt=receipt)
    history = History(receipts=(receipt,), pending_choices=(offer,))
    accepted = Action(name="choose", answer_id=6, choice=HUMAN)
    for said in (turn("yes"), turn("1"), turn("still not working"), turn(actions=(accepted,))):
        assert decision_on(said, history=history) == Escalate(reason="not_helped")
    assert decision_on(turn("this is a joke"), history=history) == Escalate(reason="upset")
    assert decision_on(turn("no thanks"), history=history) == Social(phrase="declined")
    assert isinstance(decision_on(turn("where is my parcel"), history=history), Answer)
    assert isinstance(decision_on(turn("no thanks", "where is my parcel"), history=history), Answer)


LIKELY = replace(FOUND, candidates=(CANDIDATE, SECOND, THIRD), confidence=0.6, among_beside=0.82, among_first=0.9)
SUGGESTED = Receipt(
    decision="suggest",
    question="how do I reset it",
    searched="how do I reset it",
    candidates=LIKELY.candidates,
    offered=("reset",),
    at=NOON,
    id=11,
)


def suggestion(receipt: Receipt = SUGGESTED, *, is_taken: bool = False) -> History:
    """A history in which the last thing said was a suggestion."""
    pending = Offered(line_id=5, choices=outcome_choices(ENGLISH), receipt=receipt, is_taken=is_taken)
    return History(receipts=(receipt,), pending_choices=(pending,))


def suggests(candidate: Candidate, question: str = "how do I reset it", *, is_next: bool = False) -> Suggest:
    return Suggest(suggested=(AnsweredQuestion(question=question, candidate=candidate),), is_next=is_next)


def test_a_page_that_is_more_likely_right_than_not_is_suggested() -> None:
    assert decision_on(turn("how do I reset it"), LIKELY) == suggests(CANDIDATE)
    assert decision_on(turn("how do I reset it"), replace(LIKELY, confidence=0.5)) == suggests(CANDIDATE)
    assert isinstance(decision_on(turn("how do I reset it"), replace(LIKELY, confidence=0.49)), Clarify)


def test_an_unconfirmed_page_that_must_not_be_an_answer_is_suggested() -> None:
    forum = replace(CANDIDATE, kind="answer")
    found = replace(FOUND, candidates=(forum,), may_answer=False)
    assert decision_on(turn("how do I reset it"), found) == suggests(forum)


def test_a_hand_over_shows_up_to_two_pages_that_may_help() -> None:
    near = replace(LIKELY, confidence=0.2, among_beside=0.3, among_first=0.35)
    assert decision_on(turn("how?"), near) == Escalate(reason="unsure", beside=(CANDIDATE, SECOND))
    assert decision_on(turn("how?"), replace(near, among_beside=0.2)) == Escalate(reason="unsure")
    denied = replace(SUGGESTED, decision="social", denied=("reset",))
    assert decision_on(turn("where?"), near, History(receipts=(denied,))) == Escalate(reason="unsure", beside=(SECOND,))


@pytest.mark.parametrize(
    "said",
    [
        turn(actions=(Action(name="choose", answer_id=5, choice=SOLVED),)),
        *map(turn, ("yes", "1", "Yes!", "👍", "that worked, thanks", "ja", "det funkar nu")),
    ],
)
def test_a_yes_to_a_suggestion_leaves_it_with_the_bot(said: Turn) -> None:
    interpretation = interpret(said, suggestion(), now=NOON)
    assert interpretation.chosen == ChosenOption(line_id=5, choice=SOLVED)
    assert decision_on(said, None, suggestion()) == Social(phrase="solved")


NOT_IT = [turn("no"), turn("2"), turn("👎🏽"), turn("not really"), turn("That didn't help"), turn("nein, leider nicht")]
NOT_IT += [turn("none of these"), turn(actions=(Action(name="choose", answer_id=5, choice=NOT_SOLVED),))]


@pytest.mark.parametrize("said", NOT_IT)
def test_a_no_brings_the_next_best_page_once_then_a_person(said: Turn) -> None:
    assert decision_on(said, LIKELY, suggestion()) == suggests(SECOND, is_next=True)
    second = replace(SUGGESTED, offered=("restart",), denied=("reset",))
    assert decision_on(said, LIKELY, suggestion(second)) == Escalate(reason="not_helped")


@pytest.mark.parametrize(
    ("among_beside", "decision"),
    [
        (0.81, suggests(SECOND, is_next=True)),  # more than half of the .4 that the first leaves
        (0.79, Escalate(reason="not_helped", beside=(SECOND,))),
        (0.71, Escalate(reason="not_helped", beside=(SECOND,))),
        (0.69, Escalate(reason="not_helped")),
    ],
)
def test_how_likely_the_next_page_is_decides_what_becomes_of_it(among_beside: float, decision: object) -> None:
    assert decision_on(turn("no"), replace(LIKELY, among_beside=among_beside), suggestion()) == decision


def test_a_second_page_is_not_suggested_where_the_pages_hardly_answer_at_all() -> None:
    likely = replace(LIKELY, answerable=0.89)  # .29 of the .4 that the first leaves: above what claims a subject
    assert decision_on(turn("no"), likely, suggestion()) == suggests(SECOND, is_next=True)
    unlikely = replace(LIKELY, answerable=0.87)
    assert decision_on(turn("no"), unlikely, suggestion()) == Escalate(reason="not_helped", beside=(SECOND,))


def test_a_no_without_an_index_or_to_several_suggestions_goes_to_a_person() -> None:
    assert decision_on(turn("no"), None, suggestion()) == Escalate(reason="not_helped")
    parts = tuple(Part(question=text, confidence=0.6, is_answered=False, is_suggested=True) for text in ("a?", "b?"))
    assert decision_on(turn("no"), LIKELY, suggestion(replace(SUGGESTED, parts=parts))) == Escalate(reason="not_helped")


def test_a_person_is_one_press_or_word_away_from_a_suggestion() -> None:
    pressed = turn(actions=(Action(name="choose", answer_id=5, choice=HUMAN),))
    for said in (pressed, turn("3"), turn("A person, please"), turn("a person please")):
        assert decision_on(said, LIKELY, suggestion()) == Escalate(reason="asked")


def test_a_new_question_after_a_suggestion_is_a_new_question() -> None:
    other = replace(FOUND, candidates=(THIRD,))
    decision = decision_on(turn("where is my parcel"), other, suggestion())
    assert decision == Answer(answered=(AnsweredQuestion(question="where is my parcel", candidate=THIRD),))
    assert decision_on(turn("thanks"), None, suggestion()) == Social(phrase="thanks")


def test_a_no_with_a_new_question_never_suggests_the_same_page_again() -> None:
    said = turn("That didn't help. The light is red.")
    assert decision_on(said, LIKELY, suggestion()) == suggests(SECOND, "The light is red.", is_next=True)
    less = replace(LIKELY, among_beside=0.65)
    assert decision_on(said, less, suggestion()) == Escalate(reason="not_helped")
    fresh = replace(LIKELY, candidates=(THIRD, CANDIDATE))
    assert decision_on(said, fresh, suggestion()) == suggests(THIRD, "The light is red.")


def test_what_was_denied_before_is_not_suggested_again_in_the_conversation() -> None:
    denied = Receipt(decision="social", question="x", denied=("reset",), at=NOON, id=20)
    for history in (History(receipts=(denied,)), History(denied_before=frozenset({"reset"}))):
        assert decision_on(turn("where is the switch"), LIKELY, history) == suggests(
            SECOND, "where is the switch", is_next=True
        )
        clarified = decision_on(turn("where is the switch"), UNCLEAR, history)
        assert clarified == Clarify(candidates=(SECOND, THIRD))


def test_the_same_question_again_after_a_suggestion_goes_to_a_person() -> None:
    assert decision_on(turn("how can I reset it"), LIKELY, suggestion()) == Escalate(reason="repeated")


def test_a_taken_suggestion_is_not_answered_twice() -> None:
    press = turn(actions=(Action(name="choose", answer_id=5, choice=NOT_SOLVED),))
    assert decision_on(press, LIKELY, suggestion(is_taken=True)) == Silent()


def test_of_several_questions_likely_pages_are_suggested_beside_the_answers() -> None:
    first = AnsweredQuestion(question="How do I reset the hub?", candidate=CANDIDATE)
    second = AnsweredQuestion(question="Where is my parcel?", candidate=SECOND)
    likely = replace(OTHER, confidence=0.6)
    assert several(FOUND, likely) == Suggest(answered=(first,), suggested=(second,))
    assert several(DOUBTFUL_FIRST, likely) == Partial(suggested=(second,), open=("How do I reset the hub?",))


def several(*found: SearchResult, text: str = "How do I reset the hub? Where is my parcel?") -> object:
    said = turn(text)
    interpretation = interpret(said, NOTHING_YET, now=NOON)
    by_question = dict(zip([query.question for query in interpretation.queries], found, strict=True))
    looked_up = search_queries(lambda question: by_question.get(question, UNCLEAR), interpretation)
    return decide(said, interpretation, NOTHING_YET, looked_up, now=NOON)


OTHER = replace(FOUND, candidates=(SECOND,))
DOUBTFUL = replace(OTHER, confidence=0.1)
DOUBTFUL_FIRST = replace(FOUND, confidence=0.1)


def test_of_several_questions_the_sure_ones_are_answered_and_the_rest_is_handed_over() -> None:
    first = AnsweredQuestion(question="How do I reset the hub?", candidate=CANDIDATE)
    second = AnsweredQuestion(question="Where is my parcel?", candidate=SECOND)
    assert several(FOUND, OTHER) == Answer(answered=(first, second))
    assert several(FOUND, DOUBTFUL) == Partial(answered=(first,), open=("Where is my parcel?",))
    assert several(replace(FOUND, confidence=0.1), DOUBTFUL) == Escalate(reason="unsure")
    nothing = replace(FOUND, candidates=())
    assert several(replace(FOUND, confidence=0.1), nothing) == Escalate(reason="unsure")


def test_several_questions_about_one_document_are_decided_on_as_one() -> None:
    assert several(FOUND, FOUND) == Clarify(candidates=UNCLEAR.candidates), "what was found for the whole message"


def test_a_follow_up_is_searched_with_the_question_before_and_the_surer_counts() -> None:
    history = History(receipts=(answered("how do I turn alerts on"),))
    interpretation = interpret(turn("and on my phone?"), history, now=NOON)
    together = "how do I turn alerts on and on my phone?"
    given = frozenset({CANDIDATE.passage_id})
    assert interpretation.queries == (Query(question="and on my phone?", with_context=together, shown_before=given),)
    for sure in ("and on my phone?", together):
        [asked] = search_queries(lambda text, sure=sure: OTHER if text == sure else DOUBTFUL, interpretation)  # type: ignore[misc]
        assert asked.searched == sure
    [asked] = search_queries(lambda _: OTHER, interpretation)
    assert asked.searched == "and on my phone?", "a question stands alone where the one before adds nothing"
    [asked] = search_queries(lambda text: FOUND if text == together else DOUBTFUL, interpretation)
    assert asked.searched == "and on my phone?", "what was just read is not given again"
    later = NOON + FOLLOWS_WITHIN + timedelta(seconds=1)
    assert interpret(turn("and on my phone?"), history, now=later).queries[0].with_context is None
    assert interpret(turn("where is my parcel?"), history, now=NOON).queries[0].with_context is None


def test_a_chosen_answer_that_is_denied_is_not_given_again() -> None:
    chosen = answered(candidates=UNCLEAR.candidates, chosen="restart")
    said = turn("That didn't help. The light is red.")
    assert decision_on(said, OTHER, History(receipts=(chosen,))) == Escalate(reason="not_helped")
    assert isinstance(decision_on(said, FOUND, History(receipts=(chosen,))), Answer)


def test_a_choice_for_a_follow_up_is_looked_up_as_it_was_understood() -> None:
    receipt = replace(CLARIFIED, question="and on my phone?", searched="alerts and on my phone?")
    history = History(receipts=(receipt,), pending_choices=(replace(OFFERED.pending_choices[0], receipt=receipt),))
    interpretation = interpret(turn("2"), history, now=NOON)
    [asked] = search_queries(
        lambda text: UNCLEAR if text == receipt.searched else replace(FOUND, confidence=0.6), interpretation
    )
    assert asked.searched == receipt.searched
    assert isinstance(decide(turn("2"), interpretation, history, (asked,), now=NOON), Answer)


def test_an_answer_in_another_language_is_offered_as_such() -> None:
    decision = decision_on(turn("hur återställer jag den"), replace(FOUND, language="sv"))
    assert decision == Answer(
        answered=(AnsweredQuestion(question="hur återställer jag den", candidate=CANDIDATE, other_language="en"),)
    )
    (draft,) = compose(decision, phrases_for("sv"))
    assert draft.text == f"Det här har vi bara på engelska:\n\n{CANDIDATE.text}"


def test_nothing_is_said_of_languages_where_one_is_unknown_or_they_are_the_same() -> None:
    untold = replace(FOUND, candidates=(replace(CANDIDATE, language=None),), language="sv")
    for found in (FOUND, replace(FOUND, language="en"), untold):
        decision = decision_on(turn("how do I reset it"), found)
        assert isinstance(decision, Answer)
        assert decision.answered[0].other_language is None


def test_a_language_that_nothing_serves_is_told_from_nothing_found() -> None:
    nothing = replace(FOUND, candidates=(), confidence=0.0, language="de")
    assert decision_on(turn("wie?"), nothing) == Escalate(reason="language")
    assert decision_on(turn("wie?"), replace(nothing, way="languages")) == Escalate(reason="nothing_found")


def test_an_edit_that_comes_to_the_same_is_silent_and_no_case_is_opened_for_it() -> None:
    asked = turn("how do I reset it")
    edited = replace(asked, said=tuple(replace(each, is_edit=True) for each in asked.said))
    given = History(receipts=(answered(),))
    assert decision_on(asked, history=given) == Escalate(reason="repeated")
    assert decision_on(edited, history=given) == Silent()
    assert decision_on(edited) == ANSWER, "an edit that asks something new is answered"


def test_somebody_elses_words_alone_ask_nothing_yet() -> None:
    quoted = replace(turn(""), said=(replace(turn("").said[0], has_quotes=True),))
    assert decision_on(quoted, None) == Social(phrase="opener")
