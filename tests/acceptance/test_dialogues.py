"""Conversations as tables of what is said and what must come back, through the whole path, on every channel."""

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.app import App, build
from bot.conversation.case import Agent
from bot.services.index import Index
from bot.settings import Settings
from channels.terminal import TerminalChannel
from tests.acceptance.conftest import Server, WebCustomer


class Said(NamedTuple):
    """A line of a table: what the customer says, and a piece of each message that must come back, in order."""

    text: str
    replies: tuple[str, ...]


def says(text: str, *replies: str) -> Said:
    return Said(text, replies)


PASSED_ON = "passed it to a colleague"

DIALOGUES = {
    "an answer with its source": [
        says("How do I reset my hub?", "Restart or reset the hub"),
    ],
    "the known phrasing of a return": [
        says("Can I return a lamp I have already used?", "Return a lamp you have already used"),
    ],
    "what nobody has written about is handed over, and while that waits the bot goes on": [
        says("What is the capital of France?", PASSED_ON),
        says("Hello?", "Your question waits for a colleague"),
        says("How do I reset my hub?", "Restart or reset the hub"),
    ],
    "a human at once, and nobody needed any more": [
        says("a human please", "I've passed this to a colleague"),
        says("thanks", "Your question still waits for a colleague"),
        says("never mind", "nothing is needed any more"),
    ],
    "a human in the middle of things": [
        says("How do I reset my hub?", "Restart or reset the hub"),
        says("that is too complicated, can I talk to a real person", "I've passed this to a colleague"),
    ],
    "small talk is answered small": [
        says("Hi!", "What can I help you with?"),
        says("How do I reset my hub?", "Restart or reset the hub"),
        says("great, thanks a lot", "You're welcome"),
        says("bye", "Goodbye"),
    ],
    "a greeting before a question is a question": [
        says("Hello, how do I reset my hub?", "Restart or reset the hub"),
    ],
    "what cannot be read is asked again": [
        says("???", "I couldn't read that"),
        says("How do I reset my hub?", "Restart or reset the hub"),
    ],
    "markup is only text": [
        says("<script>alert(1)</script>How do I reset my hub?", "This may be it"),
    ],
    "Swedish for a human": [
        says("Jag vill prata med en människa, tack", "Jag har lämnat det här till en kollega"),
    ],
}


class Talk:
    """A customer at the terminal channel; worker and sender are worked by hand, so that nothing is left to time."""

    def __init__(self, app: App) -> None:
        self.app = app
        channel = app.channels["terminal"]
        assert isinstance(channel, TerminalChannel)
        self._channel = channel
        self._out = io.StringIO()
        channel._out = self._out

    async def says(self, text: str) -> list[str]:
        """What comes back, once everything is done that there is to do."""
        await self._channel.say(text)
        while await self.app.worker.run_once() or await self.app.sender.run_once():
            pass
        return self.hears()

    def hears(self) -> list[str]:
        said = self._out.getvalue()
        self._out.seek(0)
        self._out.truncate()
        return [part for part in said.split("\nAssistant: ")[1:] if part]


@asynccontextmanager
async def talking(folder: Path, index: Path, scripted: Index | None = None) -> AsyncIterator[Talk]:
    settings = Settings.read(None, index=index, data=folder, quiet_period=0.0, channels={"terminal": {}})
    async with build(settings, index=scripted) as app:
        yield Talk(app)


@pytest.fixture
async def talk(tmp_path: Path, sample_index: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, sample_index) as talk:
        yield talk


@pytest.mark.parametrize("table", DIALOGUES.values(), ids=DIALOGUES.keys())
async def test_dialogue_on_the_terminal(talk: Talk, table: list[Said]) -> None:
    for line in table:
        replies = await talk.says(line.text)
        assert len(replies) == len(line.replies), (line.text, replies)
        for reply, piece in zip(replies, line.replies, strict=True):
            assert piece in reply


def test_dialogues_in_the_web_chat(server: Callable[..., Server]) -> None:
    running = server()
    for name, table in DIALOGUES.items():
        customer, seen = WebCustomer(running.url), 0
        for line in table:
            customer.says(line.text)
            replies = customer.sees_replies(seen + len(line.replies))[seen:]
            assert len(replies) == len(line.replies), (name, line.text, replies)
            for reply, piece in zip(replies, line.replies, strict=True):
                source = reply["source"] or {"title": ""}
                assert piece in f"{reply['html']} {source['title']}".replace("’", "'"), (name, line.text)
            seen += len(replies)


async def test_the_bot_comes_back_when_the_agent_resolves_or_hands_back(talk: Talk) -> None:
    agents, desk = talk.app.agents, talk.app.desk
    alva = await agents.create(await agents.invite(), name="Alva", email="a@example.com", password="correct horse")
    for close in (partial(desk.resolve, confirmed=True), desk.hand_back):
        assert PASSED_ON in (await talk.says("What is the capital of France?"))[0]
        case = (await desk.queue())[0].escalation_id
        await desk.claim(case, alva)
        assert await talk.says("are you there?") == []
        await close(case, alva)
        while await talk.app.sender.run_once():
            pass
        talk.hears()
        assert "Restart or reset the hub" in (await talk.says("How do I reset my hub?"))[0]


async def test_an_agents_reply_reaches_the_customer_under_their_name(talk: Talk) -> None:
    agents, desk = talk.app.agents, talk.app.desk
    alva: Agent = await agents.create(
        await agents.invite(), name="Alva", email="a@example.com", password="correct horse"
    )
    await talk.says("a human please")
    await desk.reply((await desk.queue())[0].escalation_id, alva, "I'm *here*.", key="k")
    while await talk.app.sender.run_once():
        pass
    assert talk._out.getvalue().strip() == "Alva: I'm *here*."


async def test_every_decision_leaves_a_receipt(talk: Talk) -> None:
    from bot.store.records.conversations import customer_lines
    from bot.store.records.receipts import receipt_of_message

    for text in ("Hi", "How do I reset my hub?", "What is the capital of France?"):
        await talk.says(text)
    lines = await customer_lines(talk.app.db, "terminal", "terminal", after=0)
    decisions = [(await receipt_of_message(talk.app.db, line.id)).decision for line in lines]
    assert decisions == ["social", "social", "answer", "answer", "escalate", "escalate"]
