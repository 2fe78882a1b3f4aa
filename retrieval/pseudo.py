"""Questions made from the corpus itself, whose answers are known, to learn how to weigh a search and how sure to be.

Each is asked with what it was taken from held out, so that it must be found by the rest of its document: a known
phrasing without itself, a title by the text below it, a thread's title by other threads that cite the same page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpus.passage import Passage
from retrieval.documents import DocumentFacts
from retrieval.encoder import Encoder
from retrieval.fusion import Floats, Ints
from retrieval.lexical import LexicalIndex
from retrieval.topics import Examples
from retrieval.units import PHRASING, TITLE, Units, name_text, views

#: At most this many questions of each sort are asked of each kind of document, so that a large forum does not outvote
#: the help articles.
MOST = 400

Sort = Literal["phrasings", "threads", "titles"]


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """What a build knows of its documents when it comes to asking them; vectors float16 [units, dimensions]."""

    documents: Sequence[Sequence[Passage]]
    facts: DocumentFacts
    units: Units
    texts: Sequence[str]
    vectors: NDArray[np.float16]
    lexical: LexicalIndex
    examples: Examples

    def vector(self, unit: int) -> Floats:
        """One unit's vector, float32 [dimensions]."""
        return np.asarray(self.vectors[unit], dtype=np.float32)

    def nearness(self, units: Ints, vector: Floats) -> Floats:
        """Cosines of units and a vector, float32 [n]."""
        return np.asarray(self.vectors[units].astype(np.float32) @ vector)

    @property
    def kinds(self) -> NDArray[np.str_]:
        """The kind of each document."""
        return np.array([passages[0].document.kind for passages in self.documents])


@dataclass(frozen=True, kw_only=True)
class PseudoQuestion:
    """A question taken from a document, and what of the document is left to find it by: texts, and a cosine."""

    sort: Sort
    unit: int
    document: int
    vector: Floats
    rest: Sequence[str]
    dense: float = -1.0


def pseudo_questions(corpus: Corpus, encoder: Encoder, *, seed: int = 0) -> list[PseudoQuestion]:
    """A sample of the known phrasings, threads and titles of a corpus, in this order."""
    random = np.random.default_rng(seed)
    return [*_phrasings(corpus, random), *_threads(corpus, random), *_titles(corpus, encoder, random)]


def _phrasings(corpus: Corpus, random: np.random.Generator) -> Iterator[PseudoQuestion]:
    """Known phrasings; each is found by the title, the text and the other phrasings of its document."""
    kinds = corpus.kinds
    phrasings = np.flatnonzero(corpus.units.passage == PHRASING)
    for unit in _sample(phrasings, kinds[corpus.units.document[phrasings]], random).tolist():
        number = int(corpus.units.document[unit])
        passages = corpus.documents[number]
        document = passages[0].document
        others = [question for question in document.questions if question != corpus.texts[unit]]
        _, rows = corpus.units.rows_of(np.array([number]))
        alike = np.array([corpus.texts[row] == corpus.texts[unit] for row in rows])
        vector = corpus.vector(unit)
        rest = corpus.nearness(rows[~alike], vector)
        texts = [*(passage.embedded for passage in passages), name_text(document.title, others)]
        yield PseudoQuestion(
            sort="phrasings", unit=unit, document=number, vector=vector, rest=texts, dense=float(rest.max(initial=-1))
        )


def _titles(corpus: Corpus, encoder: Encoder, random: np.random.Generator) -> Iterator[PseudoQuestion]:
    """Titles; each is found by what its document says below titles and headings, and by its phrasings."""
    titled = np.flatnonzero(corpus.units.passage == TITLE)
    titled = _sample(titled, corpus.kinds[corpus.units.document[titled]], random)
    numbers = corpus.units.document[titled].tolist()
    bodies = [[view.text for passage in corpus.documents[number] for view in views(passage)] for number in numbers]
    encoded = encoder.encode([text for texts in bodies for text in texts])
    start = 0
    for unit, number, texts in zip(titled.tolist(), numbers, bodies, strict=True):
        vector = corpus.vector(unit)
        scores = encoded[start : start + len(texts)] @ vector
        start += len(texts)
        _, rows = corpus.units.rows_of(np.array([number]))
        phrased = corpus.nearness(rows[corpus.units.passage[rows] == PHRASING], vector)
        questions = corpus.documents[number][0].document.questions
        rest = [*texts, name_text("", questions)]
        dense = float(max(scores.max(initial=-1), phrased.max(initial=-1)))
        yield PseudoQuestion(sort="titles", unit=unit, document=number, vector=vector, rest=rest, dense=dense)


def _threads(corpus: Corpus, random: np.random.Generator) -> Iterator[PseudoQuestion]:
    """Titles of threads whose topic is shared; each is found by other threads of the topic, not by its own."""
    topics = corpus.examples.members
    shared = np.bincount(topics[topics >= 0], minlength=corpus.examples.count + 1) > 1
    titled = np.flatnonzero(corpus.units.passage == TITLE)
    numbers = corpus.units.document[titled]
    in_topic = ((topics[numbers] >= 0) & shared[topics[numbers]]).any(axis=1) & (corpus.kinds[numbers] == "answer")
    for unit in _sample(titled[in_topic], corpus.kinds[numbers[in_topic]], random).tolist():
        vector = corpus.vector(unit)
        yield PseudoQuestion(
            sort="threads", unit=unit, document=int(corpus.units.document[unit]), vector=vector, rest=()
        )


def _sample(units: Ints, kinds: NDArray[np.str_], random: np.random.Generator) -> Ints:
    """At most MOST of each kind."""
    chosen = [random.permutation(units[kinds == kind])[:MOST] for kind in np.unique(kinds)]
    return np.sort(np.concatenate([*chosen, units[:0]]))
