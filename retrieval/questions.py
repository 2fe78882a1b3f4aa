"""Question files: what customers asked, and which documents answer it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrieval.errors import MalformedQuestions

_KNOWN = frozenset({"id", "question", "expected", "language", "section"})


@dataclass(frozen=True, kw_only=True)
class Question:
    """One line of a question file; `expected` is empty when the corpus cannot answer it.

    `question` may be empty: customers send that too.
    """

    id: str
    question: str
    expected: tuple[str, ...]
    language: str | None = None
    #: The heading under which the answer stands, where the line names one.
    section: str | None = None
    #: Whatever else the line says in a word or a number, such as a scope: what a report tells apart.
    marks: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def is_unreviewed(self) -> bool:
        """True where nobody has read the line yet (`"reviewed": false`), so that nothing is learned from it."""
        return self.marks.get("reviewed") == str(False)


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
    section = row.get("section")
    if section is not None and not isinstance(section, str):
        raise MalformedQuestions(f"{place}: `section` must be a heading.")
    if language is not None and not isinstance(language, str):
        raise MalformedQuestions(f'{place}: `language` must be a code such as "en".')
    marks = {
        name: str(value)
        for name, value in row.items()
        if name not in _KNOWN and isinstance(value, str | int) and value != ""
    }
    return Question(
        id=row["id"],
        question=row["question"],
        expected=tuple(expected),
        language=language,
        section=section,
        marks=marks,
    )
