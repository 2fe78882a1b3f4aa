"""A customer of the web chat and an agent at the desk, in one process: the whole path with a clock that a test sets."""

import hashlib
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import httpx

from bot.app import App, build
from bot.conversation.case import Agent, Case
from bot.services.index import Index
from bot.settings import Settings
from bot.web import web_application
from channels.message import TranscriptLine
from tests.conversations.script import LOCALES, VERBS, Conversation, Step

#: What a customer lets pass before they write again, and between the pieces of a burst.
BETWEEN_TURNS, BETWEEN_PIECES = timedelta(seconds=40), timedelta(seconds=2)
#: Longer than anything waits for its rest.
LONG_ENOUGH = timedelta(seconds=15)


class Clock:
    """The time of day of a conversation."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class WebStage:
    """The application with the web chat, an agent, and the time; nothing in it runs by itself."""

    def __init__(self, app: App, http: httpx.AsyncClient, clock: Clock, alva: Agent) -> None:
        self.app = app
        self.http = http
        self.clock = clock
        self.alva = alva
        self._keys = count(1)

    async def passes(self, time: timedelta) -> None:
        """Let time pass, and do what is due then."""
        self.clock.now += time
        while await self.app.worker.run_once() or await self.app.sender.run_once():
            pass

    async def acts(self, address: str, act: str, text: str = "") -> None:
        """Alva does something with the customer's case, or writes."""
        if not (cases := await self.cases(address)):
            return  # nothing to act on; that no case was opened is told where it was wanted
        [case] = cases
        if act == "writes":
            await self.app.desk.reply(case.escalation_id, self.alva, text, key=f"form-{next(self._keys)}")
            return
        verb = VERBS[act]
        how = {"confirmed": True} if verb == "resolve" else {}
        await getattr(self.app.desk, verb)(case.escalation_id, self.alva, **how)

    async def cases(self, address: str) -> list[Case]:
        """The customer's open cases."""
        queue = await self.app.desk.queue()
        cases = [await self.app.desk.case(item.escalation_id) for item in queue]
        return [case for case in cases if case.customer == address]


@asynccontextmanager
async def web_stage(folder: Path, index: Index) -> AsyncIterator[WebStage]:
    """The application over an index that several share, while the block runs."""
    clock = Clock()
    settings = Settings.read(
        None, index=folder, data=folder, channels={"web": {"messages_per_minute": 9_999, "requests_per_minute": 9_999}}
    )
    async with build(settings, index=index, clock=clock) as app:
        alva = await app.agents.create(
            await app.agents.invite(), name="Alva", email="alva@example.com", password="correct horse"
        )
        transport = httpx.ASGITransport(app=await web_application(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as http:
            yield WebStage(app, http, clock, alva)


class WebCustomer:
    """Plays the steps of a conversation; keeps what was said after each."""

    def __init__(self, stage: WebStage, conversation: Conversation, token: str) -> None:
        self._stage = stage
        self._locale = LOCALES[conversation.language]
        self._headers = {"Authorization": f"Bearer {token}"}
        self.address = hashlib.sha256(token.encode()).hexdigest()
        self._seen: list[TranscriptLine] = []

    @classmethod
    async def arrives(cls, stage: WebStage, conversation: Conversation) -> "WebCustomer":
        """Open the chat."""
        started = await stage.http.post("/chat/sessions")
        return cls(stage, conversation, started.raise_for_status().json()["token"])

    async def plays(self, step: Step) -> Sequence[TranscriptLine]:
        """Do what the step says; give what came back."""
        await self._does(step)
        await self._stage.passes(LONG_ENOUGH)
        lines = await self._stage.app.host.lines("web", self.address)
        new = [line for line in lines[len(self._seen) :] if line.author != "customer"]
        self._seen = list(lines)
        await self._stage.passes(BETWEEN_TURNS)
        return new

    async def has_a_case(self) -> bool:
        """Whether something of theirs is with the agents."""
        return bool(await self._stage.cases(self.address))

    async def _does(self, step: Step) -> None:
        if "says" in step:
            await self._says(step["says"])
        for piece in step.get("burst", ()):
            await self._says(piece)
            await self._stage.passes(BETWEEN_PIECES)
        if "presses" in step:
            await self._presses(step["presses"])
        if "agent" in step:
            await self._stage.acts(self.address, step["agent"])
        if "agent_writes" in step:
            await self._stage.acts(self.address, "writes", step["agent_writes"])
        if "days" in step:
            await self._stage.passes(timedelta(days=step["days"]))

    async def _says(self, text: str) -> None:
        await self._posts("messages", {"id": str(uuid.uuid4()), "text": text, "locale": self._locale})

    async def _presses(self, label: str) -> None:
        line, choice = next(
            (line.id, choice.id) for line in reversed(self._seen) for choice in line.choices if choice.label == label
        )
        await self._posts("actions", {"id": str(uuid.uuid4()), "name": "choose", "message_id": line, "choice": choice})

    async def _posts(self, what: str, body: dict[str, object]) -> None:
        sent = await self._stage.http.post(f"/chat/{what}", json=body, headers=self._headers)
        sent.raise_for_status()
