from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.compose import compose
from bot.conversation.decisions import Answer, AnsweredQuestion, Step
from bot.conversation.phrases import phrases_for
from bot.conversation.procedure_progress import progress, where_it_failed
from bot.conversation.receipt import Part, Receipt
from bot.conversation.text.procedures import procedure_in
from tests.unit.bot.conversation.test_policy import CANDIDATE, SECOND

ENGLISH = phrases_for("en")
TEXT = """You need a key.

1. Switch it off.
2. Open the lid:

   - the left screw
   - the right screw
3. Wait
for a minute.

4. Close the lid.

It blinks when it is ready.
Then it is quiet."""
LONG = replace(CANDIDATE, text=TEXT)
GIVEN = Receipt(decision="answer", question="how?", candidates=(LONG, SECOND), id=1)


def test_a_procedure_is_taken_apart_with_what_stands_around_it() -> None:
    procedure = procedure_in(TEXT)
    assert procedure is not None
    assert procedure.before == "You need a key."
    assert procedure.steps == (
        "Switch it off.",
        "Open the lid:\n\n- the left screw\n- the right screw",
        "Wait\nfor a minute.",
        "Close the lid.",
    )
    assert procedure.after == "It blinks when it is ready.\nThen it is quiet."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain text.",
        "1. a\n2. b\n3. c",
        "2. a\n3. b\n4. c\n5. d",
        "- a\n- b\n- c\n- d",
        "1. a\n2. b\n3. c\n4. d\n\nOr:\n\n1. e\n2. f\n3. g\n4. h",
        "```\n1. a\n2. b\n3. c\n4. d\n```",
        "1. a\n   1. b\n   2. c\n   3. d\n   4. e\n2. f",
        "> 1. a\n> 2. b\n> 3. c\n> 4. d",
        "Version 1.2\n2.0 is out\n3.1 too\n4.0 next",
    ],
)
def test_what_is_no_one_list_of_four_or_more_is_given_whole(text: str) -> None:
    assert procedure_in(text) is None


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("1. a\n1. b\n1. c\n1. d", ("a", "b", "c", "d")),
        ("1. a\n2. b\n4. c\n5. d\n6. e", ("a", "b", "c", "d", "e")),
        ("1) a\n2) b\n3) c\n4) d", ("a", "b", "c", "d")),
        ("1. a\n2. b\n\n   ```\n   3. x\n   ```\n3. c\n4. d", ("a", "b\n\n```\n3. x\n```", "c", "d")),
        ("1. a\n   1. x\n      - y\n   2. z\n2. b\n3. c\n4. d", ("a\n1. x\n   - y\n2. z", "b", "c", "d")),
        ("1. a\n2. b\n\nBoth ways work.\n\n3. c\n4. d", ("a", "b\n\nBoth ways work.", "c", "d")),
        ("1. a\n2. b\n3. c\n4. d\n\nOr:\n\n1. e\n2. f", ("a", "b", "c", "d")),
        ("Either:\n\n1. e\n2. f\n\nOr:\n\n1. a\n2. b\n3. c\n4. d", ("a", "b", "c", "d")),
        ("10. x\n\nThen:\n\n1. a\n2. b\n3. c\n4. d", ("a", "b", "c", "d")),
    ],
)
def test_steps_are_counted_as_they_are_shown_and_keep_what_belongs_to_them(text: str, steps: tuple[str, ...]) -> None:
    procedure = procedure_in(text)
    assert procedure is not None
    assert procedure.steps == steps


def test_a_long_text_is_read_in_time_that_grows_with_it() -> None:
    text = "".join(f"{number}. Press it.\n\n   Then wait.\n\n" for number in range(1, 4_000))
    started = process_time()
    procedure = procedure_in(text)
    assert procedure is not None
    assert len(procedure.steps) == 3_999
    assert process_time() - started < 5


LINES = st.lists(st.sampled_from(["", "word", "  more", "1. a", "2. b", "3) c", "4. d", "5. e", "```"]), max_size=14)


@given(LINES)
def test_no_word_of_a_procedure_is_lost(lines: list[str]) -> None:
    procedure = procedure_in("\n".join(lines))
    if procedure is not None:
        kept = [procedure.before, *procedure.steps, procedure.after]
        shown, said = (
            [word for text in texts for word in text.split() if not word.rstrip(".)").isdigit()]
            for texts in (kept, lines)
        )
        assert shown == said


def test_a_walk_is_read_from_what_was_given() -> None:
    whole = progress(GIVEN)
    assert whole is not None
    assert (whole.candidate, whole.step, whole.is_over) == (LONG, None, False)
    last = progress(replace(GIVEN, decision="step", step=4))
    assert last is not None
    assert last.is_over
    chosen = replace(GIVEN, candidates=(SECOND, LONG), chosen=LONG.document_id)
    assert (progress(chosen) or last).candidate == LONG


def test_nobody_walks_what_was_not_given_or_is_no_procedure() -> None:
    two = (Part(question="a", confidence=1, is_answered=True), Part(question="b", confidence=1, is_answered=True))
    for receipt in (
        None,
        replace(GIVEN, decision="clarify"),
        replace(GIVEN, candidates=()),
        replace(GIVEN, candidates=(SECOND,)),
        replace(GIVEN, parts=two),
    ):
        assert progress(receipt) is None
        assert where_it_failed(receipt) is None
    assert where_it_failed(GIVEN) is None


def test_an_agent_reads_which_step_did_not_work() -> None:
    failed = where_it_failed(replace(GIVEN, decision="step", step=3))
    assert failed == f"Step 3 of 4 of “{LONG.title}” did not work: Wait for a minute."


def test_each_step_is_a_message_that_says_how_to_go_on() -> None:
    drafts = [compose(Step(candidate=LONG, step=step), ENGLISH)[0] for step in (1, 2, 3, 4)]
    assert drafts[0].text.startswith("You need a key.\n\n**Step 1 of 4**\n\nSwitch it off.\n\n*Write “next”")
    assert drafts[3].text == (
        "**Step 4 of 4**\n\nClose the lid.\n\nIt blinks when it is ready.\nThen it is quiet."
        "\n\n*That was the last step.*"
    )
    assert [draft.source is not None for draft in drafts] == [True, False, False, False]
    assert [draft.feedback for draft in drafts] == [False, False, False, True]


def test_a_long_procedure_is_offered_step_by_step_and_a_short_one_is_not() -> None:
    given = AnsweredQuestion(question="how?", candidate=LONG)
    [draft] = compose(Answer(answered=(given,)), ENGLISH)
    assert draft.text.endswith(f"\n\n*{ENGLISH.say_count('step.offer', 4)}*")
    [short] = compose(Answer(answered=(replace(given, candidate=SECOND),)), ENGLISH)
    assert short.text == SECOND.text
