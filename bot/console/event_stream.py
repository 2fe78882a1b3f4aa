"""Tells open pages that something changed; they fetch what they show again."""

import asyncio
from collections.abc import AsyncIterator

import anyio
from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.auth.session import Guard
from bot.desk.case import Agent
from bot.services.agents import Agents
from bot.services.desk import Desk

#: A page is told to look again at least this often, in seconds.
LONGEST_SILENCE = 25.0
#: Seconds a stream gets to end by itself when the server stops.
FAREWELL = 5.0
#: How soon a browser connects again, in milliseconds.
RETRY = 2000


class EventStream:
    """The stream of server-sent events; it ends with the server and with the agent's right to be here."""

    def __init__(self, desk: Desk, agents: Agents) -> None:
        self._desk = desk
        self._agents = agents

    def routes(self, guard: Guard) -> list[Route]:
        """One stream."""
        return [Route("/events", guard.part(self._events), methods=["GET"])]

    async def _events(self, _request: Request, agent: Agent) -> Response:
        closing = anyio.Event()
        changes = self._changes(agent, closing)
        return EventSourceResponse(changes, shutdown_event=closing, shutdown_grace_period=FAREWELL)

    async def _changes(self, agent: Agent, closing: anyio.Event) -> AsyncIterator[dict[str, str | int]]:
        closed = asyncio.ensure_future(closing.wait())
        try:
            while not closing.is_set() and await self._agents.get(agent.id):
                # Listening starts before the page looks, so that nothing happens unheard in between.
                news = asyncio.ensure_future(self._desk.changed(LONGEST_SILENCE))
                try:
                    await self._agents.seen(agent.id)
                    yield {"event": "changed", "data": "desk", "retry": RETRY}
                    await asyncio.wait({news, closed}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    news.cancel()
            if not closing.is_set():
                yield {"event": "changed", "data": "signed out"}
        finally:
            closed.cancel()
