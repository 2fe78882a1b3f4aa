"""The queue and its cases: what an agent sees and does."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.console import case_actions, display
from bot.console.auth.session import FORM_OUT_OF_DATE, HOME, Guard
from bot.console.case_actions import ActionName
from bot.console.queue_view import AssignmentLookup, View, closed_groups, languages, open_groups
from bot.console.templating import Templates
from bot.console.translations import Translations
from bot.conversation import Agent, Case
from bot.errors import AlreadyClaimed, BotError, InvalidState, NoSuchCase, NotOwner, Unanswered
from bot.services import Desk
from channels.message import LONGEST_TEXT
from retrieval import Candidate

#: No case has a higher number; databases refuse larger ones in their own words.
HIGHEST_NUMBER = 2**31 - 1
#: How many of the bot's candidates have a key.
SUGGESTIONS = 3
#: How many closed cases are shown, and among how many those of a language are looked for.
CLOSED = 50
CLOSED_SEARCHED = 500


@dataclass(frozen=True, kw_only=True)
class ReplyForm:
    """Contents of the reply box; `key` makes a form that is sent twice one message."""

    key: str
    text: str = ""
    kind: str = "reply"


class CaseViews:
    """Pages and forms of the desk."""

    def __init__(self, desk: Desk, pages: Templates, assignment: AssignmentLookup) -> None:
        self._desk = desk
        self._pages = pages
        self._assignment = assignment

    def routes(self, guard: Guard) -> list[Route]:
        """The desk, its cases, and the parts an open page fetches again."""
        return [
            Route("/", guard.page(self._home), methods=["GET"]),
            Route("/cases/{id:int}", guard.page(self._case), methods=["GET"]),
            Route("/queue", guard.part(self._queue), methods=["GET"]),
            Route("/cases/{id:int}/lines", guard.part(self._lines), methods=["GET"]),
            Route("/cases/{id:int}/lines", guard.page(self._write), methods=["POST"]),
            Route("/cases/{id:int}/verdict", guard.page(self._verdict), methods=["POST"]),
            Route("/cases/{id:int}/{action}", guard.page(self._act), methods=["POST"]),
        ]

    async def _home(self, request: Request, agent: Agent) -> Response:
        return self._pages.render(request, "desk.html", **await self._view(request, agent, None))

    async def _case(self, request: Request, agent: Agent) -> Response:
        case = await self._desk.case(_number(request))
        return await self._page(request, agent, case)

    async def _queue(self, request: Request, agent: Agent) -> Response:
        current = request.query_params.get("case", "")
        return self._pages.render(request, "queue.html", **await self._queues(request, agent, current))

    async def _lines(self, request: Request, agent: Agent) -> Response:
        case = await self._desk.case(_number(request))
        return self._pages.render(request, "lines.html", **self._case_view(request, case, agent))

    async def _write(self, request: Request, agent: Agent) -> Response:
        number = _number(request)
        form = {name: str(value) for name, value in (await request.form()).items()}
        draft = ReplyForm(
            key=form.get("key", ""),
            text=form.get("text", "").replace("\r\n", "\n").strip(),
            kind="note" if form.get("kind") == "note" else "reply",
        )
        if problem := _fault(draft, self._pages.words(request)):
            case = await self._desk.case(number)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return await self._page(request, agent, case, problem=problem, status=status, draft=draft)
        write = self._desk.note if draft.kind == "note" else self._desk.reply
        try:
            await write(number, agent, draft.text, key=draft.key)
        except (AlreadyClaimed, NotOwner, InvalidState) as error:
            return await self._refused(request, agent, error, draft)
        return _back_to(request)

    async def _verdict(self, request: Request, agent: Agent) -> Response:
        case = await self._desk.case(_number(request))
        page = str((await request.form()).get("page", ""))
        pages = {str(place): page.document_id for place, page in enumerate(case.pages, 1)} | {"0": None}
        try:
            if page == "":
                await self._desk.unlabel_relevance(case.escalation_id)
            elif page in pages:
                await self._desk.label_relevance(case.escalation_id, agent, pages[page])
            else:
                raise HTTPException(HTTPStatus.BAD_REQUEST, FORM_OUT_OF_DATE)
        except InvalidState as error:
            return await self._refused(request, agent, error)
        return _back_to(request, done="verdict", was=case_actions.verdict_place(case), part="#context")

    async def _act(self, request: Request, agent: Agent) -> Response:
        number = _number(request)
        name = request.path_params["action"]
        is_confirmed = (await request.form()).get("confirmed") == "1"
        steps: dict[str, Callable[[int, Agent], Awaitable[None]]] = {
            "claim": self._desk.claim,
            "release": self._desk.release,
            "resolve": partial(self._desk.resolve, confirmed=is_confirmed),
            "hand-back": self._desk.hand_back,
            "reopen": self._desk.reopen,
            "erase": self._desk.erase,
        }
        if name not in steps:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        try:
            await steps[name](number, agent)
        except (AlreadyClaimed, NotOwner, InvalidState) as error:
            return await self._refused(request, agent, error)
        return _back_to(request, done=name)

    async def _refused(
        self, request: Request, agent: Agent, error: BotError, draft: ReplyForm | None = None
    ) -> Response:
        case = await self._desk.case(_number(request))
        problem = display.refusal_text(error, self._pages.words(request))
        confirms: ActionName | Literal[""] = "resolve" if isinstance(error, Unanswered) else ""
        status = HTTPStatus.CONFLICT
        return await self._page(request, agent, case, problem=problem, status=status, draft=draft, confirms=confirms)

    async def _page(
        self,
        request: Request,
        agent: Agent,
        case: Case,
        *,
        problem: str = "",
        status: HTTPStatus = HTTPStatus.OK,
        draft: ReplyForm | None = None,
        confirms: ActionName | Literal[""] = "",
    ) -> Response:
        """The page of a case; `confirms` is the action whose button does it although it was refused just now."""
        view = await self._view(request, agent, case)
        said = {"problem": problem, "draft": draft or view["draft"], "confirms": confirms}
        return self._pages.render(request, "desk.html", status=status, **{**view, **said})

    async def _view(self, request: Request, agent: Agent, case: Case | None) -> dict[str, Any]:
        done = request.query_params.get("done")
        return {
            **await self._queues(request, agent, str(case.escalation_id) if case else ""),
            **(self._case_view(request, case, agent) if case else {"case": None}),
            "agent": agent,
            "problem": "",
            "done": case_actions.ACTIONS.get(done or ""),
            "undo": case_actions.undo(done, case, agent),
            "was": request.query_params.get("was"),
            "draft": ReplyForm(key=secrets.token_urlsafe(12), text=_suggested(request, case)),
        }

    async def _queues(self, request: Request, agent: Agent, current: str) -> dict[str, Any]:
        view = View.of(request.query_params)
        items = await self._desk.queue()
        assigned = await self._assignment.of(agent, items)
        closed = await self._desk.closed(limit=CLOSED_SEARCHED if view.language else CLOSED) if view.closed else ()
        return {
            "view": view,
            "query": view.query,
            "open_query": replace(view, closed=False).query,
            "closed_query": replace(view, closed=True).query,
            "current": current,
            "chooses": bool(agent.languages),
            "languages": self._pages.words(request).by_name(languages(closed if view.closed else items, agent, view)),
            "waiting": len(assigned.now) + len(assigned.overdue),
            "held": 0 if view.closed or view.language else len(assigned.later),
            "groups": closed_groups(closed, view, most=CLOSED)
            if view.closed
            else open_groups(items, agent, view, assigned),
        }

    def _case_view(self, request: Request, case: Case, agent: Agent) -> dict[str, Any]:
        return {
            "case": case,
            "query": View.of(request.query_params).query,
            "mine": case_actions.is_mine(case, agent),
            "actions": case_actions.allowed_actions(case, agent),
            "obstacle": case_actions.reply_obstacle(case, agent, self._pages.words(request)),
            "candidates": _candidates(case),
            "may_erase": case_actions.may_erase(case, agent),
            "verdict_place": case_actions.verdict_place(case),
            "verdict_about": case_actions.verdict_about(case),
            "draft_kind": "reply",
            "confirms": "",
        }


def _candidates(case: Case) -> tuple[Candidate, ...]:
    return case.receipt.candidates[:SUGGESTIONS] if case.receipt else ()


def _suggested(request: Request, case: Case | None) -> str:
    """The text of the candidate that was asked for in the address, for a browser without scripts."""
    wanted = request.query_params.get("use", "")
    texts = {str(number): candidate.text for number, candidate in enumerate(_candidates(case) if case else (), 1)}
    return texts.get(wanted, "")


def _fault(draft: ReplyForm, say: Translations) -> str:
    if not draft.text:
        return say.gettext("Write something first.")
    if len(draft.text) > LONGEST_TEXT:
        length, most = say.number(len(draft.text)), say.number(LONGEST_TEXT)
        return say.gettext(
            "This is too long: %(length)s characters, and %(most)s is the most.", length=length, most=most
        )
    return "" if draft.key else say.gettext(FORM_OUT_OF_DATE)


def _number(request: Request) -> int:
    number = int(request.path_params["id"])
    if number > HIGHEST_NUMBER:
        raise NoSuchCase(f"There is no case {number}.")
    return number


def _back_to(request: Request, *, part: str = "", **said: str) -> Response:
    """To the case, and to a part of its page; `said` is what was done, for the page to say once."""
    view = View.of(request.query_params)
    query = replace(view, closed=view.closed and said.get("done") != "reopen").query
    if said:
        query += f"{'&' if query else '?'}{urlencode(said)}"
    return RedirectResponse(f"{HOME}cases/{_number(request)}{query}{part}", HTTPStatus.SEE_OTHER)
