"""A channel for the scripted platform of the chaos run: what any adapter is, over real HTTP."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from channels.channel import Host
from channels.errors import NotStored, PermanentFailure, TemporaryFailure
from channels.message import Inbound, Outbound

#: A delivery that is not answered by then may have arrived all the same.
PATIENCE = 1.0


class ScriptedChannel:
    """Takes events on a webhook and sends by HTTP."""

    name = "scripted"
    exclusive_resource = None
    limits = ()

    def __init__(self, base_url: str, host: Host) -> None:
        self._host = host
        self._client = httpx.AsyncClient(base_url=base_url, timeout=PATIENCE)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], host: Host) -> Self:
        """Made from `channels.scripted`, whose `base_url` is the platform's."""
        return cls(settings["base_url"], host)

    def routes(self) -> Sequence[BaseRoute]:
        """Where the platform delivers its events."""
        return [Route("/webhooks/scripted", self._take, methods=["POST"])]

    async def run(self) -> None:
        """Wait: everything comes in by the webhook."""
        await asyncio.Event().wait()

    async def send(self, message: Outbound) -> str:
        """Deliver by HTTP; the message's id is the idempotency key."""
        body = {"key": message.id, "address": message.address, "text": message.text, "author": message.author}
        try:
            answer = await self._client.post("/send", json=body)
        except httpx.TransportError as error:
            raise TemporaryFailure(f"no answer, it may have been delivered: {error!r}") from error
        if answer.status_code == 429:
            raise TemporaryFailure("too many", retry_after=float(answer.headers["Retry-After"]))
        if answer.status_code >= 500:
            raise TemporaryFailure(f"the platform answers {answer.status_code}")
        if answer.status_code >= 400:
            raise PermanentFailure(f"the platform answers {answer.status_code}")
        return str(answer.json()["id"])

    async def _take(self, request: Request) -> Response:
        event = await request.json()
        try:
            await self._host.accept(
                Inbound(
                    channel=self.name,
                    event_id=event["event"],
                    platform_message_id=event["message"],
                    address=event["address"],
                    customer=event["address"],
                    text=event["text"],
                    sent_at=datetime.now(UTC),
                )
            )
        except NotStored:
            return JSONResponse({}, status_code=503)
        return JSONResponse({})
