"""X, over its stand-in and real HTTP: what every channel keeps, in each of the ways in which X tells of messages."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from channels.channel import Channel
from channels.testing import MemoryHost, Running, served
from channels.testing.contract import ChannelContract
from channels.testing.platform import Platform
from channels.testing.platform_contract import PlatformContract, until
from channels.testing.running_channel import Make
from channels.testing.x.credentials import CONSUMER_SECRET, Keys
from channels.testing.x.message import XPost, activity
from channels.testing.x.platform import ACCOUNT, XPlatform
from channels.x import webhook
from channels.x.channel import XChannel

MANY = 1_000_000
#: Reads in 15 minutes, so that a poll comes every twentieth of a second.
OFTEN = 22_500


def section(url: str, **more: Any) -> dict[str, Any]:
    """The channel's settings, with limits that no test comes near."""
    plenty = {"sends_per_15_minutes": MANY, "sends_per_day": MANY, "reads_per_15_minutes": OFTEN}
    return {"account_id": ACCOUNT, "base_url": url, **Keys(ACCOUNT).settings(), **plenty, **more}


class TestXChannel(ChannelContract):
    name = "x"
    address = f"42-{ACCOUNT}"

    @pytest.fixture
    def platform(self) -> XPlatform:
        return XPlatform()

    @pytest.fixture
    def settings(self, platform: XPlatform) -> Iterator[Mapping[str, Any]]:
        with served(platform.app) as x:
            yield section(x.url)

    @pytest.fixture
    def channel(self, settings: Mapping[str, Any], host: MemoryHost) -> Channel:
        return XChannel.from_settings(settings, host)

    async def customer_says(self, channel: Channel, text: str, event: str) -> None:
        number = str(int.from_bytes(event.encode()))
        post = XPost(id=number, sender="42", sender_name="Ada", recipient=ACCOUNT, text=text, at=1_760_000_000)
        body = json.dumps(activity(ACCOUNT, [post], event)).encode()
        transport = httpx.ASGITransport(app=Starlette(routes=channel.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            signature = {webhook.SIGNATURE: webhook.signed(CONSUMER_SECRET, body)}
            await client.post("/webhooks/x", content=body, headers=signature)


class XContract(PlatformContract):
    has_edits = has_deletions = has_buttons = False
    longest = 10_000
    mode = "webhook"

    @pytest.fixture
    def platform(self) -> Platform:
        return XPlatform(self.mode)  # type: ignore[arg-type]  # the subclasses name the three there are

    def settings(self, platform_url: str) -> Mapping[str, Any]:
        return section(platform_url, mode=self.mode)

    def make(self) -> Make:
        return XChannel.from_settings


class TestXByWebhook(XContract):
    def connect(self, platform: Platform, running: Running) -> None:
        assert isinstance(platform, XPlatform)
        platform.url = lambda: running.url


class TestXByStream(XContract):
    mode = "stream"
    has_webhook = False

    def connect(self, platform: Platform, running: Running) -> None:  # noqa: ARG002  # it connects by itself
        assert isinstance(platform, XPlatform)
        until(lambda: platform.api.streams.count)  # one of before is gone when it is told that nobody reads it


class TestXByPolling(XContract):
    mode = "polling"
    has_webhook = False

    def connect(self, platform: Platform, running: Running) -> None:
        """It asks by itself."""
