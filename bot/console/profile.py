"""An agent's own page: the languages they read, and the language of their console."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.console.auth.session import HOME, Guard, use_language
from bot.console.templating import Templates
from bot.console.translations import LANGUAGES
from bot.conversation import SUPPORTED, Agent
from bot.services import Agents


class Profile:
    """Shows and stores it."""

    def __init__(self, agents: Agents, pages: Templates) -> None:
        self._agents = agents
        self._pages = pages

    def routes(self, guard: Guard) -> list[Route]:
        """One page with one form."""
        return [
            Route("/profile", guard.page(self._show), methods=["GET"]),
            Route("/profile", guard.page(self._store), methods=["POST"]),
        ]

    async def _show(self, request: Request, agent: Agent) -> Response:
        say = self._pages.words(request)
        choices = say.by_name({*SUPPORTED, *agent.languages})
        saved = "saved" in request.query_params
        return self._pages.render(request, "profile.html", agent=agent, choices=choices, saved=saved)

    async def _store(self, request: Request, agent: Agent) -> Response:
        form = await request.form()
        read = {str(code) for code in form.getlist("languages")}
        languages = [code for code in (*SUPPORTED, *agent.languages) if code in read]
        language = str(form.get("console_language", ""))
        chosen = language if language in LANGUAGES else None
        await self._agents.edit(agent.id, languages=tuple(dict.fromkeys(languages)), console_language=chosen)
        use_language(request, chosen)
        return RedirectResponse(f"{HOME}profile?saved", HTTPStatus.SEE_OTHER)
