"""Messages of a stand-in's workspace."""

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(kw_only=True)
class Said:
    """One message; `before` are the forms it had, oldest first."""

    ts: str
    user: str
    text: str
    thread: str | None = None
    blocks: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    before: list[Json] = field(default_factory=list)

    @property
    def told(self) -> Json:
        """The message as events and methods tell it."""
        told: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": "T0STANDIN"}
        if self.thread:
            told["thread_ts"] = self.thread
        if self.blocks:
            told["blocks"] = self.blocks
        if self.bot_id:
            told["bot_id"] = self.bot_id
        if self.files:
            told["files"] = self.files
        return told


class SlackChats:
    """Every channel's messages, and who is in direct messages with the bot; safe from any thread."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._said: defaultdict[str, dict[str, Said]] = defaultdict(dict)
        self._people: dict[str, int] = {}
        self._newest = 0
        #: Channels beside direct messages, by their ids.
        self.channels: set[str] = set()
        #: Reactions by (channel, ts, name).
        self.reactions: set[tuple[str, str, str]] = set()

    def user(self, name: str) -> str:
        """The id of somebody."""
        return f"U{self._number(name):08d}"

    def direct(self, name: str) -> str:
        """The id of somebody's direct messages with the bot."""
        return f"D{self._number(name):08d}"

    def name(self, user: str) -> str | None:
        """Name of the person whose id it is; None for nobody's."""
        return next((name for name in list(self._people) if self.user(name) == user), None)

    def knows(self, channel: str) -> bool:
        """True when the bot can write there."""
        return channel in self.channels or any(self.direct(name) == channel for name in list(self._people))

    def next_ts(self) -> str:
        """A message's id: when it was written, later than all before."""
        with self.lock:
            self._newest = max(self._newest + 1, time.time_ns() // 1_000)
            return f"{self._newest // 1_000_000}.{self._newest % 1_000_000:06d}"

    def add(self, channel: str, said: Said) -> Said:
        """Keep a message, unless its id is there already: then that one is returned."""
        with self.lock:
            return self._said[channel].setdefault(said.ts, said)

    def find(self, channel: str, ts: str) -> Said | None:
        """The message of that id."""
        return self._said[channel].get(ts)

    def remove(self, channel: str, ts: str) -> None:
        """Forget a message."""
        with self.lock:
            self._said[channel].pop(ts, None)

    def all(self, channel: str) -> Sequence[Said]:
        """The messages of a channel, in their order."""
        with self.lock:
            return list(self._said[channel].values())

    def _number(self, name: str) -> int:
        with self.lock:
            return self._people.setdefault(name, len(self._people) + 1)
