import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from corpus.chunking import chunk
from corpus.document import Document
from retrieval.encoders.encoder import Encoder
from retrieval.indexing.reindex import SHOWN, BuildReport, reindex
from retrieval.indexing.spaces import write_search_files
from retrieval.indexing.synthetic_questions import TrainingCorpus
from retrieval.result import Candidate
from retrieval.snapshot.document_table import DocumentTable
from retrieval.snapshot.embedded_texts import list_texts
from retrieval.testing import HashEncoder

#: What `build_once` has built.
_BUILT: dict[str, BuildReport] = {}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORDS = (  # noqa: SIM905  # a list of words reads best as one
    "hub lamp sensor parcel refund invoice password account battery firmware router ceiling garden schedule scene "
    "remote voice motion door window leak humidity timer holiday colour dimmer socket cable warranty serial"
).split()


def make_documents(count: int = 60) -> list[Document]:
    """Documents that are about two words each, so that a question with both has one best answer."""
    pairs = [(a, b) for place, a in enumerate(WORDS) for b in WORDS[place + 1 :]]
    return [
        Document(
            id=f"{a}-{b}",
            title=f"About the {a} and the {b}",
            text=f"The {a} works with the {b}. Press the {a} and then the {b}.",
            url=f"https://help.example/{a}/{b}",
            language="en",
            questions=(f"how does {a} go with {b}",),
        )
        for a, b in pairs[:: max(1, len(pairs) // count)][:count]
    ]


def make_taught() -> list[Document]:
    """Documents with so many phrasings that each is a topic, and threads that share some."""
    phrased = [
        replace(document, questions=(*document.questions, f"why {document.id}", f"{document.title} again"))
        for document in make_documents(40)
    ]
    threads = [
        Document(
            id=f"t{number}",
            title=f"Thread {number} on the {('hub', 'lamp', 'parcel')[number % 3]}",
            text=f"See https://forum.example/{number % 3}.",
            kind="answer",
            authority=0.5,
        )
        for number in range(12)
    ]
    return [*phrased, *threads]


@pytest.fixture(autouse=True, scope="session")
def small_topics() -> Iterator[None]:
    """A made document of a title and two phrasings is a topic here, so that corpora can be small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("retrieval.indexing.topic_mining.WORDINGS", 3)
        yield


@pytest.fixture
def documents() -> list[Document]:
    return make_documents()


def make_clear_documents(count: int = 120) -> list[Document]:
    """Documents that have words of their own, so that a corpus can tell what it knows; some phrasings have none."""
    return [
        Document(
            id=f"{'billing' if number % 4 == 0 else 'help'}/{number}",
            title=f"Set the item{number} and its part{number}",
            text=f"Hold the item{number} until the part{number} moves.",
            language="en",
            questions=(
                f"my item{number} does not work",
                f"part{number} of item{number} is stuck" if number % 5 else "it does not work again",
            ),
        )
        for number in range(count)
    ]


def candidate(name: str, *, title: str | None = None, url: str | None = None, text: str = "Text.") -> Candidate:
    return Candidate(
        document_id=name,
        passage_id=f"{name}#0",
        title=name.title() if title is None else title,
        headings=(),
        text=text,
        kind="article",
        url=url,
        language=None,
        updated=None,
        author=None,
        confirmed=False,
        authority=1.0,
        score=1.0,
    )


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def build(documents: Sequence[Document], index: Path, now: datetime = NOW) -> BuildReport:
    return reindex(documents, index, HashEncoder(256), now=now)


def build_once(documents: Sequence[Document], index: Path, now: datetime = NOW) -> BuildReport:
    """As `build`, where it does not matter how: a new index is the copy of one that a test has built before."""
    if index.exists():
        return build(documents, index, now)
    key = hashlib.sha256(repr((documents, now)).encode("utf-8", "surrogatepass")).hexdigest()
    if key not in _BUILT:
        _BUILT[key] = build(documents, _kept() / key, now)
    shutil.copytree(_kept() / key, index)
    return _BUILT[key]


@cache
def _kept() -> Path:
    folder = tempfile.mkdtemp(prefix="answerdesk-built-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def corpus_of(documents: Sequence[Document], directory: Path, encoder: Encoder) -> TrainingCorpus:
    """What a build of these documents asks its questions of, written to a new directory."""
    directory.mkdir()
    passages = [chunk(document, capacity=SHOWN) for document in documents]
    units, texts = list_texts(passages)
    facts = DocumentTable.of(documents)
    vectors = encoder.encode(texts).astype(np.float16)
    return write_search_files(directory, passages, facts=facts, units=units, texts=texts, vectors=vectors)
