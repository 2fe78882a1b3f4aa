"""What customers say in each language, by the table of said.yaml."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.conversation.lexicon import LEXICONS
from bot.conversation.phrases import LANGUAGES, USUAL_ADDRESS, Address, phrases_for
from bot.conversation.text.choice_reply import NONE, is_no, is_yes, read_choice
from bot.conversation.text.complaints import is_angry, says_solved, says_wrong
from bot.conversation.text.intents import asks_for_next, asks_for_steps, chosen_language, read_intent
from bot.conversation.text.questions import may_follow
from bot.conversation.text.search_terms import is_same_question
from channels.message import Choice

TABLE: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("said.yaml").read_text("utf-8"))
READERS: dict[str, Callable[[str], bool]] = {
    "denial": says_wrong,
    "upset": is_angry,
    "next": asks_for_next,
    "steps": asks_for_steps,
    "yes": is_yes,
    "no": is_no,
    "solved": says_solved,
}
INTENTS = ("greeting", "thanks", "goodbye", "human", "forget")
#: Where each language writes its own quotation marks.
_QUOTED = re.compile("[“„«”‘»][\u00a0]?([^“”„«»]+?)[\u00a0]?[”“»’«]")


def rows(*kinds: str) -> list[tuple[str, str]]:
    return [(kind, text) for said in TABLE.values() for kind in kinds for text in said[kind]]


def pairs(kind: str) -> list[tuple[str, str]]:
    return [(text, meant) for said in TABLE.values() for text, meant in said[kind].items()]


def test_every_language_we_speak_is_understood_and_has_enough_rows() -> None:
    assert tuple(speech.language for speech in LEXICONS) == LANGUAGES
    assert TABLE.keys() == set(LANGUAGES)
    for language, said in TABLE.items():
        assert sum(len(texts) for kind, texts in said.items() if kind != "question") >= 40, language
        assert len(said["question"]) >= 9, language


@pytest.mark.parametrize(("intent", "text"), rows(*INTENTS))
def test_an_intent_is_heard(intent: str, text: str) -> None:
    assert read_intent(text) == intent
    assert read_intent(f" {text.upper()}!\n") == intent or intent == "thanks"  # a name has small letters


@pytest.mark.parametrize(("kind", "text"), rows(*READERS))
def test_what_is_said_of_the_help_or_to_an_offer_is_heard(kind: str, text: str) -> None:
    assert READERS[kind](text)


@pytest.mark.parametrize(("text", "meant"), pairs("choice"))
def test_a_choice_is_read(text: str, meant: str) -> None:
    pages = ("Akku 1", "Bosch 2", "Cargo 3")
    choices = [Choice(id=str(place), label=label) for place, label in enumerate(pages, 1)]
    assert read_choice(text, [*choices, Choice(id=NONE, label="?")]) == meant


@pytest.mark.parametrize(("text", "language"), pairs("language"))
def test_a_language_is_chosen_by_a_whole_message(text: str, language: str) -> None:
    assert chosen_language(text) == language


@pytest.mark.parametrize("text", ["/language", "/language tlh", "/language /language sv", "Klingon please", "sv", ""])
def test_what_names_no_language_we_speak_chooses_none(text: str) -> None:
    assert chosen_language(text) is None


@pytest.mark.parametrize(("kind", "text"), rows("question"))
def test_a_near_miss_stays_a_question(kind: str, text: str) -> None:
    assert read_intent(text) == kind
    assert [name for name, reads in READERS.items() if reads(text)] == []
    assert chosen_language(text) is None


@pytest.mark.parametrize("text", [text for said in TABLE.values() for kind in INTENTS for text in said[kind]])
def test_small_talk_chooses_no_language(text: str) -> None:
    assert chosen_language(text) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["formal", "informal"] if USUAL_ADDRESS else [])
def test_what_the_bot_says_that_one_may_write_is_understood(language: str, address: Address) -> None:
    phrases = phrases_for(language, address=address)
    following, failed = _QUOTED.findall(phrases.say("step.more"))
    assert asks_for_next(following)
    assert says_wrong(failed)
    [steps] = _QUOTED.findall(phrases.say_count("step.offer", 5))
    assert asks_for_steps(steps)
    [human] = _QUOTED.findall(phrases.say("handed_back"))
    assert read_intent(human) == "human"
    assert is_yes(phrases.say("choice.human").split(",")[0])


@pytest.mark.parametrize(
    "text",
    [
        "und auf meinem Handy?",
        "¿y en mi móvil?",
        "et sur mon téléphone ?",
        "og på min telefon?",
        "e sul mio telefono?",
        "e no meu telemóvel?",
        "en op mijn telefoon?",
        "entä puhelimessa?",
        "a co z telefonem?",
    ],
)
def test_a_follow_up_is_heard_in_each_language(text: str) -> None:
    assert may_follow(text)


def test_a_not_makes_another_question_in_each_language() -> None:
    assert is_same_question("Wie lade ich den Akku?", "wie kann ich meinen akku laden") is False
    assert is_same_question("Wie lade ich den Akku?", "Wie lade ich meinen Akku")
    assert not is_same_question("Warum lädt der Akku?", "Warum lädt der Akku nicht?")
    assert not is_same_question("Pourquoi la lampe s'allume ?", "Pourquoi la lampe ne s'allume pas ?")
    assert not is_same_question("Dlaczego lampa świeci?", "Dlaczego lampa nie świeci?")
