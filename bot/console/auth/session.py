"""The session: a signed cookie, the form token, and the guard in front of every page."""

import re
import secrets
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.translations import LANGUAGES
from bot.conversation import Agent
from bot.i18n import gettext_noop
from bot.services import Agents
from channels.web.accept_language import preferred_language

HOME = "/console/"
SIGN_IN = "/console/sign-in"
COOKIE = "answerdesk_console"
#: How long a session lasts after the last thing the agent did, in seconds.
LIFETIME = 12 * 60 * 60

FORM_OUT_OF_DATE = gettext_noop("This form is out of date. Go back, load the page again and send it once more.")
SIGNED_OUT = gettext_noop("You are signed out. Sign in again; what you typed is still in this tab.")

Endpoint = Callable[[Request], Awaitable[Response]]
AgentEndpoint = Callable[[Request, Agent], Awaitable[Response]]

_LOCAL = re.compile(r"/console/(cases/[0-9]+)?")


def local_target(target: str) -> str:
    """The page to go to after signing in: one of the console's own, whatever `target` asks for."""
    return target if _LOCAL.fullmatch(target) else HOME


def form_token(request: Request) -> str:
    """The token every form of this session carries."""
    return str(request.session.setdefault("csrf", secrets.token_urlsafe(24)))


def sign_in(request: Request, agent: Agent) -> None:
    """Start a new session; nothing of the one before survives but the language it was in."""
    language = agent.console_language or request.session.get("language")
    request.session.clear()
    request.session["agent"] = agent.id
    use_language(request, language)
    _renew(request)


def sign_out(request: Request) -> None:
    """End the session."""
    request.session.clear()


def language_of(request: Request) -> str:
    """The language of the console: the one that was chosen, else the one that the browser likes best."""
    chosen = request.session.get("language")
    return chosen if chosen in LANGUAGES else preferred_language(request.headers.get("accept-language", ""), LANGUAGES)


def use_language(request: Request, language: str | None) -> None:
    """Show this session's pages in a language from now on; None: in the browser's."""
    if language in LANGUAGES:
        request.session["language"] = language
    else:
        request.session.pop("language", None)


class Guard:
    """Stands in front of every endpoint: forms must carry the session's token, agents must still be agents."""

    def __init__(self, agents: Agents) -> None:
        self._agents = agents

    def anyone(self, endpoint: Endpoint) -> Endpoint:
        """For signing in and nothing else."""

        async def guarded(request: Request) -> Response:
            await _check_form(request)
            if (language := request.query_params.get("language")) in LANGUAGES:
                use_language(request, language)
            return await endpoint(request)

        return guarded

    def page(self, endpoint: AgentEndpoint) -> Endpoint:
        """For what an agent opens or sends: keeps the session going."""

        async def guarded(request: Request) -> Response:
            agent = await self._agent(request)
            if agent is None and request.method != "POST":
                return RedirectResponse(f"{SIGN_IN}?next={quote(request.url.path)}", HTTPStatus.SEE_OTHER)
            if agent is None:
                raise HTTPException(HTTPStatus.UNAUTHORIZED, SIGNED_OUT)
            await _check_form(request)
            _renew(request)
            return await endpoint(request, agent)

        return guarded

    def part(self, endpoint: AgentEndpoint) -> Endpoint:
        """For what an open page fetches by itself: a page nobody touches does not keep its session alive."""

        async def guarded(request: Request) -> Response:
            agent = await self._agent(request)
            if agent is None:
                raise HTTPException(HTTPStatus.UNAUTHORIZED, SIGNED_OUT)
            return await endpoint(request, agent)

        return guarded

    async def _agent(self, request: Request) -> Agent | None:
        agent_id = request.session.get("agent")
        agent = await self._agents.get(agent_id) if isinstance(agent_id, int) else None
        if agent and agent.console_language and agent.console_language != request.session.get("language"):
            use_language(request, agent.console_language)  # it was changed on another device
        return agent


def _renew(request: Request) -> None:
    request.session["at"] = int(time.time())


async def _check_form(request: Request) -> None:
    if request.method != "POST":
        return
    async with request.form() as form:
        sent = request.headers.get("x-csrf-token") or form.get("csrf")
    expected = request.session.get("csrf")
    if not (isinstance(sent, str) and expected and secrets.compare_digest(sent.encode(), expected.encode())):
        raise HTTPException(HTTPStatus.FORBIDDEN, FORM_OUT_OF_DATE)
