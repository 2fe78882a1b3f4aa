from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol, Self

from starlette.routing import BaseRoute

from channels.message import Inbound, Outbound, Status, TranscriptLine


@dataclass(frozen=True, kw_only=True)
class SendLimit:
    """A platform's limit: at most `count` messages in any stretch of `seconds`.

    In all of the channel, or to each chat. A day is 86,400 seconds.
    """

    count: int
    seconds: float
    per: Literal["channel", "chat"] = "channel"

    @property
    def window(self) -> timedelta:
        """The stretch of time."""
        return timedelta(seconds=self.seconds)


class Host(Protocol):
    """The application as channels see it: takes messages in, and tells of conversations."""

    async def accept(self, inbound: Inbound) -> bool:
        """Store what came in; when this returns, it is durable and may be acknowledged.

        True when it was new, False when the event or message had been accepted before.
        NotStored when it could not be written: do not acknowledge it.
        """

    async def lines(self, channel: str, address: str, *, after: int = 0) -> Sequence[TranscriptLine]:
        """The conversation's messages with an id above `after`, oldest first; none for an unknown address."""

    async def status(self, channel: str, address: str) -> Status:
        """The conversation's owner now; the bot, for an unknown address."""

    async def changed(self, channel: str, address: str, timeout: float) -> None:  # noqa: ASYNC109  # a wait, not a deadline
        """Return when lines or status may have changed, or after `timeout` seconds."""


class Channel(Protocol):
    """Translates between one platform and `Inbound` / `Outbound`.

    It verifies, parses, renders and sends. It never decides, never touches the database and knows no other channel.
    """

    name: str

    @property
    def limits(self) -> Sequence[SendLimit]:
        """The platform's limits on sending, kept by the outbox; empty where it counts nothing."""

    @property
    def exclusive_resource(self) -> str | None:
        """The name of a thing that one process may read at a time, such as "telegram:<the bot's number>", or None.

        `run` is then called in one process at a time. It is stored and logged: no secret.
        """

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], host: Host) -> Self:
        """Make the channel from its section of the settings; BadSettings names the key that is wrong."""

    def routes(self) -> Sequence[BaseRoute]:
        """The channel's HTTP routes; may be empty."""

    async def run(self) -> None:
        """Take messages in until cancelled; a channel that only has routes waits."""

    async def send(self, message: Outbound) -> str | None:
        """Deliver one message and return the platform's id of it, if there is one.

        TemporaryFailure is tried again, PermanentFailure is shown to an agent.
        """
