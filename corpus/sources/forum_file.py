from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from corpus.answer_ranking import ForumAnswer, Role, authority, confirmed, rank_answers
from corpus.document import Document
from corpus.errors import MalformedDocument
from corpus.sources.fields import Fields
from corpus.sources.json_lines import is_json_lines, records
from corpus.sources.source import Notice, report_skipped

_ROLES: tuple[Role, ...] = ("official", "expert", "member")


class ForumFile:
    """A JSON Lines file with one forum thread a line; a thread becomes one document with its most trusted answer.

    `{"id", "title", "question", "url"?, "language"?, "asked"?, "answers": [{"id"?, "author"?, "role"?: "official" |
    "expert" | "member", "accepted"?, "votes"?, "date"?, "text"}]}`; other fields are ignored. The answer is the
    document's text, word for word; title and question are its known phrasings, so that it is found by the words it was
    asked in. `corpus.answer_ranking` says which answer is trusted most and which are confirmed: official ones, and
    accepted ones of an expert. A thread nobody answered is left out and noticed.
    """

    takes = 'a JSON Lines file of forum threads with "answers" (.jsonl or .jsonl.gz)'

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """A file of JSON Lines whose first object has "answers"."""
        return is_json_lines(path) and any("answers" in record.fields for record in islice(records(path), 1))

    def read(self, *, today: date, notice: Notice) -> Iterator[Document]:
        """The answered threads in the file's order.

        Ages are counted from the newest answer in the file that is not of later than today: the same file is read alike
        on any day, and an index changes only when its corpus does.
        """
        days = (answer.day for record in records(self.path) for answer in _answers(record) if answer.day)
        as_of = max((day for day in days if day <= today), default=today)
        unanswered = []
        for record in records(self.path):
            answers = _answers(record)
            if answers:
                yield _document(record, rank_answers(answers, as_of)[0], as_of)
            else:
                unanswered.append(record.place)
        report_skipped(unanswered, "forum threads without an answer", notice)


def _document(record: Fields, answer: ForumAnswer, as_of: date) -> Document:
    title = record.text("title")
    question = record.text("question", blank=True)
    return Document(
        id=record.text("id"),
        title=title,
        text=answer.text,
        kind="answer",
        url=record.optional_text("url"),
        language=record.language("language"),
        questions=tuple(dict.fromkeys(filter(None, (title, question)))),
        updated=answer.day,
        authority=authority(answer, as_of),
        author=answer.author,
        confirmed=confirmed(answer),
        origin=record.place,
    )


def _answers(record: Fields) -> list[ForumAnswer]:
    given = record.fields.get("answers")
    if not isinstance(given, list) or not all(isinstance(fields, dict) for fields in given):
        raise record.error("answers", "a list of objects, [] when there is none")
    answers = []
    for number, fields in enumerate(given):
        one = Fields(place=f"{record.place}: answers[{number}]", fields=fields)
        text = one.text("text", blank=True)
        if text:
            answers.append(_answer(one, text, str(number)))
    return answers


def _answer(record: Fields, text: str, number: str) -> ForumAnswer:
    return ForumAnswer(
        id=record.optional_text("id") or number,
        text=text,
        role=_role(record),
        accepted=record.flag("accepted"),
        votes=record.integer("votes"),
        author=record.optional_text("author"),
        day=record.day("date"),
    )


def _role(record: Fields) -> Role:
    said = record.optional_text("role") or "member"
    for role in _ROLES:
        if said == role:
            return role
    raise MalformedDocument(f"{record.place}: the role {said!r} is not known; write one of {', '.join(_ROLES)}")
