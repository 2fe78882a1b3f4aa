from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from retrieval.decision import BESIDE, CHOICES, DEFAULTS, Chances, Decision, DecisionSettings, decide


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
    #: The headings of the section that answers, outermost first, those of the passage among them; without it, empty.
    section: tuple[str, ...] = ()
    #: Where that section begins and ends in the text; None where it is not known.
    span: tuple[int, int] | None = None
    #: Whether that section answers clearly better than the others of the text; else the answer may be in any of them.
    section_leads: bool = False
    #: What ranks it: the next three, weighed and added.
    score: float
    #: Cosine similarity of the question and the document's nearest passage, title or known phrasing, -1 to 1.
    dense: float = 0.0
    #: Share of the question's words that the document's best text holds, rare ones weighing more, 0 to 1.
    lexical: float = 0.0
    #: Support for a topic that the document belongs to, 0 or more.
    topic: float = 0.0

    @property
    def lead(self) -> str:
        """The part of the text that answers, word for word; all of it where that is not known."""
        return self.text[slice(*self.span)].strip() if self.span else self.text

    @property
    def heading(self) -> str:
        """Line above the part that answers: the heading of its section, or the page's title."""
        return (self.section or self.headings or (self.title,))[-1]


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """Result of a search: its candidates, and how sure it is of the first ones."""

    question: str
    #: Best first, one per document.
    candidates: tuple[Candidate, ...]
    #: Calibrated probability, 0 to 1, that the first candidate's document answers the question; 0 without candidates.
    confidence: float
    #: Calibrated probability, 0 to 1, that the corpus answers the question at all.
    answerable: float = 1.0
    #: Calibrated probabilities that one of the first BESIDE candidates, and one of the first CHOICES, answers it.
    among_beside: float = 0.0
    among_first: float = 0.0
    #: The confidence a plain answer needs to keep the error budget; above 1 when the corpus cannot support the budget.
    threshold: float
    #: What the confidence was computed from, by name.
    features: dict[str, float]
    #: The share of questions that was taken to have no answer.
    unanswerable: float = 0.0
    #: The language it was asked in, as the documents name it, where that is known.
    language: str | None = None
    #: The way it was searched: a space of the snapshot, and how; None when no space serves the language.
    way: str | None = None
    #: The snapshot's version.
    snapshot: str

    #: The documents that are called, or known to be asked for, by just the words of the question; they come first.
    same_words: tuple[str, ...] = ()
    #: False where the first candidate must not be a plain answer, since nobody has confirmed it.
    may_answer: bool = True
    #: From which probabilities on a page is shown.
    settings: DecisionSettings = DEFAULTS

    @cached_property
    def decision(self) -> Decision:
        """Decision on what the customer gets: an answer, a suggestion, a choice, or a person."""
        return decide(
            Chances(
                first=self.confidence,
                beside=self.among_beside,
                choices=self.among_first,
                answerable=self.answerable,
            ),
            self.settings,
            threshold=self.threshold,
            pages=len(self._distinct),
            same_words=len(self.same_words),
            may_answer=self.may_answer,
        )

    @property
    def offered(self) -> tuple[Candidate, ...]:
        """Candidates that the customer gets to see, best first: the answer, the suggestion, the choices.

        Of a hand-over, the pages beside it; none where they would rather annoy than help.
        """
        match self.decision:
            case "answer" | "suggest":
                return self.candidates[:1]
            case "clarify":
                return (
                    self._distinct[: max(2, min(CHOICES, len(self.same_words)))] if self.same_words else self._distinct
                )
            case "escalate":
                return self._distinct[:BESIDE] if self.among_beside >= self.settings.beside_at else ()

    @property
    def _distinct(self) -> tuple[Candidate, ...]:
        """The first CHOICES candidates without those whose titles look like a better one's: they are no choice."""
        titles: dict[str, Candidate] = {}
        for candidate in self.candidates[:CHOICES]:
            titles.setdefault(" ".join(candidate.title.casefold().split()) or candidate.document_id, candidate)
        return tuple(titles.values())
