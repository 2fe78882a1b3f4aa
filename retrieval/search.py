from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from retrieval.finding import Sought
from retrieval.fusion import Floats, Ints, Signals
from retrieval.question import question_views, question_words
from retrieval.ranking import FEATURES, SAME_LANGUAGE, WIDTH, features, in_common, named, order
from retrieval.traffic import Traffic

if TYPE_CHECKING:
    from retrieval.encoder import Vectors
    from retrieval.snapshot import Snapshot

#: What a search is made of beside the vectors; each can be switched off, to see what it is worth.
PARTS = frozenset({"lexical", "topics", "views", "distinct"})

#: How many candidates a search names where nobody asks for more: as many as a receipt keeps.
KEPT = 5

#: The share of questions that nothing in a corpus answers, where nobody has said or seen otherwise.
UNANSWERABLE = 0.2


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
    #: Calibrated probability, 0 to 1, that one of the first three candidates answers the question.
    among_first: float = 0.0
    #: The confidence an answer needs to keep the error budget; above 1 when the corpus cannot support the budget.
    threshold: float
    #: What the confidence was computed from, by name.
    features: dict[str, float]
    #: How customers were thought to ask: the share of unanswerable questions, and the shift of their wordings.
    unanswerable: float = 0.0
    shift: float = 0.0
    #: The snapshot's version.
    snapshot: str

    @property
    def verdict(self) -> Literal["answer", "clarify", "escalate"]:
        """What the error budget allows: an answer, a choice that very probably holds the answer, or neither."""
        if self.candidates and self.confidence >= self.threshold:
            return "answer"
        return "clarify" if len(self.candidates) > 1 and self.among_first >= self.threshold else "escalate"


class Searcher:
    """Finds candidates in one snapshot. Safe to share between threads."""

    def __init__(
        self,
        snapshot: "Snapshot",
        *,
        budget: float,
        stricter: Mapping[str, float] | None = None,
        unanswerable: float = UNANSWERABLE,
        traffic: Traffic | None = None,
        parts: frozenset[str] = PARTS,
    ) -> None:
        """Search a snapshot within a budget, or a stricter one for documents whose id matches a pattern ("billing/*").

        Without traffic, this share of questions is taken to be unanswerable.
        """
        self.snapshot = snapshot
        self._finder = snapshot.finder(lexical="lexical" in parts, topics="topics" in parts)
        self._parts = parts
        self._budget, self._stricter, self._unanswerable = budget, dict(stricter or {}), unanswerable
        self.traffic = traffic or snapshot.calibration.traffic(assumed=unanswerable)
        self._thresholds: dict[float, float] = {}
        #: The confidence an answer needs where nothing stricter is asked for.
        self.threshold = self.threshold_for(budget)

    def threshold_for(self, budget: float) -> float:
        """The confidence that an answer needs to keep a budget."""
        if budget not in self._thresholds:
            self._thresholds[budget] = self.snapshot.calibration.threshold(budget, self.traffic)
        return self._thresholds[budget]

    def seeing(self, features: NDArray[np.float64]) -> "Searcher":
        """The same, for customers who ask like those whose searches had these features, [n, FEATURES]."""
        return Searcher(
            self.snapshot,
            budget=self._budget,
            stricter=self._stricter,
            unanswerable=self._unanswerable,
            traffic=self.snapshot.calibration.traffic(features, assumed=self._unanswerable),
            parts=self._parts,
        )

    def search(
        self, question: str, *, language: str | None = None, budget: float | None = None, limit: int = KEPT
    ) -> Found:
        """The best passages for a question, one a document, and the probability that the first one answers it.

        A budget that is given is kept instead of the searcher's own.
        """
        views = question_views(question) if "views" in self._parts else (question,)
        queries = self.snapshot.encoder.encode(views)
        # The confidence looks at as many; twice that, since what has something in common with a better one goes back.
        wanted = max(limit, WIDTH)
        sought = self._finder.find(queries, question_words(question), language, 2 * wanted)
        found = sought.found
        scores = self._finder.fusion.score(found)
        if language is not None:
            scores -= SAME_LANGUAGE * self.snapshot.facts.is_foreign(found.documents, language)
        authority = self.snapshot.facts.authority[found.documents]
        places = order(scores, authority, self._in_common(sought), most=wanted)
        first = int(places[0])
        signals = features(
            scores[places],
            float(found.dense[first]),
            float(found.lexical[first]),
            float(found.topic[first]),
            sought.near,
        )
        candidates = self._candidates(queries[0], found, scores, places[:limit])
        return self._judged(question, candidates, signals, self._budget if budget is None else budget)

    def judge(self, found: Found) -> Found:
        """The same search, judged as this searcher would."""
        signals = [found.features[name] for name in FEATURES]
        return self._judged(found.question, found.candidates, signals, self._budget)

    def _judged(
        self, question: str, candidates: tuple[Candidate, ...], signals: Sequence[float], budget: float
    ) -> Found:
        sure = self.snapshot.calibration.sureness(signals, self.traffic)
        matching = [
            stricter
            for pattern, stricter in self._stricter.items()
            if candidates and fnmatchcase(candidates[0].document_id, pattern)
        ]
        return Found(
            question=question,
            candidates=candidates,
            confidence=sure.first,
            among_first=sure.among_first,
            threshold=self.threshold_for(min((budget, *matching))),
            features=named(signals),
            unanswerable=self.traffic.unanswerable,
            shift=self.traffic.shift,
            snapshot=self.snapshot.version,
        )

    def _in_common(self, sought: Sought) -> Ints:
        """What each document has in common with others: its title, and the topic that it is most likely found for."""
        documents = sought.found.documents
        if "distinct" not in self._parts:
            return np.empty((len(documents), 0), dtype=np.int64)
        return in_common(self.snapshot.facts.title[documents], sought.topics)

    def _candidates(self, query: "Vectors", found: Signals, scores: Floats, places: Ints) -> tuple[Candidate, ...]:
        rows = self.snapshot.nearest_passages(query, found.documents[places])
        return tuple(
            self.snapshot.passages.candidate(
                row,
                score=float(scores[place]),
                dense=float(found.dense[place]),
                lexical=float(found.lexical[place]),
                topic=float(found.topic[place]),
            )
            for row, place in zip(rows, places.tolist(), strict=True)
        )
