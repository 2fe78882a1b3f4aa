import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.text.short_answer import LONGEST, first_sentence, short_answer

LINE = "These words say something of the hub and of its lamp. "
LONG = (LINE * 8).strip()


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Short.", "Short."),
        (f"One line answers.\n\n{LONG}\n\n{LONG}", f"One line answers.\n\n{LONG}"),
        (f"{LONG} {LONG}\n\nMore.", f"{LONG} {LONG}"),
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
    if len(text) <= LONGEST:
        assert short == text
    else:
        assert "".join(text.split()).startswith("".join(short.split()))


def test_the_first_sentence_of_a_text() -> None:
    assert first_sentence("Hold the button. Then wait.") == "Hold the button."
    assert first_sentence("") == ""
