import json
from pathlib import Path

import pytest

from corpus.document import Document
from retrieval.errors import BuildFailed, MalformedQuestions
from retrieval.evaluation.predictions import Prediction, predict, score, write_predictions
from retrieval.query.searcher import Searcher
from retrieval.questions import Question, read_questions
from retrieval.snapshot.snapshot import open_snapshot
from tests.unit.retrieval.conftest import build_once


def asked(name: str, *expected: str) -> Question:
    return Question(id=name, question=name, expected=expected)


def given(name: str, decision: str, *ranked: str) -> Prediction:
    return Prediction(id=name, ranked=ranked, confidence=0.5, decision=decision)  # type: ignore[arg-type]


def test_the_figures_are_those_worked_by_hand() -> None:
    questions = [asked("1", "a"), asked("2", "a"), asked("3", "b"), asked("4", "c"), asked("5"), asked("6")]
    predictions = [
        given("1", "answer", "a", "b"),  # right
        given("2", "answer", "b"),  # wrong, not found
        given("3", "escalate", "a", "b"),  # second
        given("4", "escalate", *"xyzwvc"),  # sixth
        given("5", "answer", "a"),  # wrong: nothing answers it
        given("6", "escalate"),
    ]
    result = score(questions, predictions)
    assert (result.questions, result.in_scope) == (6, 4)
    assert result.accuracy_at_1 == pytest.approx(1 / 4)
    assert result.recall_at_5 == pytest.approx(2 / 4)
    assert result.mrr_at_10 == pytest.approx((1 + 1 / 2 + 1 / 6) / 4)
    assert result.answered == pytest.approx(3 / 6)
    assert result.wrong_among_answered == pytest.approx(2 / 3)


def test_shares_of_nothing_are_not_zero() -> None:
    result = score([asked("1")], [given("1", "escalate")])
    assert (result.accuracy_at_1, result.wrong_among_answered) == (None, None)


def test_a_question_file_is_asked_and_the_predictions_are_written_whole(
    documents: list[Document], index: Path, tmp_path: Path
) -> None:
    build_once(documents, index)
    path = tmp_path / "questions.jsonl"
    wanted = documents[3]
    rows = [{"id": "q1", "question": wanted.questions[0], "expected": [wanted.id], "group": "extra"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "\n")
    searcher = Searcher(open_snapshot(index), budget=0.1)
    predictions = [predict(each, searcher.search(each.question, limit=10)) for each in read_questions(path)]
    out = tmp_path / "predictions.jsonl"
    write_predictions(predictions, out)
    (row,) = [json.loads(line) for line in out.read_text().splitlines()]
    assert row["ranked"][0] == wanted.id
    assert len(row["ranked"]) == 10
    assert set(row) == {"id", "ranked", "confidence", "decision", "offered", "section"}
    with pytest.raises(BuildFailed, match="nowhere"):
        write_predictions(predictions, tmp_path / "nowhere" / "out.jsonl")


def test_an_empty_question_is_a_question(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "silent", "question": "", "expected": []}\n')
    assert read_questions(path) == [Question(id="silent", question="", expected=())]


def test_what_else_a_line_says_in_a_word_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    rest = {"scope": "in", "category": 7, "tags": ["a"], "note": "", "none": None}
    path.write_text(json.dumps({"id": "1", "question": "x", "expected": [], "language": "en"} | rest))
    (question,) = read_questions(path)
    assert question.marks == {"scope": "in", "category": "7"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", r"questions\.jsonl:2: this is not JSON"),
        ("[]", r"questions\.jsonl:2: this must be an object"),
        ('{"id": "x"}', r"questions\.jsonl:2: `question` must be a text"),
        ('{"id": 3, "question": "x"}', r"questions\.jsonl:2: `id` must be a text"),
        ('{"id": "x", "question": "x", "expected": "a"}', r"questions\.jsonl:2: `expected` must be a list"),
        ('{"id": "x", "question": "x", "language": 1}', r"questions\.jsonl:2: `language`"),
        ('{"id": "ok", "question": "x"}', r"questions\.jsonl:2: the id 'ok' was used before"),
    ],
)
def test_a_broken_question_file_names_the_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "ok", "question": "x"}\n' + line + "\n")
    with pytest.raises(MalformedQuestions, match=says):
        read_questions(path)


def test_a_question_file_that_is_empty_missing_or_binary_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    with pytest.raises(MalformedQuestions, match="cannot be read"):
        read_questions(path)
    path.write_text("\n")
    with pytest.raises(MalformedQuestions, match="no questions"):
        read_questions(path)
    path.write_bytes(b"\xff\xff")
    with pytest.raises(MalformedQuestions, match="not UTF-8"):
        read_questions(path)
