import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.chunking import ChunkSize, chunk, is_whole
from corpus.document import Document
from corpus.passage import Passage

SMALL = ChunkSize(full=100, hard=200)


def passages(text: str, title: str = "", capacity: ChunkSize = SMALL) -> list[Passage]:
    return chunk(Document(id="d", title=title, text=text), capacity=capacity)


def pieces(text: str, title: str = "") -> list[tuple[tuple[str, ...], str]]:
    return [(passage.headings, passage.text) for passage in passages(text, title)]


def long(word: str, sentences: int = 1) -> str:
    """Sentences of 40 characters each."""
    return " ".join([f"{word.capitalize()} {word * 9}"[:38] + "." for word in [word.ljust(4, "o")] * sentences])


def test_a_text_that_fits_is_one_passage_with_its_headings() -> None:
    text = "Hello.\n\n## One\n\nWords.\n\n## Two\n\n- a\n- b"
    assert pieces(text) == [((), text)]


def test_a_longer_one_is_taken_apart_along_its_headings() -> None:
    text = f"Hello.\n\n## One\n\n{long('a', 2)}\n\n## Two\n\n{long('b')}\n\n### In two\n\nWords."
    assert pieces(text) == [
        ((), "Hello."),
        (("One",), long("a", 2)),
        (("Two",), f"{long('b')}\n\n### In two\n\nWords."),
    ]


def test_a_passage_knows_all_headings_above_it() -> None:
    text = f"# A\n\n## B\n\n### C\n\n{long('c', 2)}\n\n#### D\n\n{long('d', 2)}\n\n## E\n\n{long('e', 2)}"
    assert pieces(text) == [
        (("A", "B", "C"), long("c", 2)),
        (("A", "B", "C", "D"), long("d", 2)),
        (("A", "E"), long("e", 2)),
    ]


def test_headings_are_plain_words() -> None:
    text = (
        f"## **Set** `up` [it](https://a.b) snake_case_name &amp; *more*\n\n{long('a')}\n\nUnder\n-----\n\n{long('b')}"
    )
    assert [headings for headings, _ in pieces(text)] == [("Set up it snake_case_name & more",), ("Under",)]


def test_a_heading_that_says_the_title_again_is_not_said_twice() -> None:
    assert [headings for headings, _ in pieces(f"# Fees\n\n{long('a', 2)}\n\n## Late\n\n{long('b', 2)}", "fees")] == [
        (),
        ("Late",),
    ]


def test_a_heading_with_nothing_below_stays_in_the_text() -> None:
    assert pieces(f"{long('a', 2)}\n\n## One\n\n{long('b')}\n\n## Empty\n\n## Two\n\n{long('c', 2)}\n\n## Last") == [
        ((), long("a", 2)),
        (("One",), f"{long('b')}\n\n## Empty"),
        (("Two",), f"{long('c', 2)}\n\n## Last"),
    ]


def test_blocks_are_joined_while_they_fit() -> None:
    one, two, three = long("a"), long("b"), long("c")
    assert pieces(f"{one}\n\n{two}\n\n{three}") == [((), f"{one}\n\n{two}"), ((), three)]


def test_title_and_headings_take_their_room_but_never_all_of_it() -> None:
    two = f"{long('a')}\n\n{long('b')}"
    assert pieces(two, "T" * 10) == [((), two)]
    assert pieces(two, "T" * 30) == [((), long("a")), ((), long("b"))]
    assert pieces(two, "T" * 999) == [((), long("a")), ((), long("b"))]


@pytest.mark.parametrize(
    "whole",
    [
        "\n".join(f"{number}. Step {number} of the way" for number in range(1, 9)),
        "\n".join(f"- Item {number}\n  - inner item" for number in range(7)),
        "```python\n" + "x = 1\n\n" * 20 + "```",
        "| a | b |\n| - | - |\n" + "\n".join(f"| {number} | words |" for number in range(9)),
        "> " + "\n> ".join(f"Line {number} of a quotation" for number in range(6)),
    ],
    ids=["steps", "list", "code", "table", "quotation"],
)
def test_what_belongs_together_is_whole_up_to_the_hard_limit(whole: str) -> None:
    assert 100 < len(whole) <= 200
    assert pieces(f"{long('a', 2)}\n\n{whole}\n\n{long('b', 2)}") == [
        ((), long("a", 2)),
        ((), whole),
        ((), long("b", 2)),
    ]


def test_a_lead_in_stays_with_what_it_introduces() -> None:
    steps = "\n".join(f"{number}. Step {number}" for number in range(1, 10))
    assert pieces(f"{long('a', 2)}\n\n**Do this:**\n\n{steps}") == [
        ((), long("a", 2)),
        ((), f"**Do this:**\n\n{steps}"),
    ]


def test_a_lead_in_to_what_is_as_long_as_can_be_stands_before_it() -> None:
    code = "```\n" + "x = 1\n" * 31 + "```"
    assert pieces(f"Run this:\n\n{code}") == [((), "Run this:"), ((), code)]


def test_a_link_definition_is_text_too() -> None:
    assert pieces("[a]: https://b.c") == [((), "[a]: https://b.c")]


def test_a_list_that_is_too_long_is_cut_between_its_items() -> None:
    items = [f"- Item {number}\n    - {long('b')}" for number in range(6)]
    found = pieces("This:\n\n" + "\n".join(items))
    assert [text for _, text in found] == [f"This:\n\n{items[0]}", *items[1:]]


def test_code_that_is_too_long_is_cut_between_lines_and_fenced_again() -> None:
    lines = [f"line_{number} = '{'x' * 20}'" for number in range(8)]
    found = pieces("~~~~ python\n" + "\n".join(lines) + "\n~~~~\n\nAfter.")
    cut = [f"~~~~ python\n{lines[at]}\n{lines[at + 1]}\n~~~~" for at in range(0, 8, 2)]
    assert [text for _, text in found] == [*cut[:-1], f"{cut[-1]}\n\nAfter."]


def test_a_table_that_is_too_long_is_cut_between_rows_under_its_head() -> None:
    head = "| a | b |\n| - | - |\n"
    rows = [f"| {number} | {'w' * 25} |\n" for number in range(10)]
    found = pieces(head + "".join(rows))
    assert [text for _, text in found] == [(head + "".join(rows[at : at + 2])).strip() for at in range(0, 10, 2)]


def test_a_paragraph_that_is_too_long_is_cut_between_sentences() -> None:
    words = "It isn't [so](https://a.b/c.d?e) here, e.g. as it's `a.b` there"
    assert [text for _, text in pieces(f"{words}. {words}! {words}.")] == [f"{words}.", f"{words}!", f"{words}."]


def test_a_piece_of_an_item_is_not_shown_as_code() -> None:
    item = "1. " + "\n\n    ".join(long(letter) for letter in "abcdefgh")
    assert [text.startswith("    ") for _, text in pieces(item)] == [False] * 4


def test_indented_code_keeps_its_indentation() -> None:
    assert pieces(f"{long('a', 2)}\n\n    x = 1234567890\n    y = 2") == [
        ((), long("a", 2)),
        ((), "    x = 1234567890\n    y = 2"),
    ]


def test_the_measure_can_be_another_than_characters() -> None:
    found = chunk(
        Document(id="d", title="A b", text="One two three.\n\nFour five six.\n\nSeven eight."),
        capacity=ChunkSize(full=8, hard=8),
        length=lambda text: len(text.split()),
    )
    assert [passage.text for passage in found] == ["One two three.\n\nFour five six.", "Seven eight."]


def test_passages_are_numbered_and_know_their_document() -> None:
    document = Document(id="d", title="", text=f"{long('a', 2)}\n\n{long('b', 2)}")
    assert [(p.document, p.number) for p in chunk(document, capacity=SMALL)] == [(document, 0), (document, 1)]


def test_no_text_is_no_passage() -> None:
    assert pieces("") == pieces(" \n\n ") == []


@pytest.mark.parametrize("limits", [(1, 2), (5, 4)])
def test_a_capacity_that_cannot_be_kept_is_refused(limits: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="write 1 < full <= hard"):
        ChunkSize(full=limits[0], hard=limits[1])


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "Word. " * 30_000,
        "." * 200_000,
        "> - " * 50_000,
        "`a" * 100_000,
        "# [" * 100_000,
        "\n" * 1_000_000,
    ],
    ids=["words", "sentences", "dots", "nested", "ticks", "headings", "blank"],
)
def test_a_text_as_long_as_a_book_on_one_line_comes_to_an_end(text: str) -> None:
    found = passages(text, capacity=ChunkSize())
    assert all(len(passage.text) <= 900 for passage in found)
    assert sum(len(re.sub(r"\s", "", passage.text)) for passage in found) == len(re.sub(r"\s", "", text))


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[str]]:
    """An article of every kind of block in which no word comes twice, and its lists, tables and code blocks."""
    numbers = iter(range(100_000))

    def words(most: int) -> str:
        return " ".join(f"w{next(numbers)}" for _ in range(draw(st.integers(1, most))))

    def block() -> str:
        lines = draw(st.integers(1, 12))
        kinds: list[Callable[[], str]] = [
            lambda: f"{'#' * (lines % 6 + 1)} {words(4)}",
            lambda: f"{'#' * (lines % 3 + 1)} {words(4)}",
            lambda: ". ".join(words(12).capitalize() for _ in range(lines)) + ".",
            lambda: f"{words(5)}:",
            lambda: "\n".join(f"> {words(5)}" for _ in range(lines)),
            lambda: "\n".join(f"{'  ' * (line % 2)}- {words(6)}" for line in range(lines)),
            lambda: "\n".join(f"{line}. {words(6)}" for line in range(1, lines + 1)),
            lambda: "\n".join([f"| {words(1)} |", "| --- |", *(f"| {words(6)} |" for _ in range(lines))]),
            lambda: "\n".join(["```", *(words(6) for _ in range(lines)), "```"]),
        ]
        return draw(st.sampled_from(kinds))()

    blocks = [block() for _ in range(draw(st.integers(1, 12)))]
    # Two lists one after the other would be one.
    follows = ["\n\n<!-- -->\n\n" if block[0] in "-1" else "\n\n" for block in blocks]
    text = "".join(block + after for block, after in zip(blocks, follows, strict=True))
    return text, [block for block in blocks if re.match(r"[-1|`]", block)]


def words_in_order(found: list[Passage]) -> Iterator[str]:
    """All words that the passages say, the first time that they say them."""
    seen: set[str] = set()
    for passage in found:
        for word in re.findall(r"w\d+", "\n".join((*passage.headings, passage.text)), re.IGNORECASE):
            if word not in seen:
                seen.add(word)
                yield word


@given(articles())
def test_nothing_is_lost_and_the_order_is_kept(article: tuple[str, list[str]]) -> None:
    text, _ = article
    assert list(words_in_order(passages(text))) == re.findall(r"w\d+", text, re.IGNORECASE)


@given(articles())
def test_no_passage_is_longer_than_the_hard_limit(article: tuple[str, list[str]]) -> None:
    text, _ = article
    assert all(0 < len(passage.text) <= SMALL.hard for passage in passages(text))


@given(articles())
def test_a_list_table_or_code_block_that_may_stay_whole_does(article: tuple[str, list[str]]) -> None:
    text, wholes = article
    shown = [passage.text for passage in passages(text)]
    for whole in wholes:
        assert len(whole) > SMALL.hard or any(whole in passage for passage in shown)


@given(st.text(st.characters(exclude_characters="#=-`~|"), max_size=600))
def test_any_text_without_headings_or_frames_is_kept_to_the_letter(text: str) -> None:
    assert re.sub(r"\s", "", "".join(p.text for p in passages(text))) == re.sub(r"\s", "", text)


@given(
    st.one_of(
        st.text(max_size=120), st.lists(st.sampled_from(["# a", "## b", "", " ", "- c", "```", "d"])).map("\n".join)
    )
)
def test_a_text_that_needs_no_parsing_comes_out_as_if_it_were_parsed(text: str) -> None:
    unparsed = passages(text, "b")
    assert (len(unparsed) == bool(unparsed)) or not is_whole(text, "b", capacity=SMALL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpus.chunking._Chunker.fits", lambda *_: False)
        assert passages(text, "b") == unparsed


@given(st.text(st.sampled_from("#=-`~|>*_[]()<!: \t\r\n\0\u2028.1ab"), max_size=400), st.text(max_size=120))
def test_any_text_at_all_can_be_split(text: str, title: str) -> None:
    found = passages(text, title)
    assert bool(found) == bool(text.strip(" \t\r\n\u2028"))
    shown = "".join("".join((*passage.headings, passage.text)) for passage in found)
    assert len(re.findall("[ab]", shown)) >= len(re.findall("[ab]", text)) - (title.count("a") + title.count("b"))
