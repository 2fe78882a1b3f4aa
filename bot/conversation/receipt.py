from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.conversation.language.decision import LanguageChoice
from retrieval.result import Candidate

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
DecisionName = Literal["answer", "suggest", "clarify", "partial", "step", "offer", "escalate", "social"]


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """When what a customer said was erased, and by which agent; without a name it was a maintainer."""

    at: datetime
    by: str | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """One question of a message with several."""

    question: str
    confidence: float
    is_answered: bool
    #: The document that answered it, or came nearest.
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
    #: Calibrated probability that one of the first three does.
    among_first: float | None = None
    #: The confidence needed for an answer.
    threshold: float | None = None
    #: How customers were thought to ask: the share of unanswerable questions, and the shift of their wordings.
    unanswerable: float | None = None
    shift: float | None = None
    #: Version of the snapshot that was searched.
    snapshot: str | None = None
    #: Best first.
    candidates: tuple[Candidate, ...] = ()
    #: What the confidence was computed from, by name.
    features: dict[str, float] = field(default_factory=dict)
    #: The documents the customer could choose from, by their ids.
    offered: tuple[str, ...] = ()
    #: The document that the customer chose for the question: a label.
    chosen: str | None = None
    #: The step of a procedure that was given, from 1.
    step: int | None = None
    #: The questions of a message with several.
    parts: tuple[Part, ...] = ()
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
        """The passages that the customer got as answers, by their ids."""
        if self.decision != "answer":
            return frozenset()
        if self.chosen:
            return frozenset(each.passage_id for each in self.candidates if each.document_id == self.chosen)
        return frozenset(each.passage_id for each in self.candidates[: max(1, len(self.parts))])

    @property
    def open(self) -> tuple[str, ...]:
        """The questions of the message that are not answered."""
        return tuple(part.question for part in self.parts if not part.is_answered)
