"""An agent's characters stay theirs on every channel; only what is unmistakably markup is read as such."""

import re
from collections.abc import Callable, Mapping
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.message import Outbound, clean
from channels.rich_text.document import Link, Paragraph, Text, parse
from channels.rich_text.html import render as as_html
from channels.slack.rendering import render as on_slack
from channels.telegram.html import shown as telegram_shows
from channels.telegram.rendering import render as on_telegram
from channels.testing.slack.reading import shown as slack_shows
from channels.x.rendering import render as on_x


def typed(text: str) -> Outbound:
    """What an agent typed, as it is stored and handed to a channel."""
    return Outbound(id=1, channel="any", address="1", author="agent", text=clean(text))


def web_shows(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", as_html(clean(text), as_typed=True)))


CHANNELS: Mapping[str, Callable[[str], str]] = {
    "web": web_shows,
    "slack": lambda text: "\n".join(slack_shows({"blocks": post.blocks}) for post in on_slack(typed(text))),
    "telegram": lambda text: "\n".join(
        part.plain if part.html is None else telegram_shows(part.html) for part in on_telegram(typed(text))
    ),
    "x": lambda text: "\n".join(on_x(typed(text))),
}

TYPED = [
    "Dial *21*123456#",
    "# of lamps: 3",
    "Lamps\n=====",
    "Serial _A_ or *B*",
    "[1]: see below",
    "#1 is the hub, 2 * 3 * 4 are the lamps",
    "- 5 degrees outside",
    "+ 46 70 123",
    "1986. A good year\n1) a\n7. b",
    "> 5 lamps & < 9",
    "---\n***\n___",
    "__init__ and 2**3**4 and 2~~3~~4 and about ~5 of ~6",
    "C:\\new\\*.txt \\# \\_",
    "&amp; &copy; &#35; <b>x</b> <hub>",
    "5` by 6` and a ` alone",
    "[a](b) ![c] [d][e]",
    "**not closed, ~~nor this",
]


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_people_type_loses_no_character(channel: str) -> None:
    assert {text: CHANNELS[channel](text) for text in TYPED} == {text: text for text in TYPED}


#: Everything but the marks that may be unmistakable: bold, struck, code, a link and a table.
PLAIN = st.text(max_size=120).map(lambda text: re.sub(r"\*\*|~~|`|\]\(|\|", "", text))
LOADED = st.lists(
    st.sampled_from(
        [
            *"ab1 2\n#*_~<>&;:/.!+-=[]()\\@\t",
            "# ",
            "- ",
            "1. ",
            "> ",
            "    ",
            "&lt;",
            "www.hub.com",
            "eva@hub.com",
            "http://",
        ]
    ),
    max_size=40,
).map(lambda parts: re.sub(r"\*\*|~~|\]\(", "", "".join(parts)))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(PLAIN | LOADED)
@example("<http://hub.com> hub.com")
@example("0\x00")
@example("www.hub.com[http://http://")
def test_any_text_without_marks_reads_on_each_channel_as_it_was_typed(text: str) -> None:
    said = squeezed(clean(text))
    for channel, shows in CHANNELS.items():
        assert squeezed(shows(text)) == said or not said, channel


MARKED = st.lists(
    st.sampled_from([*"ab1 #_-.\\", "**", "~~", "`", "```", "\n", "**On**", "`reset`", "- ", "> "]), max_size=40
).map("".join)


@given(MARKED)
def test_of_any_text_nothing_but_marks_is_taken(text: str) -> None:
    said = re.sub(r"[\s*~`]", "", text)
    for channel, shows in CHANNELS.items():
        assert re.sub(r"[\s*~`]", "", shows(text)) == said or not said, channel


def test_what_people_type_may_still_be_bold_struck_code_or_a_link() -> None:
    [line] = parse("**Hub** ~~5~~ `x` [page](https://example.com)", as_typed=True)
    assert isinstance(line, Paragraph)
    assert line.inlines[0] == Text(text="Hub", styles=frozenset({"bold"}))
    assert Link(text="page", url="https://example.com") in line.inlines
    assert as_html("**Hub** `x`, ~~5~~", as_typed=True) == "<p><strong>Hub</strong> <code>x</code>, <s>5</s></p>"
