"""Checks that the work keeps up, by the database: waiting work, leases of the dead, clocks that differ."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import HELD
from bot.store.queues.send_quota import LONG_HELD
from bot.store.tables import INBOX_OPEN, OUTBOX_OPEN, inbox, leases, outbox
from channels.health import CheckResult

#: Work that waits is compared with what was done in this time; as little as this is no backlog.
LATELY = timedelta(minutes=10)
FEW = 10
#: A lease that ran out is freed within seconds where a worker or a sender runs.
STUCK = timedelta(minutes=1)
#: Clocks further apart than this let leases end too early or too late.
MOST_SKEW = timedelta(seconds=5)


async def backlog(connection: AsyncConnection, now: datetime, consumed: Collection[str] = ()) -> Sequence[CheckResult]:
    """Results of these checks; the clock only where it can be another than the database's.

    `consumed` is what one process is to read of the platforms, as `Channel.exclusive_resource` names it.
    """
    findings = [await _growth(connection, now), await _leases(connection, now, consumed), await _held(connection, now)]
    return [*findings, await _clock(connection)] if connection.dialect.name == "postgresql" else findings


async def _growth(connection: AsyncConnection, now: datetime) -> CheckResult:
    count = select(func.count()).select_from(inbox)
    waiting = await connection.scalar(count.where(INBOX_OPEN, inbox.c.due_at <= now)) or 0
    handled = await connection.scalar(count.where(inbox.c.handled_at > now - LATELY)) or 0
    minutes = int(LATELY.total_seconds() // 60)
    grows = waiting > max(handled, FEW)
    return CheckResult(
        subject="backlog",
        message=f"{waiting} messages wait for a decision; {handled} were handled in the last {minutes} minutes.",
        remedy="Run more workers (`answerdesk serve --role worker`); see the log for turn_failed." if grows else None,
    )


async def _leases(connection: AsyncConnection, now: datetime, consumed: Collection[str]) -> CheckResult:
    count, late = select(func.count()), now - STUCK
    turns = await connection.scalar(count.select_from(inbox).where(INBOX_OPEN, inbox.c.lease_until < late)) or 0
    deliveries = await connection.scalar(count.select_from(outbox).where(OUTBOX_OPEN, outbox.c.lease_until < late)) or 0
    unread = sorted(set(consumed) - set(await connection.scalars(select(leases.c.name).where(leases.c.until >= late))))
    message = f"{turns} turns and {deliveries} deliveries are held by nobody alive."
    remedies = []
    if turns or deliveries:
        remedies.append("Run a worker: it frees them.")
    if unread:
        message += f" Nobody reads {', '.join(unread)}."
        remedies.append("Run `answerdesk serve --role web`: it reads what the platforms bring.")
    return CheckResult(subject="leases", message=message, remedy=" ".join(remedies) or None)


async def _held(connection: AsyncConnection, now: datetime) -> CheckResult:
    """Messages that wait for a channel's limits; long waits need somebody to know."""
    count = select(func.count(), func.max(outbox.c.due_at)).where(OUTBOX_OPEN, outbox.c.error == HELD)
    held, last = (await connection.execute(count.where(outbox.c.due_at > now))).one()
    if not held:
        return CheckResult(subject="limits", message="No message is held back by a channel's budget.")
    is_long = last - now > LONG_HELD
    return CheckResult(
        subject="limits",
        message=f"{held} messages are held back by a channel's budget until {last:%Y-%m-%d %H:%M} UTC.",
        remedy="Raise the budget in the channel's settings; agents see whose messages wait." if is_long else None,
    )


async def _clock(connection: AsyncConnection) -> CheckResult:
    before = _machine_time()
    there = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
    here = before + (_machine_time() - before) / 2
    skew = abs(there - here)
    return CheckResult(
        subject="clock",
        message=f"This machine's clock and the database's are {skew.total_seconds():.1f} s apart.",
        remedy="Set both by NTP: leases end by the clock." if skew > MOST_SKEW else None,
    )


def _machine_time() -> datetime:
    return datetime.now(UTC)
