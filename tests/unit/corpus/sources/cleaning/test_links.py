"""Links of a page, wherever a passage of it is shown. All texts are our own."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.sources.cleaning.links import full_links


def resolve(target: str) -> str | None:
    return None if target.startswith("#") or "gone" in target else f"https://a.example/{target}"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[a](b.md) [c](gone.md) [d](https://e.f/g_h)", "[a](https://a.example/b.md) c [d](https://e.f/g_h)"),
        ("[a](<b c.md>) [a](b%20c.md)", "[a](https://a.example/b%20c.md) [a](https://a.example/b%20c.md)"),
        ("[a](b_(c)) [a](<b_(c>)", "[a](https://a.example/b_(c)) [a](https://a.example/b_%28c)"),
        ("[a **b** `]`](c 'd \"e\"')", "[a **b** `]`](https://a.example/c \"d 'e'\")"),
        ("[a](javascript:void(0)) [b](data:text/html,x) [c](file:///x)", "a b c"),
        ("[a](//b.c) [d](mailto:e@f.g) [h](tel:1)", "[a](//b.c) [d](mailto:e@f.g) [h](tel:1)"),
        (
            "# [a](b) c\n\n> [a\n> b](c)\n\n- [x](y)",
            "# [a](https://a.example/b) c\n\n> [a\n> b](https://a.example/c)\n\n- [x](https://a.example/y)",
        ),
        (
            "| [a](b) | [a](b) |\n|-|-|\n| x \\| y [c](gone) | [d](e) |",
            "| [a](https://a.example/b) | [a](https://a.example/b) |\n|-|-|\n| x \\| y c | [d](https://a.example/e) |",
        ),
        ("`[a](b)` \\[a](b) and\n\n    [a](b)", "`[a](b)` \\[a](b) and\n\n    [a](b)"),
        (
            "See [fees], [the fees][fees] and [Fees][].\n\n[fees]: b.md\n\nEnd.",
            "See [fees](https://a.example/b.md), [the fees](https://a.example/b.md) and [Fees](https://a.example/b.md).\n\nEnd.",
        ),
        ("a[^1]\n\n[^1]: Note", "a[^1]\n\n[^1]: Note"),
        ("Press ![Settings](gone.png) now.", "Press Settings now."),
        ("a\n\n![Shot](gone.png)\n\nb", "a\n\nb"),
        ("![Shot](b.png)", "![Shot](https://a.example/b.png)"),
        (
            "[![a](gone.png)](b) [![c](d.png)](gone)",
            "[![c](https://a.example/d.png)](gone)".replace(
                "[![c](https://a.example/d.png)](gone)", " ![c](https://a.example/d.png)"
            ),
        ),
        ("1. ![Shot](gone.png)\n\n   Open it.\n2. Close it.", "1. Open it.\n2. Close it."),
        ("1. a\n\n   ![Shot](gone.png)\n\n   b", "1. a\n\n   b"),
    ],
)
def test_links_lead_there_from_anywhere_or_are_words(written: str, said: str) -> None:
    assert full_links(written, resolve) == said


PIECES = ["[a]", "(b)", "![", "](", "[", "]", "<", ">", "`", "\n", "\n\n", "[a]: b", "|", "-", " ", "x", "> ", "1. "]


@given(st.lists(st.sampled_from(PIECES), max_size=24))
def test_no_link_is_left_that_leads_nowhere_and_nothing_else_changes(pieces: list[str]) -> None:
    text = "".join(pieces)
    words = full_links(text, lambda _: None)
    assert not any(token.type in {"link_open", "image"} for token in _inlines(words)), words
    if not any(token.type in {"link_open", "image"} for token in _inlines(text)) and "]:" not in text:
        assert words == text


def _inlines(text: str) -> list[Token]:
    return [child for token in MarkdownIt("commonmark").enable("table").parse(text) for child in token.children or ()]


@pytest.mark.parametrize("piece", ["[", "[a](", "![[", "[a]", "[a][a] ", "[a]: x\n", "![a](b) ", "](", "[a](<"])
def test_hostile_texts_are_read_in_time_that_grows_with_them(piece: str) -> None:
    started = process_time()
    full_links(piece * 4_000, resolve)
    assert process_time() - started < 5
