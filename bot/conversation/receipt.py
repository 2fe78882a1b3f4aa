from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.conversation.language.decision import LanguageChoice
from retrieval import Candidate
from retrieval.reader.consulted import Consulted

#: Why the bot handed over, or offered to.
Reason = Literal[
    "asked",
    "unsure",
    "unclear",
    "nothing_found",
    "contradiction",
    "partial",
    "repeated",
    "not_helped",
    "upset",
    "attachment",
    "failed",
    "unavailable",
    "undelivered",
    "language",
    "forget",
]
DecisionName = Literal["answer", "suggest", "clarify", "partial", "step", "offer", "escalate", "add", "social"]
#: What a turn meant for a case that waited meanwhile: nothing, something more for it, or that it is needed no more.
CaseEffect = Literal["waits", "joined", "withdrawn"]


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """Erasure of what a customer said, at a time and by an agent; without a name it was a maintainer."""

    at: datetime
    by: str | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """One question of a message with several."""

    question: str
    confidence: float
    is_answered: bool
    #: Whether a page was suggested for it.
    is_suggested: bool = False
    #: The document that answered it, may answer it, or came nearest.
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The stored record of one decision: what was asked, what was found, how sure it was, what was done."""

    decision: DecisionName
    question: str
    reason: Reason | None = None
    #: What was searched: the question, with the one before it where it follows on that.
    searched: str | None = None
    #: The language it was searched in, where that is known.
    language: str | None = None
    #: The conversation's language after the turn, and what that rests on.
    language_choice: LanguageChoice | None = None
    #: Calibrated probability that the best candidate answers the question; None when nothing was searched.
    confidence: float | None = None
    #: Calibrated probabilities that one of the first two does, and one of those the customer could choose from.
    among_beside: float | None = None
    among_first: float | None = None
    #: The confidence needed for an answer.
    threshold: float | None = None
    #: The share of questions that was taken to have no answer; and how far, in receipts of earlier releases, customers
    #: were thought to word theirs from the corpus.
    unanswerable: float | None = None
    shift: float | None = None
    #: Version of the snapshot that was searched.
    snapshot: str | None = None
    #: Best first.
    candidates: tuple[Candidate, ...] = ()
    #: What the confidence was computed from, by name.
    features: dict[str, float] = field(default_factory=dict)
    #: What a reader said of the candidates, and how far it was believed; None where none was asked.
    reader: Consulted | None = None
    #: The documents that were suggested, could be chosen from, or were shown beside a hand-over, by their ids.
    offered: tuple[str, ...] = ()
    #: The documents that the customer said were no help, by their ids: they are not suggested again.
    denied: tuple[str, ...] = ()
    #: The document that the customer chose for the question: a label.
    chosen: str | None = None
    #: Of the pages that were not shown as a whole, by their ids, where the parts that were begin and end in the text.
    shown_first: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    #: The step of a procedure that was given, from 1.
    step: int | None = None
    #: The questions of a message with several.
    parts: tuple[Part, ...] = ()
    #: What was said where that was something small, by the name of its phrase: "solved" where the customer was helped.
    said: str | None = None
    #: What the turn meant for the case that waited for an agent; None where none did.
    case: CaseEffect | None = None
    #: What an agent should know beside the reason.
    detail: str | None = None
    #: Where the customer is erased, no word and no page is left of it: only the figures.
    erased: Erasure | None = None
    at: datetime | None = None
    id: int | None = None

    @property
    def understood(self) -> tuple[str, ...]:
        """The questions that were looked up, as they were understood."""
        return tuple(part.question for part in self.parts) or ((self.searched,) if self.searched else ())

    @property
    def given(self) -> frozenset[str]:
        """The passages that the customer got to read, by their ids."""
        return frozenset(each.passage_id for each in self.shown)

    @property
    def shown(self) -> tuple[Candidate, ...]:
        """The candidates that the customer got to read, as answers, suggestions or step by step."""
        if self.decision not in {"answer", "suggest", "step"}:
            return ()
        if self.chosen:
            return tuple(each for each in self.candidates if each.document_id == self.chosen)
        if self.decision == "suggest" and not self.parts:
            return tuple(each for each in self.candidates if each.document_id in self.offered)
        return self.candidates[: max(1, len(self.parts))]

    @property
    def open(self) -> tuple[str, ...]:
        """The questions of the message that a person has to answer."""
        return tuple(part.question for part in self.parts if not (part.is_answered or part.is_suggested))
