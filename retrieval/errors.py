"""Errors of retrieval.

RetrievalError
├── EncoderUnavailable      the encoder is not installed, or cannot be compiled
├── EncoderDamaged          an encoder's files are missing, or are not what its encoder.json says
├── SnapshotError           a snapshot cannot be used
│   ├── NoSnapshot          the directory holds no index, or not this version of it
│   ├── SnapshotDamaged     a file is missing, truncated or altered; the message names it
│   ├── SnapshotFormat      written by a release that this one does not understand
│   └── EncoderMismatch     the vectors were made with another encoder than the one beside them
├── IndexBusy               another process is building in this directory
├── BuildFailed             a snapshot could not be built or written (disk full, nothing to index)
├── MalformedQuestions      a line of a question file cannot be understood
├── ReaderUnavailable       the reader that is asked for cannot be used here
└── ReaderFailed            a reader did not reply
"""


class RetrievalError(Exception):
    """Finding failed. Every message names the file or input and what to do."""


class EncoderUnavailable(RetrievalError):
    """The encoder is not installed, or cannot be compiled here."""


class EncoderDamaged(RetrievalError):
    """An encoder's files are missing, or are not what its encoder.json says."""


class SnapshotError(RetrievalError):
    """A snapshot cannot be used."""


class NoSnapshot(SnapshotError):
    """The directory holds no index, or not this version of it."""


class SnapshotDamaged(SnapshotError):
    """A file of a snapshot is missing, truncated or altered."""


class SnapshotFormat(SnapshotError):
    """A snapshot was written by a release that this one does not understand."""


class EncoderMismatch(SnapshotError):
    """The vectors of a snapshot were made with another encoder than the one beside them."""


class IndexBusy(RetrievalError):
    """Another process is building in this index directory."""


class BuildFailed(RetrievalError):
    """A snapshot could not be built or written; the one in use is untouched."""


class MalformedQuestions(RetrievalError):
    """A line of a question file cannot be understood."""


class ReaderUnavailable(RetrievalError):
    """The reader that is asked for cannot be used here: a package is missing, or it is no model of that sort."""


class ReaderFailed(RetrievalError):
    """A reader did not reply: it is away, too slow, or refuses. The message holds nothing that was asked."""

    def __init__(self, message: str, *, is_timeout: bool = False) -> None:
        super().__init__(message)
        self.is_timeout = is_timeout
