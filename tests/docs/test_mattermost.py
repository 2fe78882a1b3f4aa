from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.channel import Channel
from channels.testing import MemoryHost, served
from channels.testing.contract import ChannelContract
from tests.docs.mattermost import MattermostChannel


async def post(request: Request) -> Response:
    """Mattermost, as far as we use it: it takes a post with the bot's token, and with nothing missing."""
    body = await request.json()
    is_right = request.headers["authorization"] == "Bearer bot" and body["message"] and body["channel_id"] == "town"
    return JSONResponse({"id": "p1"}, status_code=201) if is_right else JSONResponse({}, status_code=400)


class TestMattermostChannel(ChannelContract):
    name = "mattermost"
    address = "town/ada"

    @pytest.fixture
    def settings(self) -> Iterator[Mapping[str, Any]]:
        with served(Starlette(routes=[Route("/api/v4/posts", post, methods=["POST"])])) as mattermost:
            yield {"base_url": mattermost.url, "bot_token": "bot", "webhook_token": "right"}

    @pytest.fixture
    def channel(self, settings: Mapping[str, Any], host: MemoryHost) -> Channel:
        return MattermostChannel.from_settings(settings, host)

    async def customer_says(self, channel: Channel, text: str, event: str, token: str = "right") -> None:
        body = {"token": token, "post_id": event, "channel_id": "town", "user_id": "u1", "user_name": "ada"}
        transport = httpx.ASGITransport(app=Starlette(routes=channel.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            await client.post("/webhooks/mattermost", json=body | {"text": text})

    async def test_a_wrong_token_is_refused(self, channel: Channel, host: MemoryHost) -> None:
        await self.customer_says(channel, "Hello?", "one", token="wrong")

        assert host.accepted == []
