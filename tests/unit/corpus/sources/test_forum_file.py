import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.answer_ranking import ForumAnswer, authority
from corpus.document import Document
from corpus.errors import MalformedDocument
from corpus.sources.forum_file import ForumFile

TODAY = date(2026, 6, 1)
THREAD: dict[str, Any] = {
    "id": "t1",
    "title": "No sound",
    "question": "my speaker is quiet since monday??",
    "url": "https://forum.example.com/t1",
    "language": "en",
    "asked": "2026-01-01",
    "answers": [
        {
            "id": "1",
            "author": "ann",
            "role": "member",
            "accepted": True,
            "votes": 40,
            "date": "2026-01-02",
            "text": "Reset it.",
        },
        {
            "id": "2",
            "author": "Bo",
            "role": "official",
            "accepted": False,
            "votes": 1,
            "date": "2026-05-01",
            "text": "Update it.\n",
        },
    ],
}


def write(tmp_path: Path, *threads: dict[str, Any]) -> Path:
    file = tmp_path / "forum.jsonl"
    file.write_text("\n".join(map(json.dumps, threads)))
    return file


def read(path: Path, said: list[str] | None = None) -> list[Document]:
    return list(ForumFile(path).read(today=TODAY, notice=(said if said is not None else []).append))


def test_a_thread_is_its_most_trusted_answer_word_for_word(tmp_path: Path) -> None:
    trusted = ForumAnswer(id="2", text="Update it.", role="official", votes=1, day=date(2026, 5, 1))
    assert read(write(tmp_path, THREAD)) == [
        Document(
            id="t1",
            title="No sound",
            text="Update it.",
            kind="answer",
            url="https://forum.example.com/t1",
            language="en",
            questions=("No sound", "my speaker is quiet since monday??"),
            updated=date(2026, 5, 1),
            authority=authority(trusted, date(2026, 5, 1)),
            author="Bo",
            confirmed=True,
        )
    ]


def test_what_is_not_said_about_an_answer_is_assumed_least(tmp_path: Path) -> None:
    (document,) = read(write(tmp_path, THREAD | {"answers": [{"text": "Shake it."}], "question": "No sound"}))
    assert (document.author, document.confirmed, document.updated) == (None, False, None)
    assert document.questions == ("No sound",)
    assert document.authority < 0.3


def test_a_file_is_read_alike_on_any_day(tmp_path: Path) -> None:
    old = THREAD | {"id": "t2", "answers": [{"text": "Wait.", "date": "2024-03-01", "votes": 3}]}
    early = THREAD | {"id": "t3", "answers": [{"text": "It will be mended.", "date": "2999-01-01"}]}
    source = ForumFile(write(tmp_path, THREAD, old, early))
    first, later = (list(source.read(today=day, notice=print)) for day in (date(2026, 5, 1), date(2031, 1, 1)))
    assert first == later
    assert first[1].authority == authority(
        ForumAnswer(id="0", text="Wait.", votes=3, day=date(2024, 3, 1)), date(2026, 5, 1)
    )
    assert first[2].authority == authority(ForumAnswer(id="0", text="x", day=date(2026, 5, 1)), date(2026, 5, 1))


def test_threads_nobody_answered_are_left_out_aloud(tmp_path: Path) -> None:
    file = write(tmp_path, THREAD | {"answers": []}, THREAD, THREAD | {"answers": [{"text": " "}]})
    said: list[str] = []
    assert len(read(file, said)) == 1
    assert said == [f"Left out 2 forum threads without an answer: {file}:1, {file}:3."]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"answers": None}, ":1: the field 'answers' is missing"),
        ({"answers": {}}, ":1: the field 'answers' is {}"),
        ({"answers": ["Reset it."]}, ":1: the field 'answers' is ['Reset it.']"),
        ({"title": ""}, ":1: the field 'title' is ''"),
        ({"question": None}, ":1: the field 'question' is missing"),
        ({"answers": [{"text": "A."}, {"text": 1}]}, ":1: answers[1]: the field 'text' is 1"),
        (
            {"answers": [{"text": "A.", "role": "boss"}]},
            ":1: answers[0]: the role 'boss' is not known; write one of official,",
        ),
        ({"answers": [{"text": "A.", "votes": "3"}]}, ":1: answers[0]: the field 'votes' is '3'; write a whole number"),
        (
            {"answers": [{"text": "A.", "accepted": "no"}]},
            ":1: answers[0]: the field 'accepted' is 'no'; write true or false",
        ),
        ({"answers": [{"text": "A.", "date": "May"}]}, ":1: answers[0]: the field 'date' is 'May'; write a date"),
    ],
)
def test_a_wrong_field_is_named_with_file_line_and_answer(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    file = write(tmp_path, THREAD | change)
    with pytest.raises(MalformedDocument) as raised:
        read(file)
    assert str(raised.value).startswith(f"{file}{says}")
