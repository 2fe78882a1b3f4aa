from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.text.intents import Intent, read_intent


@pytest.mark.parametrize(
    "text",
    [
        "human",
        "A human please!",
        "agent",
        "can I talk to a real person",
        "I want to speak with someone from support",
        "are you a bot? get me a human",
        "let me talk to customer service now",
        "I'd like an operator",
        "please connect me to an agent",
        "Prata med en människa",
        "jag vill prata med kundtjänst, tack",
        "Is there a human here please",
        "your bot is useless. real person please",
    ],
)
def test_the_wish_for_a_person_is_heard(text: str) -> None:
    assert read_intent(text) == "human"


@pytest.mark.parametrize(
    "text",
    [
        "how do I reset the hub",
        "does the sensor see a person behind glass",
        "can someone else use my account",
        "Hi, how do I reset my hub?",
        "thanks but the lamp is still red",
        "is the human detection setting part of Plus?",
        "my user agent string is wrong",
        "I need a new lamp",
        "kan någon annan se mina lampor",
    ],
)
def test_a_question_stays_a_question(text: str) -> None:
    assert read_intent(text) == "question"


@pytest.mark.parametrize(
    "text",
    [
        "Thank you, Alva",
        "thanks Alva!",
        "Ok, thanks a lot Alva Ek 🙏",
        "Thank you so much, Åsa.",
        "Thanks, Anna-Lena, for your help!",
        "thx Max",
        "Tack, Alva!",
        "Tack Östen",
        "Tack så mycket Alva Ek",
        "Okej, tack Alva, för hjälpen",
    ],
)
def test_thanks_to_somebody_are_thanks(text: str) -> None:
    assert read_intent(text) == "thanks"


@pytest.mark.parametrize(
    "text",
    [
        "thanks but it still fails",
        "Thanks, Alva, but it still fails",
        "Thank you Alva it still fails",
        "Thanks, broken",
        "THANKS REFUND",
        "thanks password",
        "Thanks, Refund?",
        "Thanks, how?",
        "Thanks Alva. Alva?",
        "Thanks, A B C",
        "Thanks, Alva Maria Ek Refund",
        "Thank Alva who thanked Max",
        "Tack men det fungerar inte",
        "Tack Alva, men det blinkar",
        "Tack, fortfarande trasig",
        "Tack, Faktura?",
        "tacksam för hjälp",
    ],
)
def test_thanks_with_more_than_a_name_stay_a_question(text: str) -> None:
    assert read_intent(text) == "question"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Hello!", "greeting"),
        ("good morning", "greeting"),
        ("Hej hej då", "goodbye"),
        ("Thanks, But No", "thanks"),
        ("Thanks, Still Broken", "tried"),
        ("Tack, men nej", "thanks"),
        ("Thanks Sinéad O'Brien, that worked", "solved"),
        ("hejdå", "goodbye"),
        ("ok, thanks a lot", "thanks"),
        ("Thank you so much!!", "thanks"),
        ("tack så mycket", "thanks"),
        ("that's all", "goodbye"),
        ("👍", "empty"),
        ("...", "empty"),
        ("", "empty"),
    ],
)
def test_small_talk_is_told_apart(text: str, intent: str) -> None:
    assert read_intent(text) == intent


@given(st.text(max_size=2000))
def test_any_text_has_an_intent(text: str) -> None:
    assert read_intent(text) in get_args(Intent)


def test_a_very_long_text_is_read_in_linear_time() -> None:
    assert read_intent("talk to a " * 5000) == "question"
    assert read_intent("Thanks " * 5000) == "question"
    assert read_intent("Thanks, " + "Ab'" * 20_000) == "question"
