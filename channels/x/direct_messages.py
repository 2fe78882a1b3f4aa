"""Direct messages as the channel sees them, whichever of X's ways carries them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from channels.message import Attachment


@dataclass(frozen=True, kw_only=True)
class DirectMessage:
    """One message between two accounts."""

    id: str
    #: The event that told of it; the same message may be told by several.
    event_id: str
    #: "{smaller}-{larger}" of the two accounts' numbers.
    conversation: str
    sender: str
    text: str
    sent_at: datetime
    sender_name: str | None = None
    attachments: tuple[Attachment, ...] = ()


class Transport(Protocol):
    """One way in which X carries direct messages: the legacy ones, and one day the encrypted ones, as one module."""

    #: The activity events that tell of a message to the account.
    event_types: frozenset[str]

    def read(self, event: Mapping[str, Any]) -> Sequence[DirectMessage]:
        """The messages that an activity event tells of; none for anything else it may hold. Never an error."""

    async def recent(self, *, since: datetime, seen: frozenset[str] = frozenset()) -> Sequence[DirectMessage]:
        """Messages from and to the account, oldest first; as far back as `since`, or to a page that was `seen`.

        TemporaryFailure or PermanentFailure.
        """

    async def exchanged(self, customer: str) -> Sequence[DirectMessage]:
        """The newest messages with one customer, both sides, oldest first; TemporaryFailure or PermanentFailure."""

    async def send(self, customer: str, text: str) -> str:
        """Deliver a text and return the message's id; NotAnswered, TemporaryFailure or PermanentFailure."""


def conversation_of(one: str, other: str) -> str:
    """The name of the conversation of two accounts."""
    smaller, larger = sorted((one, other), key=int)
    return f"{smaller}-{larger}"


def other_party(conversation: str, account: str) -> str | None:
    """The other one of a conversation of two; None where the account is not in it, or it is a group's."""
    one, dash, other = conversation.partition("-")
    if not dash or not (one.isdecimal() and other.isdecimal()):
        return None
    return {one: other, other: one}.get(account)


def in_order(messages: Iterable[DirectMessage]) -> list[DirectMessage]:
    """By the time they were written, whatever the order they are told in; each once."""
    once = {message.id: message for message in messages}
    return sorted(once.values(), key=lambda message: (message.sent_at, int(message.id)))
