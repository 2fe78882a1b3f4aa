from collections.abc import Iterator
from datetime import date
from pathlib import Path

from corpus.document import Document
from corpus.sources.fields import Fields
from corpus.sources.json_lines import is_json_lines, records
from corpus.sources.source import Notice, report_skipped


class CorpusFile:
    """A JSON Lines file with one document a line: the exchange format that any program can write.

    `{"id", "title", "text", "kind", "url"?, "language"?, "questions"?, "updated"?, "authority"?, "translation_of"?}`;
    other fields are ignored. A title may be empty, a document without text is left out and noticed.
    """

    takes = "a JSON Lines file of documents (.jsonl or .jsonl.gz)"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Any file of JSON Lines."""
        return is_json_lines(path)

    def read(self, *, today: date, notice: Notice) -> Iterator[Document]:  # noqa: ARG002  # a document has its age from its date
        """The documents in the file's order."""
        empty = []
        for record in records(self.path):
            document = _document(record)
            if document.text:
                yield document
            else:
                empty.append(document.origin)
        report_skipped(empty, "documents without text", notice)


def _document(record: Fields) -> Document:
    kind = record.kind()
    return Document(
        id=record.text("id"),
        title=record.text("title", blank=True),
        text=record.text("text", blank=True),
        kind=kind,
        url=record.optional_text("url"),
        language=record.language("language"),
        questions=record.texts("questions"),
        updated=record.day("updated"),
        authority=record.authority(kind),
        translation_of=record.optional_text("translation_of"),
        origin=record.place,
    )
