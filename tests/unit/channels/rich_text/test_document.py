import pytest

from channels.rich_text.document import (
    Break,
    CodeBlock,
    Heading,
    InlineCode,
    Link,
    Listing,
    Paragraph,
    Quote,
    TableBlock,
    Text,
    parse,
)
from channels.rich_text.html import render as as_html
from channels.rich_text.plain_text import plain
from channels.slack.blocks import blocks_of as on_slack
from channels.telegram.html import html as on_telegram


def test_inlines_are_told_apart() -> None:
    [paragraph] = parse("Press **On** and *wait*, run `reset` or read [this](https://example.com/a).")

    assert paragraph == Paragraph(
        inlines=(
            Text(text="Press "),
            Text(text="On", styles=frozenset({"bold"})),
            Text(text=" and "),
            Text(text="wait", styles=frozenset({"italic"})),
            Text(text=", run "),
            InlineCode(text="reset"),
            Text(text=" or read "),
            Link(text="this", url="https://example.com/a"),
            Text(text="."),
        )
    )


def test_blocks_are_told_apart() -> None:
    text = "# Reset\n\n3. One\n4. Two\n\n- a\n\n> Said\n\n```\nx < 1\n```\n\n| A | B |\n|---|---|\n| 1 | 2 |"

    assert [type(block) for block in parse(text)] == [Heading, Listing, Listing, Quote, CodeBlock, TableBlock]
    assert parse(text)[1] == Listing(
        items=((Paragraph(inlines=(Text(text="One"),)),), (Paragraph(inlines=(Text(text="Two"),)),)), start=3
    )


def test_html_is_text_and_an_image_is_a_link() -> None:
    assert plain(parse("<b>x</b>")) == "<b>x</b>"
    assert parse("![Plug](https://example.com/plug.png)") == (
        Paragraph(inlines=(Link(text="Plug", url="https://example.com/plug.png"),)),
    )


def test_an_address_that_leads_nowhere_safe_is_text() -> None:
    assert plain(parse("[Open](javascript:alert(1)) [here](/help)")) == "[Open](javascript:alert(1)) here"


def test_a_single_line_break_is_kept_where_people_mean_it() -> None:
    assert plain(parse("one\ntwo")) == "one two"
    assert parse("one\ntwo", as_typed=True) == (Paragraph(inlines=(Text(text="one"), Break(), Text(text="two"))),)


@pytest.mark.parametrize("as_typed", [False, True])
def test_what_is_struck_out_is_so_on_each_channel_and_plain_words_without_markup(as_typed: bool) -> None:
    blocks = parse("It was ~~100 kr~~, now **~~90~~**. About ~5 of ~6.", as_typed=as_typed)
    assert plain(blocks) == "It was 100 kr, now 90. About ~5 of ~6."
    assert "~~" not in as_html("~~100 kr~~", as_typed=as_typed)
    assert as_html("~~100 kr~~", as_typed=as_typed) == "<p><s>100 kr</s></p>"
    assert on_telegram(blocks) == "It was <s>100 kr</s>, now <b><s>90</s></b>. About ~5 of ~6."
    [block] = on_slack(blocks)
    styles = [each.get("style") for each in block["elements"][0]["elements"]]
    assert styles == [None, {"strike": True}, None, {"bold": True, "strike": True}, None]


def test_plain_text_says_everything() -> None:
    text = "**Do**\n\n9. [Open](https://example.com)\n10. Press\n\n    twice\n\n- a\n  - b\n\n> Said"

    assert plain(parse(text)) == ("Do\n\n9. Open (https://example.com)\n10. Press\n    twice\n\n• a\n  • b\n\n> Said")
