"""Tells open pages that something changed; they fetch what they show again."""

import asyncio
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.session import Guard
from bot.desk.agents import Agents
from bot.desk.case import Agent
from bot.desk.desk import Desk

#: A page is told to look again at least this often, in seconds.
LONGEST_SILENCE = 25.0
#: How soon a browser connects again, in milliseconds.
RETRY = 2000


class Live:
    """The stream of server-sent events; it ends with the server and with the agent's right to be here."""

    def __init__(self, desk: Desk, agents: Agents) -> None:
        self._desk = desk
        self._agents = agents

    def routes(self, guard: Guard) -> list[Route]:
        """One stream."""
        return [Route("/events", guard.part(self._events), methods=["GET"])]

    async def _events(self, _request: Request, agent: Agent) -> Response:
        return EventSourceResponse(self._changes(agent))

    async def _changes(self, agent: Agent) -> AsyncIterator[dict[str, str | int]]:
        while await self._agents.get(agent.id):
            # Listening starts before the page looks, so that nothing happens unheard in between.
            news = asyncio.create_task(self._desk.changed(LONGEST_SILENCE))
            try:
                yield {"event": "changed", "data": "desk", "retry": RETRY}
                await news
            finally:
                news.cancel()
        yield {"event": "changed", "data": "signed out"}
