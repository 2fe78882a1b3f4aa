import re
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from channels.testing.telegram.html import units

Data = dict[str, Any]
_FIRST_USER = 1_001
_MARKS = re.compile(r"(?P<mention>@\w+)|(?:(?<=\s)|^)(?P<bot_command>/\w+(?:@\w+)?)")


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A customer's seat: "ada" in a private chat, "ada@team" in a group, "ada@team#5" in a topic of it."""

    user: Data
    chat: Data
    topic: int | None = None


@dataclass
class TelegramChats:
    """The platform's users and chats, and the messages in them."""

    users: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    #: The messages of each chat, oldest first.
    said: defaultdict[int, list[Data]] = field(default_factory=lambda: defaultdict(list))
    #: The new ids of groups that became supergroups.
    moved: dict[int, int] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _numbers: defaultdict[int, "count[int]"] = field(default_factory=lambda: defaultdict(lambda: count(1)))

    def seat(self, customer: str) -> Seat:
        """A customer's seat; whoever is named is there."""
        name, _, place = customer.partition("@")
        group, _, topic = place.partition("#")
        with self.lock:
            number = self.users.setdefault(name, _FIRST_USER + len(self.users))
            language = self.languages.get(name, "en")
            user = {"id": number, "is_bot": False, "first_name": name.capitalize(), "language_code": language}
            if not group:
                return Seat(user=user, chat={"id": number, "type": "private", "first_name": user["first_name"]})
            chat = self.groups.setdefault(group, -(1_000 + len(self.groups)))
        data = {"id": chat, "type": "supergroup" if topic else "group", "title": group}
        return Seat(user=user, chat=data | ({"is_forum": True} if topic else {}), topic=int(topic) if topic else None)

    def knows(self, chat: int) -> bool:
        """True when there is such a chat."""
        with self.lock:
            return chat in self.users.values() or chat in self.groups.values()

    def number(self, chat: int) -> int:
        """The next message's number."""
        with self.lock:
            return next(self._numbers[chat])

    def add(self, message: Data) -> None:
        """Have a message stand in its chat."""
        with self.lock:
            self.said[message["chat"]["id"]].append(message)

    def find(self, chat: int, number: int) -> Data | None:
        """One message."""
        with self.lock:
            return next((each for each in self.said[chat] if each["message_id"] == number), None)

    def of(self, seat: Seat) -> Sequence[Data]:
        """The messages that can be read where somebody sits."""
        with self.lock:
            chat: int = seat.chat["id"]
            return [
                each for each in self.said[self.moved.get(chat, chat)] if each.get("message_thread_id") == seat.topic
            ]


def marks(text: str) -> list[Data]:
    """The entities that Telegram sees in what people write: names and commands."""
    return [
        {"type": match.lastgroup, "offset": units(text[: match.start()]), "length": units(match[0])}
        for match in _MARKS.finditer(text)
    ]
