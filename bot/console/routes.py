"""The agents' web console, as one mount."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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

from bot.console.auth.security_headers import SecurityHeaders
from bot.console.auth.session import COOKIE, LIFETIME, Guard
from bot.console.auth.sign_in import SignInViews
from bot.console.auth.throttle import SignInThrottle
from bot.console.case_views import CaseViews
from bot.console.event_stream import EventStream
from bot.console.index_page import Expected, IndexPage
from bot.console.profile import Profile
from bot.console.queue_view import AssignmentLookup
from bot.console.templating import Templates
from bot.errors import NoSuchCase, StoreUnavailable
from bot.i18n import gettext_noop
from bot.services import Agents, Desk

STATIC = Path(__file__).parent / "static"
#: Largest form taken, in bytes.
LARGEST_FORM = 1_000_000
#: How long a case is offered only to agents who read its language.
LANGUAGE_WAIT = timedelta(minutes=10)

TITLES = {
    HTTPStatus.BAD_REQUEST: gettext_noop("That could not be read"),
    HTTPStatus.UNAUTHORIZED: gettext_noop("Signed out"),
    HTTPStatus.FORBIDDEN: gettext_noop("Not sent"),
    HTTPStatus.NOT_FOUND: gettext_noop("Not found"),
}
TEXTS = {
    HTTPStatus.NOT_FOUND: gettext_noop("There is no such page in the console."),
    HTTPStatus.METHOD_NOT_ALLOWED: gettext_noop("This address cannot be used like that."),
}


def _now() -> datetime:
    return datetime.now(UTC)


def _nothing_expected() -> None:
    """There is no index to report on."""


def create_console(
    desk: Desk,
    agents: Agents,
    *,
    secret: str,
    secure_cookies: bool,
    attempts: SignInThrottle | None = None,
    language_wait: timedelta = LANGUAGE_WAIT,
    clock: Callable[[], datetime] = _now,
    expected: Expected = _nothing_expected,
) -> list[BaseRoute]:
    """Everything under /console; `secret` signs the session cookies.

    `language_wait` is how long a case is offered only to agents who read its language; `expected` gives the report on
    the index in use.
    """
    pages = Templates()
    guard = Guard(agents)
    application = Starlette(
        routes=[
            *SignInViews(agents, pages, attempts or SignInThrottle()).routes(guard),
            *CaseViews(desk, pages, AssignmentLookup(agents, wait=language_wait, clock=clock)).routes(guard),
            *Profile(agents, pages).routes(guard),
            *IndexPage(expected, pages).routes(guard),
            *EventStream(desk, agents).routes(guard),
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


def _exception_handlers(pages: Templates) -> dict[Any, ExceptionHandler]:
    def told(request: Request, title: str, text: str, status: HTTPStatus) -> Response:
        say = pages.words(request)
        return pages.message(request, say.gettext(title), say.gettext(text), status=status)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status = HTTPStatus(error.status_code)
        return told(request, TITLES.get(status, gettext_noop("Error")), TEXTS.get(status) or error.detail, status)

    async def no_such_case(request: Request, _error: Exception) -> Response:
        say, status = pages.words(request), HTTPStatus.NOT_FOUND
        text = say.gettext("There is no case %(number)s.", number=str(request.path_params["id"]))
        return pages.message(request, say.gettext(TITLES[status]), text, status=status)

    async def store_unavailable(request: Request, _error: Exception) -> Response:
        text = gettext_noop("Nothing can be read or stored at the moment. Try again in a minute.")
        return told(request, gettext_noop("Not available"), text, HTTPStatus.SERVICE_UNAVAILABLE)

    async def broken(request: Request, _error: Exception) -> Response:
        text = gettext_noop("Something went wrong on our side. It has been logged; try again.")
        return told(request, gettext_noop("Error"), text, HTTPStatus.INTERNAL_SERVER_ERROR)

    return {HTTPException: refused, NoSuchCase: no_such_case, StoreUnavailable: store_unavailable, Exception: broken}
