"""Questions made from the corpus itself, whose answers are known, to learn how sure a search may be.

Each is asked with what it was taken from held out, so that it must be found by the rest of its document; some are asked
again with the whole document held out, so that nothing can answer them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.passage import Passage
from retrieval.encoder import Encoder, Vectors
from retrieval.ranking import FEATURES, features
from retrieval.units import PHRASING, TITLE, Units, views

#: At most this many titles and this many phrasings are asked of each kind of document, so that a large forum does not
#: outvote the help articles.
MOST = 400
#: One in so many pseudo-questions is asked once more with its answer held out; real customers ask those too.
UNANSWERABLE_EVERY = 4
_BEST = 10
#: Questions whose scores are computed together.
_TOGETHER = 32


@dataclass(frozen=True, kw_only=True)
class PseudoQuestions:
    """What came of asking them: features [n, 4], whether the best document was right [n], and their groups [n]."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    groups: NDArray[np.int64]
    counts: dict[str, int]


def ask_pseudo_questions(
    documents: Sequence[Sequence[Passage]], units: Units, vectors: Vectors, encoder: Encoder, *, seed: int = 0
) -> PseudoQuestions:
    """Ask a sample of titles and known phrasings of a corpus whose units have these vectors."""
    random = np.random.default_rng(seed)
    kinds = np.array([passages[0].document.kind for passages in documents])
    phrasings = np.flatnonzero(units.passage == PHRASING)
    phrasings = _sample(phrasings, kinds[units.document[phrasings]], random)
    asked = [
        _Asked(question=vectors[unit], document=int(units.document[unit]), held_out={int(unit): -1.0})
        for unit in phrasings
    ]
    titled = units.document[units.passage == TITLE].astype(np.int64)
    titled = _sample(titled, kinds[titled], random)
    asked += _titles(documents, titled, units, encoder)
    counts = {"titles": len(titled), "phrasings": len(phrasings)}
    return _ask(asked, documents, units, vectors, counts)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A question taken from a document, and the scores of the units that would give it away."""

    question: Vectors
    document: int
    held_out: dict[int, float]


def _titles(
    documents: Sequence[Sequence[Passage]], numbers: NDArray[np.int64], units: Units, encoder: Encoder
) -> list[_Asked]:
    """Titles as questions; their own documents are scored by their views without title and headings."""
    texts = [documents[number][0].document.title for number in numbers]
    untitled = [view.text for number in numbers for passage in documents[number] for view in views(passage)]
    questions, bodies = np.split(encoder.encode([*texts, *untitled]), [len(texts)])
    # Titles compete with none of their kind: the one that was taken away would be the best of them.
    without_titles = dict.fromkeys(np.flatnonzero(units.passage == TITLE).tolist(), -1.0)
    asked, start = [], 0
    for question, number in zip(questions, numbers.tolist(), strict=True):
        first, rows = units.views_of(number)
        scores = bodies[start : start + len(rows)] @ question
        held_out = without_titles | dict(enumerate(scores.tolist(), first))
        asked.append(_Asked(question=question, document=number, held_out=held_out))
        start += len(rows)
    return asked


def _sample(numbers: NDArray[np.int64], kinds: NDArray[np.str_], random: np.random.Generator) -> NDArray[np.int64]:
    """At most MOST of each kind."""
    chosen = [random.permutation(numbers[kinds == kind])[:MOST] for kind in np.unique(kinds)]
    return np.sort(np.concatenate([*chosen, numbers[:0]]))


def _ask(
    asked: Sequence[_Asked],
    documents: Sequence[Sequence[Passage]],
    units: Units,
    vectors: Vectors,
    counts: dict[str, int],
) -> PseudoQuestions:
    titles = [" ".join(passages[0].document.title.lower().split()) for passages in documents]
    # Documents of one title answer the same: the answers of one forum thread, for instance.
    group_of = np.unique(titles, return_inverse=True)[1]
    authority = [passages[0].document.authority for passages in documents]
    results: list[tuple[NDArray[np.float64], bool, int]] = []

    def note(folded: NDArray[np.float32], group: int) -> None:
        best = _best(folded)
        right = bool(group_of[best[0]] == group and folded[best[0]] > -1.0)
        results.append((features(folded[best], authority[best[0]]), right, group))

    unanswerable = 0
    for number, (each, folded) in enumerate(zip(asked, _folded(asked, units, vectors), strict=True)):
        group = int(group_of[each.document])
        note(folded, group)
        if number % UNANSWERABLE_EVERY == 0:
            folded[group_of == group] = -1.0
            note(folded, group)
            unanswerable += 1
    return PseudoQuestions(
        features=np.array([result[0] for result in results]).reshape(-1, len(FEATURES)),
        right=np.array([result[1] for result in results], dtype=np.bool_),
        groups=np.array([result[2] for result in results], dtype=np.int64),
        counts=counts | {"unanswerable": unanswerable},
    )


def _folded(asked: Sequence[_Asked], units: Units, vectors: Vectors) -> Iterator[NDArray[np.float32]]:
    """The score of every document for each question: its best unit's, with what is held out replaced."""
    starts = units.starts
    for start in range(0, len(asked), _TOGETHER):
        block = asked[start : start + _TOGETHER]
        scores = np.stack([each.question for each in block]) @ vectors.T
        for row, each in zip(scores, block, strict=True):
            row[list(each.held_out)] = list(each.held_out.values())
            yield np.maximum.reduceat(row, starts)


def _best(folded: NDArray[np.float32]) -> NDArray[np.int64]:
    """The best documents, best first, equal ones by number."""
    few = np.argpartition(-folded, _BEST)[:_BEST] if len(folded) > _BEST else np.arange(len(folded))
    return few[np.lexsort((few, -folded[few]))]
