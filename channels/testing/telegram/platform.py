"""A stand-in for Telegram: its Bot API, its customers, its chats, groups and topics."""

import re
import time
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import httpx
from starlette.types import ASGIApp

from channels.testing.faults import Fate
from channels.testing.platform import Delivered, Heard
from channels.testing.telegram.bot_api import BOT, TOKEN, BotApi
from channels.testing.telegram.chats import Data, Seat, marks

__all__ = ["BOT", "TOKEN", "TelegramPlatform"]

#: Seconds for which an update is told again until it is acknowledged.
PATIENCE = 20.0
_FIRST_UPDATE = 5_000


class TelegramPlatform:
    """Telegram as its customers see it. "ada" writes in a private chat, "ada@team" in a group, "ada@team#5" in a topic.

    Update ids have gaps. Where a webhook is set, updates are delivered to its path at `url()`.
    """

    def __init__(self, url: Callable[[], str] = str, *, patience: float = 0.0) -> None:
        """`patience` says for how many seconds a bot that does not acknowledge an update is told it again."""
        self.api = BotApi()
        self.url = url
        self.complaints = self.api.complaints
        self._patience = patience
        self._events: dict[str, int] = {}
        self._numbers = count(_FIRST_UPDATE, 3)
        self._client = httpx.Client(timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=0))
        #: What a call of the webhook shows instead of the secret it was given, to play somebody else.
        self.secret: str | None = None

    @property
    def app(self) -> ASGIApp:
        """The Bot API."""
        return self.api.app

    @property
    def delivered(self) -> Sequence[Delivered]:
        """The bot's messages, oldest first, by their chat alone: in a group, whom they were for is not told."""
        return self.api.delivered

    def treats(self, chance: Callable[[], Fate | None]) -> None:
        """Ask this what happens to each message it sends."""
        self.api.chance = chance

    def new_message(self, customer: str) -> str:
        """The chat's next number."""
        return str(self.api.chats.number(self.api.chats.seat(customer).chat["id"]))

    def address(self, customer: str) -> str:
        """As the channel writes it."""
        seat = self.api.chats.seat(customer)
        if seat.chat["type"] == "private":
            return str(seat.chat["id"])
        topic = f"/topic:{seat.topic}" if seat.topic else ""
        return f"{seat.chat['id']}{topic}/user:{seat.user['id']}"

    def says(
        self, customer: str, text: str, *, event: str | None = None, message: str | None = None, **more: Any
    ) -> str:
        """Let a customer write; `more` are further fields of Telegram's message."""
        told = self._written(customer, text, message) | more
        self._tell({"message": told}, event=event)
        return str(told["message_id"])

    def speaks(self, customer: str, language: str) -> None:
        """Let a customer's phone be in this language."""
        self.api.chats.languages[customer.partition("@")[0]] = language

    def says_together(self, customer: str, texts: Sequence[str]) -> None:
        """Several messages in one batch, with gaps between their updates."""
        updates = [self._update({"message": self._written(customer, text)}) for text in texts]
        self._deliver(*updates)

    def replies(self, customer: str, text: str) -> str:
        """Let a customer reply to what the bot said last."""
        seat = self.api.chats.seat(customer)
        last = next(each for each in reversed(self.api.chats.of(seat)) if each["from"]["id"] == BOT["id"])
        return self.says(customer, text, reply_to_message=last)

    def edits(self, customer: str, message: str, text: str) -> None:
        """Let a customer change a message."""
        told = self._written(customer, text, message) | {"edit_date": int(time.time())}
        self._tell({"edited_message": told})

    def deletes(self, customer: str, message: str) -> None:
        """Nothing: Telegram does not tell bots."""

    def sends_file(self, customer: str, name: str) -> None:
        """Let a customer send a document."""
        told = self._written(customer, "")
        told["document"] = {"file_id": f"file-{told['message_id']}", "file_unique_id": "u", "file_name": name}
        self._tell({"message": told})

    def presses(self, customer: str, label: str) -> None:
        """Let a customer press the newest button of that label, even one that has gone meanwhile."""
        seat = self.api.chats.seat(customer)
        message, data = self._button(seat, label)
        number = str(next(self._numbers))
        self.api.unanswered.add(number)
        query = {"id": number, "from": seat.user, "chat_instance": "1", "data": data, "message": message}
        self._tell({"callback_query": query})

    def migrates(self, customer: str) -> int:
        """Let a group become a supergroup with another id."""
        chats, chat = self.api.chats, self.api.chats.seat(customer).chat
        new = -1_000_000_000_000 + int(chat["id"])
        with chats.lock:
            chats.moved[chat["id"]] = new
            chats.groups[f"{chat['title']} (new)"] = new
        return new

    def heard(self, customer: str) -> Sequence[Heard]:
        """The bot's messages where the customer sits."""
        told = self.api.chats.of(self.api.chats.seat(customer))
        return [
            Heard(
                text=each["text"],
                buttons=tuple(button["text"] for button in _buttons(each)),
                links=tuple(entity["url"] for entity in each.get("entities") or () if entity["type"] == "text_link"),
            )
            for each in told
            if each["from"]["id"] == BOT["id"]
        ]

    def fails_next(self, *fates: Fate) -> None:
        """A conflict happens to the next question for updates, everything else to the next message."""
        for fate in fates:
            (self.api.poll_fates if fate.name == "conflict" else self.api.fates).append(fate)

    def _written(self, customer: str, text: str, message: str | None = None) -> Data:
        seat = self.api.chats.seat(customer)
        number = int(message) if message else self.api.chats.number(seat.chat["id"])
        told: Data = {
            "message_id": number,
            "from": seat.user,
            "chat": seat.chat,
            "date": int(time.time()),
            **({"text": text, "entities": marks(text)} if text else {}),
            **({"message_thread_id": seat.topic, "is_topic_message": True} if seat.topic else {}),
        }
        if self.api.chats.find(seat.chat["id"], number) is None:
            self.api.chats.add(told)
        return told

    def _button(self, seat: Seat, label: str) -> tuple[Data, str]:
        told = list(reversed(self.api.chats.of(seat)))
        now = ((each, button["callback_data"]) for each in told for button in _buttons(each) if button["text"] == label)
        ever = (
            (each, button["callback_data"])
            for each in told
            for button in each.get("shown", ())
            if button["text"] == label
        )
        found = next(now, None) or next(ever, None)
        assert found, f"there is no button {label!r}"
        return found

    def _update(self, content: Data, event: str | None = None) -> Data:
        number = next(self._numbers)
        return {"update_id": self._events.setdefault(event, number) if event else number, **content}

    def _tell(self, content: Data, event: str | None = None) -> None:
        self._deliver(self._update(content, event))

    def _deliver(self, *updates: Data) -> None:
        """Return when the bot has acknowledged them; AssertionError when it does not."""
        if self.api.webhook:
            for update in updates:
                self._call(update)
            return
        self.api.updates.add(*updates)
        ids = [update["update_id"] for update in updates]
        patience = max(PATIENCE, self._patience)
        assert self.api.updates.wait_confirmed(*ids, patience=patience), f"the updates {ids} were not confirmed"

    def _call(self, update: Data) -> None:
        until = time.monotonic() + self._patience
        while (status := self._status(update)) != httpx.codes.OK and time.monotonic() < until:
            time.sleep(0.05)
        assert status == httpx.codes.OK, f"the webhook answered {status}"

    def _status(self, update: Data) -> int:
        webhook = self.api.webhook or {}
        path = re.sub(r"^https?://[^/]*", "", webhook.get("url", ""))
        secret = self.secret or webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            return self._client.post(f"{self.url()}{path}", json=update, headers=headers).status_code
        except httpx.TransportError:
            return 0


def _buttons(message: Data) -> list[Data]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]
