"""From a question's vectors and words to the documents that may answer it, with what each part of the search says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.encoder import Vectors
from retrieval.scoring.features import NEAREST
from retrieval.scoring.fusion import Floats, FusionWeights, Ints, ScoreComponents
from retrieval.snapshot.bm25 import Bm25Index, QueryTerms
from retrieval.snapshot.embedded_texts import PHRASING, EmbeddedTexts
from retrieval.snapshot.space import Space
from retrieval.snapshot.topics import Topics
from retrieval.snapshot.vectors import VectorIndex

#: Units looked at for each view of a question; more are fetched only when they belong to too few documents.
_UNITS = 100
#: With so many documents at most, each of them is weighed, which takes about as long as choosing whom to weigh.
WHOLE = 2048
#: With more, the documents that keywords alone may bring, and topics alone.
BY_WORDS, BY_TOPIC = 32, 128


@dataclass(frozen=True, kw_only=True)
class RetrievedDocuments:
    """Documents found for a question, with the scores they are ranked by."""

    found: ScoreComponents
    #: The topic that each document is most likely found for, -1 for none; int64 [n].
    topics: Ints
    #: The mean cosine of the NEAREST units, whatever they belong to.
    near: float
    #: The words of the question.
    terms: QueryTerms


@dataclass(frozen=True, kw_only=True)
class CandidateRetriever:
    """The parts of a snapshot that are searched, and how they are weighed."""

    units: EmbeddedTexts
    vectors: VectorIndex
    lexical: Bm25Index
    topics: Topics
    fusion: FusionWeights
    #: Whether documents are found by their known phrasings.
    wordings: bool = True

    @classmethod
    def of(
        cls, space: Space, fusion: FusionWeights, *, lexical: bool = True, topics: bool = True, wordings: bool = True
    ) -> Self:
        """One that searches a space, weighed so; keywords, topics, or known phrasings can be left out of account."""
        return cls(
            units=space.units,
            vectors=space.vectors,
            lexical=space.lexical,
            topics=space.topics if topics and wordings else Topics.none(),
            fusion=fusion if lexical else replace(fusion, lexical=0.0),
            wordings=wordings,
        )

    def find(self, queries: Vectors, words: str, language: str | None, wanted: int) -> RetrievedDocuments:
        """Documents for the views of a question, float32 [views, dimensions], and what else is told of it.

        At least `wanted` documents where there are as many, the best `wanted` among them, with exact scores.

        Of more than WHOLE documents, only those are weighed that are nearest to the question, hold its rarest words, or
        belong to its likeliest topics, BY_WORDS and BY_TOPIC of them. What may be missed is farther than _UNITS units,
        holds less than BY_WORDS documents and comes after BY_TOPIC others in topics: a good one in a very large topic,
        but that has better ones among the nearest.
        """
        near = [self._near(query, wanted) for query in queries]
        terms = self.lexical.terms(words, language)
        support = self.topics.support(queries[0] if len(queries) == 1 else queries.mean(axis=0))
        documents = self._weighed(near, terms, support)
        scores, held = zip(*(each.of(documents) for each in near), strict=True)
        topics, supports = self.topics.strongest(documents, support)
        found = ScoreComponents(
            documents=documents,
            dense=scores[0] if len(near) == 1 else np.mean(scores, axis=0),
            lexical=self.lexical.scores(terms, documents),
            topic=supports,
        )
        kept = self._completed(found, held[0] if len(near) == 1 else np.logical_and.reduce(held), queries, wanted)
        return RetrievedDocuments(
            found=found.at(kept), topics=topics[kept], near=sum(each.mean for each in near) / len(near), terms=terms
        )

    def _weighed(self, near: "Sequence[_NearestDocuments]", terms: QueryTerms, support: Floats) -> Ints:
        """The documents that may be among the best, in order."""
        count = len(self.units.starts)
        if count <= WHOLE:
            return np.arange(count)
        others = (self.lexical.best(terms, BY_WORDS), self.topics.documents(support, BY_TOPIC))
        documents = np.concatenate([*(each.documents for each in near), *others])
        documents.sort()
        return documents[_is_first(documents)]

    def _near(self, query: Vectors, wanted: int) -> "_NearestDocuments":
        """The documents of the units that are nearest to a query."""
        count = _UNITS
        while True:
            scores, units = self.vectors.search(query, count)
            is_all, last = len(units) < count or count >= len(self.vectors), float(scores[-1])
            if not self.wordings:
                told = self.units.passage[units] != PHRASING
                scores, units = scores[told], units[told]
            owners = self.units.document[units]
            first = np.argsort(owners, kind="stable")  # the nearest unit of each document before its others
            owners = owners[first]
            kept = _is_first(owners)
            documents, first = owners[kept], first[kept]
            if len(documents) >= wanted or is_all:
                floor = last if count < len(self.vectors) else -1.0
                return _NearestDocuments(
                    documents=documents.astype(np.int64),
                    scores=scores[first],
                    floor=floor,
                    mean=float(scores[:NEAREST].mean()),
                )
            count *= 4

    def _completed(
        self, found: ScoreComponents, known: NDArray[np.bool_], queries: Vectors, wanted: int
    ) -> NDArray[np.bool_]:
        """Score exactly what not every view found and could be among the best; bool [n]: has an exact score now.

        The search gave them the score of the last unit that it looked at, which is as near as they can be.
        """
        bound = self.fusion.score(found)
        sure = np.sort(bound[known])
        least = sure[-wanted] if len(sure) >= wanted else -np.inf
        missing = np.flatnonzero(~known & (bound >= least))
        if len(missing):
            found.dense[missing] = self._dense(queries, found.documents[missing])
        kept = known.copy()
        kept[missing] = True
        return kept

    def _dense(self, queries: Vectors, documents: Ints) -> Floats:
        """Mean over the views of each document's nearest unit."""
        starts, rows = self.units.rows_of(documents)
        scores = np.vecdot(self.vectors.rows(rows)[:, None], queries)
        if not self.wordings:
            scores[self.units.passage[rows] == PHRASING] = -1.0
        mean: Floats = np.maximum.reduceat(scores, starts, axis=0).mean(axis=1)
        return mean


@dataclass(frozen=True, kw_only=True)
class _NearestDocuments:
    documents: Ints
    scores: Floats
    #: The score of the last unit looked at: no other document is nearer.
    floor: float
    #: The mean score of the NEAREST units.
    mean: float

    def of(self, documents: Ints) -> tuple[Floats, NDArray[np.bool_]]:
        """Scores of documents, `floor` for those not found, and which were found; all that were are among these."""
        places = np.searchsorted(documents, self.documents)
        scores = np.full(len(documents), self.floor, dtype=np.float32)
        scores[places] = self.scores
        held = np.zeros(len(documents), dtype=np.bool_)
        held[places] = True
        return scores, held


def _is_first(ordered: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Mark the places of an ordered array where a number stands for the first time, bool [n]."""
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first
