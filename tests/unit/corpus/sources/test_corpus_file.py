import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.document import Document
from corpus.errors import MalformedDocument, SourceNotFound
from corpus.sources.corpus_file import CorpusFile

FULL: dict[str, Any] = {
    "id": "fees",
    "title": "Fees",
    "text": " What we charge.\n",
    "kind": "faq",
    "url": "https://example.com/fees",
    "language": "en-GB",
    "questions": ["What does it cost?", " "],
    "updated": "2025-01-31T10:00:00Z",
    "authority": 0.25,
    "colour": "blue",
}
SMALL: dict[str, Any] = {"id": "a", "title": "", "text": "A.", "kind": "answer"}


def read(path: Path, said: list[str] | None = None) -> list[Document]:
    return list(CorpusFile(path).read(today=date(2026, 1, 1), notice=(said if said is not None else []).append))


def test_every_field_is_read_and_others_are_ignored(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text(f"\n{json.dumps(FULL)}\n\n{json.dumps(SMALL)}\n")
    full, small = read(file)
    assert full == Document(
        id="fees",
        title="Fees",
        text="What we charge.",
        kind="faq",
        url="https://example.com/fees",
        language="en",
        questions=("What does it cost?",),
        updated=date(2025, 1, 31),
        authority=0.25,
    )
    assert small == Document(id="a", title="", text="A.", kind="answer", authority=0.5)
    assert (full.origin, small.origin) == (f"{file}:2", f"{file}:4")


def test_a_packed_file_and_a_byte_order_mark_read_the_same(tmp_path: Path) -> None:
    line = json.dumps(SMALL).encode()
    packed, marked = tmp_path / "c.jsonl.gz", tmp_path / "m.jsonl"
    packed.write_bytes(gzip.compress(line))
    marked.write_bytes(b"\xef\xbb\xbf" + line)
    assert read(packed) == read(marked) != []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"id": None}, "'id' is missing"),
        ({"id": 7}, "'id' is 7; write a text"),
        ({"id": " "}, "'id' is ' '; write a text in quotes that is not empty"),
        ({"title": None}, "'title' is missing"),
        ({"text": ["a"]}, "'text' is ['a']"),
        ({"text": "\ud800"}, "'text' is '\\ud800'; write it without"),
        ({"kind": "blog"}, '\'kind\' is \'blog\'; write "article" or "faq" or "answer"'),
        ({"kind": None}, "'kind' is missing"),
        ({"url": 1}, "'url' is 1"),
        ({"language": "English"}, "'language' is 'English'; write a language code"),
        ({"questions": "How?"}, "'questions' is 'How?'; write a list of texts"),
        ({"questions": [1]}, "'questions' is [1]"),
        ({"updated": "31.1.2025"}, "'updated' is '31.1.2025'; write a date such as 2025-01-31"),
        ({"updated": "2025-02-30"}, "'updated' is '2025-02-30'"),
        ({"authority": 2}, "'authority' is 2; write a number from 0 to 1"),
        ({"authority": True}, "'authority' is True"),
    ],
)
def test_a_wrong_field_is_named_with_file_line_and_cure(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text(f"{json.dumps(FULL)}\n{json.dumps(SMALL | change)}\n")
    with pytest.raises(MalformedDocument) as raised:
        read(file)
    assert str(raised.value).startswith(f"{file}:2: the field {says}")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{'id': 1}", "not JSON"),
        (b"[1]", "not an object"),
        (b'{"id": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: bytes, says: str) -> None:
    file = tmp_path / "c.jsonl"
    file.write_bytes(b"\n" + line)
    with pytest.raises(MalformedDocument, match=f":2: {says}"):
        read(file)


def test_a_broken_gzip_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl.gz"
    for broken in (b"not packed", gzip.compress(json.dumps(SMALL).encode() * 9)[:-12]):
        file.write_bytes(broken)
        with pytest.raises(MalformedDocument, match=r"c\.jsonl\.gz: not a whole gzip file"):
            read(file)


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match=r"gone\.jsonl: cannot be read \(No such file"):
        read(tmp_path / "gone.jsonl")


def test_documents_without_text_are_left_out_aloud(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text("\n".join(json.dumps(SMALL | {"id": str(n), "text": " " if n else "A."}) for n in range(8)))
    said: list[str] = []
    assert [document.id for document in read(file, said)] == ["0"]
    places = ", ".join(f"{file}:{n}" for n in range(2, 7))
    assert said == [f"Left out 7 documents without text: {places} and 2 more."]


def test_a_document_says_which_one_it_translates(tmp_path: Path) -> None:
    path = tmp_path / "docs.jsonl"
    path.write_text("\n".join(map(json.dumps, [FULL, FULL | {"id": "avgifter", "translation_of": "fees"}])))
    assert [document.translation_of for document in read(path)] == [None, "fees"]
