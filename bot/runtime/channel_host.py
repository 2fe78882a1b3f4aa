from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.errors import StoreUnavailable
from bot.metrics import ACCEPTED, REPEATED
from bot.store.engine.database import Database
from bot.store.engine.group_commit import GroupCommit
from bot.store.queues import accept
from bot.store.records import conversations
from channels.errors import NotStored
from channels.message import Inbound, Status, TranscriptLine

log = structlog.get_logger()


class StoreHost:
    """The `Host` that channels are given, over the store."""

    def __init__(self, db: Database, *, clock: Callable[[], datetime], quiet: timedelta) -> None:
        self._db = db
        self._clock = clock
        self._quiet = quiet
        self._together = GroupCommit(self._accept_all)

    async def accept(self, inbound: Inbound) -> bool:
        """Store what came in; when this returns, it is durable. False when it had been accepted before."""
        try:
            new = await self._together(inbound)
        except StoreUnavailable as error:
            log.exception("not_stored", channel=inbound.channel, event_id=inbound.event_id)
            raise NotStored("Your message could not be stored just now.") from error
        (ACCEPTED if new else REPEATED).labels(inbound.channel).inc()
        log.info("accepted" if new else "repeated", channel=inbound.channel, event_id=inbound.event_id)
        return new

    async def _accept_all(self, inbounds: Sequence[Inbound]) -> Sequence[bool]:
        if len(inbounds) == 1:
            return [await accept.accept(self._db, inbounds[0], now=self._clock(), quiet=self._quiet)]
        await accept.accept_all(self._db, inbounds, now=self._clock(), quiet=self._quiet)
        return [True] * len(inbounds)

    async def lines(self, channel: str, address: str, *, after: int = 0) -> Sequence[TranscriptLine]:
        """The conversation's messages with an id above `after`, oldest first."""
        return await conversations.customer_lines(self._db, channel, address, after=after)

    async def status(self, channel: str, address: str) -> Status:
        """The conversation's owner, and whether an answer is owed."""
        return await conversations.customer_status(self._db, channel, address)

    async def changed(self, channel: str, address: str, timeout: float) -> None:  # noqa: ASYNC109  # a wait
        """Return when lines or status may have changed, or after `timeout` seconds."""
        await self._db.notifier.wait((channel, address), timeout)
