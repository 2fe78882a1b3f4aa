import asyncio
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from channels.channel import Host
from channels.errors import NotStored, PermanentFailure, TemporaryFailure
from channels.message import LONGEST_TEXT, Inbound, Outbound
from channels.settings import read_settings
from channels.webhooks import reject


class MattermostSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str
    bot_token: SecretStr  # posts by the REST API
    webhook_token: SecretStr  # proves that an outgoing webhook is Mattermost's


class MattermostChannel:
    """Answers in public channels: what is written comes by an outgoing webhook, answers go by the REST API."""

    name = "mattermost"
    exclusive_resource = None
    limits = ()

    def __init__(self, settings: MattermostSettings, host: Host) -> None:
        self._settings = settings
        self._host = host
        headers = {"Authorization": f"Bearer {settings.bot_token.get_secret_value()}"}
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.AsyncClient(base_url=settings.base_url, headers=headers, limits=limits)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], host: Host) -> Self:
        return cls(read_settings(MattermostSettings, cls.name, settings), host)

    def routes(self) -> Sequence[BaseRoute]:
        return [Route("/webhooks/mattermost", self._take, methods=["POST"])]

    async def run(self) -> None:
        await asyncio.Event().wait()  # everything comes in by the route

    async def send(self, message: Outbound) -> str:
        channel, _, user = message.address.partition("/")
        body = {"channel_id": channel, "message": render(message, user)}
        try:
            answer = await self._client.post("/api/v4/posts", json=body)
        except httpx.TransportError as error:
            raise TemporaryFailure(f"no answer, it may have been delivered: {error!r}") from error
        if answer.status_code == 429 or answer.status_code >= 500:
            wait = answer.headers.get("x-ratelimit-reset")  # in seconds
            raise TemporaryFailure(
                f"Mattermost answers {answer.status_code}", retry_after=float(wait) if wait else None
            )
        if answer.status_code != 201:
            raise PermanentFailure(f"Mattermost answers {answer.status_code}: {answer.text[:200]}")
        return str(answer.json()["id"])

    async def _take(self, request: Request) -> Response:
        event = await request.json()
        if not hmac.compare_digest(event["token"].encode(), self._settings.webhook_token.get_secret_value().encode()):
            reject(self.name, "token")
            return JSONResponse({}, status_code=401)
        try:
            if event["text"].strip() and len(event["text"]) <= LONGEST_TEXT:
                await self._host.accept(parse(event))
        except NotStored:
            return JSONResponse({}, status_code=503)
        return JSONResponse({})  # acknowledged: from here on it is ours


def parse(event: Mapping[str, Any]) -> Inbound:
    """An outgoing webhook tells of each post once; its id tells a post that is told twice."""
    return Inbound(
        channel=MattermostChannel.name,
        event_id=event["post_id"],
        platform_message_id=event["post_id"],
        address=f"{event['channel_id']}/{event['user_name']}",
        customer=event["user_id"],
        customer_name=event["user_name"],
        text=event["text"],
        sent_at=datetime.now(UTC),
    )


def render(message: Outbound, user: str) -> str:
    """Mattermost shows Markdown as it is; choices are taken by their numbers."""
    parts = [f"@{user} {message.text}"]
    if message.source:
        title, url = message.source.title, message.source.url
        parts.append(f"From [{title}]({url})" if url else f"From {title}")
    parts += [f"{number}. {choice.label}" for number, choice in enumerate(message.choices, 1)]
    return "\n\n".join(parts)
