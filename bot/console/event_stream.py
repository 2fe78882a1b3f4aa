"""Server-sent events that tell open pages of a change; they fetch what they show again."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import anyio
from sse_starlette import ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.auth.session import Guard
from bot.conversation import Agent
from bot.services import Agents, Desk
from channels.server_sent_events import event_response, rounds

#: A page is told to look again at least this often, in seconds.
LONGEST_SILENCE = 25.0
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
        return event_response(lambda closing: self._changes(agent, closing))

    async def _changes(self, agent: Agent, closing: anyio.Event) -> AsyncIterator[ServerSentEvent]:
        async with aclosing(rounds(lambda: self._desk.changed(LONGEST_SILENCE), closing)) as changes:
            async for _ in changes:
                if not await self._agents.get(agent.id):
                    yield ServerSentEvent(event="changed", data="signed out")
                    return
                await self._agents.touch(agent.id)
                yield ServerSentEvent(event="changed", data="desk", retry=RETRY)
