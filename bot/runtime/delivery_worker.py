import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.errors import StoreUnavailable
from bot.metrics import DELIVERIES
from bot.runtime.work_loop import BoundedTasks
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
_IDLE = 1.0
_SHORTEST_WAIT = 0.02


def pause_after(attempts: int, retry_after: float | None) -> timedelta:
    """How long to wait: what the platform asks for, else 1, 2, 4 … seconds with jitter, up to a quarter of an hour.

    No platform means longer than a month: what it asks for then is a mistake, or no time at all.
    """
    if retry_after is not None and 0 <= retry_after <= LONGEST_ASKED:
        return timedelta(seconds=retry_after)
    longest = min(2.0 ** (attempts - 1), LONGEST_PAUSE)
    return timedelta(seconds=random.uniform(longest / 2, longest))  # noqa: S311  # jitter, no secret


class Sender:
    """Takes what is owed from the outbox and delivers it through its channel, in order per conversation."""

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
        self._limits = {name: channel.limits for name, channel in channels.items()} | dict(limits or {})
        self._db = db
        self._channels = channels
        self._clock = clock
        self._at_once = at_once
        self._delivered = GroupCommit(self._delivered_all)
        self._is_stopping = False

    async def run(self) -> None:
        """Send until stopped. Nothing that goes wrong with one message stops the next."""
        async with BoundedTasks(self._at_once) as hand:
            while not self._is_stopping:
                try:
                    owed = await self._claim(await hand.room())
                    for each in owed:
                        hand.take(self._send(each))
                    if not owed:
                        await self._wait()
                except Exception:
                    log.exception("sender_failed")
                    await asyncio.sleep(_IDLE)

    def stop(self) -> None:
        """Take no further message; the one in hand is delivered."""
        self._is_stopping = True
        self._db.bell.ring("outbox")

    async def send_once(self) -> bool:
        """Deliver one message; False when none is due."""
        owed = await self._claim(1)
        for each in owed:
            await self._send(each)
        return bool(owed)

    async def _claim(self, most: int) -> Sequence[PendingDelivery]:
        return await outbox.claim_all(self._db, now=self._clock(), lease=LEASE, limits=self._limits, most=most)

    async def _delivered_all(self, sent: Sequence[tuple[PendingDelivery, str | None]]) -> Sequence[None]:
        await outbox.delivered_all(self._db, sent, now=self._clock())
        return [None] * len(sent)

    async def _send(self, owed: PendingDelivery) -> None:
        try:
            platform_id = await self._deliver(owed)
        except PermanentFailure as error:
            await self._give_up(owed, str(error))
        except TemporaryFailure as error:
            await self._try_later(owed, str(error), error.retry_after, everywhere=error.everywhere)
        except TimeoutError:
            await self._try_later(owed, f"no answer within {TIMEOUT:.0f} s; it may have been delivered", None)
        except asyncio.CancelledError:
            await asyncio.shield(self._try_later(owed, "broken off; it may have been delivered", None))
            raise
        except Exception as error:
            log.exception("delivery_failed", message=owed.message.id, channel=owed.message.channel)
            await self._try_later(owed, repr(error), None)
        else:
            await self._record(owed, platform_id)
            DELIVERIES.labels(owed.message.channel, "sent").inc()

    async def _deliver(self, owed: PendingDelivery) -> str | None:
        channel = self._channels.get(owed.message.channel)
        if channel is None:
            raise PermanentFailure(f"the channel {owed.message.channel} is not set up")
        async with asyncio.timeout(TIMEOUT):
            return await channel.send(owed.message)

    async def _record(self, owed: PendingDelivery, platform_id: str | None) -> None:
        """Write down that it was delivered, again and again while the store is away: else it would be sent again."""
        loop = asyncio.get_running_loop()
        end = loop.time() + LEASE.total_seconds()
        while True:
            try:
                await self._delivered((owed, platform_id))
            except StoreUnavailable:
                log.exception("delivery_not_recorded", message=owed.message.id)
                if loop.time() > end:
                    raise
                await asyncio.sleep(_IDLE)
            else:
                return

    async def _try_later(
        self, owed: PendingDelivery, error: str, retry_after: float | None, *, everywhere: bool = False
    ) -> None:
        if owed.attempts >= MOST_ATTEMPTS and not (retry_after is not None and self._is_young(owed)):
            await self._give_up(owed, f"given up after {owed.attempts} tries: {error}")
            return
        due = self._clock() + pause_after(owed.attempts, retry_after)
        log.warning("delivery_postponed", message=owed.message.id, error=error, attempts=owed.attempts)
        DELIVERIES.labels(owed.message.channel, "postponed").inc()
        await outbox.postpone(self._db, owed, due=due, error=error, everywhere=everywhere)

    def _is_young(self, owed: PendingDelivery) -> bool:
        since = owed.message.tried_since
        return since is None or self._clock() - since < LONGEST_PUT_OFF

    async def _give_up(self, owed: PendingDelivery, error: str) -> None:
        log.error("delivery_given_up", message=owed.message.id, error=error)
        DELIVERIES.labels(owed.message.channel, "failed").inc()
        await outbox.give_up(self._db, owed, now=self._clock(), error=error)

    async def _wait(self) -> None:
        due = await outbox.next_due(self._db)
        wait = _IDLE if due is None else min(max((due - self._clock()).total_seconds(), _SHORTEST_WAIT), _IDLE)
        if not self._is_stopping:
            await self._db.bell.wait("outbox", wait)
