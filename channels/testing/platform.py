from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.types import ASGIApp

from channels.testing.faults import Fate


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One message as the platform shows it to a customer."""

    #: The text as it is read: without markup, with the source and whatever else is shown.
    text: str
    #: What can be pressed under it.
    buttons: tuple[str, ...] = ()
    #: Addresses that its links lead to, in their order.
    links: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """One message as the platform delivered it to a customer."""

    #: The conversation, as `Inbound` names it, and the message's id, as the channel's `send` returns it.
    address: str
    id: str
    #: As it is stored there, to be compared with others.
    text: str
    #: Seconds since 1970.
    at: float
    #: False when the platform was silent after delivering it.
    is_answered: bool = True
    #: Our id and the number of the part, where the platform carries them.
    key: tuple[int, int] | None = None


class Platform(Protocol):
    """A stand-in for a messaging platform, seen from its customers' side.

    It checks what it is sent by the platform's rules. Its methods may be called from a test's thread.
    """

    @property
    def complaints(self) -> Sequence[str]:
        """Messages sent that the platform would not take, in words; a test ends with none."""

    @property
    def app(self) -> ASGIApp:
        """The platform's API, to be served on loopback."""

    def address(self, customer: str) -> str:
        """The address of the customer's conversation with the bot, as `Inbound` names it."""

    def says(self, customer: str, text: str, *, event: str | None = None, message: str | None = None) -> str:
        """Let a customer write; returns the message's id once the bot has acknowledged the event.

        AssertionError when it does not; a run of chaos then tells it again.
        The same `event` told twice is a redelivery; the same `message` under another event is a message told again.
        """

    def edits(self, customer: str, message: str, text: str) -> None:
        """Let a customer change a message."""

    def deletes(self, customer: str, message: str) -> None:
        """Let a customer delete a message."""

    def sends_file(self, customer: str, name: str) -> None:
        """Let a customer send a file and no words."""

    def presses(self, customer: str, label: str) -> None:
        """Let a customer press the newest button of that label, or do what stands for it where there are none."""

    def heard(self, customer: str) -> Sequence[Heard]:
        """The bot's messages to a customer, oldest first."""

    def fails_next(self, *fates: Fate) -> None:
        """Treat the next messages it is sent so, in this order; those after them are delivered."""

    @property
    def delivered(self) -> Sequence[Delivered]:
        """Every message that it delivered, oldest first; one that it was given twice is there twice."""

    def new_message(self, customer: str) -> str:
        """An id for what a customer is about to write, for `says`."""

    def treats(self, chance: Callable[[], Fate | None]) -> None:
        """Ask this what is to happen to each message that `fails_next` says nothing of; None is delivered."""
