"""Asking a corpus its own questions, the way a customer's are asked, and seeing what comes first.

Each question is asked twice: of the whole corpus but for what it was taken from, and of a corpus that has nothing on
its topic, where no answer is right. The second is what a customer's question is like that nobody has written about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Segments, to_float32
from retrieval.indexing.synthetic_questions import SyntheticQuestion, TrainingCorpus
from retrieval.indexing.topic_mining import FOLDS, fit_topics
from retrieval.scoring.features import FEATURES, NEAREST, features
from retrieval.scoring.fusion import Floats, FusionWeights, Ints, ScoreComponents
from retrieval.scoring.ranking import OFFICIAL_AHEAD, OFFICIAL_AHEAD_MIXED, group_keys, rank
from retrieval.snapshot.topics import Topics

#: Documents that are looked at for each question.
_KEPT: Final = 64
#: Questions, and about how many rows of vectors, that are multiplied together.
_TOGETHER, _ROWS = 256, 1 << 16
#: Questions times documents that are held at once.
_HELD: Final = 1 << 25


@dataclass(frozen=True, kw_only=True)
class RetrievedBatch:
    """Documents found for each question, [questions, found]: score components, which are right, authority.

    same [questions, found, k] is what they have in common; near [questions] the mean cosine of the NEAREST units;
    ahead: how far official documents go before others.
    """

    found: ScoreComponents
    right: NDArray[np.bool_]
    authority: Floats
    same: Ints
    near: Floats
    ahead: float = OFFICIAL_AHEAD

    def at(self, rows: NDArray[np.bool_]) -> "RetrievedBatch":
        """Only some of the questions."""
        return RetrievedBatch(
            found=self.found.at(rows),
            right=self.right[rows],
            authority=self.authority[rows],
            same=self.same[rows],
            near=self.near[rows],
            ahead=self.ahead,
        )

    def judged(self, fusion: FusionWeights) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Features of searches weighed so, [questions, FEATURES], and the place of the first right document, -1: none.

        Documents that answer the same have one place, since the customer is offered one of them.
        """
        rows = np.empty((len(self.right), len(FEATURES)))
        places = np.full(len(self.right), -1, dtype=np.int64)
        for number, scores in enumerate(fusion.score(self.found)):
            best = rank(scores, self.authority[number], self.same[number], ahead=self.ahead)
            first = best[0]
            rows[number] = features(
                scores[best],
                float(self.found.dense[number, first]),
                float(self.found.lexical[number, first]),
                float(self.found.topic[number, first]),
                float(self.near[number]),
            )
            right = np.flatnonzero(self.right[number, best])
            places[number] = right[0] if len(right) else -1
        return rows, places


@dataclass(frozen=True, kw_only=True)
class HoldoutResults:
    """Searches for each question when the corpus knows its topic, and when the topic is held out.

    sorts [questions]; groups [questions] are equal for questions of one document.
    """

    known: RetrievedBatch
    strange: RetrievedBatch
    sorts: NDArray[np.str_]
    groups: Ints


def run_holdout(corpus: TrainingCorpus, questions: Sequence[SyntheticQuestion]) -> HoldoutResults:
    """Ask each question with what it was taken from held out, and once more with its whole topic held out."""
    models = _Models.of(corpus)
    results = [result for held_out in _batches(questions, corpus) for result in _ask(held_out, corpus, models)]
    return HoldoutResults(
        known=_asked([known for known, _ in results], corpus),
        strange=_asked([strange for _, strange in results], corpus),
        sorts=np.array([each.sort for each in questions], dtype=np.str_),
        groups=np.array([corpus.facts.title[each.document] for each in questions], dtype=np.int64),
    )


def run_labelled(
    corpus: TrainingCorpus, texts: Sequence[str], vectors: Floats, right: Sequence[Sequence[int]], topics: Topics
) -> RetrievedBatch:
    """Ask questions with nothing held out, and the numbers of the documents that are right for each.

    vectors: [questions, dimensions]. Documents with the title of a right one are right too.
    """
    nothing = np.zeros(len(corpus.documents), dtype=np.bool_)
    questions = [
        SyntheticQuestion(sort="labels", unit=-1, document=-1, text=text, vector=vector)
        for text, vector in zip(texts, vectors, strict=True)
    ]
    results = []
    numbers_of = iter(right)
    for batch in _batches(questions, corpus):
        folded = _folded(batch, [nothing] * len(batch), corpus)
        for place, (each, numbers) in enumerate(zip(batch, numbers_of, strict=False)):
            near = float(folded.strange_near[place])
            seen = _Seen(dense=folded.strange[place], lexical=_lexical(each, corpus), near=near)
            topic, support = topics.strongest(np.arange(len(nothing)), topics.support(each.vector))
            answers = np.isin(corpus.facts.title, corpus.facts.title[np.array(numbers, dtype=np.int64)])
            results.append(_result(seen, support, answers, topic, corpus))
    return _asked(results, corpus)


@dataclass(frozen=True, kw_only=True)
class _Models:
    """Topics learned without a part of the wordings, and without a part of the topics; FOLDS of each."""

    by_wording: Sequence[Topics]
    by_topic: Sequence[Topics]
    #: The part that each unit's wording is in.
    parts: dict[int, int]

    @classmethod
    def of(cls, corpus: TrainingCorpus) -> Self:
        examples = corpus.examples
        return cls(
            by_wording=[fit_topics(corpus.vectors, examples, examples.folds != part) for part in range(FOLDS)],
            by_topic=[
                fit_topics(corpus.vectors, examples, (examples.topics < 0) | (examples.topics % FOLDS != part))
                for part in range(FOLDS)
            ],
            parts=dict(zip(examples.units.tolist(), examples.folds.tolist(), strict=True)),
        )

    def without_wording(self, unit: int) -> Topics:
        return self.by_wording[self.parts.get(unit, 0)]

    def without_topics(self, topics: Ints) -> Topics:
        return self.by_topic[int(topics[0]) % FOLDS if len(topics) else 0]


@dataclass(frozen=True, kw_only=True)
class _Result:
    """Documents found for one question, the same number for each."""

    documents: Ints
    dense: Floats
    lexical: Floats
    topic: Floats
    right: NDArray[np.bool_]
    same: Ints
    near: float


def _asked(results: Sequence[_Result], corpus: TrainingCorpus) -> RetrievedBatch:
    shape = (len(results), min(_KEPT, len(corpus.documents)))

    def table(name: str, kind: Any, *more: int) -> NDArray[Any]:
        return np.array([getattr(result, name) for result in results], dtype=kind).reshape(*shape, *more)

    documents = table("documents", np.int64)
    return RetrievedBatch(
        found=ScoreComponents(
            documents=documents,
            dense=table("dense", np.float32),
            lexical=table("lexical", np.float32),
            topic=table("topic", np.float32),
        ),
        right=table("right", np.bool_),
        authority=corpus.facts.authority[documents],
        same=table("same", np.int64, 2),
        near=np.array([result.near for result in results], dtype=np.float32),
        ahead=OFFICIAL_AHEAD_MIXED if corpus.is_mixed else OFFICIAL_AHEAD,
    )


def _batches(questions: Sequence[SyntheticQuestion], corpus: TrainingCorpus) -> Iterator[Sequence[SyntheticQuestion]]:
    together = min(_TOGETHER, 1 + _HELD // len(corpus.documents))
    for start in range(0, len(questions), together):
        yield questions[start : start + together]


def _ask(
    questions: Sequence[SyntheticQuestion], corpus: TrainingCorpus, models: _Models
) -> Iterator[tuple[_Result, _Result]]:
    topics = [_topics_of(each, corpus) for each in questions]
    about = [_about(each, own, corpus) for each, own in zip(questions, topics, strict=True)]
    folded = _folded(questions, about, corpus)
    for place, (each, own) in enumerate(zip(questions, topics, strict=True)):
        lexical = _lexical(each, corpus)
        known = _Seen(dense=folded.dense[place], lexical=lexical.copy(), near=float(folded.near[place]))
        strange = _Seen(dense=folded.strange[place], lexical=lexical, near=float(folded.strange_near[place]))
        yield (
            _known(each, known, about[place], corpus, models.without_wording(each.unit)),
            _strange(each, strange, about[place], corpus, models.without_topics(own)),
        )


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """Scores of all documents for a question, by vectors and by words, float32 [documents]; may be written to."""

    dense: Floats
    lexical: Floats
    near: float


def _topics_of(each: SyntheticQuestion, corpus: TrainingCorpus) -> Ints:
    if not corpus.examples.count:
        return np.empty(0, dtype=np.int64)
    members = corpus.examples.members[each.document]
    return np.asarray(members[members >= 0], dtype=np.int64)


def _about(each: SyntheticQuestion, own: Ints, corpus: TrainingCorpus) -> NDArray[np.bool_]:
    """Mark the documents on a question's matter: of its document's title or one of its topics; bool [documents]."""
    alike = _answers(each, corpus)
    if len(own):
        alike |= np.isin(corpus.examples.members, own).any(axis=1)
    return alike


def _answers(each: SyntheticQuestion, corpus: TrainingCorpus) -> NDArray[np.bool_]:
    """The documents that have a question's document's title, or are known to answer the same words."""
    right: NDArray[np.bool_] = np.equal(corpus.facts.title, corpus.facts.title[each.document])
    right[list(each.twins)] = True
    return right


def _known(
    each: SyntheticQuestion, seen: _Seen, about: NDArray[np.bool_], corpus: TrainingCorpus, topics: Topics
) -> _Result:
    topic, support = topics.strongest(np.arange(len(about)), topics.support(each.vector))
    right = _answers(each, corpus)
    if each.sort == "threads":
        right = about.copy()
        right[each.document] = False
        support[each.document] = 0
    return _result(seen, support, right, topic, corpus)


def _strange(
    each: SyntheticQuestion, seen: _Seen, about: NDArray[np.bool_], corpus: TrainingCorpus, topics: Topics
) -> _Result:
    topic, support = topics.strongest(np.arange(len(about)), topics.support(each.vector))
    support[about], seen.lexical[about] = 0, 0
    return _result(seen, support, np.zeros(len(about), dtype=np.bool_), topic, corpus)


def _result(seen: _Seen, support: Floats, right: NDArray[np.bool_], topic: Ints, corpus: TrainingCorpus) -> _Result:
    found = ScoreComponents(documents=np.arange(len(right)), dense=seen.dense, lexical=seen.lexical, topic=support)
    best = _best(FusionWeights().score(found), right)
    return _Result(
        documents=best,
        dense=found.dense[best],
        lexical=found.lexical[best],
        topic=found.topic[best],
        right=right[best],
        same=group_keys(corpus.facts.title[best], topic[best]),
        near=seen.near,
    )


def _lexical(each: SyntheticQuestion, corpus: TrainingCorpus) -> Floats:
    language = corpus.documents[each.document][0].document.language if each.document >= 0 else None
    terms = corpus.lexical.terms(each.text, language)
    scores = corpus.lexical.all_scores(terms)
    left = dict(each.twins) if each.rest is None else {each.document: each.rest, **each.twins}
    for number, texts in left.items():
        scores[number] = max((corpus.lexical.score_text(terms, text, language) for text in texts), default=0.0)
    return scores


@dataclass(frozen=True, kw_only=True)
class _Folded:
    """Cosine of every document's nearest unit, [questions, documents], and the mean of the nearest units, [questions].

    Once without what is held out, and once without all documents on the question's topic.
    """

    dense: Floats
    near: Floats
    strange: Floats
    strange_near: Floats


def _folded(
    questions: Sequence[SyntheticQuestion], about: Sequence[NDArray[np.bool_]], corpus: TrainingCorpus
) -> _Folded:
    starts, units = corpus.units.starts, corpus.units.document
    vectors = np.stack([each.vector for each in questions])
    known, strange = (_Nearest(len(questions), len(starts)) for _ in range(2))
    cuts = np.unique(np.searchsorted(starts, np.arange(0, len(corpus.vectors), _ROWS)))
    cuts = cuts[cuts < len(starts)]  # the last document may reach over a multiple of _ROWS
    for first, last in zip(cuts, [*cuts[1:], len(starts)], strict=True):
        start, end = int(starts[first]), int(starts[last]) if last < len(starts) else len(corpus.vectors)
        groups = Segments.of(np.append(starts[first:last], end).astype(np.int64) - start)
        scores = vectors @ to_float32(corpus.vectors[start:end]).T
        for row, (each, alike) in enumerate(zip(questions, about, strict=True)):
            kept = scores[row].copy()
            kept[each.held_out[(each.held_out >= start) & (each.held_out < end)] - start] = -1
            known.take(row, kept, groups, int(first))
            scores[row, alike[units[start:end]]] = -1
            strange.take(row, scores[row], groups, int(first))
    for row, each in enumerate(questions):
        if each.rest is not None:
            known.documents[row, each.document] = each.dense
    return _Folded(
        dense=known.documents, near=known.mean(), strange=strange.documents, strange_near=strange.mean()
    )  # fmt: skip


class _Nearest:
    """The nearest unit of each document and the nearest units of all, block by block."""

    def __init__(self, questions: int, documents: int) -> None:
        self.documents = np.full((questions, documents), -1, dtype=np.float32)
        self._units = np.full((questions, NEAREST), -1, dtype=np.float32)

    def take(self, row: int, scores: Floats, groups: Segments, first: int) -> None:
        """Look at a block of units, float32 [n], of the documents from `first` on."""
        self.documents[row, first : first + len(groups.first)] = groups.best(scores)
        best = np.append(self._units[row], scores[scores > self._units[row].min()])
        self._units[row] = np.partition(best, len(best) - NEAREST)[-NEAREST:]

    def mean(self) -> Floats:
        """The mean cosine of the nearest units, of as many as there are, float32 [questions]."""
        held = self._units > -1
        mean: Floats = np.where(held, self._units, 0).sum(axis=1) / np.maximum(1, held.sum(axis=1))
        return mean


def _best(scores: Floats, right: NDArray[np.bool_]) -> Ints:
    """The best documents by score, and among them at least one that is right, if there is one."""
    few = np.argpartition(-scores, _KEPT)[:_KEPT] if len(scores) > _KEPT else np.arange(len(scores))
    few = few[np.lexsort((few, -scores[few]))]
    if right.any() and not right[few].any():
        few[-1] = np.flatnonzero(right)[np.argmax(scores[right])]
    return few
