"""The contract of every channel, whatever its platform. A channel joins with one subclass of `ChannelContract`.

One that talks to a platform is also tested against a stand-in for it: `channels.testing.platform_contract`.
"""

import asyncio
import contextlib
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from starlette.routing import BaseRoute

from channels.channel import Channel
from channels.errors import BadSettings
from channels.message import LONGEST_TEXT, Choice, Outbound, SourceCard
from channels.registry import build_channels
from channels.testing.memory_host import MemoryHost

SOURCE = SourceCard(title="Opening hours", kind="article", url="https://example.com/hours", updated=date(2025, 3, 3))


class ChannelContract:
    """Override `name` and `customer_says`, and a fixture where a platform needs more."""

    name: str
    #: A conversation's address as the platform has them.
    address = "a"

    @pytest.fixture
    def settings(self) -> Mapping[str, Any]:
        return {}

    @pytest.fixture
    def host(self) -> MemoryHost:
        return MemoryHost()

    @pytest.fixture
    def channel(self, settings: Mapping[str, Any], host: MemoryHost) -> Channel:
        return build_channels({self.name: settings}, host)[self.name]

    @abstractmethod
    async def customer_says(self, channel: Channel, text: str, event: str) -> None:
        """Let the platform tell the channel that a customer wrote; `event` names what happened there."""

    async def test_it_says_what_it_consumes_and_how_much_may_be_sent(self, channel: Channel) -> None:
        assert channel.exclusive_resource is None or 0 < len(channel.exclusive_resource) <= 200
        assert all(limit.count >= 1 and limit.seconds > 0 for limit in channel.limits)

    async def test_what_a_customer_says_reaches_the_host(self, channel: Channel, host: MemoryHost) -> None:
        await self.customer_says(channel, "When are you open?", "one")

        [inbound] = host.accepted
        assert (inbound.channel, inbound.text) == (self.name, "When are you open?")
        assert inbound.address
        assert inbound.customer
        assert inbound.sent_at.tzinfo is not None

    async def test_the_same_event_is_accepted_once(self, channel: Channel, host: MemoryHost) -> None:
        await self.customer_says(channel, "When are you open?", "one")
        await self.customer_says(channel, "When are you open?", "one")
        await self.customer_says(channel, "And on Sundays?", "two")

        assert [inbound.text for inbound in host.accepted] == ["When are you open?", "And on Sundays?"]

    @pytest.mark.parametrize("text", ["", " \n", "x" * (LONGEST_TEXT + 1)], ids=["empty", "blank", "too long"])
    async def test_what_cannot_be_taken_never_reaches_the_host(
        self, channel: Channel, host: MemoryHost, text: str
    ) -> None:
        await self.customer_says(channel, text, "one")

        assert host.accepted == []

    async def test_the_longest_text_arrives_whole(self, channel: Channel, host: MemoryHost) -> None:
        text = "å" * LONGEST_TEXT

        await self.customer_says(channel, text, "one")

        assert [inbound.text for inbound in host.accepted] == [text]

    @pytest.mark.parametrize(
        "message",
        [
            Outbound(id=1, channel="", address="a", author="bot", text="**Yes.**", source=SOURCE, feedback=True),
            Outbound(id=2, channel="", address="a", author="agent", author_name="Maria", text="Hello"),
            Outbound(
                id=3, channel="", address="a", author="bot", text="Which?", choices=(Choice(id="1", label="*This*"),)
            ),
        ],
        ids=["answer", "agent", "choices"],
    )
    async def test_a_message_is_delivered(self, channel: Channel, message: Outbound) -> None:
        result = await channel.send(replace(message, address=self.address))

        assert result is None or result != ""

    async def test_run_goes_on_until_it_is_cancelled(self, channel: Channel) -> None:
        running = asyncio.create_task(channel.run())
        done, _ = await asyncio.wait({running}, timeout=0.05)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

        assert done == set()
        assert running.cancelled()

    def test_its_routes_are_routes(self, channel: Channel) -> None:
        assert all(isinstance(route, BaseRoute) for route in channel.routes())

    def test_it_is_known_by_its_name(self, channel: Channel) -> None:
        assert channel.name == self.name

    def test_an_unknown_setting_is_refused_by_its_name(self, channel: Channel, host: MemoryHost) -> None:
        with pytest.raises(BadSettings, match=rf"channels\.{self.name}\.no_such_setting"):
            type(channel).from_settings({"no_such_setting": 1}, host)
