import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.metrics import EXPIRED
from bot.store import inbox, outbox, sends
from bot.store.database import Database

log = structlog.get_logger()

_EVERY = 5.0
_FORGETS_EVERY = timedelta(hours=1)


class Keeper:
    """Puts right what only time makes wrong: frees what dead workers and senders held, forgets what nobody counts."""

    def __init__(self, db: Database, *, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock
        self._forgot_at: datetime | None = None

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
        now = self._clock()
        if self._forgot_at is None or now - self._forgot_at > _FORGETS_EVERY:
            await sends.forget(self._db, now=now)
            self._forgot_at = now
