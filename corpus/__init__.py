"""Corpus: sources of a company's knowledge to documents, and documents to the passages that are searched and shown."""

from corpus.chunking import ChunkSize, chunk
from corpus.document import Document, Kind
from corpus.errors import CorpusError, DuplicateDocument, EmptySource, MalformedDocument, SourceNotFound
from corpus.passage import Passage

__all__ = [
    "ChunkSize",
    "CorpusError",
    "Document",
    "DuplicateDocument",
    "EmptySource",
    "Kind",
    "MalformedDocument",
    "Passage",
    "SourceNotFound",
    "chunk",
]
