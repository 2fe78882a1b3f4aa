import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from bot.runtime.channel_runner import ChannelRunner
from bot.runtime.delivery_worker import DeliveryWorker
from bot.runtime.housekeeping import Housekeeping
from bot.runtime.role import Role
from bot.runtime.turn_worker import TurnWorker
from bot.store.engine.database import Database
from channels.channel import Channel


class ProcessRunner:
    """Everything that is at work in this process beside its web server, by its role."""

    def __init__(
        self,
        db: Database,
        *,
        role: Role,
        worker: TurnWorker,
        sender: DeliveryWorker,
        channels: Mapping[str, Channel],
        housekeeping: Housekeeping,
        stop_within: float,
        clock: Callable[[], datetime],
    ) -> None:
        """`stop_within` seconds after `stop` nothing is at work any more."""
        self._db = db
        self._role = role
        self._worker = worker
        self._sender = sender
        self._intakes = {name: ChannelRunner(db, channel, clock=clock) for name, channel in channels.items()}
        self._housekeeping = housekeeping
        self._stop_within = stop_within
        self._deadline: float | None = None

    def stop(self) -> None:
        """Begin nothing new; what is in hand is finished, as far as there is time."""
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + self._stop_within
            self._worker.stop()
            self._sender.stop()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Mapping[str, "asyncio.Task[None]"]]:
        """At work until the block ends; the channels' tasks by name."""
        intakes: dict[str, asyncio.Task[None]] = {}
        if self._role in {"all", "web"}:
            intakes = {name: asyncio.create_task(intake.run()) for name, intake in self._intakes.items()}
        finishing = [asyncio.create_task(each) for each in self._finishing()]
        keeping = [asyncio.create_task(self._db.listen())]
        if self._role != "web":
            keeping.append(asyncio.create_task(self._housekeeping.run()))
        try:
            yield intakes
        finally:
            self.stop()
            await _end(*intakes.values())
            await self._finish(finishing)
            await _end(*keeping)

    def _finishing(self) -> list[Coroutine[Any, Any, None]]:
        """Those who finish what they have in hand before they stop."""
        workers = [self._worker.run()] if self._role in {"all", "worker"} else []
        senders = [self._sender.run()] if self._role in {"all", "sender"} else []
        return workers + senders

    async def _finish(self, tasks: "list[asyncio.Task[None]]") -> None:
        assert self._deadline is not None
        if tasks:
            left = self._deadline - asyncio.get_running_loop().time()
            await asyncio.wait(tasks, timeout=max(left, 0))
        await _end(*tasks)


async def _end(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
