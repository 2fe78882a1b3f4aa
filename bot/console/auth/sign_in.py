"""Signing in and out, and the invitation that makes an agent."""

import math
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.console.auth.session import HOME, SIGN_IN, Guard, local_target, sign_in, sign_out
from bot.console.auth.throttle import SignInThrottle
from bot.console.templating import Templates
from bot.conversation import Agent
from bot.errors import EmailTaken, InvitationInvalid, WeakPassword, WrongPassword
from bot.i18n import gettext_noop
from bot.services import SHORTEST_PASSWORD, Agents

USED_UP = gettext_noop("An invitation works once and for a day. This one has been used, has expired or is incomplete.")
ASK_FOR_A_NEW_ONE = gettext_noop("Ask the person who runs this server for a new one.")
RESTART_FOR_A_NEW_ONE = gettext_noop(
    "Nobody can sign in yet, so a new one is printed when the server is started again."
)


class SignInViews:
    """Pages and forms that can be reached without being signed in."""

    def __init__(self, agents: Agents, pages: Templates, attempts: SignInThrottle) -> None:
        self._agents = agents
        self._pages = pages
        self._attempts = attempts

    def routes(self, guard: Guard) -> list[Route]:
        """Sign-in, sign-out and invitation."""
        return [
            Route("/sign-in", guard.anyone(self._sign_in_form), methods=["GET"]),
            Route("/sign-in", guard.anyone(self._sign_in), methods=["POST"]),
            Route("/sign-out", guard.page(self._sign_out), methods=["POST"]),
            Route("/invite", guard.anyone(self._invitation_form), methods=["GET"]),
            Route("/invite", guard.anyone(self._accept_invitation), methods=["POST"]),
        ]

    async def _sign_in_form(self, request: Request) -> Response:
        return await self._sign_in_page(request, target=request.query_params.get("next", HOME))

    async def _sign_in(self, request: Request) -> Response:
        email, password, target = [await _field(request, name) for name in ("email", "password", "next")]
        who = email.strip().lower()[:320], request.client.host if request.client else ""
        if wait := self._attempts.wait(*who):
            problem = self._pages.words(request).ngettext(
                "Too many attempts. Try again in a minute.",
                "Too many attempts. Try again in %(number)s minutes.",
                math.ceil(wait / 60),
            )
            page = await self._sign_in_page(
                request, target, status=HTTPStatus.TOO_MANY_REQUESTS, email=email, problem=problem
            )
            page.headers["Retry-After"] = str(wait)
            return page
        self._attempts.add(*who)
        try:
            agent = await self._agents.sign_in(email, password)
        except WrongPassword:
            return await self._sign_in_page(
                request,
                target,
                status=HTTPStatus.UNAUTHORIZED,
                email=email,
                problem=self._pages.words(request).gettext("E-mail and password do not belong together."),
            )
        self._attempts.succeeded(*who)
        sign_in(request, agent)
        return RedirectResponse(local_target(target), HTTPStatus.SEE_OTHER)

    async def _sign_in_page(
        self, request: Request, target: str, status: HTTPStatus = HTTPStatus.OK, email: str = "", problem: str = ""
    ) -> Response:
        return self._pages.render(
            request,
            "sign_in.html",
            status=status,
            target=local_target(target),
            email=email,
            problem=problem,
            anybody=await self._agents.exist(),
        )

    async def _sign_out(self, request: Request, _agent: Agent) -> Response:
        sign_out(request)
        return RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)

    async def _invitation_form(self, request: Request) -> Response:
        token = request.query_params.get("token", "")
        invitation = await self._agents.invitation(token)
        if invitation is None:
            return await self._used_up(request)
        name = invitation.name
        return self._pages.render(request, "invitation.html", token=token, name=name, email="", problem="")

    async def _accept_invitation(self, request: Request) -> Response:
        token, name, email, password, again = [
            await _field(request, field) for field in ("token", "name", "email", "password", "again")
        ]
        say = self._pages.words(request)
        try:
            if password != again:
                problem = say.gettext("The two passwords differ.")
            elif not name.strip() or "@" not in email:
                problem = say.gettext("Name and e-mail are needed.")
            else:
                agent = await self._agents.create(token, name=name.strip(), email=email.strip(), password=password)
                sign_in(request, agent)
                return RedirectResponse(HOME, HTTPStatus.SEE_OTHER)
        except InvitationInvalid:
            return await self._used_up(request)
        except EmailTaken:
            problem = say.gettext("There is already an agent with the e-mail %(email)s.", email=email.strip())
        except WeakPassword:
            least = say.number(SHORTEST_PASSWORD)
            problem = say.gettext("Choose a password of at least %(least)s characters.", least=least)
        return self._pages.render(
            request,
            "invitation.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            token=token,
            name=name,
            email=email,
            problem=problem,
        )

    async def _used_up(self, request: Request) -> Response:
        say = self._pages.words(request)
        way_on = ASK_FOR_A_NEW_ONE if await self._agents.exist() else RESTART_FOR_A_NEW_ONE
        title = say.gettext("This invitation cannot be used")
        text = f"{say.gettext(USED_UP)} {say.gettext(way_on)}"
        return self._pages.message(request, title, text, status=HTTPStatus.GONE)


async def _field(request: Request, name: str) -> str:
    value = (await request.form()).get(name)
    return value if isinstance(value, str) else ""
