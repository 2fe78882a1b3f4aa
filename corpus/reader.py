from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from corpus.document import Document
from corpus.errors import DuplicateDocument, EmptySource, MalformedDocument, SourceNotFound
from corpus.sources.corpus_file import CorpusFile
from corpus.sources.forum_file import ForumFile
from corpus.sources.html_folder import HtmlFolder
from corpus.sources.markdown_folder import MarkdownFolder
from corpus.sources.source import Notice


class Source(Protocol):
    """Origin of knowledge: a folder, an export, a feed."""

    #: For messages: what the maintainer called it.
    name: str

    def read(self, *, today: date, notice: Notice) -> Iterator[Document]:
        """The documents, in the same order each time, none of them without text.

        `notice` hears of everything that was left out; `today` is the day that ages are counted from. Raises
        MalformedDocument or SourceNotFound; what a source without documents means is the caller's to say.
        """
        ...


class SourceKind(Protocol):
    """The door that every kind of source enters by: its class."""

    #: What it takes, for the message that lists the kinds.
    takes: str

    def recognises(self, path: Path) -> bool:
        """True where a path that exists holds this kind."""
        ...

    def __call__(self, path: Path) -> Source:
        """The source at a path that was recognised."""
        ...


#: The first kind that recognises a path reads it.
SOURCE_KINDS: Sequence[SourceKind] = (HtmlFolder, MarkdownFolder, ForumFile, CorpusFile)


def open_source(path: Path) -> Source:
    """The source at a path, its kind told from name and content.

    Raises SourceNotFound when nothing is there, MalformedDocument when it is of no kind that can be read.
    """
    try:
        path.stat()
    except OSError as error:
        raise SourceNotFound(
            f"{path}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error
    for kind in SOURCE_KINDS:
        if kind.recognises(path):
            return kind(path)
    raise MalformedDocument(
        f"{path}: not a source that can be read; give {', or '.join(kind.takes for kind in SOURCE_KINDS)}"
    )


def read_corpus(paths: Sequence[Path], *, today: date, notice: Callable[[str], None]) -> list[Document]:
    """All documents of all sources, in order.

    Raises EmptySource when a source holds none, DuplicateDocument when two have the same id, and what its sources
    raise.
    """
    corpus: dict[str, Document] = {}
    for path in paths:
        source = open_source(path)
        before = len(corpus)
        for document in source.read(today=today, notice=notice):
            other = corpus.setdefault(document.id, document)
            if other is not document:
                raise DuplicateDocument(
                    f"{document.origin}: the id {document.id!r} is taken by {other.origin}; give one of them another id"
                )
        if len(corpus) == before:
            raise EmptySource(f"{source.name}: holds no document with text; check that it is the right one")
    if not corpus:
        raise EmptySource("No source was given; name a folder of Markdown or HTML files, or a .jsonl file")
    return list(corpus.values())
