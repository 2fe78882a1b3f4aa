"""Questions made from the corpus itself, whose answers are known, to learn how sure a search may be.

Each is asked with what it was taken from held out, so that it must be found by the rest of its document; some are asked
again with the whole document held out, so that nothing can answer them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.passage import Passage
from retrieval.encoder import Encoder, Vectors
from retrieval.ranking import features
from retrieval.units import Units, views

#: At most this many titles and this many phrasings are asked of each kind of document, so that a large forum does not
#: outvote the help articles.
MOST = 400
#: One in so many pseudo-questions is asked once more with its answer held out; real customers ask those too.
UNANSWERABLE_EVERY = 4
_BEST = 10


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
    asking = _Asking(documents, units, vectors)
    random = np.random.default_rng(seed)
    counts = {"titles": 0, "phrasings": 0, "unanswerable": 0}
    phrasings = np.flatnonzero(units.passage < 0)
    kinds = np.array([passages[0].document.kind for passages in documents])
    for unit in _sample(phrasings, kinds[units.document[phrasings]], random):
        asking.ask(vectors[unit], int(units.document[unit]), held_out={int(unit): -1.0})
        counts["phrasings"] += 1
    titled = np.array([n for n, passages in enumerate(documents) if passages[0].document.title], dtype=np.int64)
    chosen = _sample(titled, kinds[titled], random)
    texts = [documents[number][0].document.title for number in chosen]
    untitled = [view.text for number in chosen for passage in documents[number] for view in views(passage)]
    asked, bodies = np.split(encoder.encode([*texts, *untitled]), [len(texts)])
    start = 0
    for question, number in zip(asked, chosen, strict=True):
        first, rows = units.views_of(int(number))
        scores = bodies[start : start + len(rows)] @ question
        asking.ask(question, int(number), held_out=dict(enumerate(scores.tolist(), first)))
        counts["titles"] += 1
        start += len(rows)
    counts["unanswerable"] = asking.unanswerable
    return asking.result(counts)


def _sample(numbers: NDArray[np.int64], kinds: NDArray[np.str_], random: np.random.Generator) -> NDArray[np.int64]:
    """At most MOST of each kind."""
    chosen = [random.permutation(numbers[kinds == kind])[:MOST] for kind in np.unique(kinds)]
    return np.sort(np.concatenate([*chosen, numbers[:0]]))


class _Asking:
    def __init__(self, documents: Sequence[Sequence[Passage]], units: Units, vectors: Vectors) -> None:
        titles = [" ".join(passages[0].document.title.lower().split()) for passages in documents]
        #: Documents of one title answer the same: the answers of one forum thread, for instance.
        self._group = np.unique(titles, return_inverse=True)[1]
        self._authority = [passages[0].document.authority for passages in documents]
        self._starts = units.starts
        self._vectors = vectors
        self._features: list[NDArray[np.float64]] = []
        self._right: list[bool] = []
        self._groups: list[int] = []
        self.unanswerable = 0

    def ask(self, question: Vectors, document: int, *, held_out: dict[int, float]) -> None:
        """Ask once with units held out (their scores replaced), and sometimes with the whole group gone."""
        scores = self._vectors @ question
        for unit, score in held_out.items():
            scores[unit] = score
        folded = np.maximum.reduceat(scores, self._starts)
        group = self._group[document]
        self._note(folded, group)
        if len(self._right) % UNANSWERABLE_EVERY == 0:
            folded[self._group == group] = -1.0
            self._note(folded, group)
            self.unanswerable += 1

    def result(self, counts: dict[str, int]) -> PseudoQuestions:
        return PseudoQuestions(
            features=np.array(self._features).reshape(len(self._right), -1),
            right=np.array(self._right, dtype=np.bool_),
            groups=np.array(self._groups, dtype=np.int64),
            counts=counts,
        )

    def _note(self, folded: NDArray[np.float32], group: int) -> None:
        best = np.argsort(-folded, kind="stable")[:_BEST]
        self._features.append(features(folded[best], self._authority[best[0]]))
        self._right.append(bool(self._group[best[0]] == group and folded[best[0]] > -1.0))
        self._groups.append(int(group))
