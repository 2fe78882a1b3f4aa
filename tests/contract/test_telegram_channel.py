"""The Telegram channel over the stand-in for Telegram, asked for updates and called by it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from channels.channel import Channel
from channels.telegram.channel import TelegramChannel
from channels.telegram.webhook import SECRET_HEADER
from channels.testing import MemoryHost, Platform, Running, served
from channels.testing.contract import ChannelContract
from channels.testing.platform_contract import PlatformContract, until
from channels.testing.running_channel import Make
from channels.testing.telegram.platform import TOKEN, TelegramPlatform

SECRET = "a-secret_of-ours"
WEBHOOK = {"mode": "webhook", "secret_token": SECRET, "public_url": "https://help.example.com"}


def section(url: str, **more: Any) -> dict[str, Any]:
    return {"token": TOKEN, "base_url": url, "timeout": 2, **more}


class TestTelegramChannel(ChannelContract):
    name = "telegram"
    address = "1001"

    @pytest.fixture
    def settings(self) -> Iterator[Mapping[str, Any]]:
        platform = TelegramPlatform()
        assert platform.address("ada") == self.address
        with served(platform.app) as server:
            yield section(server.url, **WEBHOOK)

    @pytest.fixture
    def channel(self, settings: Mapping[str, Any], host: MemoryHost) -> Channel:
        return TelegramChannel.from_settings(settings, host)

    async def customer_says(self, channel: Channel, text: str, event: str) -> None:
        number = int.from_bytes(event.encode())
        message = {
            "message_id": number,
            "date": 1_760_000_000,
            "text": text,
            "from": {"id": 1001, "is_bot": False, "first_name": "Ada"},
            "chat": {"id": 1001, "type": "private"},
        }
        body = json.dumps({"update_id": number, "message": message})
        transport = httpx.ASGITransport(app=Starlette(routes=channel.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            await client.post("/webhooks/telegram", content=body, headers={SECRET_HEADER: SECRET})


class TelegramContract(PlatformContract):
    has_deletions = False
    longest = 4096

    @pytest.fixture
    def platform(self) -> TelegramPlatform:
        return TelegramPlatform()

    def make(self) -> Make:
        return TelegramChannel.from_settings


class TestTelegramByPolling(TelegramContract):
    has_webhook = False

    def settings(self, platform_url: str) -> Mapping[str, Any]:
        return section(platform_url)

    def connect(self, platform: Platform, running: Running) -> None:  # noqa: ARG002  # it asks by itself
        assert isinstance(platform, TelegramPlatform)
        until(lambda: "getUpdates" in platform.api.calls)


class TestTelegramByWebhook(TelegramContract):
    def settings(self, platform_url: str) -> Mapping[str, Any]:
        return section(platform_url, **WEBHOOK)

    def connect(self, platform: Platform, running: Running) -> None:
        assert isinstance(platform, TelegramPlatform)
        platform.url = lambda: running.url
        until(lambda: platform.api.webhook)
