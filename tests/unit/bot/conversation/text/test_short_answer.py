import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.text import short_answer as module
from bot.conversation.text.short_answer import LEAST_LEFT, LONGEST, Span, first_sentence

LINE = "These words say something of the hub and of its lamp. "
LONG = (LINE * 8).strip()


def short_answer(text: str, question: str, section: Span | None = None) -> str:
    parts = module.short_answer(text, question, section)
    return "\n\n".join(text[start:end] for start, end in parts)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Short.", "Short."),
        (f"One line answers.\n\n{LONG}\n\n{LONG}", f"One line answers.\n\n{LONG}"),
        (f"{LONG} {LONG}\n\nMore. {LONG}", f"{LONG} {LONG}"),
        (f"You need:\n\n- a key\n- a lamp\n\n{LONG}\n\n{LONG}", f"You need:\n\n- a key\n- a lamp\n\n{LONG}"),
        (f"You need:\n\n- a key\n\n- {LONG}\n\n- {LONG}\n\n{LONG}", f"You need:\n\n- a key\n\n- {LONG}\n\n- {LONG}"),
        (f"## Reset\n\nHold it. {LONG}\n\n{LONG}", f"## Reset\n\nHold it. {LONG}"),
    ],
)
def test_the_first_paragraphs_are_taken_as_they_are(text: str, short: str) -> None:
    assert short_answer(text, "How?") == short


def test_a_text_is_whole_where_the_rest_says_more_of_what_was_asked() -> None:
    text = f"Hold the button. {LONG}\n\n{LONG} A colour can be chosen too."
    assert short_answer(text, "How do I hold the button?") == f"Hold the button. {LONG}"
    assert short_answer(text, "Which colours are there?") == text


def test_a_procedure_and_code_are_not_cut() -> None:
    steps = "\n".join(f"{number}. {LINE * 3}" for number in range(1, 6))
    code = f"Run this:\n\n```\nreset\n\n{LONG}\n```\n\n{LONG}"
    assert short_answer(steps, "How?") == steps
    assert short_answer(code, "How?") == code


@given(st.lists(st.text("ab .:-1#\n\t", max_size=300), max_size=6).map("\n\n".join))
def test_what_is_shown_begins_the_text_and_is_never_nothing(text: str) -> None:
    short = short_answer(text, "What?")
    assert bool(short.strip()) == bool(text.strip())
    assert short in text
    if len(text) <= LONGEST:
        assert short == text
    else:
        assert "".join(text.split()).startswith("".join(short.split()))


def test_little_more_is_shown_at_once() -> None:
    assert short_answer(f"{LONG}\n\n{LINE}", "How?") == f"{LONG}\n\n{LINE}"
    assert short_answer(f"{LONG}\n\n{LONG}", "How?") == LONG
    assert len(LINE) < LEAST_LEFT < len(LONG)


OPENING = "A lamp has a hub."
PAGE = f"{OPENING}\n\n## Charge\n\n{LINE * 3}\n\n## Colour\n\nIt is red.\n\n## Lids\n\n{LONG}\n"


def section_of(text: str, heading: str) -> Span:
    start = text.index(f"## {heading}") + len(f"## {heading}\n\n")
    end = text.find("\n## ", start)
    return start, len(text) if end < 0 else end + 1


def test_the_section_that_answers_is_shown_below_what_opens_the_page() -> None:
    assert short_answer(PAGE, "Colour?", section_of(PAGE, "Colour")) == f"{OPENING}\n\n## Colour\n\nIt is red."
    assert short_answer(PAGE, "Lid?", section_of(PAGE, "Lids")) == f"{OPENING}\n\n## Lids\n\n{LONG}"


@pytest.mark.parametrize("opening", ["", "[Home](/) › Lamps", "- A list.\n- Of two.", LONG + LINE * 2])
def test_what_opens_a_page_is_left_out_where_it_is_no_sentence_or_has_no_room(opening: str) -> None:
    page = PAGE.replace(OPENING, opening).lstrip()
    assert short_answer(page, "Colour?", section_of(page, "Colour")) == "It is red."


def test_of_a_long_section_the_first_paragraphs_are_shown() -> None:
    page = PAGE.replace("It is red.", f"It is red. {LONG}\n\n{LONG}")
    shown = f"{OPENING}\n\n## Colour\n\nIt is red. {LONG}"
    assert short_answer(page, "Colour?", section_of(page, "Colour")) == shown


STEPS = [f"{number}. {LINE}" for number in range(1, 7)]


def test_no_part_of_a_list_is_shown_that_goes_on_in_another_section() -> None:
    page = "\n\n".join(["## First", *STEPS[:3], "## Then", *STEPS[3:], "## Lids", LONG])
    assert short_answer(page, "Then?", section_of(page, "Then")) == page
    assert short_answer(page, "First?", section_of(page, "First")) == page
    assert short_answer(page, "Lids?", section_of(page, "Lids")) == LONG


def test_a_section_that_is_a_procedure_or_code_is_shown_whole_however_long() -> None:
    steps = "\n".join(each * 3 for each in STEPS)
    code = f"```\n# Not a heading\n\n{LONG}\n\n{LONG}\n```"
    for shown in (steps, code, f"Before.\n\n{code}\n\n{LONG}"):
        page = f"{LONG}\n\n## Reset\n\n{shown}\n\n## Lids\n\n{LONG}"
        start = page.index("## Reset") + len("## Reset\n\n")
        assert short_answer(page, "Reset?", (start, start + len(shown) + 2)) == shown.rstrip()


@given(st.lists(st.sampled_from(["## A", "1. b", "2. c", "- d", "```", "Text.", LONG, "e:", "> f"]), max_size=12))
def test_no_block_is_cut(blocks: list[str]) -> None:
    text = "\n\n".join(blocks)
    short = short_answer(text, "What?")
    assert short == text[: len(short)]
    assert text[len(short) :].startswith("\n") or len(short) == len(text)
    assert short.count("```") % 2 == 0 or len(short) == len(text)


def test_the_first_sentence_of_a_text() -> None:
    assert first_sentence("Hold the button. Then wait.") == "Hold the button."
    assert first_sentence("") == ""
