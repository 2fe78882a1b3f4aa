from dataclasses import dataclass
from datetime import date
from typing import Literal

#: Where no answer may be given, since the budget cannot be promised yet, the customer is asked which page they mean if
#: it is four to one that one of them answers: nothing is claimed by that, and what they choose is a label, of which a
#: promise takes some.
CLARIFY_THRESHOLD = 0.8


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
class SearchResult:
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
    #: The language it was asked in, as the documents name it, where that is known.
    language: str | None = None
    #: The way it was searched: a space of the snapshot, and how; None when no space serves the language.
    way: str | None = None
    #: The snapshot's version.
    snapshot: str

    @property
    def verdict(self) -> Literal["answer", "clarify", "escalate"]:
        """What the error budget allows: an answer, a choice that very probably holds the answer, or neither."""
        if self.candidates and self.confidence >= self.threshold:
            return "answer"
        needed = self.threshold if self.threshold <= 1 else CLARIFY_THRESHOLD
        return "clarify" if len(self.candidates) > 1 and self.among_first >= needed else "escalate"
