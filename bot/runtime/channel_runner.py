import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.errors import StoreUnavailable
from bot.store.engine import leases
from bot.store.engine.database import Database
from channels.channel import Channel

log = structlog.get_logger()

#: Whoever has not said for so long that they take messages in is thought dead.
LEASE = timedelta(seconds=15)
_HEARTBEAT = LEASE.total_seconds() / 3
_LONGEST_PAUSE = 60.0


class ChannelRunner:
    """Runs what a channel takes in: in one process only where the platform allows one, and again when it failed."""

    def __init__(self, db: Database, channel: Channel, *, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._channel = channel
        self._clock = clock
        self._holder = uuid.uuid4().hex

    async def run(self) -> None:
        """Take messages in until cancelled, or until the channel says that nothing more will come."""
        pause = 1.0
        while True:
            try:
                if await self._run_once():
                    return
                pause = 1.0
            except Exception:
                log.exception("channel_failed", channel=self._channel.name)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _run_once(self) -> bool:
        """True when the channel came to its end; False when another process holds its lease, or took it."""
        if self._channel.exclusive_resource is None:
            await self._channel.run()
            return True
        if not await self._take():
            await self._db.notifier.wait(leases.topic(self._channel.exclusive_resource), _HEARTBEAT)
            return False
        log.info("lease_taken", lease=self._channel.exclusive_resource)
        tasks = running, keeping = asyncio.create_task(self._channel.run()), asyncio.create_task(self._keep())
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
                return True
            await keeping
            log.warning("lease_lost", lease=self._channel.exclusive_resource)
            return False
        finally:
            await self._end(*tasks)

    async def _take(self) -> bool:
        assert self._channel.exclusive_resource is not None
        return await leases.take(
            self._db, self._channel.exclusive_resource, self._holder, now=self._clock(), lasts=LEASE
        )

    async def _keep(self) -> None:
        """Renew the lease as long as it can be; return when it is another's, or has run out unseen."""
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        while loop.time() - renewed < LEASE.total_seconds():
            await asyncio.sleep(_HEARTBEAT)
            began = loop.time()
            try:
                if not await self._take():
                    return
                renewed = began
            except StoreUnavailable:
                log.exception("lease_not_renewed", lease=self._channel.exclusive_resource)

    async def _end(self, *tasks: "asyncio.Task[None]") -> None:
        """Stop, and only then let another process begin."""
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert self._channel.exclusive_resource is not None
        with suppress(StoreUnavailable):  # it runs out by itself
            await asyncio.shield(leases.release(self._db, self._channel.exclusive_resource, self._holder))
