from dataclasses import dataclass
from datetime import datetime

from channels.message import Action, Owner


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One customer on one channel address, as it was when the work on a turn began."""

    id: int
    channel: str
    address: str
    customer: str
    customer_name: str | None
    locale: str | None
    owner: Owner
    #: What the fence compares: a reply is only committed if this has not moved.
    version: int
    #: The language it is in, where something told; the locale is only a hint at it.
    language: str | None = None
    #: Whether the customer asked for that language: then their words do not change it.
    is_language_pinned: bool = False


@dataclass(frozen=True, kw_only=True)
class TurnMessage:
    """One message or pressed button of a turn."""

    inbox_id: int
    received_at: datetime
    text: str = ""
    line_id: int | None = None
    action: Action | None = None
    has_attachments: bool = False
    #: Whether it passes on or points at somebody's words, which are not in `text`.
    has_quotes: bool = False
    #: Whether it is the new text of a message that was answered before.
    is_edit: bool = False
    #: Who wrote or pressed, as the platform knows them; None: the conversation's customer.
    person: str | None = None


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Messages of a customer taken together: a burst of short ones is one turn."""

    conversation: Conversation
    said: tuple[TurnMessage, ...]
    #: How often this turn has been worked on, this time included.
    attempts: int
    #: Names this claim of the turn; whoever lost it cannot give the turn back.
    holder: str = ""
    #: What went wrong the last time.
    error: str | None = None

    @property
    def text(self) -> str:
        """All that was written, oldest first."""
        return "\n".join(said.text for said in self.said if said.text.strip())

    @property
    def person(self) -> str:
        """The last who wrote or pressed: the answer is to them."""
        return next((said.person for said in reversed(self.said) if said.person), self.conversation.customer)

    @property
    def is_edit(self) -> bool:
        """True when nothing but new texts of answered messages is in it."""
        return bool(self.said) and all(said.is_edit for said in self.said)

    @property
    def actions(self) -> tuple[Action, ...]:
        """All that was pressed, oldest first."""
        return tuple(said.action for said in self.said if said.action)
