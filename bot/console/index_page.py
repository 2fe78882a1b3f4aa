"""The page on the index: what can be expected of it, and what would help it most."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.auth.session import Guard
from bot.console.templating import Templates
from bot.conversation import Agent
from bot.health.first_report import ADVICE, DECISIONS
from retrieval.evaluation.first_report import FirstReport

#: Gives the report on the index in use; None where there is none.
Expected = Callable[[], FirstReport | None]


class IndexPage:
    """Shows the first report of the index in use."""

    def __init__(self, expected: Expected, pages: Templates) -> None:
        self._expected = expected
        self._pages = pages

    def routes(self, guard: Guard) -> list[Route]:
        """One page."""
        return [Route("/index", guard.page(self._show), methods=["GET"])]

    async def _show(self, request: Request, _agent: Agent) -> Response:
        report = await asyncio.to_thread(self._expected)
        return self._pages.render(request, "index.html", report=report, advice=ADVICE, decisions=DECISIONS)
