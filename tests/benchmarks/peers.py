"""Other libraries on the same passages with the same vectors: haystack and txtai, each where it is installed."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from corpus.document import Document
from corpus.passage import Passage
from retrieval.encoders.compile import default_encoder_directory
from retrieval.encoders.encoder import Encoder, Vectors, open_encoder
from retrieval.query.query_text import embedding_texts
from retrieval.questions import Question
from retrieval.snapshot.embedded_texts import windows
from retrieval.snapshot.snapshot import Snapshot, open_snapshot
from tests.benchmarks.asking import latency
from tests.benchmarks.figures import Peer
from tests.benchmarks.serving import memory_of
from tests.benchmarks.spread import RecalledEncoder
from tests.benchmarks.work import Work

#: What each is called on the package index.
PACKAGES = {"haystack": "haystack-ai", "txtai": "txtai"}
#: Passages that are asked for, as a searcher asks for candidates.
_WANTED = 10
#: Questions are asked for so long, and so many at least.
_SECONDS, _FEWEST = 60, 10


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A passage that a library is given: an id of its own, the document that it is of, text, vector [dimensions]."""

    id: str
    document: str
    text: str
    vector: Vectors


class Library(Protocol):
    """What is measured of another library."""

    def build(self, entries: Sequence[Entry]) -> None:
        """Take the entries in, with their vectors."""

    def ask(self, question: str, encoder: Encoder) -> Sequence[str]:
        """Documents of the passages nearest to a question, best first; one may come more than once."""


class Haystack:
    """Its document store in memory and the retriever of that."""

    def build(self, entries: Sequence[Entry]) -> None:
        """Write documents with embeddings."""
        from haystack import Document as Stored  # where it is installed
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever  # as above
        from haystack.document_stores.in_memory import InMemoryDocumentStore  # as above

        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        store.write_documents(
            [
                Stored(
                    id=entry.id, content=entry.text, meta={"document": entry.document}, embedding=entry.vector.tolist()
                )
                for entry in entries
            ]
        )
        self._retriever = InMemoryEmbeddingRetriever(store, top_k=_WANTED)

    def ask(self, question: str, encoder: Encoder) -> Sequence[str]:
        """Encode and retrieve, without a pipeline around the two."""
        [vector] = encoder.encode([question])
        found: dict[str, Any] = self._retriever.run(query_embedding=vector.tolist())
        return [document.meta["document"] for document in found["documents"]]


class Txtai:
    """Its embeddings database as it is by default, with the texts kept, and vectors from outside."""

    def build(self, entries: Sequence[Entry]) -> None:
        """Index texts; it asks for their vectors."""
        from txtai import Embeddings  # where it is installed

        vectors = {entry.text: entry.vector for entry in entries}
        self._documents = {entry.id: entry.document for entry in entries}
        self._encode: Callable[[Sequence[str]], Any] = lambda texts: [vectors[text] for text in texts]
        transform = lambda texts: self._encode(texts)  # noqa: E731, PLW0108  # it calls what is no plain function
        self._embeddings = Embeddings(method="external", transform=transform, content=True)
        self._embeddings.index((entry.id, entry.text, None) for entry in entries)

    def ask(self, question: str, encoder: Encoder) -> Sequence[str]:
        """Search; it has the question encoded."""
        self._encode = encoder.encode
        return [self._documents[found["id"]] for found in self._embeddings.search(question, _WANTED)]


_LIBRARIES: dict[str, Callable[[], Library]] = {"haystack": Haystack, "txtai": Txtai}


def is_installed(name: str) -> bool:
    """Whether a library can be measured here."""
    return find_spec(name) is not None


def measure_peer(folder: Path, *, name: str) -> Peer:
    """Give a library the passages and vectors of a work folder's index, and ask it the questions.

    Questions are encoded as for our own searcher. Latency is of those that our own searches in one view.
    """
    work = Work.open(folder)
    real = open_encoder(default_encoder_directory())
    # A library knows no views: a long message is looked for as it is, or where it is not real, by its first view.
    known = {asked.question: work.vectors[embedding_texts(asked.question)[0]] for asked in work.questions}
    encoder = RecalledEncoder(known, real, is_paid=True)
    entries = list(entries_of(open_snapshot(work.index)))
    library = _LIBRARIES[name]()
    started = time.perf_counter()
    library.build(entries)
    built = time.perf_counter() - started
    del entries
    taken, right = _answers(library, encoder, work.questions)
    return Peer(
        name=name,
        version=version(PACKAGES[name]),
        build=built,
        questions=len(taken),
        whole=latency([each for asked, each in taken.items() if len(embedding_texts(asked.question)) == 1]),
        accuracy_at_1=statistics.fmean(right) if right else None,
        rss_mb=memory_of().rss,
    )


def _answers(
    library: Library, encoder: Encoder, questions: Sequence[Question]
) -> tuple[dict[Question, float], list[bool]]:
    """Milliseconds of each question that is asked before time is up, and whether the first document was right."""
    library.ask(questions[0].question, encoder)
    taken: dict[Question, float] = {}
    right = []
    for asked in questions:
        started = time.perf_counter()
        found = library.ask(asked.question, encoder)
        taken[asked] = 1000 * (time.perf_counter() - started)
        if asked.expected:
            right.append(next(iter(found), None) in asked.expected)
        if sum(taken.values()) > 1000 * _SECONDS and len(taken) >= _FEWEST:
            break
    return taken, right


def entries_of(snapshot: Snapshot) -> Iterator[Entry]:
    """What a snapshot embeds of its passages, in the views that its encoder reads; without titles and phrasings."""
    shown = np.flatnonzero(snapshot.main.units.passage >= 0).tolist()
    for row, group in groupby(shown, key=lambda unit: int(snapshot.main.units.passage[unit])):
        found = snapshot.passages.candidate(row, score=0.0)
        document = Document(id=found.document_id, title=found.title, text=found.text)
        pieces = windows(Passage(document=document, number=0, headings=found.headings, text=found.text))
        # The pieces of its sections come after them.
        for unit, piece in zip(group, pieces, strict=False):
            vector = snapshot.main.vectors.at(unit, 1)[0]
            yield Entry(id=str(unit), document=document.id, text=piece.embedded, vector=vector)
