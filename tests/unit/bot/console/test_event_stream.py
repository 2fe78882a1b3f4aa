import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from sse_starlette.sse import AppStatus

from bot.app import utc_now
from bot.conversation.case import Agent
from bot.store.engine.database import Database
from tests.desk import CustomersDesk
from tests.unit.bot.console.conftest import Stage, Visitor


class Stream:
    """An open stream of server-sent events, as the server sees it."""

    def __init__(self, stage: Stage, visitor: Visitor) -> None:
        self.chunks: asyncio.Queue[str] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._scope = {
            "type": "http",
            "method": "GET",
            "path": "/console/events",
            "query_string": b"",
            "root_path": "",
            "headers": [(b"cookie", "; ".join(f"{k}={v}" for k, v in visitor.client.cookies.items()).encode())],
        }
        self.task = asyncio.create_task(stage.app(self._scope, self._receive, self._send))

    async def _receive(self) -> MutableMapping[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await self.chunks.put(message["body"].decode())

    async def next(self) -> str:
        return await asyncio.wait_for(self.chunks.get(), 10)

    async def leave(self) -> None:
        self._gone.set()
        await asyncio.wait_for(self.task, 10)


class WatchedDesk(CustomersDesk):
    """Tells a test when somebody waits for a change."""

    def __init__(self, db: Database) -> None:
        super().__init__(db, clock=utc_now)
        self._listening = asyncio.Event()

    async def changed(self, timeout: float) -> None:  # noqa: ASYNC109  # a wait, not a deadline
        self._listening.set()
        await super().changed(timeout)

    async def listened_to(self) -> None:
        await asyncio.wait_for(self._listening.wait(), 10)
        self._listening.clear()


@pytest.fixture
def desk(stage: Stage) -> WatchedDesk:
    stage.desk = desk = WatchedDesk(stage.db)
    stage.app = stage.console()
    return desk


async def test_an_open_page_is_told_of_every_change_until_it_leaves(
    stage: Stage, desk: WatchedDesk, alva: Agent
) -> None:
    stream = Stream(stage, await stage.signed_in(alva))
    assert "event: changed" in await stream.next()
    for _ in range(2):
        await desk.listened_to()
        await desk.escalate("Where is my parcel?")
        assert "data: desk" in await stream.next()
    await desk.listened_to()
    await stream.leave()


async def test_the_stream_ends_when_the_agent_may_not_be_here_any_more(
    stage: Stage, desk: WatchedDesk, alva: Agent
) -> None:
    stream = Stream(stage, await stage.signed_in(alva))
    await stream.next()
    await desk.listened_to()
    await stage.agents.remove(alva.id)
    await desk.escalate("Where is my parcel?")
    assert "data: signed out" in await stream.next()
    await asyncio.wait_for(stream.task, 10)


async def test_the_stream_ends_by_itself_when_the_server_stops(
    stage: Stage, desk: WatchedDesk, alva: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Stream(stage, await stage.signed_in(alva))
    await stream.next()
    await desk.listened_to()
    monkeypatch.setattr(AppStatus, "should_exit", True)
    assert await stream.next() == ""
    await asyncio.wait_for(stream.task, 10)
