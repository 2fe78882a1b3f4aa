import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.metrics import EXPIRED
from bot.store import inbox, outbox
from bot.store.database import Database

log = structlog.get_logger()

_EVERY = 5.0


class Keeper:
    """Puts right what only time makes wrong: frees what dead workers and senders held."""

    def __init__(self, db: Database, *, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    async def run(self) -> None:
        """Look every few seconds, until cancelled. Any number of processes may do so at once."""
        while True:
            try:
                await self.look_once()
            except Exception:
                log.exception("keeper_failed")
            await asyncio.sleep(_EVERY)

    async def look_once(self) -> None:
        """Put everything right that is wrong now."""
        for name, table in (("inbox", inbox), ("outbox", outbox)):
            for conversation in await table.free_expired(self._db, now=self._clock()):
                log.warning("lease_expired", table=name, conversation=conversation)
                EXPIRED.labels(name).inc()
