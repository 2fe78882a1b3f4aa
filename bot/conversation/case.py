"""Values that an agent sees of a case, made by `Desk`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.conversation.receipt import Erasure, Reason, Receipt
from channels.message import Attachment, Choice, Owner, Quotation, SourceCard
from retrieval import Candidate

EscalationState = Literal["waiting", "claimed", "resolved", "handed_back"]
Delivery = Literal["pending", "sent", "failed"]

#: The `error` of a message that waits for a limit of its channel.
HELD = "held back by the channel's budget"


@dataclass(frozen=True, kw_only=True)
class Agent:
    """Somebody who answers customers."""

    id: int
    name: str
    email: str
    #: Codes of the languages they read; none: all of them.
    languages: tuple[str, ...] = ()
    #: The language of their console; none: their browser's.
    console_language: str | None = None


@dataclass(frozen=True, kw_only=True)
class QueueItem:
    """One open escalation, as a row of the queue."""

    escalation_id: int
    conversation_id: int
    state: EscalationState
    reason: Reason
    #: What the customer last said before the hand-over.
    question: str
    #: The newest line of the conversation, by anybody.
    last_text: str
    last_at: datetime
    #: Whether the customer wrote after the agent's last reply (or no agent has replied).
    unanswered: bool
    channel: str
    opened_at: datetime
    customer_name: str | None = None
    language: str | None = None
    agent: Agent | None = None
    #: Where the customer is erased there is nothing to read.
    erased: Erasure | None = None


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """One line of a conversation as an agent sees it: messages, notes, and what happened."""

    id: int
    author: Literal["customer", "peer", "bot", "agent", "note", "event"]
    #: Plain text from customers, their peers and for events; Markdown from bot and agents; plain text in notes.
    text: str
    at: datetime
    author_name: str | None = None
    source: SourceCard | None = None
    helped: bool | None = None
    #: What the customer could choose, and the id of what they chose.
    choices: tuple[Choice, ...] = ()
    chosen: str | None = None
    attachments: tuple[Attachment, ...] = ()
    #: Words of others that were passed on or answered.
    quotes: tuple[Quotation, ...] = ()
    #: Whether it was deleted on the platform: its words are gone.
    is_deleted: bool = False
    #: For what was sent to the customer.
    delivery: Delivery | None = None
    error: str | None = None
    #: When it may be sent at the earliest, where something holds it back: `error` says what.
    held_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PastCase:
    """An earlier escalation of the same customer."""

    escalation_id: int
    question: str
    opened_at: datetime
    state: EscalationState
    agent_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class PageVerdict:
    """An agent's judgment of the pages that were found for a case."""

    #: The page that answers the question; None when none of them does.
    document_id: str | None
    agent_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Case:
    """One escalation with everything an agent needs to answer it."""

    escalation_id: int
    conversation_id: int
    state: EscalationState
    reason: Reason
    question: str
    owner: Owner
    channel: str
    customer: str
    opened_at: datetime
    lines: tuple[CaseLine, ...]
    customer_name: str | None = None
    language: str | None = None
    agent: Agent | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    #: The decision that led here: why the bot was not sure, and what it would have said.
    receipt: Receipt | None = None
    #: Which page answers the question, if an agent has said so.
    verdict: PageVerdict | None = None
    earlier: tuple[PastCase, ...] = ()
    #: Where the customer is erased, lines and cases are left without their words.
    erased: Erasure | None = None

    @property
    def pages(self) -> tuple[Candidate, ...]:
        """The pages that were found, best first: those an agent can say something of."""
        return self.receipt.candidates if self.receipt else ()
