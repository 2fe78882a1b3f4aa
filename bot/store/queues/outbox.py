"""The queue of messages that are owed. Those of one conversation go out in order, one at a time."""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import HELD
from bot.store.engine.database import Database
from bot.store.queues.send_quota import consume, defer
from bot.store.queues.work_table import FAR_AHEAD, WorkTable
from bot.store.records.conversations import choices_from_json, labels, source_from_json
from bot.store.tables import OUTBOX_OPEN, agents, conversations, messages, outbox
from channels.channel import SendLimit
from channels.message import Outbound

#: A shorter wait for a limit is not told.
_WORTH_A_WORD = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class PendingDelivery:
    """One message to deliver."""

    outbox_id: int
    conversation_id: int
    attempts: int
    #: Names this claim of it; whoever lost it cannot postpone or give up what another holds.
    holder: str
    message: Outbound


#: Made once: putting a statement together costs more than carrying it out.
_ENQUEUE = insert(outbox)
_DELIVERED = (
    update(outbox)
    .where(outbox.c.id == bindparam("which"))
    .values(state="sent", sent_at=bindparam("at"), error=None, lease_until=None, holder=None)
    .values(platform_id=bindparam("theirs"))
)
#: The first message of each conversation that is not settled: those behind it wait in order.
_FIRST = select(func.min(outbox.c.id)).where(OUTBOX_OPEN).group_by(outbox.c.conversation_id).scalar_subquery()
_WRITTEN = select(messages.c.at).where(messages.c.id == outbox.c.line_id).scalar_subquery()
_WORK = WorkTable(
    table=outbox,
    is_open=OUTBOX_OPEN,
    waiting=select(outbox.c.due_at).where(outbox.c.id.in_(_FIRST), outbox.c.state == "pending").subquery(),
    # A platform may ask for a long pause: only what was written in the future is wrong.
    is_misdated=lambda now: and_(outbox.c.due_at > now + FAR_AHEAD, now + FAR_AHEAD < _WRITTEN),
)
free_expired, bring_forward, free_all, next_due = (
    _WORK.free_expired,
    _WORK.bring_forward,
    _WORK.free_all,
    _WORK.next_due,
)


async def enqueue(connection: AsyncConnection, conversation_id: int, line_id: int, *, now: datetime) -> None:
    """Owe the customer a line of the transcript, within the transaction that adds the line."""
    await enqueue_all(connection, {conversation_id: line_id}, now=now)


async def enqueue_all(connection: AsyncConnection, lines: Mapping[int, int], *, now: datetime) -> None:
    """Owe a line of each of several conversations."""
    if lines:
        rows = [{"conversation_id": whose, "line_id": line, "due_at": now} for whose, line in lines.items()]
        await connection.execute(_ENQUEUE, rows)


async def claim(
    db: Database,
    *,
    now: datetime,
    lease: timedelta,
    limits: Mapping[str, Sequence[SendLimit]] = MappingProxyType({}),
    most: int,
) -> Sequence[PendingDelivery]:
    """Take the oldest due messages that are the next of their conversations, and that their channels' limits let out.

    The rows themselves are locked: where another sender has just taken one, the database looks again and finds it
    leased. What a limit holds back becomes due when the limit lets it out; with it, what comes after it.
    """
    while True:
        async with db.write() as connection:
            chosen = (await connection.execute(_next(now, most))).all()
            if not chosen:
                return ()
            let_out = [each.id for each in chosen if await _is_let_out(connection, each, limits, now)]
            if let_out:
                return await _take(connection, let_out, now + lease)


def _next(now: datetime, most: int) -> Select[Any]:
    return (
        select(outbox.c.id, outbox.c.conversation_id, conversations.c.channel)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .where(outbox.c.id.in_(_FIRST), outbox.c.state == "pending", outbox.c.due_at <= now)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(most)
        .with_for_update(of=outbox, skip_locked=True)
    )


async def _is_let_out(
    connection: AsyncConnection, chosen: Row[Any], limits: Mapping[str, Sequence[SendLimit]], now: datetime
) -> bool:
    counted = limits.get(chosen.channel, ())
    if not counted:
        return True
    spent = await consume(connection, chosen.channel, chosen.conversation_id, counted, now=now)
    if spent:
        await _put_off(connection, chosen, spent, now)
    return not spent


async def _put_off(connection: AsyncConnection, chosen: Row[Any], spent: Mapping[str, datetime], now: datetime) -> None:
    mine = outbox.c.id == chosen.id
    until = max(spent.values())
    why = HELD if until - now > _WORTH_A_WORD else None
    await connection.execute(update(outbox).where(mine).values(due_at=until, error=why))
    if "channel" in spent:
        await defer(connection, chosen.channel, until=spent["channel"], why=why)


async def _take(connection: AsyncConnection, outbox_ids: Sequence[int], until: datetime) -> Sequence[PendingDelivery]:
    holder = uuid.uuid4().hex
    await connection.execute(
        update(outbox)
        .where(outbox.c.id.in_(outbox_ids))
        .values(state="leased", lease_until=until, holder=holder, attempts=outbox.c.attempts + 1)
    )
    rows = (
        await connection.execute(
            select(outbox.c.id, outbox.c.attempts, outbox.c.conversation_id, conversations.c.channel)
            .add_columns(conversations.c.address, conversations.c.language, conversations.c.locale, agents.c.name)
            .add_columns(messages.c.id.label("line_id"), messages.c.author, messages.c.text)
            .add_columns(messages.c.source, messages.c.feedback, messages.c.choices, messages.c.at)
            .join_from(outbox, messages, messages.c.id == outbox.c.line_id)
            .join(conversations, conversations.c.id == outbox.c.conversation_id)
            .outerjoin(agents, agents.c.id == messages.c.agent_id)
            .where(outbox.c.id.in_(outbox_ids))
            .order_by(outbox.c.due_at, outbox.c.id)
        )
    ).all()
    return [_delivery(row, holder) for row in rows]


def _delivery(row: Row[Any], holder: str) -> PendingDelivery:
    return PendingDelivery(
        outbox_id=row.id,
        conversation_id=row.conversation_id,
        attempts=row.attempts,
        holder=holder,
        message=Outbound(
            id=row.line_id,
            channel=row.channel,
            address=row.address,
            author=row.author,
            author_name=row.name,
            text=row.text,
            source=source_from_json(row.source),
            feedback=row.feedback,
            choices=choices_from_json(row.choices),
            labels=labels(row.language, row.locale),
            tried_since=row.at if row.attempts > 1 else None,
        ),
    )


async def mark_delivered(db: Database, sent: Sequence[tuple[PendingDelivery, str | None]], *, now: datetime) -> None:
    """Record that messages were delivered, whoever holds them by now: they are not to be sent again."""
    rows = [
        {"which": delivery.outbox_id, "at": now, "theirs": theirs}
        for delivery, theirs in sorted(sent, key=lambda e: e[0].outbox_id)
    ]
    async with db.write("outbox", "desk", *{_place(delivery) for delivery, _ in sent}) as connection:
        await connection.execute(_DELIVERED, rows)


async def postpone(
    db: Database, delivery: PendingDelivery, *, due: datetime, error: str, everywhere: bool = False
) -> None:
    """Try again later; the messages after it in the conversation wait with it, or everything on the channel does."""
    async with settling(db, delivery) as connection:
        await _release(connection, delivery, state="pending", due_at=due, error=error)
        if everywhere:
            await defer(connection, delivery.message.channel, until=due)


async def fail(connection: AsyncConnection, delivery: PendingDelivery, *, error: str) -> bool:
    """End a delivery as failed, within a transaction; False when the claim was lost, or it concerns nobody any more."""
    if not await _release(connection, delivery, state="failed", error=error):
        return False
    is_farewell = select(outbox.c.is_farewell).where(outbox.c.id == delivery.outbox_id)
    return not await connection.scalar(is_farewell)  # who is erased is nobody's case


def settling(db: Database, delivery: PendingDelivery) -> AbstractAsyncContextManager[AsyncConnection]:
    """A transaction that settles a delivery: sender, agents and customer are told at its end."""
    return db.write("outbox", "desk", _place(delivery))


def _place(delivery: PendingDelivery) -> tuple[str, str]:
    return delivery.message.channel, delivery.message.address


async def _release(connection: AsyncConnection, delivery: PendingDelivery, **values: Any) -> bool:
    """End one's claim; False when it was lost before, and it is another's to settle."""
    result = await connection.execute(
        update(outbox)
        .where(outbox.c.id == delivery.outbox_id, outbox.c.state == "leased", outbox.c.holder == delivery.holder)
        .values(lease_until=None, holder=None, **values)
    )
    return result.rowcount == 1
