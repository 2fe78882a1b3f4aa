"""Sayings that nobody looked at while the reading of messages was made, by kind: tests/language/sayings."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.language.said import Outcome, Saying, is_right, outcome, sayings

QUESTIONS = Path(__file__).parents[2] / "corpus" / "sample" / "questions.jsonl"
#: Of the sayings of a kind, the smallest share that is taken for what it is: what was reached, never to be lowered.
REACHED = {
    "already_tried": 0.65,
    "bot_again": 0.33,
    "closer": 0.94,
    "forget_me": 0.55,
    "greeting": 0.92,
    "human": 0.88,
    "language": 0.5,
    "never_mind": 0.8,
    "no_human": 0.97,
    "not_upset": 0.9,
    "opener": 0.75,
    "pause": 0.81,
    "question": 1.0,
    "self_correction": 0.15,
    "small_talk": 0.93,
    "solved": 0.73,
    "thanks": 0.91,
    "two_questions": 0.77,
    "upset": 0.65,
}


def _read(kind: str) -> list[tuple[Saying, Outcome]]:
    return [(each, outcome(each)) for each in sayings(kind, "test")]


def _told(wrong: Sequence[Saying]) -> list[str]:
    return [f"{each.language}: {each.text}" for each in wrong]


@pytest.mark.parametrize("kind", list(REACHED))
def test_a_saying_is_taken_for_what_it_is(kind: str) -> None:
    read = _read(kind)
    wrong = [saying for saying, found in read if not is_right(saying, found)]
    assert len(wrong) <= (1 - REACHED[kind]) * len(read), _told(wrong)


def test_who_is_given_a_human_wanted_one() -> None:
    heard = sum(is_right(saying, found) for saying, found in _read("human"))
    wrong = [saying for saying, found in _read("no_human") if not is_right(saying, found)]
    assert heard / (heard + len(wrong)) >= 0.97, _told(wrong)


def test_real_questions_are_no_remarks() -> None:
    asked = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    questions = [Saying(kind="question", language=each["language"], text=each["question"]) for each in asked]
    taken = [each for each in questions if not is_right(each, outcome(each))]
    assert len(taken) <= 0.005 * len(questions), _told(taken)
