"""Asking a corpus its own questions, the way a customer's are asked, and seeing what comes first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrieval.fusion import Floats, Fusion, Ints, Signals
from retrieval.pseudo import Corpus, PseudoQuestion
from retrieval.ranking import FEATURES, features, in_common, order
from retrieval.topics import FOLDS, Topics
from retrieval.units import TITLE

#: One in so many is asked once more with its answers held out; real customers ask those too.
UNANSWERABLE_EVERY: Final = 4
#: With fewer phrasings and threads than this, titles teach the weights of a search too.
FREE_ENOUGH: Final = 50
#: Documents that are looked at for each question.
_KEPT: Final = 64
#: Questions, and about how many rows of vectors, that are multiplied together.
_TOGETHER, _ROWS = 64, 1 << 16


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What was found for each question, [questions, found]: signals, which are right, authority.

    same [questions, found, k] is what they have in common; groups [questions] are equal for questions of one document;
    counts are by sort.
    """

    found: Signals
    right: NDArray[np.bool_]
    authority: Floats
    same: Ints
    groups: Ints
    counts: dict[str, int]

    def worded_freely(self) -> slice:
        """Those to learn weights from: not titles, if there are enough others.

        Who writes a title writes the text below it in the same words, which flatters keyword search.
        """
        free = self.counts["phrasings"] + self.counts["threads"]
        return slice(0, free if free >= FREE_ENOUGH else None)

    def judged(self, fusion: Fusion) -> tuple[NDArray[np.float64], NDArray[np.bool_], Ints]:
        """Features [m, 4] of searches weighed so, whether the best document was right [m], and groups [m].

        The first of every few questions comes once more, without the documents that answer it.
        """
        rows: list[NDArray[np.float64]] = []
        right, groups = [], []
        for number, scores in enumerate(fusion.score(self.found)):
            everything = np.ones(len(scores), dtype=np.bool_)
            asked_again = [~self.right[number]] if number % UNANSWERABLE_EVERY == 0 else []
            for kept in map(np.flatnonzero, (everything, *asked_again)):
                if len(kept):
                    best = kept[order(scores[kept], self.authority[number, kept], self.same[number, kept])]
                    rows.append(features(scores[best], float(self.authority[number, best[0]])))
                    right.append(self.right[number, best[0]])
                    groups.append(self.groups[number])
        return (
            np.array(rows).reshape(-1, len(FEATURES)),
            np.array(right, dtype=np.bool_),
            np.array(groups, dtype=np.int64),
        )


def rehearse(corpus: Corpus, questions: Sequence[PseudoQuestion]) -> Rehearsal:
    """Ask each question with what it was taken from held out; topics are told by those who did not learn from it."""
    models = [Topics.learn(corpus.vectors, corpus.examples, without=part) for part in range(FOLDS)]
    sorts = [each.sort for each in questions]
    results = [
        result for sort in ("phrasings", "threads", "titles") for result in _ask(sort, questions, corpus, models)
    ]
    shape = (len(results), min(_KEPT, len(corpus.documents)))

    def table(name: str, kind: Any, *more: int) -> NDArray[Any]:
        return np.array([getattr(result, name) for result in results], dtype=kind).reshape(*shape, *more)

    documents = table("documents", np.int64)
    return Rehearsal(
        found=Signals(
            documents=documents,
            dense=table("dense", np.float32),
            lexical=table("lexical", np.float32),
            topic=table("topic", np.float32),
        ),
        right=table("right", np.bool_),
        authority=corpus.facts.authority[documents],
        same=table("same", np.int64, 2),
        groups=np.array([corpus.facts.title[each.document] for each in questions], dtype=np.int64),
        counts={sort: sorts.count(sort) for sort in ("titles", "phrasings", "threads")}
        | {"unanswerable": len(range(0, len(questions), UNANSWERABLE_EVERY))},
    )


@dataclass(frozen=True, kw_only=True)
class _Result:
    """What was found for one question, the same number of documents for each."""

    documents: Ints
    dense: Floats
    lexical: Floats
    topic: Floats
    right: NDArray[np.bool_]
    same: Ints


def _ask(sort: str, questions: Sequence[PseudoQuestion], corpus: Corpus, models: Sequence[Topics]) -> Iterator[_Result]:
    part_of = dict(zip(corpus.examples.units.tolist(), corpus.examples.folds.tolist(), strict=True))
    # Titles compete with none of their kind: the one that was taken away would be the best of them.
    left_out = TITLE if sort == "titles" else None
    asked = [each for each in questions if each.sort == sort]
    for start in range(0, len(asked), _TOGETHER):
        block = asked[start : start + _TOGETHER]
        folded = _folded(np.stack([each.vector for each in block]), corpus, left_out)
        for each, dense in zip(block, folded, strict=True):
            yield _result(each, dense, corpus, models[part_of.get(each.unit, 0)])


def _result(each: PseudoQuestion, dense: Floats, corpus: Corpus, topics: Topics) -> _Result:
    own, titles = each.document, corpus.facts.title
    everything = np.arange(len(dense))
    topic, support = topics.strongest(everything, topics.support(each.vector))
    dense[own] = each.dense
    right = np.equal(titles, titles[own])
    if each.sort == "threads":
        members = topics.of(everything)
        right |= np.isin(members, members[own][members[own] >= 0]).any(axis=1)
        right[own] = False
        support[own] = 0
    found = Signals(documents=everything, dense=dense, lexical=_lexical(each, corpus), topic=support)
    best = _best(Fusion().score(found), right)
    return _Result(
        documents=best,
        dense=dense[best],
        lexical=found.lexical[best],
        topic=support[best],
        right=right[best],
        same=in_common(titles[best], topic[best]),
    )


def _lexical(each: PseudoQuestion, corpus: Corpus) -> Floats:
    language = corpus.documents[each.document][0].document.language
    terms = corpus.lexical.terms(corpus.texts[each.unit], language)
    scores = corpus.lexical.all_scores(terms)
    scores[each.document] = max((corpus.lexical.score_text(terms, text, language) for text in each.rest), default=0.0)
    return scores


def _folded(questions: Floats, corpus: Corpus, left_out: int | None) -> Floats:
    """Cosine of every document's nearest unit, float32 [questions, documents]."""
    starts = corpus.units.starts
    folded = np.empty((len(questions), len(starts)), dtype=np.float32)
    cuts = np.unique(np.searchsorted(starts, np.arange(0, len(corpus.vectors), _ROWS)))
    cuts = cuts[cuts < len(starts)]  # the last document may reach over a multiple of _ROWS
    for first, last in zip(cuts, [*cuts[1:], len(starts)], strict=True):
        start, end = starts[first], starts[last] if last < len(starts) else len(corpus.vectors)
        scores = questions @ corpus.vectors[start:end].astype(np.float32).T
        if left_out is not None:
            scores[:, corpus.units.passage[start:end] == left_out] = -1
        folded[:, first:last] = np.maximum.reduceat(scores, starts[first:last] - start, axis=1)
    return folded


def _best(scores: Floats, right: NDArray[np.bool_]) -> Ints:
    """The best documents by score, and among them at least one that is right, if there is one."""
    few = np.argpartition(-scores, _KEPT)[:_KEPT] if len(scores) > _KEPT else np.arange(len(scores))
    few = few[np.lexsort((few, -scores[few]))]
    if right.any() and not right[few].any():
        few[-1] = np.flatnonzero(right)[np.argmax(scores[right])]
    return few
