import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.message import Choice, Outbound, SourceCard
from channels.rich_text.document import parse
from channels.telegram.html import LONGEST, html, pieces, shown, units
from channels.telegram.rendering import render
from channels.testing.telegram.html import read_html

MARKDOWN = st.sampled_from(
    [
        "A **bold** and *italic* and ***both*** line with `code <b>`.",
        '# A heading with `code` and [a link](https://example.com/?a=1&b="2")',
        "1. First\n2. Second\n   - deeper\n   - and deeper\n3. Third",
        "> Somebody said\n>\n> > what another said, with `code`\n",
        "```\nif a < b && c > d:\n    pass\n```",
        "| A & B | <C> |\n|---|---|\n| 1 | `2` |",
        "[mail](mailto:a@example.com), [call](tel:+46701), [here](http://localhost/x), [page](https://example.com)",
        "&lt;b&gt; &amp;amp; &nbsp; <script>alert(1)</script> </b> <a href='x'>",
        "🚲 åäö \u202e 👩‍👩‍👧 𝕏 " * 40,
        "***\n\n**a **b** c**",
        "x" * 5000,
    ]
)
TEXT = st.lists(MARKDOWN | st.text(max_size=200), max_size=8).map("\n\n".join)


def squeezed(text: str) -> str:
    return re.sub(r"[\s>|()•—0-9.-]+", "", text)


@given(TEXT)
def test_telegram_reads_the_markup_and_loses_nothing(text: str) -> None:
    markup = html(parse(text.encode("utf-8", "replace").decode()))
    told = read_html(markup)

    assert told.lost == ()
    assert told.text == shown(markup)


@given(TEXT, st.sampled_from(["bot", "agent"]))
def test_every_part_keeps_the_limits_and_together_they_say_everything(text: str, author: str) -> None:
    message = Outbound(id=1, channel="telegram", address="1", author="bot" if author == "bot" else "agent", text=text)
    told = render(message)

    for part in told:
        read_part = read_html(part.html) if part.html is not None else None
        assert units(read_part.text if read_part else part.plain) <= LONGEST
        assert read_part is None or len(read_part.entities) <= 100
    whole = "".join(shown(part.html) if part.html is not None else part.plain for part in told)
    clean = text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    blocks = parse(clean, as_typed=author == "agent")
    assert squeezed(whole) == squeezed(shown(html(blocks))) or not squeezed(shown(html(blocks)))


@pytest.mark.parametrize("text", [">", "```\n```", "[](https://example.com) \n\n>", "   "])
def test_nothing_is_sent_that_telegram_would_find_empty(text: str) -> None:
    for part in render(Outbound(id=1, channel="telegram", address="1", text=text, author="agent")):
        assert (shown(part.html) if part.html is not None else part.plain).strip()


@given(st.text(max_size=80), st.text(max_size=80))
def test_what_looks_like_markup_is_text(title: str, label: str) -> None:
    source = SourceCard(title=title, kind="answer", url='https://example.com/"><b>', author=label)
    message = Outbound(
        id=1,
        channel="telegram",
        address="1",
        author="bot",
        text="\\<b>no\\</b>",
        source=source,
        choices=(Choice(id="1", label=label),),
    )
    markup = render(message)[-1].html

    assert markup is not None
    told = read_html(markup)
    assert told.text.startswith("<b>no</b>")
    assert {entity["type"] for entity in told.entities} <= {"text_link"}


@given(st.text(alphabet="aå🚲\n", min_size=1, max_size=12_000))
def test_pieces_are_cut_between_characters(text: str) -> None:
    cut = pieces(text)

    assert all(units(piece) <= LONGEST for piece in cut)
    assert "".join(cut).replace("\n", "") == text.replace("\n", "")


def test_a_link_that_telegram_would_drop_is_written_out() -> None:
    told = html(parse("[here](http://localhost/x) or [by mail](mailto:help@example.com)"))

    assert told == "here (http://localhost/x) or by mail (help@example.com)"


def test_a_choice_that_no_button_can_hold_is_written_with_its_number() -> None:
    choices = (Choice(id="1", label="One"), Choice(id="å" * 40, label="Two"))
    [part] = render(Outbound(id=1, channel="telegram", address="1", author="bot", text="Which?", choices=choices))

    assert part.buttons == ()
    assert part.plain == "Which?\n\n1. One\n2. Two"
