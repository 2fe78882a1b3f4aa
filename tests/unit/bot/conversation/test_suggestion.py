"""A suggestion, and pages beside a hand-over, as each channel shows them."""

import asyncio
import io
from dataclasses import replace

import pytest

from bot.conversation.compose import Draft, compose
from bot.conversation.decisions import AnsweredQuestion, Decision, Escalate, Suggest
from bot.conversation.phrases import LANGUAGES, Phrases, phrases_for
from bot.conversation.text.choice_reply import HUMAN, NOT_SOLVED, SOLVED
from channels.message import Outbound
from channels.rich_text.html import render as as_html
from channels.telegram.rendering import render as on_telegram
from channels.terminal import TerminalChannel
from channels.testing import MemoryHost
from channels.web.event_stream import source_data
from tests.unit.bot.conversation.test_source_card import ALIKE, FORUM, PAGE, slack, telegram, words, x

OTHERS = [language for language in LANGUAGES if language != "en"]
#: As `ALIKE`, of the words that a suggestion needs.
MORE_ALIKE = {"es": {"no"}, "it": {"no"}, "fr": {"pages"}, "nl": {"is", "we"}}
OFFICIAL = replace(PAGE, text="42")
UNCONFIRMED = replace(FORUM, text="42")
SECOND = replace(PAGE, title="Zq", document_id="second", url="https://q.test/second", text="42")
GUESS = Suggest(suggested=(AnsweredQuestion(question="42", candidate=OFFICIAL),))
DECISIONS: tuple[Decision, ...] = (
    GUESS,
    replace(GUESS, is_next=True),
    Suggest(suggested=(AnsweredQuestion(question="42", candidate=UNCONFIRMED),)),
    Escalate(reason="unsure", beside=(OFFICIAL, SECOND)),
)


def terminal(told: Outbound) -> str:
    out = io.StringIO()
    asyncio.run(TerminalChannel(MemoryHost(), out=out).send(told))
    return out.getvalue()


def outbound(draft: Draft, phrases: Phrases, number: int = 1) -> Outbound:
    return Outbound(
        id=number,
        channel="",
        address="1",
        author="bot",
        text=draft.text,
        source=draft.source,
        feedback=draft.feedback,
        choices=draft.choices,
        labels=phrases.labels(),
    )


def said(channel: object, language: str) -> set[str]:
    assert callable(channel)
    phrases = phrases_for(language)
    drafts = [draft for decision in DECISIONS for draft in compose(decision, phrases)]
    return set().union(*(words(channel(outbound(draft, phrases))) for draft in drafts))


@pytest.mark.parametrize("channel", [slack, telegram, x])
@pytest.mark.parametrize("language", OTHERS)
def test_nothing_of_a_suggestion_is_english(channel: object, language: str) -> None:
    english, own = said(channel, "en"), said(channel, language)
    assert {"may", "solve", "colleague"} <= english
    assert own & english <= ALIKE.get(language, set()) | MORE_ALIKE.get(language, set())


def test_a_page_comes_with_its_source_and_then_the_question_with_three_ways_on() -> None:
    phrases = phrases_for("en")
    [page] = compose(GUESS, phrases)
    assert page.text.startswith("This may be it:")
    assert page.source is not None
    assert not page.feedback
    assert [choice.id for choice in page.choices] == [SOLVED, NOT_SOLVED, HUMAN]
    told = outbound(page, phrases)
    assert told.question == "Did this solve it?"
    assert slack(told).index("Zq") < slack(told).index("Did this solve it?") < slack(told).index("A person, please")
    assert "Did this solve it?\n1. Yes\n2. No\n3. A person, please\nReply with a number." in x(told)
    assert x(told).index("https://q.test/z") < x(told).index("Did this solve it?")
    [part] = on_telegram(told)
    assert part.plain.endswith("\n\nDid this solve it?")
    assert [[button.label for button in row] for row in part.buttons] == [["Yes", "No"], ["A person, please"]]


def test_pages_beside_a_hand_over_are_links_on_every_channel() -> None:
    phrases = phrases_for("en")
    [draft] = compose(Escalate(reason="unsure", beside=(OFFICIAL, SECOND)), phrases)
    told = outbound(draft, phrases)
    for page in (OFFICIAL, SECOND):
        assert page.url is not None
        assert f'<a href="{page.url}"' in as_html(draft.text)
        assert page.url in slack(told)
        assert f"Zq ({page.url})" in x(told)
        [part] = on_telegram(told)
        assert part.html is not None
        assert f'<a href="{page.url}">Zq</a>' in part.html


def test_a_long_page_shows_its_short_answer_and_where_the_rest_is() -> None:
    phrases = phrases_for("en")
    steps = "\n\n".join(
        f"Paragraph {number} of a page that goes on and on and says more each time." for number in range(40)
    )
    long = Suggest(suggested=(AnsweredQuestion(question="42", candidate=replace(OFFICIAL, text=steps)),))
    [page] = compose(long, phrases)
    for channel in (x, slack, telegram, terminal):
        told = channel(outbound(page, phrases))
        assert "Paragraph 0" in told
        assert "Paragraph 39" not in told
        assert "There is more on the page." in told
    assert "https://q.test/z" in x(outbound(page, phrases))
    data = source_data(page.source, phrases.labels()) if page.source else {}
    assert "Paragraph 39" in data["rest"]
    assert data["rest_label"] == "The rest of the page"


def test_a_long_page_without_an_address_is_shown_whole_where_nothing_can_be_folded() -> None:
    phrases = phrases_for("en")
    text = "\n\n".join(f"Paragraph {number} of a page that goes on and on." for number in range(40))
    for url in (None, "mailto:a@q.test"):
        long = replace(OFFICIAL, text=text, url=url)
        [page] = compose(Suggest(suggested=(AnsweredQuestion(question="42", candidate=long),)), phrases)
        assert "Paragraph 39" not in page.text
        for channel in (x, slack, telegram, terminal):
            told = channel(outbound(page, phrases))
            assert "Paragraph 0" in told
            assert "Paragraph 39" in told
            assert "There is more" not in told


@pytest.mark.parametrize("language", OTHERS)
def test_what_unfolds_the_rest_speaks_the_customers_language(language: str) -> None:
    labels, english = phrases_for(language).labels(), phrases_for("en").labels()
    assert len({labels.rest, labels.more, labels.solved} - {english.rest, english.more, english.solved}) == 3
