import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.errors import StoreUnavailable
from bot.metrics import DELIVERIES
from bot.runtime.work_loop import ClaimLoop
from bot.services import give_up
from bot.store.engine.database import Database
from bot.store.engine.group_commit import GroupCommit
from bot.store.queues import outbox
from bot.store.queues.outbox import PendingDelivery
from channels.channel import Channel, SendLimit
from channels.errors import PermanentFailure, TemporaryFailure

log = structlog.get_logger()

#: A delivery that takes longer than the time-out is broken off; its lease outlives it.
TIMEOUT = 30.0
LEASE = timedelta(seconds=60)
#: Deliveries that failed this often are given up: about ten minutes of tries.
MOST_ATTEMPTS = 10
#: Not so soon where the platform says how long to wait: it takes what it is offered later, only not so much at once.
LONGEST_PUT_OFF = timedelta(hours=1)
LONGEST_PAUSE = 900.0
#: Seconds; what a platform asks for beyond is not believed.
LONGEST_ASKED = 31 * 86_400.0
#: Seconds between two tries to write down that something was delivered.
_RECORD_AGAIN = 1.0


def pause_after(attempts: int, retry_after: float | None) -> timedelta:
    """Pause before the next try: what the platform asks for, else 1, 2, 4 … seconds with jitter, up to 15 minutes.

    No platform means longer than a month: what it asks for then is a mistake, or no time at all.
    """
    if retry_after is not None and 0 <= retry_after <= LONGEST_ASKED:
        return timedelta(seconds=retry_after)
    longest = min(2.0 ** (attempts - 1), LONGEST_PAUSE)
    return timedelta(seconds=random.uniform(longest / 2, longest))  # noqa: S311  # jitter, no secret


class DeliveryWorker(ClaimLoop[PendingDelivery]):
    """Takes messages from the outbox and delivers them through their channels, in order per conversation."""

    def __init__(
        self,
        db: Database,
        channels: Mapping[str, Channel],
        *,
        clock: Callable[[], datetime],
        limits: Mapping[str, Sequence[SendLimit]] | None = None,
        at_once: int = 1,
    ) -> None:
        """Send through these channels, `at_once` messages at a time.

        `limits` are those of channels that are not to keep to their own.
        """
        super().__init__(db, "outbox", clock=clock, at_once=at_once)
        self._limits = {name: channel.limits for name, channel in channels.items()} | dict(limits or {})
        self._channels = channels
        self._delivered = GroupCommit(self._delivered_all)

    async def _claim(self, most: int) -> Sequence[PendingDelivery]:
        return await outbox.claim(self._db, now=self._clock(), lease=LEASE, limits=self._limits, most=most)

    async def _next_due(self) -> datetime | None:
        return await outbox.next_due(self._db)

    async def _delivered_all(self, sent: Sequence[tuple[PendingDelivery, str | None]]) -> Sequence[None]:
        await outbox.mark_delivered(self._db, sent, now=self._clock())
        return [None] * len(sent)

    async def _handle(self, delivery: PendingDelivery) -> None:
        try:
            platform_id = await self._deliver(delivery)
        except PermanentFailure as error:
            await self._give_up(delivery, str(error))
        except TemporaryFailure as error:
            await self._try_later(delivery, str(error), error.retry_after, everywhere=error.everywhere)
        except TimeoutError:
            await self._try_later(delivery, f"no answer within {TIMEOUT:.0f} s; it may have been delivered", None)
        except asyncio.CancelledError:
            await asyncio.shield(self._try_later(delivery, "broken off; it may have been delivered", None))
            raise
        except Exception as error:
            log.exception("delivery_failed", message=delivery.message.id, channel=delivery.message.channel)
            await self._try_later(delivery, repr(error), None)
        else:
            await self._record(delivery, platform_id)
            DELIVERIES.labels(delivery.message.channel, "sent").inc()

    async def _deliver(self, delivery: PendingDelivery) -> str | None:
        channel = self._channels.get(delivery.message.channel)
        if channel is None:
            raise PermanentFailure(f"the channel {delivery.message.channel} is not set up")
        async with asyncio.timeout(TIMEOUT):
            return await channel.send(delivery.message)

    async def _record(self, delivery: PendingDelivery, platform_id: str | None) -> None:
        """Write down that it was delivered, again and again while the store is away: else it would be sent again."""
        loop = asyncio.get_running_loop()
        end = loop.time() + LEASE.total_seconds()
        while True:
            try:
                await self._delivered((delivery, platform_id))
            except StoreUnavailable:
                log.exception("delivery_not_recorded", message=delivery.message.id)
                if loop.time() > end:
                    raise
                await asyncio.sleep(_RECORD_AGAIN)
            else:
                return

    async def _try_later(
        self, delivery: PendingDelivery, error: str, retry_after: float | None, *, everywhere: bool = False
    ) -> None:
        if delivery.attempts >= MOST_ATTEMPTS and not (retry_after is not None and self._is_young(delivery)):
            await self._give_up(delivery, f"given up after {delivery.attempts} tries: {error}")
            return
        due = self._clock() + pause_after(delivery.attempts, retry_after)
        log.warning("delivery_postponed", message=delivery.message.id, error=error, attempts=delivery.attempts)
        DELIVERIES.labels(delivery.message.channel, "postponed").inc()
        await outbox.postpone(self._db, delivery, due=due, error=error, everywhere=everywhere)

    def _is_young(self, delivery: PendingDelivery) -> bool:
        since = delivery.message.tried_since
        return since is None or self._clock() - since < LONGEST_PUT_OFF

    async def _give_up(self, delivery: PendingDelivery, error: str) -> None:
        log.error("delivery_given_up", message=delivery.message.id, error=error)
        DELIVERIES.labels(delivery.message.channel, "failed").inc()
        await give_up(self._db, delivery, now=self._clock(), error=error)
