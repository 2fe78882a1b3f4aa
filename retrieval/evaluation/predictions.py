"""Asks every question of a question file, and says how often the first answer was right."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from retrieval.errors import MalformedQuestions
from retrieval.evaluation.atomic_write import write_all
from retrieval.query.searcher import SearchResult

#: How many ranked documents a prediction names.
RANKED = 10
_KNOWN = frozenset({"id", "question", "expected", "language"})


@dataclass(frozen=True, kw_only=True)
class Question:
    """One line of a question file; `expected` is empty when the corpus cannot answer it.

    `question` may be empty: customers send that too.
    """

    id: str
    question: str
    expected: tuple[str, ...]
    language: str | None = None
    #: Whatever else the line says in a word or a number, such as a scope: what a report tells apart.
    marks: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """One line of a prediction file."""

    id: str
    ranked: tuple[str, ...]
    confidence: float
    decision: Literal["answer", "clarify", "escalate"]


@dataclass(frozen=True, kw_only=True)
class Score:
    """How good predictions are. A prediction is right when its first document is expected."""

    questions: int
    #: Questions that the corpus can answer; the next three are over these.
    in_scope: int
    accuracy_at_1: float | None
    recall_at_5: float | None
    mrr_at_10: float | None
    #: Shares of all questions.
    answered: float
    clarified: float
    escalated: float
    #: Share of the answers given.
    wrong_among_answered: float | None


def read_questions(path: Path) -> list[Question]:
    """Read a question file; MalformedQuestions names file and line."""
    questions: dict[str, Question] = {}
    for place, line in _lines(path):
        question = _question(place, line)
        if question.id in questions:
            raise MalformedQuestions(f"{place}: the id {question.id!r} was used before. Give each question its own.")
        questions[question.id] = question
    if not questions:
        raise MalformedQuestions(f"{path}: there are no questions in it.")
    return list(questions.values())


def predict(asked: Question, found: SearchResult) -> Prediction:
    """What a search comes to."""
    return Prediction(
        id=asked.id,
        ranked=tuple(candidate.document_id for candidate in found.candidates),
        confidence=round(found.confidence, 6),
        decision=found.verdict,
    )


def score(questions: Sequence[Question], predictions: Sequence[Prediction]) -> Score:
    """Score predictions given in the questions' order."""
    pairs = list(zip(questions, predictions, strict=True))
    ranks = [_rank(asked, given) for asked, given in pairs if asked.expected]
    answered = [(asked, given) for asked, given in pairs if given.decision == "answer"]
    wrong = sum(_rank(asked, given) != 1 for asked, given in answered)
    return Score(
        questions=len(pairs),
        in_scope=len(ranks),
        accuracy_at_1=_share(sum(rank == 1 for rank in ranks), len(ranks)),
        recall_at_5=_share(sum(rank is not None and rank <= 5 for rank in ranks), len(ranks)),
        mrr_at_10=_share(sum(1 / rank for rank in ranks if rank is not None and rank <= RANKED), len(ranks)),
        answered=len(answered) / len(pairs),
        clarified=sum(given.decision == "clarify" for _, given in pairs) / len(pairs),
        escalated=sum(given.decision == "escalate" for _, given in pairs) / len(pairs),
        wrong_among_answered=_share(wrong, len(answered)),
    )


def write_predictions(predictions: Sequence[Prediction], path: Path) -> None:
    """Write a prediction file, whole or not at all."""
    lines = (f"{json.dumps(asdict(prediction), ensure_ascii=False)}\n" for prediction in predictions)
    write_all({path: "".join(lines)})


def _rank(asked: Question, given: Prediction) -> int | None:
    return next((rank for rank, document in enumerate(given.ranked, 1) if document in asked.expected), None)


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}:{number}", line
    except OSError as error:
        raise MalformedQuestions(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise MalformedQuestions(f"{path} is not UTF-8: {error.reason} at byte {error.start}.") from error


def _question(place: str, line: str) -> Question:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise MalformedQuestions(f"{place}: this is not JSON: {error}.") from error
    if not isinstance(row, dict):
        raise MalformedQuestions(f'{place}: this must be an object such as {{"id": "1", "question": "…"}}.')
    expected, language = row.get("expected", []), row.get("language")
    if not isinstance(expected, list) or not all(isinstance(document, str) for document in expected):
        raise MalformedQuestions(f"{place}: `expected` must be a list of document ids.")
    if not isinstance(row.get("id"), str) or not row["id"].strip():
        raise MalformedQuestions(f"{place}: `id` must be a text that is not empty.")
    if not isinstance(row.get("question"), str):
        raise MalformedQuestions(f"{place}: `question` must be a text.")
    if language is not None and not isinstance(language, str):
        raise MalformedQuestions(f'{place}: `language` must be a code such as "en".')
    marks = {
        name: str(value)
        for name, value in row.items()
        if name not in _KNOWN and isinstance(value, str | int) and value != ""
    }
    return Question(id=row["id"], question=row["question"], expected=tuple(expected), language=language, marks=marks)
