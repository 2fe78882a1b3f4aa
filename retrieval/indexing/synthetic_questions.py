"""Questions made from the corpus itself, whose answers are known, to learn how to weigh a search and how sure to be.

Each is asked with what it was taken from held out, so that it must be found by the rest of its document: a known
phrasing without itself, a title by the text below it, a thread's title by other threads that cite the same page. Where
nobody has worded a question otherwise than its title does, some of the title's words stand for a customer's.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from corpus import Document, Passage
from retrieval.encoders.encoder import Encoder
from retrieval.indexing.topic_mining import Examples
from retrieval.scoring.fusion import Floats, Ints
from retrieval.snapshot.bm25 import Bm25Index
from retrieval.snapshot.document_table import DocumentTable, unique_titles
from retrieval.snapshot.embedded_texts import PHRASING, TITLE, EmbeddedTexts, name_text, pieces, windows

#: At most this many questions of each sort are asked of each kind of document, so that a large forum does not outvote
#: the help articles.
MOST = 400
#: With fewer phrasings and threads than this, titles teach the weights of a search too.
FREE_ENOUGH = 50
#: Of a title's words, between these shares are kept when it is shortened, and two at least.
KEPT = (0.4, 0.8)
#: Where a sentence ends, and the fewest words of one that a question can be made of.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_FEWEST_WORDS = 6

Sort = Literal["labels", "phrasings", "threads", "shortened", "titles"]
SORTS: Final[tuple[Sort, ...]] = ("labels", "phrasings", "threads", "shortened", "titles")


@dataclass(frozen=True, kw_only=True)
class TrainingCorpus:
    """Documents of a build with all that asking them takes; vectors float16 [units, dimensions]."""

    documents: Sequence[Sequence[Passage]]
    facts: DocumentTable
    units: EmbeddedTexts
    texts: Sequence[str]
    vectors: NDArray[np.float16]
    lexical: Bm25Index
    examples: Examples
    #: Whether documents of many languages meet in it.
    is_mixed: bool = False

    def vector(self, unit: int) -> Floats:
        """Vector of one unit, float32 [dimensions]."""
        return np.asarray(self.vectors[unit], dtype=np.float32)

    def nearness(self, units: Ints, vector: Floats) -> Floats:
        """Cosines of units and a vector, float32 [n]."""
        return np.asarray(self.vectors[units].astype(np.float32) @ vector)

    def units_of(self, document: int) -> Ints:
        """The units of a document."""
        return self.units.rows_of(np.array([document]))[1]

    @property
    def kinds(self) -> NDArray[np.str_]:
        """The kind of each document."""
        return np.array([passages[0].document.kind for passages in self.documents])


@dataclass(frozen=True, kw_only=True)
class SyntheticQuestion:
    """A question taken from a document.

    `unit` is what it was taken from. `held_out` are the units that it must not be found by, `rest` the texts of its
    document that are left, and `dense` the cosine of the nearest unit left; `rest` is None where nothing is held out.
    `twins` are other documents that are known to answer the same words, with the texts of each that are left.
    """

    sort: Sort
    unit: int
    document: int
    text: str
    vector: Floats
    held_out: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    rest: Sequence[str] | None = None
    dense: float = -1.0
    twins: Mapping[int, Sequence[str]] = field(default_factory=dict)


def synthetic_questions_of(
    corpus: TrainingCorpus, encoder: Encoder, *, labelled: Collection[str] = (), seed: int = 0
) -> list[SyntheticQuestion]:
    """A sample of the questions that a corpus can be asked, sort by sort in the order of SORTS.

    Phrasings that are `labelled` are what customers asked, word for word, and all of them are taken. Titles are only
    taken where there are few others to learn the weights of a search from, shortened ones where customers' words are
    unknown for a kind of document. Where many languages meet, every document may be asked by one: most phrasings are in
    the language that most documents are in, and too little would be seen of the others.
    """
    random = np.random.default_rng(seed)
    free = [*_phrasings(corpus, encoder, random, labelled), *_threads(corpus, encoder, random)]
    wanted = _all(corpus) if corpus.is_mixed else _unasked(corpus, free)
    shortened = _shortened(corpus, encoder, wanted, random)
    return [*free, *shortened, *(_titles(corpus, encoder, random) if len(free) < FREE_ENOUGH else ())]


def _all(corpus: TrainingCorpus) -> dict[str, int]:
    """Each document by one question, at most MOST of each kind."""
    return {str(kind): min(MOST, int(count)) for kind, count in zip(*np.unique_counts(corpus.kinds), strict=True)}


def _unasked(corpus: TrainingCorpus, free: Sequence[SyntheticQuestion]) -> dict[str, int]:
    """Number of shortened titles to ask, by kind of document, of those that nobody has worded a question for.

    As many for each of them as each worded one is asked, and one at least; none of kinds whose threads share topics.
    """
    kinds = corpus.kinds
    asked = [corpus.documents[each.document][0].document.kind for each in free if each.sort != "threads"]
    threads = {corpus.documents[each.document][0].document.kind for each in free if each.sort == "threads"}
    phrased = np.array([_is_phrased(passages[0].document) for passages in corpus.documents])
    wanted = {}
    for kind in np.unique(kinds).tolist():
        worded = int(phrased[kinds == kind].sum())
        each = max(1.0, asked.count(kind) / max(1, worded))
        wanted[kind] = int(min(MOST, each * ((kinds == kind).sum() - worded))) if kind not in threads else 0
    return wanted


def _phrasings(
    corpus: TrainingCorpus, encoder: Encoder, random: np.random.Generator, labelled: Collection[str]
) -> Iterator[SyntheticQuestion]:
    """Known phrasings; each is found by the title, the text and the other phrasings of its document.

    One that only says the title again is nobody's wording.
    """
    kinds = corpus.kinds
    same = _same_words(corpus)
    # Of those that say the same, the first is asked.
    phrasings = np.array([units[0] for units in same.values() if _is_wording(corpus, units)], dtype=np.int64)
    is_labelled = np.array([corpus.texts[unit] in labelled for unit in phrasings.tolist()], dtype=np.bool_)
    sampled = _sample(phrasings[~is_labelled], kinds[corpus.units.document[phrasings[~is_labelled]]], random)
    for unit, vector in _asked(corpus, encoder, np.concatenate([phrasings[is_labelled], sampled])):
        number = int(corpus.units.document[unit])
        alike = np.array(same[_words(corpus.texts[unit])])
        rest = {each: _left(corpus, each, corpus.texts[unit]) for each in corpus.units.document[alike].tolist()}
        rows = corpus.units_of(number)
        yield SyntheticQuestion(
            sort="labels" if corpus.texts[unit] in labelled else "phrasings",
            unit=unit,
            document=number,
            text=corpus.texts[unit],
            vector=vector,
            held_out=alike,
            rest=rest.pop(number),
            dense=float(corpus.nearness(np.setdiff1d(rows, alike), vector).max(initial=-1)),
            twins=rest,
        )


def _asked(corpus: TrainingCorpus, encoder: Encoder, units: Ints) -> Iterator[tuple[int, Floats]]:
    """Each of these units with the vector of its text as a question."""
    numbers = units.tolist()
    if encoder.is_symmetric:
        yield from ((unit, corpus.vector(unit)) for unit in numbers)
    else:
        yield from zip(numbers, encoder.encode_questions([corpus.texts[unit] for unit in numbers]), strict=True)


def cross_lingual_copy(question: SyntheticQuestion) -> SyntheticQuestion:
    """The same question as somebody asks it in another language: of its words, names and numbers are the same.

    A word is a name that has a capital and is not the first. The others are put back to front, as words that no
    document holds.
    """
    words = question.text.split()
    kept = [
        word if any(map(str.isdigit, word)) or (place and word[:1].isupper()) else word[::-1]
        for place, word in enumerate(words)
    ]
    return replace(question, text=" ".join(kept))


def _same_words(corpus: TrainingCorpus) -> dict[str, list[int]]:
    """The units that are titles or phrasings of the same words."""
    same: dict[str, list[int]] = {}
    for unit in np.flatnonzero(corpus.units.passage < 0).tolist():
        same.setdefault(_words(corpus.texts[unit]), []).append(unit)
    return same


def _is_wording(corpus: TrainingCorpus, units: Sequence[int]) -> bool:
    return not (corpus.units.passage[np.array(units)] == TITLE).any()


def _left(corpus: TrainingCorpus, number: int, question: str) -> list[str]:
    """Texts of a document when nobody is known to have asked it this question."""
    passages = corpus.documents[number]
    document = passages[0].document
    others = [each for each in document.questions if not _same(each, question)]
    return [*(passage.embedded for passage in passages), name_text(document.title, others)]


def _titles(corpus: TrainingCorpus, encoder: Encoder, random: np.random.Generator) -> Iterator[SyntheticQuestion]:
    """Titles; each is found by what its document says below titles and headings, and by its phrasings.

    Titles of several pages are left out, since each of them would be right. They compete with no title: the one that
    was taken away would be the best of them.
    """
    titles = np.flatnonzero(corpus.units.passage == TITLE)
    own = _own_titles(corpus)
    titled = titles[np.isin(corpus.units.document[titles], list(own))]
    titled = _sample(titled, corpus.kinds[corpus.units.document[titled]], random)
    numbers = corpus.units.document[titled].tolist()
    bodies = [_bodies(corpus.documents[number]) for number in numbers]
    encoded = encoder.encode([text for texts in bodies for text in texts])
    start = 0
    for (unit, vector), number, texts in zip(_asked(corpus, encoder, titled), numbers, bodies, strict=True):
        scores = encoded[start : start + len(texts)] @ vector
        start += len(texts)
        rows = corpus.units_of(number)
        others = np.array([not _same(corpus.texts[row], corpus.texts[unit]) for row in rows.tolist()])
        phrased = corpus.nearness(rows[others & (corpus.units.passage[rows] == PHRASING)], vector)
        questions = corpus.documents[number][0].document.questions
        yield SyntheticQuestion(
            sort="titles",
            unit=unit,
            document=number,
            text=corpus.texts[unit],
            vector=vector,
            held_out=titles,
            rest=[*texts, name_text("", [each for each in questions if not _same(each, corpus.texts[unit])])],
            dense=float(max(scores.max(initial=-1), phrased.max(initial=-1))),
        )


def _bodies(passages: Sequence[Passage]) -> list[str]:
    """Embedded texts of a document's passages, without its title and headings."""
    shown = [view.text for passage in passages for view in windows(passage)]
    return [*shown, *(piece.text for passage in passages for found in pieces(passage) for piece in found)]


def _threads(corpus: TrainingCorpus, encoder: Encoder, random: np.random.Generator) -> Iterator[SyntheticQuestion]:
    """Titles of threads whose topic is shared; each is found by other threads of the topic, not by its own."""
    topics = corpus.examples.members
    shared = np.bincount(topics[topics >= 0], minlength=corpus.examples.count + 1) > 1
    titled = np.flatnonzero(corpus.units.passage == TITLE)
    numbers = corpus.units.document[titled]
    in_topic = ((topics[numbers] >= 0) & shared[topics[numbers]]).any(axis=1) & (corpus.kinds[numbers] == "answer")
    sampled = _sample(titled[in_topic], corpus.kinds[numbers[in_topic]], random)
    for unit, vector in _asked(corpus, encoder, sampled):
        number = int(corpus.units.document[unit])
        yield SyntheticQuestion(
            sort="threads",
            unit=unit,
            document=number,
            text=corpus.texts[unit],
            vector=vector,
            held_out=corpus.units_of(number),
            rest=(),
        )


def _shortened(
    corpus: TrainingCorpus, encoder: Encoder, wanted: Mapping[str, int], random: np.random.Generator
) -> Iterator[SyntheticQuestion]:
    """Some of the words of what documents are called, so many of each kind of document; nothing is held out.

    That is the title, or a sentence where the title is short or not the document's alone.
    """
    own = _own_titles(corpus)
    kinds = corpus.kinds
    firsts = corpus.units.starts
    chosen: list[tuple[int, str]] = []
    for kind, count in wanted.items():
        enough = len(chosen) + count
        numbers = [
            number
            for number in np.flatnonzero(kinds == kind).tolist()
            if corpus.is_mixed or not _is_phrased(corpus.documents[number][0].document)
        ]
        for number in random.permutation(numbers * -(-count // max(1, len(numbers)))).tolist():
            title = corpus.documents[number][0].document.title
            said = title if number in own and len(title.split()) > 2 else _sentence(corpus, number, random)
            if said and len(chosen) < enough:
                chosen.append((number, _some_words(said, random)))
    vectors = encoder.encode_questions([text for _, text in chosen]) if chosen else ()
    for (number, text), vector in zip(chosen, vectors, strict=True):
        yield SyntheticQuestion(sort="shortened", unit=int(firsts[number]), document=number, text=text, vector=vector)


def _own_titles(corpus: TrainingCorpus) -> set[int]:
    """The documents whose title is no other page's; the answers of a thread are one page, and so are translations."""
    return unique_titles([passages[0].document.title for passages in corpus.documents], corpus.facts.title.tolist())


def _sentence(corpus: TrainingCorpus, number: int, random: np.random.Generator) -> str | None:
    """One of a document's sentences that is not too short to ask by."""
    passages = corpus.documents[number]
    text = passages[int(random.integers(len(passages)))].text
    sentences = [each for each in _SENTENCE_END.split(text) if len(each.split()) >= _FEWEST_WORDS]
    return sentences[int(random.integers(len(sentences)))] if sentences else None


def _is_phrased(document: Document) -> bool:
    return not all(_same(question, document.title) for question in document.questions)


def _same(one: str, other: str) -> bool:
    return _words(one) == _words(other)


def _words(text: str) -> str:
    """A text without what is no difference: capitals and spaces."""
    return " ".join(text.casefold().split())


def _some_words(title: str, random: np.random.Generator) -> str:
    words = title.split()
    kept = min(max(2, round(random.uniform(*KEPT) * len(words))), len(words) - 1)
    return " ".join(words[place] for place in sorted(random.permutation(len(words))[:kept].tolist()))


def _sample(units: Ints, kinds: NDArray[np.str_], random: np.random.Generator) -> Ints:
    """At most MOST of each kind."""
    chosen = [random.permutation(units[kinds == kind])[:MOST] for kind in np.unique(kinds)]
    return np.sort(np.concatenate([*chosen, units[:0]]))
