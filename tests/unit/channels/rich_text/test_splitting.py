import re
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from channels.rich_text.document import Block, CodeBlock, Listing, parse
from channels.rich_text.plain_text import plain
from channels.rich_text.splitting import Fits, split

LINES = st.sampled_from(
    [
        "A sentence of some words. And another one, a little longer!",
        "1. Switch it off.\n2. Wait ten seconds, or a bit more.\n3. Switch it on.",
        "- one\n- two\n  - two and a half\n- three",
        "See [the page](https://example.com/a) for **more**.",
        "```\nfirst line\nsecond line\nthird line\n```",
        "> What somebody said, in a line that goes on for a while.",
        "| A | B |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
        "Ein `Code` und *mehr* Text mit åäö und 🚲 🚲 🚲.",
        "x" * 90,
        "***",
    ]
)


def within(limit: int) -> Fits:
    def fits(blocks: Sequence[Block]) -> bool:
        return len(plain(blocks)) <= limit

    return fits


@given(st.lists(LINES, max_size=8).map("\n\n".join) | st.text(max_size=300), st.integers(24, 200))
def test_nothing_is_lost_and_what_can_be_cut_fits(text: str, limit: int) -> None:
    blocks = parse(text)
    parts = split(blocks, within(limit))

    said = "".join(plain(part) for part in parts)
    assert re.sub(r"[\s>]+", "", said) == re.sub(r"[\s>]+", "", plain(blocks))
    assert all(len(plain(part)) <= limit or "https://" in plain(part) for part in parts)


@given(st.lists(LINES, max_size=8).map("\n\n".join))
def test_what_fits_is_one_part(text: str) -> None:
    blocks = parse(text)

    assert split(blocks, within(10_000)) == ((blocks,) if blocks else ())


def test_a_list_is_cut_between_items_and_its_numbers_go_on() -> None:
    blocks = parse("\n".join(f"{number}. Step number {number}" for number in range(1, 8)))
    parts = split(blocks, within(60))

    assert [[block.start for block in part if isinstance(block, Listing)] for part in parts] == [[1], [4], [7]]


def test_a_text_is_cut_after_a_sentence() -> None:
    parts = split(parse("First we say this. Then we say that. Then comes more of it."), within(40))

    assert [plain(part) for part in parts] == ["First we say this. Then we say that.", "Then comes more of it."]


def test_code_is_cut_between_lines() -> None:
    parts = split(parse("```\none()\ntwo()\nthree()\n```"), within(12))

    assert parts == ((CodeBlock(text="one()\ntwo()"),), (CodeBlock(text="three()"),))


def test_a_link_is_never_cut() -> None:
    parts = split(parse("Look at [the long page about it](https://example.com/a/long/way) now."), within(20))

    assert any("the long page about it (https://example.com/a/long/way)" in plain(part) for part in parts)
