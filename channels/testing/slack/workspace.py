"""A stand-in for Slack: a workspace with a bot, its customers, and what Slack does to both.

Its Web API is below /api/; events go to the bot's webhook, signed as Slack signs them, or over Socket Mode. It tells
the bot what the bot itself posts, as Slack does.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from channels.testing.faults import Fate
from channels.testing.platform import Delivered, Heard
from channels.testing.slack.chats import Json, Said, SlackChats
from channels.testing.slack.event_delivery import Deliveries
from channels.testing.slack.reading import buttons, links, shown
from channels.testing.slack.socket_mode import Sockets
from channels.testing.slack.web_api import APP_ID, BOT_USER, TEAM, WebApi

BOT_TOKEN = "xoxb-stand-in"  # noqa: S105  # no secret: the stand-in's own
APP_TOKEN = "xapp-1-A0STANDIN-1-stand-in"  # noqa: S105  # as above
SIGNING_SECRET = "stand-in-secret"  # noqa: S105  # as above
#: What a customer writes to call the bot by name.
BOT_NAME = "@helpbot"


class SlackWorkspace:
    """The workspace, from its customers' side."""

    def __init__(self) -> None:
        self.chats = SlackChats()
        self.sockets = Sockets()
        self.deliveries = Deliveries(self.sockets, SIGNING_SECRET)
        self.api = WebApi(
            self.chats, self.sockets, bot_token=BOT_TOKEN, app_token=APP_TOKEN, posted=self._tell_of_the_bots
        )
        #: Whether the bot is told of its own messages.
        self.echoes = True
        self._numbers = itertools.count(1)
        self._echoing: set[asyncio.Task[bool]] = set()

    @property
    def complaints(self) -> list[str]:
        """Messages sent against Slack's rules, in words."""
        return self.api.complaints

    @property
    def app(self) -> ASGIApp:
        """The Web API below /api/; Socket Mode is on a port of its own."""
        routes = [Route("/api/{method}", self.api.serve, methods=["GET", "POST"])]
        return Starlette(routes=routes, lifespan=self._live)

    @property
    def delivered(self) -> Sequence[Delivered]:
        """The bot's posts, oldest first."""
        return self.api.delivered

    def treats(self, chance: Callable[[], Fate | None]) -> None:
        """Ask this what happens to each message it posts."""
        self.api.chance = chance

    def delivers_to(self, url: Callable[[], str] | None) -> None:
        """Deliver events to the bot's webhook at this address, asked anew each time; None is Socket Mode."""
        self.deliveries.where = url

    def address(self, customer: str) -> str:
        """Direct messages are one conversation."""
        return self.chats.direct(customer)

    def new_message(self, customer: str) -> str:  # noqa: ARG002  # other platforms number by conversation
        """The next message's ts."""
        return self.chats.next_ts()

    def says(self, customer: str, text: str, *, event: str | None = None, message: str | None = None) -> str:
        """Write a direct message; AssertionError when the bot does not acknowledge it."""
        return self.writes(customer, self.chats.direct(customer), text, event=event, ts=message)

    def writes(
        self,
        customer: str,
        channel: str,
        text: str,
        *,
        thread: str | None = None,
        event: str | None = None,
        ts: str | None = None,
        files: Sequence[str] = (),
        kind: str = "message",
    ) -> str:
        """Write in any channel; `kind` app_mention tells it as a mention instead of as a message."""
        if not channel.startswith("D"):
            self.chats.channels.add(channel)
        said = self.chats.add(
            channel,
            Said(
                ts=ts or self.chats.next_ts(),
                user=self.chats.user(customer),
                text=typed(text),
                thread=thread,
                files=[_file(name) for name in files],
            ),
        )
        told: Json = said.told | {"type": kind, "channel": channel, "event_ts": said.ts}
        if kind == "message":
            told |= {"channel_type": "im" if channel.startswith("D") else "channel"}
        if files:
            told |= {"subtype": "file_share"}
        self.tells(told, event=event)
        return said.ts

    def mentions(self, customer: str, channel: str, text: str, *, thread: str | None = None) -> str:
        """Call the bot by name in a channel: Slack tells it twice, as a message and as a mention."""
        ts = self.writes(customer, channel, f"{BOT_NAME} {text}", thread=thread)
        return self.writes(customer, channel, f"{BOT_NAME} {text}", thread=thread, ts=ts, kind="app_mention")

    def edits(self, customer: str, message: str, text: str) -> None:
        """Change a message, wherever it is."""
        channel, said = self._find(customer, message)
        before = said.told
        said.text = typed(text)
        now = said.told | {"edited": {"user": said.user, "ts": self.chats.next_ts()}}
        self._tell_change(channel, {"subtype": "message_changed", "message": now, "previous_message": before})

    def deletes(self, customer: str, message: str) -> None:
        """Delete a message, wherever it is."""
        channel, said = self._find(customer, message)
        self.chats.remove(channel, message)
        told = {"subtype": "message_deleted", "deleted_ts": message, "previous_message": said.told}
        self._tell_change(channel, told)

    def sends_file(self, customer: str, name: str) -> None:
        """Send a file without words in direct messages."""
        self.writes(customer, self.chats.direct(customer), "", files=[name])

    def presses(self, customer: str, label: str) -> None:
        """Press the newest button of that label in direct messages, as on a screen that may not be updated yet."""
        self.presses_in(customer, self.chats.direct(customer), label)

    def presses_in(self, customer: str, channel: str, label: str) -> None:
        """Press the newest button of that label in a channel."""
        for said in reversed(self.chats.all(channel)):
            for form in ({"text": said.text, "blocks": said.blocks}, *reversed(said.before)):
                for button in buttons(form):
                    if button["text"]["text"] == label:
                        self._press(customer, channel, said.told | form, dict(button))
                        return
        raise AssertionError(f"there is no button {label!r}")

    def opens(self, customer: str, tab: str = "messages") -> None:
        """Open the bot's page in Slack."""
        user, channel = self.chats.user(customer), self.chats.direct(customer)
        self.tells({"type": "app_home_opened", "user": user, "channel": channel, "tab": tab})

    def heard(self, customer: str) -> Sequence[Heard]:
        """The bot's direct messages to a customer."""
        return self.heard_in(self.chats.direct(customer))

    def heard_in(self, channel: str, thread: str | None = None) -> Sequence[Heard]:
        """The bot's messages in a channel, or in one of its threads."""
        return [
            Heard(
                text=shown(said.told),
                buttons=tuple(each["text"]["text"] for each in buttons(said.told)),
                links=links(said.told),
            )
            for said in self.chats.all(channel)
            if said.user == BOT_USER and (thread is None or said.thread == thread)
        ]

    def keys(self, channel: str) -> Sequence[tuple[int, int]]:
        """Our ids, and the numbers of their parts, that the bot's messages in a channel carry."""
        payloads = [(said.metadata or {})["event_payload"] for said in self.chats.all(channel) if said.user == BOT_USER]
        return [(payload["id"], payload["part"]) for payload in payloads]

    def fails_next(self, *fates: Fate | None) -> None:
        """Treat the next messages it posts so; None is posted."""
        self.api.fates.extend(fates)

    def tells(self, told: Json, *, event: str | None = None) -> None:
        """Tell the bot of an event; AssertionError when it is not acknowledged."""
        assert self.deliveries.deliver(self.callback(told, event=event)), "the bot did not acknowledge it"

    def callback(self, told: Json, *, event: str | None = None) -> Json:
        """An event in its envelope."""
        return {
            "type": "event_callback",
            "event_id": event or f"Ev{next(self._numbers):08d}",
            "event_time": 1,
            "team_id": TEAM,
            "api_app_id": APP_ID,
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            "event": told,
        }

    def _tell_change(self, channel: str, told: Json) -> None:
        kind = "im" if channel.startswith("D") else "channel"
        self.tells(
            {"type": "message", "channel": channel, "channel_type": kind, "hidden": True, "ts": self.chats.next_ts()}
            | told
        )

    def _press(self, customer: str, channel: str, message: Json, button: Json) -> None:
        ts = self.chats.next_ts()
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM, "domain": "stand-in"},
            "user": {"id": self.chats.user(customer), "username": customer, "team_id": TEAM},
            "api_app_id": APP_ID,
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": channel},
            "trigger_id": f"{ts}.trigger",
            "channel": {"id": channel, "name": "directmessage"},
            "message": message,
            "response_url": "https://hooks.stand-in.example/actions",
            "actions": [button | {"action_ts": ts}],
        }
        assert self.deliveries.deliver(payload), "the bot did not acknowledge it"

    def _find(self, customer: str, message: str) -> tuple[str, Said]:
        for channel in (self.chats.direct(customer), *sorted(self.chats.channels)):
            if said := self.chats.find(channel, message):
                return channel, said
        raise AssertionError(f"there is no message {message}")

    def _tell_of_the_bots(self, channel: str, said: Said) -> None:
        """Tell the bot of its own message, whether it cares or not."""
        if not self.echoes:
            return
        kind = "im" if channel.startswith("D") else "channel"
        told = self.callback(said.told | {"channel": channel, "channel_type": kind, "event_ts": said.ts})
        task = asyncio.create_task(asyncio.to_thread(self.deliveries.deliver, told))
        self._echoing.add(task)
        task.add_done_callback(self._echoing.discard)

    @asynccontextmanager
    async def _live(self, _: Starlette) -> AsyncIterator[None]:
        await self.sockets.start()
        try:
            yield
        finally:
            await asyncio.gather(*self._echoing, return_exceptions=True)
            await self.sockets.stop()
            self.deliveries.close()


def typed(text: str) -> str:
    """A typed text as Slack tells it."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace(BOT_NAME, f"<@{BOT_USER}>")


def _file(name: str) -> Json:
    return {
        "id": "F0STANDIN",
        "name": name,
        "mimetype": "application/octet-stream",
        "mode": "hosted",
        "url_private": f"https://files.stand-in.example/files-pri/T0-F0/{name}",
    }
