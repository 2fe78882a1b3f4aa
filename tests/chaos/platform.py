"""A messaging platform of no particular kind: it takes an idempotency key, or not, and carries our ids."""

import asyncio
import time
from collections.abc import Callable, Sequence
from itertools import count

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from channels.testing import Delivered, Fate
from tests.chaos.channel import PATIENCE


class ScriptedPlatform:
    """What it has delivered to its customers, and how it treats who sends."""

    def __init__(self, *, is_idempotent: bool = True) -> None:
        """With `is_idempotent` the same key is delivered once only, as platforms with idempotency keys do."""
        self.delivered: list[Delivered] = []
        #: Where the bot listens.
        self.url: Callable[[], str] = str
        self._is_idempotent = is_idempotent
        self._keys: set[int] = set()
        self._chance: Callable[[], Fate | None] = lambda: None
        self._client = httpx.Client(timeout=5, limits=httpx.Limits(max_keepalive_connections=0))
        self._numbers = count(1)

    @property
    def app(self) -> ASGIApp:
        """Its side that bots talk to."""
        return Starlette(routes=[Route("/send", self._send, methods=["POST"])])

    @property
    def complaints(self) -> Sequence[str]:
        """It has no rules."""
        return ()

    def treats(self, chance: Callable[[], Fate | None]) -> None:
        """Ask this what happens to each message."""
        self._chance = chance

    def address(self, customer: str) -> str:
        """Each customer has one conversation."""
        return customer

    def new_message(self, customer: str) -> str:
        """Unlike any other."""
        return f"{customer}.{next(self._numbers)}"

    def says(self, customer: str, text: str, *, event: str, message: str) -> str:
        """Tell the bot; AssertionError when it does not acknowledge it."""
        body = {"event": event, "message": message, "address": customer, "text": text}
        try:
            status = self._client.post(f"{self.url()}/webhooks/scripted", json=body).status_code
        except httpx.TransportError:
            status = 0
        assert status == httpx.codes.OK, f"the webhook answered {status}"
        return message

    async def _send(self, request: Request) -> Response:
        body = await request.json()
        fate = self._chance()
        if fate and fate.name == "too many":
            return JSONResponse({}, status_code=429, headers={"Retry-After": f"{fate.retry_after:.2f}"})
        if fate and fate.name == "broken":
            return JSONResponse({}, status_code=502)
        key = int(body["key"])
        if not (self._is_idempotent and key in self._keys):
            self._keys.add(key)
            self.delivered.append(_delivered(body, is_answered=fate is None))
        if fate:
            await asyncio.sleep(PATIENCE + 0.2)
        return JSONResponse({"id": _id(body)})


def _delivered(body: dict[str, str], *, is_answered: bool) -> Delivered:
    return Delivered(
        address=body["address"],
        id=_id(body),
        text=body["text"],
        at=time.time(),
        is_answered=is_answered,
        key=(int(body["key"]), 0),
    )


def _id(body: dict[str, str]) -> str:
    return f"p{body['key']}"
