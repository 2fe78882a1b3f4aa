import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.slack.mrkdwn import addresses_another, escape, mentions, readable, unescape


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("a &lt; b &amp;&amp; b &gt; c, *not bold*", "a < b && b > c, *not bold*"),
        ("&amp;lt;", "&lt;"),
        ("<@U0BOT> how do I return it?", "how do I return it?"),
        ("<@U0BOT|help>: how do I return it?", "how do I return it?"),
        ("hey <@U0BOT>, my bike", "hey my bike"),
        ("ask <@U1|ada> or <@U2>", "ask @ada or @U2"),
        ("in <#C1|shop> or <#C2>", "in #shop or #C2"),
        ("<!here> and <!subteam^S1|@crew>", "@here and @crew"),
        ("see <https://a.example/x?b=1&amp;c=2>", "see https://a.example/x?b=1&c=2"),
        ("see <http://a.example|a.example>", "see a.example"),
        ("see <https://a.example|the page>", "see the page (https://a.example)"),
        ("<mailto:ada@a.example|ada@a.example>", "ada@a.example"),
        ("<tel:+4681234|08-1234>", "08-1234"),
        (":thumbsup:", "👍"),
        (":-1::skin-tone-4: no", "👎 no"),
        (":+1::skin-tone-3:", "👍"),
        (":one: :100: :man-shrugging: :flag-se: :rocket:", "1️⃣ 💯 🤷\u200d♂️ 🇸🇪 🚀"),
        ("at 10:30:45 :partyhat: :x:", "at 10:30:45 :partyhat: ❌"),
        ("  two  spaces\nand a line ", "  two  spaces\nand a line "),
    ],
)
def test_what_is_written_is_read_as_it_is_shown(told: str, read: str) -> None:
    assert readable(told, bot="U0BOT") == read


@given(st.text().filter(lambda text: ":" not in text))
def test_any_text_comes_through(text: str) -> None:
    assert readable(escape(text), bot="U0BOT") == text
    assert unescape(escape(text)) == text
    assert "<" not in escape(text)


def test_who_is_called() -> None:
    assert mentions("a <@U0BOT> b", "U0BOT")
    assert mentions("a <@U0BOT|help> b", "U0BOT")
    assert not mentions("a <@U0BOTHER> b", "U0BOT")
    assert addresses_another(" <@U1> look", "U0BOT")
    assert not addresses_another("<@U0BOT> look", "U0BOT")
    assert not addresses_another("look <@U1>", "U0BOT")
