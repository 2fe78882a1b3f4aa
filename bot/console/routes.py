"""The agents' web console, as one mount."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ExceptionHandler

from bot.console.attempts import Attempts
from bot.console.cases import Cases
from bot.console.entrance import Entrance
from bot.console.live import Live
from bot.console.pages import Pages
from bot.console.security import SecurityHeaders
from bot.console.session import COOKIE, LIFETIME, Guard
from bot.desk.agents import Agents
from bot.desk.desk import Desk
from bot.errors import NoSuchCase, StoreUnavailable

STATIC = Path(__file__).parent / "static"
#: Largest form taken, in bytes.
LARGEST_FORM = 1_000_000

TITLES = {
    HTTPStatus.BAD_REQUEST: "That could not be read",
    HTTPStatus.UNAUTHORIZED: "Signed out",
    HTTPStatus.FORBIDDEN: "Not sent",
    HTTPStatus.NOT_FOUND: "Not found",
}
TEXTS = {
    HTTPStatus.NOT_FOUND: "There is no such page in the console.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address cannot be used like that.",
}


def create_console(
    desk: Desk, agents: Agents, *, secret: str, secure_cookies: bool, attempts: Attempts | None = None
) -> list[BaseRoute]:
    """Everything under /console; `secret` signs the session cookies."""
    pages = Pages()
    guard = Guard(agents)
    application = Starlette(
        routes=[
            *Entrance(agents, pages, attempts or Attempts()).routes(guard),
            *Cases(desk, pages).routes(guard),
            *Live(desk, agents).routes(guard),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(
                SessionMiddleware,
                secret_key=secret,
                session_cookie=COOKIE,
                max_age=LIFETIME,
                path="/console",
                same_site="lax",
                https_only=secure_cookies,
            )
        ],
        exception_handlers=_exception_handlers(pages),
    )
    around = [Middleware(SecurityHeaders), Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_FORM)]
    return [Mount("/console", application, middleware=around)]


def _exception_handlers(pages: Pages) -> dict[Any, ExceptionHandler]:
    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status = HTTPStatus(error.status_code)
        text = TEXTS.get(status) or error.detail
        return pages.message(request, TITLES.get(status, status.phrase), text, status=status)

    async def no_such_case(request: Request, error: Exception) -> Response:
        return pages.message(request, "Not found", str(error), status=HTTPStatus.NOT_FOUND)

    async def store_unavailable(request: Request, _error: Exception) -> Response:
        text = "Nothing can be read or stored at the moment. Try again in a minute."
        return pages.message(request, "Not available", text, status=HTTPStatus.SERVICE_UNAVAILABLE)

    async def broken(request: Request, _error: Exception) -> Response:
        text = "Something went wrong on our side. It has been logged; try again."
        return pages.message(request, "Error", text, status=HTTPStatus.INTERNAL_SERVER_ERROR)

    return {HTTPException: refused, NoSuchCase: no_such_case, StoreUnavailable: store_unavailable, Exception: broken}
