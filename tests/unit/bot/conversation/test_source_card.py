"""What stands under an answer is in the customer's language, whichever channel shows it."""

import io
import re
from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.compose import human_choices
from bot.conversation.phrases import LANGUAGES, Phrases, phrases_for
from bot.conversation.source_card import source_card
from bot.conversation.text.choice_reply import is_no, is_yes
from bot.conversation.text.intents import read_intent
from channels.message import Choice, Labels, Outbound
from channels.slack.rendering import render as on_slack
from channels.telegram.rendering import render as on_telegram
from channels.terminal import TerminalChannel
from channels.testing import MemoryHost
from channels.testing.slack.reading import buttons, shown
from channels.web.event_stream import source_data
from channels.x.rendering import render as on_x
from tests.unit.bot.conversation.test_policy import CANDIDATE

OTHERS = [language for language in LANGUAGES if language != "en"]
DAY = date(2025, 3, 3)
FORUM = replace(
    CANDIDATE, title="Zq", url="https://q.test/z", kind="answer", author="Eva", updated=DAY, confirmed=False
)
PAGE = replace(FORUM, kind="article", author=None)
CONFIRMED = replace(FORUM, author=None, updated=None, confirmed=True)
#: Words that are a language's own though they are written as in English.
ALIKE = {
    "sv": {"person"},
    "de": {"forum"},
    "es": {"no"},
    "fr": {"centre", "forum"},
    "da": {"at"},
    "it": {"forum", "no"},
    "nl": {"forum"},
    "pl": {"forum", "to"},
}


def message(candidate: object, phrases: Phrases, choices: tuple[Choice, ...] = ()) -> Outbound:
    assert isinstance(candidate, type(CANDIDATE))
    return Outbound(
        id=1,
        channel="",
        address="1",
        author="bot",
        text="42",
        source=source_card(candidate, phrases),
        feedback=True,
        choices=choices,
        labels=phrases.labels(),
    )


def slack(told: Outbound) -> str:
    [post] = on_slack(told)
    labels = " ".join(each["text"]["text"] for each in buttons({"blocks": post.blocks}))
    return f"{shown({'blocks': post.blocks})} {labels} {post.text}"


def telegram(told: Outbound) -> str:
    [part] = on_telegram(told)
    return f"{part.plain} {' '.join(button.label for row in part.buttons for button in row)}"


def x(told: Outbound) -> str:
    return " ".join(on_x(told, with_hint=True))


def words(text: str) -> set[str]:
    own = re.sub(r"https://\S+|\bZq\b|\bEva\b", " ", text)
    return set(re.findall(r"[^\W\d_]{2,}", own.casefold()))


def all_words(channel: object, language: str) -> set[str]:
    assert callable(channel)
    phrases = phrases_for(language)
    numbered = (Choice(id="1", label="1"), Choice(id="2", label="2"))
    told = [message(each, phrases) for each in (FORUM, PAGE, CONFIRMED)]
    told += [message(FORUM, phrases, human_choices(phrases)), message(FORUM, phrases, numbered)]
    return set().union(*(words(channel(each)) for each in told))


@pytest.mark.parametrize("channel", [slack, telegram, x])
@pytest.mark.parametrize("language", OTHERS)
def test_nothing_under_an_answer_is_english(channel: object, language: str) -> None:
    english, said = all_words(channel, "en"), all_words(channel, language)
    assert {"company", "march", "centre"} <= english
    assert len(said) > 10
    assert said & english <= ALIKE.get(language, set())


def test_a_source_is_told_once_and_only_set_by_each_channel() -> None:
    german = phrases_for("de")
    told = message(FORUM, german)
    caption = "Antwort aus dem Forum von Eva · 3. März 2025 · nicht von der Firma bestätigt"
    assert source_card(PAGE, german).caption == "Aus dem Hilfecenter · aktualisiert am 3. März 2025"
    assert source_card(CONFIRMED, german).caption == "Antwort aus dem Forum · von der Firma bestätigt"
    assert told.source is not None
    assert told.source.line == f"Zq · {caption}"
    assert source_data(told.source, told.labels) == {"title": "Zq", "url": "https://q.test/z", "caption": caption}
    for channel in (slack, telegram, x):
        assert caption in channel(told)


async def test_the_terminal_shows_it_too() -> None:
    out, polish = io.StringIO(), phrases_for("pl")
    await TerminalChannel(MemoryHost(), out=out).send(message(PAGE, polish, human_choices(polish)))
    assert "Zq · Z centrum pomocy · zaktualizowano 3 marca 2025 · https://q.test/z" in out.getvalue()
    assert "Wystarczy odpowiedzieć „tak” lub „nie”." in out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_a_customer_is_told_to_write_are_understood(language: str) -> None:
    labels = phrases_for(language).labels()
    assert is_yes(labels.yes)
    assert is_no(labels.no)
    assert f"{labels.no}" in labels.write_no
    [human] = re.findall(r"[“”„«‘»]\s?(\w+)\s?[”“»’«]", labels.write_human)
    assert read_intent(human) == "human"


def test_english_is_said_where_a_message_brings_no_words() -> None:
    assert phrases_for("en").labels() == Labels()
