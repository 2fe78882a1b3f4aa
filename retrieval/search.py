from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from retrieval.ranking import WIDTH, features, named

if TYPE_CHECKING:
    from retrieval.encoder import Vectors
    from retrieval.snapshot import Snapshot

#: Units looked at first; more are fetched only when they belong to too few documents.
_UNITS = 200
#: A document in the customer's language goes before another that is better by less than this cosine.
SAME_LANGUAGE = 0.1


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
    #: Cosine similarity of the question and the document's best passage or phrasing, -1 to 1.
    score: float


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


class Searcher:
    """Finds candidates in one snapshot. Safe to share between threads."""

    def __init__(self, snapshot: "Snapshot", *, budget: float) -> None:
        self._snapshot = snapshot
        #: The confidence an answer needs.
        self.threshold = snapshot.calibration.threshold(budget)

    def search(self, question: str, *, language: str | None = None, limit: int = 10) -> Found:
        """The best passages for a question, one a document, and the probability that the first one answers it."""
        query = self._snapshot.encoder.encode([question])[0]
        documents, scores = self._best_documents(query, max(limit, WIDTH))  # the confidence looks at as many
        candidates = [self._candidate(query, *best) for best in zip(documents, scores.tolist(), strict=True)]
        candidates.sort(key=lambda found: _rank(found, language))
        ordered = np.array([found.score for found in candidates], dtype=np.float32)
        signals = features(ordered, candidates[0].authority)
        calibration = self._snapshot.calibration
        return Found(
            question=question,
            candidates=tuple(candidates[:limit]),
            confidence=calibration.confidence(signals),
            threshold=self.threshold,
            features=named(signals),
            snapshot=self._snapshot.version,
        )

    def _best_documents(self, query: "Vectors", limit: int) -> tuple[list[int], NDArray[np.float32]]:
        """Numbers and scores of the best documents, each by its best unit."""
        vectors, units = self._snapshot.vectors, self._snapshot.units
        count = _UNITS
        while True:
            scores, found = vectors.search(query, count)
            documents, first = np.unique(units.document[found], return_index=True)
            if len(documents) >= limit or count >= len(vectors):
                break
            count *= 4
        order = np.lexsort((documents, -scores[first]))[:limit]
        return documents[order].tolist(), scores[first[order]]

    def _candidate(self, query: "Vectors", document: int, score: float) -> Candidate:
        """The document's passage that is nearest to the question, scored by the document's best unit."""
        start, rows = self._snapshot.units.views_of(document)
        nearest = int(np.argmax(self._snapshot.vectors.at(start, len(rows)) @ query)) if rows[0] != rows[-1] else 0
        return self._snapshot.passages.candidate(int(rows[nearest]), score)


def _rank(candidate: Candidate, language: str | None) -> tuple[float, float, str]:
    """Best first: by score, a little ahead in the customer's language; then by authority, then by id."""
    foreign = language is not None and candidate.language not in (None, language)
    return (-candidate.score + SAME_LANGUAGE * foreign, -candidate.authority, candidate.document_id)
