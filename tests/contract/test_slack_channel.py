"""Slack's adapter over its stand-in: real HTTP and WebSocket connections, the real SDK."""

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from channels.channel import Channel
from channels.slack.channel import SlackChannel
from channels.testing import Platform, Running, served
from channels.testing.contract import ChannelContract
from channels.testing.platform_contract import PlatformContract, until
from channels.testing.running_channel import Make
from channels.testing.slack.workspace import SlackWorkspace
from tests.contract.slack_running import http_settings, socket_settings


class TestSlackChannel(ChannelContract):
    name = "slack"

    @pytest.fixture
    def workspace(self) -> Iterator[SlackWorkspace]:
        workspace = SlackWorkspace()
        workspace.echoes = False
        workspace.chats.channels.add("a")
        yield workspace
        assert workspace.complaints == []

    @pytest.fixture
    def settings(self, workspace: SlackWorkspace) -> Iterator[Mapping[str, Any]]:
        with served(workspace.app) as server:
            yield http_settings(server.url)

    async def customer_says(self, channel: Channel, text: str, event: str) -> None:
        workspace = SlackWorkspace()
        told = {"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "text": text}
        body = workspace.callback(told | {"ts": f"1700000000.{zlib.crc32(event.encode())}"}, event=event)
        request = workspace.deliveries.signed(body)
        transport = httpx.ASGITransport(app=Starlette(routes=channel.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            await client.post("/webhooks/slack", content=request.content, headers=request.headers)


class TestSlackByHttp(PlatformContract):
    longest = 12_000

    @pytest.fixture
    def platform(self) -> SlackWorkspace:
        return SlackWorkspace()

    def settings(self, platform_url: str) -> Mapping[str, Any]:
        return http_settings(platform_url)

    def make(self) -> Make:
        return SlackChannel.from_settings

    def connect(self, platform: Platform, running: Running) -> None:
        assert isinstance(platform, SlackWorkspace)
        platform.delivers_to(lambda: running.url)


class TestSlackBySocket(TestSlackByHttp):
    def settings(self, platform_url: str) -> Mapping[str, Any]:
        return socket_settings(platform_url)

    def connect(self, platform: Platform, running: Running) -> None:
        assert isinstance(platform, SlackWorkspace)
        until(lambda: platform.sockets.living(0.1))
        assert running.channel.routes() == []
