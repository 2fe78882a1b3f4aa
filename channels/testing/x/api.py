"""X's API on the stand-in: it takes what X takes, and complains of everything else."""

import asyncio
import base64
import itertools
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from channels.testing.faults import Fate
from channels.testing.platform import Delivered
from channels.testing.x.credentials import CLIENT_ID, CLIENT_SECRET, Keys
from channels.testing.x.message import XPost, page
from channels.testing.x.rules import RateWindow, wrong_with_message, wrong_with_query
from channels.testing.x.streams import Streams

_MANY = 1_000_000


class Api:
    """X's API: answers requests and keeps what it was told."""

    def __init__(self, account: str, keys: Keys, complaints: list[str]) -> None:
        self.posts: list[XPost] = []
        self.fates: deque[Fate] = deque()
        #: What happens to a message that no fate waits for; a run of chaos throws dice here.
        self.chance: Callable[[], Fate | None] = lambda: None
        self.delivered: list[Delivered] = []
        self.streams = Streams()
        self.lock = threading.RLock()
        #: X's limits; wide open unless a test sets them.
        self.sends = [
            RateWindow(count=_MANY, seconds=900),
            RateWindow(count=_MANY, seconds=86_400, header="x-user-limit-24hour"),
        ]
        self.reads = RateWindow(count=_MANY, seconds=900)
        #: Requests that a limit refused, and those that asked for messages.
        self.limited = 0
        self.read = 0
        #: Whether the app may read direct messages.
        self.may_read = True
        #: What the token may do, and what is set up at X for the app.
        self.access_level = "read-write-directmessages"
        self.webhooks: list[dict[str, Any]] = []
        self.subscriptions: list[dict[str, Any]] = []
        self._account = account
        self._keys = keys
        self._complaints = complaints
        #: Numbers of messages, by whomever: they grow in the order in which they are written.
        self.ids = itertools.count(3_000_000_000_000_000_001)

    def application(self) -> Starlette:
        """Its routes."""
        return Starlette(
            routes=[
                Route("/2/dm_conversations/with/{customer}/messages", self._send, methods=["POST"]),
                Route("/2/dm_conversations/with/{customer}/dm_events", self._events, methods=["GET"]),
                Route("/2/dm_events", self._events, methods=["GET"]),
                Route("/2/activity/stream", self._stream, methods=["GET"]),
                Route("/2/users/me", self._me, methods=["GET"]),
                Route("/2/webhooks", self._listed(lambda: self.webhooks), methods=["GET"]),
                Route("/2/activity/subscriptions", self._listed(lambda: self.subscriptions), methods=["GET"]),
                Route("/2/oauth2/token", self._token, methods=["POST"]),
            ]
        )

    async def _send(self, request: Request) -> Response:
        if not self._keys.is_user(request):
            return self._not_the_account(request)
        fate = self.fates.popleft() if self.fates else self.chance()
        if fate and fate.name != "silent":
            return _refusal(fate)
        wrong = wrong_with_message(await _json(request))
        if request.headers.get("content-type") != "application/json":
            wrong = "the body is not application/json"
        customer = request.path_params["customer"]
        if not customer.isdecimal() or len(customer) > 19:
            wrong = f"{customer} is no number of an account"
        if wrong:
            return self._complain(400, wrong)
        now = time.time()
        if spent := [window for window in self.sends if not window.take(now)]:
            self.limited += 1
            return _problem(429, "Too Many Requests", "Too Many Requests", spent[-1].headers(now))
        post = XPost(
            id=str(next(self.ids)),
            sender=self._account,
            sender_name="Help",
            recipient=customer,
            text=(await _json(request))["text"],
            at=now,
        )
        with self.lock:
            self.posts.append(post)
            self.delivered.append(_delivered(post, is_answered=fate is None))
        while fate and not await request.is_disconnected():  # noqa: ASYNC110  # nobody tells when it is
            await asyncio.sleep(0.02)
        data = {"dm_conversation_id": post.conversation, "dm_event_id": post.id}
        return JSONResponse({"data": data}, 201, headers=self.sends[0].headers(now))

    async def _events(self, request: Request) -> Response:
        if not self._keys.is_user(request):
            return self._not_the_account(request)
        if wrong := wrong_with_query(request.query_params):
            return self._complain(400, wrong)
        now = time.time()
        self.read += 1
        if not self.may_read:
            return _problem(403, "Forbidden", "Your app may not read direct messages.")
        if not self.reads.take(now):
            self.limited += 1
            return _problem(429, "Too Many Requests", "Too Many Requests", self.reads.headers(now))
        customer = request.path_params.get("customer")
        with self.lock:
            posts = [post for post in self.posts if customer is None or customer in {post.sender, post.recipient}]
        newest = sorted(posts, key=lambda post: post.at, reverse=True)
        size, start = int(request.query_params.get("max_results", "100")), 0
        if token := request.query_params.get("pagination_token"):
            start = int(token)
        more = f"{start + size:020}" if len(newest) > start + size else None
        return JSONResponse(page(newest[start : start + size], more), headers=self.reads.headers(now))

    async def _stream(self, request: Request) -> Response:
        if not self._keys.is_app(request):
            return self._complain(401, "the stream is the app's to open")
        return StreamingResponse(self._encoded(), media_type="application/json")

    async def _encoded(self) -> AsyncIterator[bytes]:
        async for line in self.streams.lines():
            yield line.encode()

    async def _me(self, request: Request) -> Response:
        if not self._keys.is_user(request):
            return _problem(401, "Unauthorized", "Unauthorized")
        data = {"id": self._account, "name": "Help", "username": "help"}
        return JSONResponse({"data": data}, headers={"x-access-level": self.access_level})

    def _listed(self, what: Callable[[], list[dict[str, Any]]]) -> Any:
        async def answer(request: Request) -> Response:
            if not self._keys.is_app(request):
                return _problem(401, "Unauthorized", "Unauthorized")
            return JSONResponse({"data": what(), "meta": {"result_count": len(what())}})

        return answer

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        shown = request.headers.get("authorization", "")
        is_client = shown == _basic() if shown else form.get("client_id") == CLIENT_ID
        if form.get("grant_type") != "refresh_token" or not is_client:
            return self._complain(400, "a token was asked for in a way that X does not know")
        if form.get("refresh_token") != self._keys.refresh_token:
            return JSONResponse({"error": "invalid_request"}, 400)  # used before
        self._keys.refresh()
        new = {"access_token": self._keys.user_token, "refresh_token": self._keys.refresh_token}
        return JSONResponse(new | {"token_type": "bearer", "expires_in": 7200})

    def _not_the_account(self, request: Request) -> Response:
        """A token may have run out; whatever else is shown is wrong."""
        if self._keys.is_app(request):
            return self._complain(403, "direct messages are the account's, not the app's")
        if request.headers.get("authorization", "").startswith("Bearer "):
            return _problem(401, "Unauthorized", "Unauthorized")
        return self._complain(401, "a request was not signed for the account")

    def _complain(self, status: int, what: str) -> Response:
        self._complaints.append(what)
        return _problem(status, {400: "Invalid Request", 401: "Unauthorized"}.get(status, "Forbidden"), what)


def _delivered(post: XPost, *, is_answered: bool) -> Delivered:
    return Delivered(address=post.conversation, id=post.id, text=post.text, at=post.at, is_answered=is_answered)


async def _json(request: Request) -> Any:
    try:
        return await request.json()
    except ValueError:
        return None


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


def _refusal(fate: Fate) -> Response:
    if fate.name == "too many":
        headers = {"x-rate-limit-limit": "15", "x-rate-limit-remaining": "0"}
        return _problem(
            429,
            "Too Many Requests",
            "Too Many Requests",
            headers | {"x-rate-limit-reset": str(int(time.time() + fate.retry_after))},
        )
    answers = {
        "broken": (503, "Service Unavailable", "Over capacity"),
        "unauthorized": (401, "Unauthorized", "Unauthorized"),
        "blocked": (403, "Forbidden", "You do not have permission to DM one or more participants."),
        "conflict": (409, "Conflict", "Conflict"),
    }
    return _problem(*answers[fate.name])


def _problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    content = {"title": title, "detail": detail, "status": status, "type": "about:blank"}
    return JSONResponse(content, status, headers=headers)
