from dataclasses import replace
from datetime import UTC, datetime

from bot.conversation.compose import HANDOVER, SOCIAL, compose
from bot.conversation.past import Past
from bot.conversation.policy import Answer, Answered, Escalate, Offer, Silent, Social, decide
from bot.conversation.turn import Conversation, Said, Turn
from bot.conversation.understanding import look_up, understand
from channels.message import Action
from retrieval.search import Candidate, Found

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
FOUND = Found(
    question="how do I reset it",
    candidates=(CANDIDATE,),
    confidence=0.9,
    threshold=0.8,
    features={"top": 0.8},
    snapshot="v1",
)

ANSWER = Answer(answered=(Answered(question="how do I reset it", candidate=CANDIDATE),))
NOTHING_YET = Past()


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
        Said(inbox_id=n, received_at=NOON, text=text, line_id=n, has_attachments=attachments)
        for n, text in enumerate(texts)
    ]
    said += [Said(inbox_id=99, received_at=NOON, action=action) for action in actions]
    return Turn(conversation=conversation, said=tuple(said), attempts=1)


def decision_on(said: Turn, found: Found | None = FOUND, past: Past = NOTHING_YET) -> object:
    understanding = understand(said, past, now=NOON)
    looked_up = look_up(lambda _: found, understanding) if found else None
    return decide(said, understanding, past, looked_up, now=NOON)


def test_a_sure_answer_is_given_word_for_word_with_its_source() -> None:
    decision = decision_on(turn("how do I reset it"))
    assert decision == ANSWER
    (draft,) = compose(ANSWER)
    assert draft.text == CANDIDATE.text
    assert draft.source is not None
    assert (draft.source.title, draft.source.url) == ("Reset the hub", "https://help.example/reset")
    assert draft.feedback


def test_what_is_not_sure_enough_goes_to_a_person() -> None:
    assert decision_on(turn("how?"), replace(FOUND, confidence=0.79)) == Escalate(reason="unsure")


def test_the_threshold_itself_is_enough() -> None:
    assert isinstance(decision_on(turn("how?"), replace(FOUND, confidence=0.8)), Answer)


def test_nothing_found_and_nothing_to_search_are_told_apart() -> None:
    assert decision_on(turn("how?"), replace(FOUND, candidates=(), confidence=0.0)) == Escalate(reason="nothing_found")
    assert decision_on(turn("how?"), None) == Escalate(reason="unavailable")


def test_a_human_is_given_by_word_and_by_button_even_beside_a_question() -> None:
    assert decision_on(turn("how do I reset it", "a human please")) == Escalate(reason="asked")
    assert decision_on(turn(actions=(Action(name="human"),)), None) == Escalate(reason="asked")


def test_the_bot_is_silent_while_a_person_has_the_conversation() -> None:
    for owner in ("queue", "agent"):
        assert decision_on(turn("how do I reset it", owner=owner)) == Silent()
        assert decision_on(turn("a human please", owner=owner)) == Silent()


def test_a_burst_is_one_question_without_its_greeting() -> None:
    [query] = understand(turn("hi", "my lamp is red", "since yesterday"), NOTHING_YET, now=NOON).queries
    assert query.question == "my lamp is red\nsince yesterday"


def test_small_talk_is_answered_small() -> None:
    assert decision_on(turn("thanks!"), None) == Social(phrase="thanks")
    assert decision_on(turn("???"), None) == Social(phrase="unreadable")
    assert decision_on(turn("", attachments=True), None) == Escalate(reason="attachment")


def test_a_pressed_button_that_asks_nothing_is_taken_quietly() -> None:
    assert decision_on(turn(actions=(Action(name="helped", message_id=4),)), None) == Silent()
    assert decision_on(turn(actions=(Action(name="not_helped", message_id=4),)), None) == Offer(reason="not_helped")


def test_every_reason_and_phrase_has_words() -> None:
    for phrase in SOCIAL:
        assert compose(Social(phrase=phrase))[0].text
    for reason, words in HANDOVER.items():
        assert compose(Escalate(reason=reason))[0].text == words
        assert "!" not in words
