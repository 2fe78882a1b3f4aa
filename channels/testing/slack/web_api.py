"""The methods of Slack's Web API that a channel calls, checked by Slack's rules."""

import json
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from channels.testing.faults import Fate
from channels.testing.platform import Delivered
from channels.testing.slack.chats import Json, Said, SlackChats
from channels.testing.slack.rules import wrong_arguments, wrong_message
from channels.testing.slack.socket_mode import Sockets

BOT_USER, BOT_ID, APP_ID, TEAM = "U0BOT", "B0BOT", "A0STANDIN", "T0STANDIN"


class WebApi:
    """Answers what is asked below /api/."""

    def __init__(
        self,
        chats: SlackChats,
        sockets: Sockets,
        *,
        bot_token: str,
        app_token: str,
        posted: Callable[[str, Said], None],
    ) -> None:
        self.complaints: list[str] = []
        self.fates: deque[Fate | None] = deque()
        #: What happens to a message that no fate waits for; a run of chaos throws dice here.
        self.chance: Callable[[], Fate | None] = lambda: None
        self.delivered: list[Delivered] = []
        #: What the token may do, as Slack says in a header of each answer.
        self.scopes: set[str] = set()
        #: What people's Slack is set to, by their user ids.
        self.locales: dict[str, str] = {}
        #: How often each method was called, and with what the last time.
        self.called: Counter[str] = Counter()
        self.last: dict[str, Json] = {}
        #: Methods answered with this error, as for a right that is missing.
        self.refuses: dict[str, str] = {}
        #: Messages with blocks are answered with this error.
        self.refuses_blocks: str | None = None
        self._chats = chats
        self._sockets = sockets
        self._tokens = {"bot": bot_token, "app": app_token}
        self._posted = posted
        self._lock = threading.Lock()

    async def serve(self, request: Request) -> Response:
        """One call of a method."""
        method = request.path_params["method"]
        given = await _arguments(request)
        with self._lock:
            self.called[method] += 1
            self.last[method] = given
        if not self._is_allowed(method, request.headers.get("authorization", "")):
            return self._answer({"ok": False, "error": "invalid_auth"})
        if method in self.refuses:
            return self._answer({"ok": False, "error": self.refuses[method]})
        if wrong := list(wrong_arguments(method, given)):
            return self._wrong(wrong, "invalid_arguments")
        if method == "chat.postMessage":
            return await self._post(request, given)
        answer: Callable[[Json], Json] = getattr(self, "_" + method.replace(".", "_").lower())
        return self._answer(answer(given))

    def _is_allowed(self, method: str, authorization: str) -> bool:
        wanted = self._tokens["app" if method == "apps.connections.open" else "bot"]
        return authorization == f"Bearer {wanted}"

    def _answer(self, told: Json) -> Response:
        return JSONResponse({"ok": True} | told, headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})

    def _wrong(self, wrong: list[str], error: str) -> Response:
        self.complaints += wrong
        return self._answer({"ok": False, "error": error})

    async def _post(self, request: Request, given: Json) -> Response:
        fate = self.fates.popleft() if self.fates else self.chance()
        if fate and fate.name != "silent":
            return _struck(fate, self._answer)
        if wrong := list(wrong_message(given)):
            return self._wrong(wrong, wrong[0].partition(":")[0])
        channel = given["channel"]
        if self.refuses_blocks and given.get("blocks"):
            return self._answer({"ok": False, "error": self.refuses_blocks})
        if not self._chats.knows(channel):
            return self._answer({"ok": False, "error": "channel_not_found"})
        thread = given.get("thread_ts")
        said = Said(
            ts=self._chats.next_ts(),
            user=BOT_USER,
            bot_id=BOT_ID,
            text=given.get("text") or "",
            blocks=given.get("blocks") or [],
            thread=thread,
            metadata=given.get("metadata"),
        )
        self._chats.add(channel, said)
        self.delivered.append(_delivered(channel, said, is_answered=fate is None))
        self._posted(channel, said)
        if fate:
            await _gone(request)
        return self._answer({"channel": channel, "ts": said.ts, "message": said.told})

    def _auth_test(self, _: Json) -> Json:
        return {
            "url": "https://stand-in.example/",
            "team": "Stand-in",
            "user": "helpbot",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def _apps_connections_open(self, _: Json) -> Json:
        return {"url": self._sockets.ticket()}

    def _chat_update(self, given: Json) -> Json:
        said = self._chats.find(given["channel"], given["ts"])
        if said is None or said.user != BOT_USER:
            self.complaints.append("chat.update: message_not_found")
            return {"ok": False, "error": "message_not_found"}
        if wrong := list(wrong_message(given)):
            self.complaints += wrong
            return {"ok": False, "error": wrong[0].partition(":")[0]}
        said.before.append({"text": said.text, "blocks": said.blocks})
        said.text, said.blocks = given.get("text") or said.text, given.get("blocks") or []
        return {"channel": given["channel"], "ts": said.ts, "text": said.text}

    def _reactions_add(self, given: Json) -> Json:
        mark = (given["channel"], given["timestamp"], given["name"])
        if self._chats.find(*mark[:2]) is None:
            return {"ok": False, "error": "message_not_found"}
        if mark in self._chats.reactions:
            return {"ok": False, "error": "already_reacted"}
        self._chats.reactions.add(mark)
        return {}

    def _reactions_remove(self, given: Json) -> Json:
        mark = (given["channel"], given["timestamp"], given["name"])
        if mark not in self._chats.reactions:
            return {"ok": False, "error": "no_reaction"}
        self._chats.reactions.discard(mark)
        return {}

    def _assistant_threads_setstatus(self, _: Json) -> Json:
        return {}

    def _assistant_threads_setsuggestedprompts(self, given: Json) -> Json:
        prompts = given["prompts"]
        if not 0 < len(prompts) <= 4 or any(set(each) != {"title", "message"} for each in prompts):
            self.complaints.append(f"assistant.threads.setSuggestedPrompts: {prompts!r}")
        return {}

    def _users_info(self, given: Json) -> Json:
        name = self._chats.name(given["user"])
        if name is None:
            return {"ok": False, "error": "user_not_found"}
        user: Json = {"id": given["user"], "name": name, "profile": {"real_name": name.title(), "display_name": ""}}
        if given.get("include_locale"):
            user["locale"] = self.locales.get(given["user"], "en-US")
        return {"user": user}

    def _conversations_info(self, given: Json) -> Json:
        return {"channel": {"id": given["channel"], "is_im": given["channel"].startswith("D")}}

    def _conversations_open(self, given: Json) -> Json:
        name = self._chats.name(str(given.get("users", "")))
        return {"channel": {"id": self._chats.direct(name)}} if name else {"ok": False, "error": "user_not_found"}

    def _conversations_history(self, given: Json) -> Json:
        said = [each for each in self._chats.all(given["channel"]) if each.thread in {None, each.ts}]
        return _page(given, list(reversed(said)))

    def _conversations_replies(self, given: Json) -> Json:
        said = [each for each in self._chats.all(given["channel"]) if given["ts"] in {each.ts, each.thread}]
        return _page(given, said)


def _page(given: Mapping[str, Any], said: list[Said]) -> Json:
    newer = [each for each in said if float(each.ts) > float(given.get("oldest") or 0)]
    with_metadata = str(given.get("include_all_metadata")).lower() in {"1", "true"}
    begin = int(given.get("cursor") or 0)
    end = begin + int(given.get("limit") or 100)
    told = [
        each.told | ({"metadata": each.metadata} if each.metadata and with_metadata else {})
        for each in newer[begin:end]
    ]
    more = {"response_metadata": {"next_cursor": str(end)}} if len(newer) > end else {}
    return {"messages": told, "has_more": len(newer) > end} | more


def _struck(fate: Fate, answer: Callable[[Json], Response]) -> Response:
    match fate.name:
        case "too many":
            headers = {"Retry-After": f"{fate.retry_after:g}"}
            return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers=headers)
        case "unauthorized":
            return answer({"ok": False, "error": "invalid_auth"})
        case "blocked":
            return answer({"ok": False, "error": "channel_not_found"})
        case "conflict":
            return JSONResponse({"ok": False, "error": "internal_error"}, status_code=409)
        case _:
            return PlainTextResponse("upstream connect error", status_code=503)


def _delivered(channel: str, said: Said, *, is_answered: bool) -> Delivered:
    payload = (said.metadata or {}).get("event_payload") or {}
    return Delivered(
        address=f"{channel}/{said.thread}" if said.thread else channel,
        id=f"{channel}/{said.ts}",
        text=said.text,
        at=time.time(),
        is_answered=is_answered,
        key=(payload["id"], payload["part"]) if payload else None,
    )


async def _gone(request: Request) -> None:
    """Return when whoever called has given up: nothing but that is still to come of a request that was read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _arguments(request: Request) -> Json:
    """Arguments of a call, by form, JSON or query, as Slack takes them."""
    given: Json = dict(request.query_params)
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        return given | (json.loads(body) if body else {})
    form = await request.form()
    for name, value in form.items():
        given[name] = json.loads(str(value)) if name in {"blocks", "metadata", "prompts"} else str(value)
    return given
