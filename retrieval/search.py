from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from retrieval.fusion import Floats, Ints, Signals
from retrieval.question import question_views, question_words
from retrieval.ranking import SAME_LANGUAGE, WIDTH, features, in_common, named, order

if TYPE_CHECKING:
    from retrieval.encoder import Vectors
    from retrieval.snapshot import Snapshot

#: What a search is made of beside the vectors; each can be switched off, to see what it is worth.
PARTS = frozenset({"lexical", "topics", "views", "distinct"})


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A passage found for a question: the best one of its document, with its scores."""

    document_id: str
    passage_id: str
    title: str
    headings: tuple[str, ...]
    #: Markdown, word for word.
    text: str
    kind: Literal["article", "faq", "answer"]
    url: str | None
    language: str | None
    updated: date | None
    author: str | None
    confirmed: bool
    authority: float
    #: What ranks it: the next three, weighed and added.
    score: float
    #: Cosine similarity of the question and the document's nearest passage, title or known phrasing, -1 to 1.
    dense: float = 0.0
    #: Share of the question's words that the document's best text holds, rare ones weighing more, 0 to 1.
    lexical: float = 0.0
    #: Support for a topic that the document belongs to, 0 or more.
    topic: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search found, and how sure it is of the first candidate."""

    question: str
    #: Best first, one per document.
    candidates: tuple[Candidate, ...]
    #: Calibrated probability, 0 to 1, that the first candidate's document answers the question; 0 without candidates.
    confidence: float
    #: The confidence an answer needs to keep the error budget; above 1 when the corpus cannot support the budget.
    threshold: float
    #: What the confidence was computed from, by name.
    features: dict[str, float]
    #: The snapshot's version.
    snapshot: str
    #: Calibrated probability, 0 to 1, that one of the first three candidates answers the question.
    among_first: float = 0.0


class Searcher:
    """Finds candidates in one snapshot. Safe to share between threads."""

    def __init__(self, snapshot: "Snapshot", *, budget: float, parts: frozenset[str] = PARTS) -> None:
        self._snapshot = snapshot
        self._finder = snapshot.finder(lexical="lexical" in parts, topics="topics" in parts)
        self._parts = parts
        #: The confidence an answer needs.
        self.threshold = snapshot.calibration.threshold(budget)

    def search(self, question: str, *, language: str | None = None, limit: int = 10) -> Found:
        """The best passages for a question, one a document, and the probability that the first one answers it."""
        views = question_views(question) if "views" in self._parts else (question,)
        queries = self._snapshot.encoder.encode(views)
        # The confidence looks at as many; twice that, since what has something in common with a better one goes back.
        found, support = self._finder.find(queries, question_words(question), language, 2 * max(limit, WIDTH))
        scores = self._finder.fusion.score(found) - SAME_LANGUAGE * self._is_foreign(found.documents, language)
        authority = self._snapshot.facts.authority[found.documents]
        places = order(scores, authority, self._in_common(found, support))[: max(limit, WIDTH)]
        signals = features(scores[places], float(authority[places[0]]))
        return Found(
            question=question,
            candidates=self._candidates(queries[0], found, scores, places[:limit]),
            confidence=self._snapshot.calibration.confidence(signals),
            threshold=self.threshold,
            features=named(signals),
            snapshot=self._snapshot.version,
        )

    def _is_foreign(self, documents: Ints, language: str | None) -> NDArray[np.float32]:
        if language is None:
            return np.zeros(len(documents), dtype=np.float32)
        languages = self._snapshot.facts.language[documents]
        return np.asarray((languages != b"") & (languages != language.encode()), dtype=np.float32)

    def _in_common(self, found: Signals, support: Floats) -> Ints:
        """What each document has in common with others: its title, and the topic that it is most likely found for."""
        if "distinct" not in self._parts:
            return np.empty((len(found.documents), 0), dtype=np.int64)
        topics, _ = self._finder.topics.strongest(found.documents, support)
        return in_common(self._snapshot.facts.title[found.documents], topics)

    def _candidates(self, query: "Vectors", found: Signals, scores: Floats, places: Ints) -> tuple[Candidate, ...]:
        rows = self._snapshot.nearest_passages(query, found.documents[places])
        return tuple(
            self._snapshot.passages.candidate(
                row,
                score=float(scores[place]),
                dense=float(found.dense[place]),
                lexical=float(found.lexical[place]),
                topic=float(found.topic[place]),
            )
            for row, place in zip(rows, places.tolist(), strict=True)
        )
