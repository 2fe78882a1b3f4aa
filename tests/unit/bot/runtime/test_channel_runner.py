import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Self

import pytest
from starlette.routing import BaseRoute
from structlog.testing import capture_logs

from bot.runtime import channel_runner as intake_module
from bot.runtime.channel_runner import ChannelRunner
from bot.store.engine import leases
from bot.store.engine.database import Database
from channels.channel import Host
from channels.message import Outbound
from tests.conftest import Clock


class PollingChannel:
    """A platform that is asked for messages, and allows one who asks."""

    name = "poll"
    limits = ()

    def __init__(self, exclusive_resource: str | None = "poll:1") -> None:
        self.exclusive_resource = exclusive_resource
        self.asking = asyncio.Event()
        self.idle = asyncio.Event()
        self.ended = asyncio.Event()
        self.problems: list[Exception] = []
        self.most_at_once = 0
        self._at_once = 0

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], host: Host) -> Self:
        raise NotImplementedError

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    async def run(self) -> None:
        if self.problems:
            raise self.problems.pop()
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        self.asking.set()
        try:
            await self.ended.wait()
        finally:
            self._at_once -= 1
            self.asking.clear()
            self.idle.set()

    async def send(self, message: Outbound) -> str | None:
        raise NotImplementedError


@pytest.fixture
def channel() -> PollingChannel:
    return PollingChannel()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "_HEARTBEAT", 0.02)


async def stop(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_one_process_takes_in_at_a_time_and_hands_over_when_it_stops(
    db: Database, channel: PollingChannel, clock: Clock
) -> None:
    async with asyncio.timeout(20):
        intakes = [asyncio.create_task(ChannelRunner(db, channel, clock=clock).run()) for _ in range(3)]
        await channel.asking.wait()
        await asyncio.sleep(0.1)
        for _ in range(len(intakes) - 1):
            await channel.asking.wait()
            await stop(intakes.pop(0))
        await channel.asking.wait()
        channel.ended.set()
        await asyncio.gather(*intakes)
        assert channel.most_at_once == 1


async def test_who_died_is_followed_when_the_lease_has_run_out(
    db: Database, channel: PollingChannel, clock: Clock
) -> None:
    assert await leases.take(db, "poll:1", "dead", now=clock(), lasts=timedelta(seconds=15))
    async with asyncio.timeout(20):
        intake = asyncio.create_task(ChannelRunner(db, channel, clock=clock).run())
        await asyncio.sleep(0.1)
        assert not channel.asking.is_set()
        clock.advance(16)
        await channel.asking.wait()
    await stop(intake)


async def test_who_lost_the_lease_stops_taking_in(db: Database, channel: PollingChannel, clock: Clock) -> None:
    async with asyncio.timeout(20):
        intake = asyncio.create_task(ChannelRunner(db, channel, clock=clock).run())
        await channel.asking.wait()
        clock.advance(16)  # as after a machine slept
        assert await leases.take(db, "poll:1", "other", now=clock(), lasts=timedelta(minutes=1))
        await channel.idle.wait()
        await stop(intake)
    assert not await leases.take(db, "poll:1", "third", now=clock(), lasts=timedelta(minutes=1)), "it is the other's"


async def test_a_channel_that_fails_is_run_again(
    db: Database, channel: PollingChannel, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "_LONGEST_PAUSE", 0.01)
    channel.problems = [ConnectionError("lost")]
    with capture_logs() as logs:
        async with asyncio.timeout(20):
            intake = asyncio.create_task(ChannelRunner(db, channel, clock=clock).run())
            await channel.asking.wait()
            await stop(intake)
    assert ("channel_failed", "poll") in [(entry["event"], entry.get("channel")) for entry in logs]


async def test_a_channel_that_consumes_nothing_runs_everywhere(db: Database, clock: Clock) -> None:
    channel = PollingChannel(exclusive_resource=None)
    async with asyncio.timeout(20):
        intakes = [asyncio.create_task(ChannelRunner(db, channel, clock=clock).run()) for _ in range(2)]
        await asyncio.sleep(0.1)
        assert channel.most_at_once == 2
        channel.ended.set()
        await asyncio.gather(*intakes)
