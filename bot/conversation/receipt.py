from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from retrieval.search import Candidate

#: Why the bot handed over.
Reason = Literal["asked", "unsure", "nothing_found", "attachment", "failed", "unavailable", "undelivered"]
DecisionName = Literal["answer", "escalate", "social"]


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The stored record of one decision: what was asked, what was found, how sure it was, what was done."""

    decision: DecisionName
    question: str
    reason: Reason | None = None
    #: Calibrated probability that the best candidate answers the question; None when nothing was searched.
    confidence: float | None = None
    #: The confidence needed for an answer.
    threshold: float | None = None
    #: Version of the snapshot that was searched.
    snapshot: str | None = None
    #: Best first.
    candidates: tuple[Candidate, ...] = ()
    #: What the confidence was computed from, by name.
    features: dict[str, float] = field(default_factory=dict)
    at: datetime | None = None
    id: int | None = None
