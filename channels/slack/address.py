"""Addresses in Slack: direct messages are one conversation, and so is each thread in a channel."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True)
class MessageRef:
    """One message's place."""

    channel: str
    ts: str
    #: The thread it belongs to, by its first message; None for a message that is in no thread or begins none yet.
    thread: str | None = None

    @property
    def id(self) -> str:
        """The message, among all of Slack's: one message can come as several events, its place stays."""
        return f"{self.channel}/{self.ts}"

    @property
    def is_direct(self) -> bool:
        """True in the bot's direct messages with somebody."""
        return self.channel.startswith("D")

    @property
    def is_reply(self) -> bool:
        """True when it answers an earlier message in a thread."""
        return self.thread is not None and self.thread != self.ts


@dataclass(frozen=True, kw_only=True)
class ConversationRef:
    """A conversation's place: where answers go."""

    channel: str
    thread: str | None = None

    @classmethod
    def of(cls, spot: MessageRef) -> Self:
        """The conversation a message begins or goes on: in a channel its thread, which it may begin itself."""
        if spot.is_direct:
            return cls(channel=spot.channel, thread=spot.thread if spot.is_reply else None)
        return cls.thread_of(spot)

    @classmethod
    def thread_of(cls, spot: MessageRef) -> Self:
        """The thread a message is in, or else begins."""
        return cls(channel=spot.channel, thread=spot.thread or spot.ts)

    @classmethod
    def at(cls, address: str) -> Self:
        """The reverse of `address`."""
        channel, _, thread = address.partition("/")
        return cls(channel=channel, thread=thread or None)

    @property
    def address(self) -> str:
        """As `Inbound` and `Outbound` name it."""
        return f"{self.channel}/{self.thread}" if self.thread else self.channel

    @property
    def whole(self) -> Self:
        """The channel without the thread: for direct messages, the conversation a thread there may belong to."""
        return type(self)(channel=self.channel)
