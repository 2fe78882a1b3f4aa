"""Errors of reading a corpus.

CorpusError
├── SourceNotFound       the path does not exist or cannot be read
├── EmptySource          there is nothing in it
├── MalformedDocument    a file or line cannot be understood
└── DuplicateDocument    two documents have the same id
"""


class CorpusError(Exception):
    """The corpus could not be read. Every message names the file (and line) and what to do."""


class SourceNotFound(CorpusError):
    """The path of a source does not exist, or may not be read."""


class EmptySource(CorpusError):
    """A source holds no document."""


class MalformedDocument(CorpusError):
    """A file or line of a source cannot be understood."""


class DuplicateDocument(CorpusError):
    """Two documents of one corpus have the same id."""
