import os
from collections.abc import Iterator
from uuid import UUID, uuid5

import httpx
import pytest
from starlette.applications import Starlette

from channels.channel import Channel
from channels.terminal import TerminalChannel
from channels.testing import MemoryHost
from channels.testing.contract import ChannelContract


class TestWebChannel(ChannelContract):
    name = "web"

    async def customer_says(self, channel: Channel, text: str, event: str) -> None:
        transport = httpx.ASGITransport(app=Starlette(routes=channel.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            await client.post(
                "/chat/messages",
                json={"id": str(uuid5(UUID(int=0), event)), "text": text},
                headers={"Authorization": "Bearer " + "t" * 43},
            )


class TestTerminalChannel(ChannelContract):
    name = "terminal"

    @pytest.fixture(autouse=True)
    def _somebody_sits_there(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """A terminal at which nothing is typed."""
        reading, writing = os.pipe()
        with os.fdopen(reading) as keyboard:
            monkeypatch.setattr("sys.stdin", keyboard)
            yield
            os.close(writing)

    async def customer_says(self, channel: Channel, text: str, event: str) -> None:  # noqa: ARG002  # it has none
        assert isinstance(channel, TerminalChannel)
        await channel.say(text)

    async def test_the_same_event_is_accepted_once(self, channel: Channel, host: MemoryHost) -> None:
        """What is typed twice is said twice: no terminal tells a line again."""
        await self.customer_says(channel, "Hello?", "one")
        await self.customer_says(channel, "Hello?", "two")

        assert [inbound.text for inbound in host.accepted] == ["Hello?", "Hello?"]
