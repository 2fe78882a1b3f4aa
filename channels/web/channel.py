import asyncio
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from channels.channel import Host
from channels.errors import NotStored
from channels.message import Action, Inbound, Outbound
from channels.web.assets import ChatPage, WidgetScript, WidgetWords
from channels.web.event_stream import event_stream
from channels.web.rate_limit import TokenBuckets
from channels.web.requests import (
    ActionBody,
    MessageBody,
    address_of,
    last_seen,
    new_token,
    not_stored,
    read_body,
    refusal,
    text_of,
)
from channels.web.settings import WebSettings

HOUR = "3600"


class WebChannel:
    """The chat on web pages: `/widget.js` for any page, `/chat` for a page of its own, and what the two talk to.

    A conversation belongs to who holds its token; its address is the token's hash, so the store never holds the token.
    """

    name = "web"
    exclusive_resource = None
    limits = ()

    def __init__(self, settings: WebSettings, host: Host) -> None:
        self._settings = settings
        self._host = host
        self._per_conversation = TokenBuckets(settings.messages_per_minute)
        self._per_client = TokenBuckets(settings.requests_per_minute)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], host: Host) -> Self:
        """Make the channel from `channels.web`; BadSettings names the key that is wrong."""
        return cls(WebSettings.read(settings), host)

    def routes(self) -> Sequence[BaseRoute]:
        """The pages and the API below /chat."""
        origins = Middleware(
            CORSMiddleware,
            allow_origins=self._settings.origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
            expose_headers=["Retry-After"],
            max_age=int(HOUR),
        )
        refusals = Middleware(ExceptionMiddleware, handlers={HTTPException: refusal, NotStored: not_stored})
        api = [
            Route("/sessions", self._start, methods=["POST"]),
            Route("/messages", self._take_message, methods=["POST"]),
            Route("/actions", self._take_action, methods=["POST"]),
            Route("/events", self._stream, methods=["GET"]),
        ]
        return [
            Route("/widget.js", WidgetScript().serve),
            Route("/widget/{language}.js", WidgetWords().serve),
            Route("/chat", ChatPage(self._settings).serve),
            Mount("/chat", routes=api, middleware=[origins, refusals]),
        ]

    async def run(self) -> None:
        """Wait: everything comes in by the routes."""
        await asyncio.Event().wait()

    async def send(self, message: Outbound) -> None:
        """Nothing to do: the line is in the transcript already, and open streams read it from there."""

    async def _start(self, request: Request) -> Response:
        self._admit(self._per_client, _client(request))
        return JSONResponse({"token": new_token()}, status_code=201, headers={"Cache-Control": "no-store"})

    async def _take_message(self, request: Request) -> Response:
        address = self._conversation(request)
        said = await read_body(request, MessageBody)
        event = f"{address}:{said.id}"
        await self._host.accept(
            Inbound(
                channel=self.name,
                event_id=event,
                platform_message_id=event,
                address=address,
                customer=address,
                customer_name=said.name,
                text=text_of(said),
                sent_at=datetime.now(UTC),
                locale=said.locale,
            )
        )
        return JSONResponse({"id": str(said.id)}, status_code=202)

    async def _take_action(self, request: Request) -> Response:
        address = self._conversation(request)
        pressed = await read_body(request, ActionBody)
        await self._host.accept(
            Inbound(
                channel=self.name,
                event_id=f"{address}:{pressed.id}",
                address=address,
                customer=address,
                text="",
                sent_at=datetime.now(UTC),
                action=Action(name=pressed.name, answer_id=pressed.message_id, choice=pressed.choice),
            )
        )
        return JSONResponse({"id": str(pressed.id)}, status_code=202)

    async def _stream(self, request: Request) -> Response:
        address = address_of(request)
        self._admit(self._per_client, _client(request))
        return event_stream(self._host, self.name, address, last_seen(request))

    def _conversation(self, request: Request) -> str:
        """The address of who may write now."""
        address = address_of(request)
        self._admit(self._per_client, _client(request))
        self._admit(self._per_conversation, address)
        return address

    def _admit(self, limit: TokenBuckets, key: str) -> None:
        if wait := limit.take(key):
            seconds = math.ceil(wait)
            sentence = f"These are many messages at once. Please wait {seconds} s and try again."
            raise HTTPException(429, sentence, headers={"Retry-After": str(seconds)})


def _client(request: Request) -> str:
    return request.client.host if request.client else ""
