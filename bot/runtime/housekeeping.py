import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.conversation import PhrasesFor, phrases_for
from bot.metrics import EXPIRED
from bot.services import Desk
from bot.store.engine.database import Database
from bot.store.privacy import erasure
from bot.store.queues import inbox, outbox, send_quota
from bot.store.queues.send_quota import LONG_HELD
from bot.store.queues.wait_notices import notify_waiting

log = structlog.get_logger()

#: Who has waited for so long is told that their turn will come.
PATIENCE = timedelta(seconds=15)
_EVERY = 5.0
_FORGETS_EVERY = timedelta(hours=1)


class Housekeeping:
    """Puts right what only time makes wrong.

    Frees what dead workers and senders held and what waits for a time that the clock was set back from, returns what
    agents claimed and left, shows agents whose messages a limit holds back, tells customers who wait for long that
    their turn will come, forgets what no limit counts, and ends what an erasure began.
    """

    def __init__(
        self,
        db: Database,
        desk: Desk,
        *,
        idle_claim: timedelta | None,
        clock: Callable[[], datetime],
        phrases: PhrasesFor = phrases_for,
    ) -> None:
        """After `idle_claim` a case whose agent does nothing goes back to the queue; None: never."""
        self._db = db
        self._desk = desk
        self._idle_claim = idle_claim
        self._clock = clock
        self._phrases_for = phrases
        self._forgot_at: datetime | None = None

    async def run(self) -> None:
        """Look every few seconds, until cancelled. Any number of processes may do so at once."""
        while True:
            try:
                await self.run_once()
            except Exception:
                log.exception("housekeeping_failed")
            await asyncio.sleep(_EVERY)

    async def run_once(self) -> None:
        """Put everything right that is wrong now."""
        for name, table in (("inbox", inbox), ("outbox", outbox)):
            for conversation in await table.free_expired(self._db, now=self._clock()):
                log.warning("lease_expired", table=name, conversation=conversation)
                EXPIRED.labels(name).inc()
            await table.bring_forward(self._db, now=self._clock())
        if self._idle_claim is not None:
            for case in await self._desk.requeue_idle(after=self._idle_claim):
                log.warning("claim_left_idle", case=case)
        for conversation in await self._desk.escalate_undelivered(longer_than=LONG_HELD):
            log.warning("message_held_back", conversation=conversation)
        now = self._clock()
        for conversation in await notify_waiting(self._db, before=now - PATIENCE, now=now, phrases=self._phrases_for):
            log.warning("customer_waits", conversation=conversation)
        await self._end_erasures(now)
        if self._forgot_at is None or now - self._forgot_at > _FORGETS_EVERY:
            await send_quota.forget(self._db, now=now)
            self._forgot_at = now

    async def _end_erasures(self, now: datetime) -> None:
        for conversation in await erasure.finish_erasures(self._db, now=now):
            log.info("address_erased", conversation=conversation)
        if await self._db.has_remnants() and await self._db.scrub():
            log.info("remnants_scrubbed")
