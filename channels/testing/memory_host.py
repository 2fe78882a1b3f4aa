"""A Host that keeps everything in memory."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from channels.errors import NotStored
from channels.message import Action, Choice, Inbound, Labels, SourceCard, Status, TranscriptLine

Place = tuple[str, str]
ENGLISH = Labels()


@dataclass(frozen=True, kw_only=True)
class HostReply:
    """A message of bot or agent in a test."""

    text: str
    author: Literal["bot", "agent"] = "bot"
    author_name: str | None = None
    source: SourceCard | None = None
    feedback: bool = False
    labels: Labels = ENGLISH
    choices: tuple[Choice, ...] = ()


class MemoryHost:
    """The application as a channel sees it: remembers what it accepts and answers by a table of (said, reply).

    "A human" puts a conversation in the queue. Safe to use from a test's thread while a server runs in another.
    """

    def __init__(self, replies: Mapping[str, HostReply] | None = None) -> None:
        self.accepted: list[Inbound] = []
        #: Set it to False and nothing can be stored, as on a full disk.
        self.can_store = True
        self._replies = replies or {}
        self._lines: defaultdict[Place, list[TranscriptLine]] = defaultdict(list)
        self._statuses: dict[Place, Status] = {}
        self._waiting: defaultdict[Place, list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = defaultdict(list)
        self._lock = threading.RLock()

    async def accept(self, inbound: Inbound) -> bool:
        """Keep it, answer when the table has an answer; False when it was accepted before."""
        if not self.can_store:
            raise NotStored("Your message could not be stored just now.")
        with self._lock:
            if any(_is_same(inbound, earlier) for earlier in self.accepted):
                return False
            self.accepted.append(inbound)
            if inbound.edits or inbound.deletes:
                self._correct(inbound)
            elif inbound.action is None:
                self._hear(inbound)
            elif inbound.action.name == "human":
                self.set_status(inbound.channel, inbound.address, Status(owner="queue"))
            else:
                self._mark(inbound.channel, inbound.address, inbound.action)
        return True

    async def lines(self, channel: str, address: str, *, after: int = 0) -> Sequence[TranscriptLine]:
        """The lines with an id above `after`."""
        with self._lock:
            return [line for line in self._lines[channel, address] if line.id > after]

    async def status(self, channel: str, address: str) -> Status:
        """The bot's, unless it was set otherwise."""
        return self._statuses.get((channel, address), Status(owner="bot"))

    async def changed(self, channel: str, address: str, timeout: float) -> None:  # noqa: ASYNC109  # as in Host
        """Return on the next change, or after `timeout` seconds."""
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        self._waiting[channel, address].append(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter[1].wait()
        except TimeoutError:
            pass
        finally:
            self._waiting[channel, address].remove(waiter)

    def say(self, channel: str, address: str, reply: HostReply, *, sent_as: str | None = None) -> None:
        """Let bot or agent say something, delivered already if the platform has an id for it."""
        self._add(
            channel,
            address,
            TranscriptLine(
                id=0,
                author=reply.author,
                author_name=reply.author_name,
                text=reply.text,
                at=datetime.now(UTC),
                source=reply.source,
                feedback=reply.feedback,
                labels=reply.labels,
                choices=reply.choices,
                platform_message_id=sent_as,
            ),
        )

    def set_status(self, channel: str, address: str, status: Status) -> None:
        """Let somebody else own the conversation, or the bot be thinking."""
        with self._lock:
            self._statuses[channel, address] = status
            self._ring(channel, address)

    def forget(self) -> None:
        """Lose everything, as when the application starts with an empty store."""
        with self._lock:
            self.accepted.clear()
            self._lines.clear()
            self._statuses.clear()

    def _hear(self, inbound: Inbound) -> None:
        self._add(
            inbound.channel,
            inbound.address,
            TranscriptLine(
                id=0,
                author="customer",
                text=inbound.text,
                at=inbound.sent_at,
                client_message_id=inbound.platform_message_id,
            ),
        )
        if reply := self._replies.get(inbound.text):
            self.say(inbound.channel, inbound.address, reply)

    def _correct(self, inbound: Inbound) -> None:
        """Change or remove the line it is about; a line that is not there is said now."""
        lines = self._lines[inbound.channel, inbound.address]
        about = inbound.edits or inbound.deletes
        if inbound.edits and not any(line.client_message_id == about for line in lines):
            self._hear(replace(inbound, platform_message_id=about))
        lines[:] = [
            replace(line, text=inbound.text) if line.client_message_id == about else line
            for line in lines
            if not (inbound.deletes and line.client_message_id == about)
        ]
        self._ring(inbound.channel, inbound.address)

    def _add(self, channel: str, address: str, line: TranscriptLine) -> None:
        with self._lock:
            newest = sum(len(lines) for lines in self._lines.values())
            self._lines[channel, address].append(replace(line, id=newest + 1))
            self._ring(channel, address)

    def _mark(self, channel: str, address: str, action: Action) -> None:
        lines = self._lines[channel, address]
        lines[:] = [_marked(line, action) if line.id == action.answer_id else line for line in lines]

    def _ring(self, channel: str, address: str) -> None:
        for loop, event in list(self._waiting[channel, address]):
            loop.call_soon_threadsafe(event.set)


def _marked(line: TranscriptLine, action: Action) -> TranscriptLine:
    if action.name == "choose":
        return replace(line, chosen=action.choice)
    return replace(line, helped=action.name == "helped")


def _is_same(one: Inbound, other: Inbound) -> bool:
    if one.channel != other.channel:
        return False
    return one.event_id == other.event_id or (
        one.platform_message_id is not None and one.platform_message_id == other.platform_message_id
    )
