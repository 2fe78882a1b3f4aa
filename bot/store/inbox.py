"""What came in and is not handled. `accept` makes it durable; `claim` gives a worker one turn to itself."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.turn import Said, Turn
from bot.store.conversations import add_line, conversation_from, lock, lock_all
from bot.store.corrections import change, withdraw
from bot.store.database import Database
from bot.store.tables import INBOX_OPEN, conversations, inbox, messages
from channels.message import Action, Inbound, clean

#: A burst that never pauses is answered after this many quiet periods.
LONGEST_BURST = 6


#: Statements of every message, made once: putting one together costs more than carrying it out.
_ADD = insert(inbox)
_WAITING = and_(inbox.c.conversation_id == bindparam("whose"), inbox.c.state == "pending")
_FIRST_WAITING = select(func.min(inbox.c.received_at)).where(_WAITING)
_MOVE_ALONG = update(inbox).where(_WAITING, inbox.c.due_at < bindparam("due")).values(due_at=bindparam("due"))
_FINISH = (
    update(inbox)
    .where(inbox.c.id == bindparam("which"))
    .values(state="done", lease_until=None, holder=None, error=None, handled_at=bindparam("at"))
)


async def accept(db: Database, inbound: Inbound, *, now: datetime, quiet: timedelta) -> bool:
    """Write what came in to transcript and inbox, in one transaction; False when it had come before."""
    try:
        await accept_all(db, [inbound], now=now, quiet=quiet)
    except IntegrityError:
        if not await _is_known(db, inbound):
            raise
        return False
    return True


async def accept_all(db: Database, inbounds: Sequence[Inbound], *, now: datetime, quiet: timedelta) -> None:
    """Write all that came in, in one transaction, or nothing: IntegrityError when one of them had come before."""
    places = {(inbound.channel, inbound.address) for inbound in inbounds}
    async with db.write("inbox", "desk", *places) as connection:
        # Conversations are locked in this order by whoever locks several: nobody waits for each other.
        for inbound in sorted(inbounds, key=lambda each: (each.channel, each.address)):
            conversation_id = await _conversation(connection, inbound, now)
            values = await _taken(connection, conversation_id, inbound, now, quiet)
            event = {
                "channel": inbound.channel,
                "event_id": inbound.event_id,
                "address": inbound.address,
                "conversation_id": conversation_id,
                "received_at": now,
            }
            await connection.execute(_ADD, {"message_id": inbound.message_id, "due_at": now} | values | event)


async def claim(db: Database, *, now: datetime, lease: timedelta) -> Turn | None:
    """Take the oldest due turn, as `claim_all`."""
    return next(iter(await claim_all(db, now=now, lease=lease, most=1)), None)


async def claim_all(db: Database, *, now: datetime, lease: timedelta, most: int) -> Sequence[Turn]:
    """Take the oldest due turns of conversations that no other worker holds, with all that was said in each.

    The conversations are found with a view that may be out of date by the time their locks are had. So the choice
    counts only if it still holds in what is read under the locks; where none does, others are looked for.
    """
    while True:
        async with db.write() as connection:
            chosen = list(await connection.scalars(_oldest_due(now, most)))
            if not chosen:
                return ()
            turns = await _turns(connection, chosen, now)
            if not turns:
                continue
            taken = [said.inbox_id for turn in turns for said in turn.said]
            await connection.execute(
                update(inbox)
                .where(inbox.c.id.in_(taken))
                .values(state="leased", lease_until=now + lease, holder=turns[0].holder, attempts=inbox.c.attempts + 1)
            )
            return turns


async def _turns(connection: AsyncConnection, conversation_ids: Sequence[int], now: datetime) -> Sequence[Turn]:
    """The turns of locked conversations that are due and that nobody holds."""
    holder = uuid.uuid4().hex
    rows = await _open_rows(connection, conversation_ids)
    locked = {row.id: row for row in await lock_all(connection, conversation_ids)}
    open_rows: dict[int, list[Row[Any]]] = {each: [] for each in conversation_ids}
    for row in rows:
        open_rows[row.conversation_id].append(row)
    return [
        Turn(
            conversation=conversation_from(locked[conversation_id]),
            said=tuple(_said(row) for row in mine),
            attempts=max(row.attempts for row in mine) + 1,
            holder=holder,
            error=next((row.error for row in mine if row.error), None),
        )
        for conversation_id, mine in open_rows.items()
        if mine and all(row.due_at <= now and row.state != "leased" for row in mine)
    ]


async def renew(db: Database, turn: Turn, *, until: datetime) -> bool:
    """Hold a turn for longer; False when it is not held any more."""
    async with db.write() as connection:
        result = await connection.execute(update(inbox).where(_held_as(turn)).values(lease_until=until))
    return result.rowcount > 0


async def finish(connection: AsyncConnection, turn: Turn, *, now: datetime) -> None:
    """Mark a turn as handled, within the transaction that holds its outcome."""
    await connection.execute(_FINISH, [{"which": said.inbox_id, "at": now} for said in turn.said])


async def put_back(db: Database, turn: Turn, *, due: datetime, error: str | None = None) -> None:
    """Give a turn back. With an error it stays counted as an attempt; without, it was only overtaken.

    A turn that another worker has taken over meanwhile is left to them.
    """
    async with db.write("inbox") as connection:
        await lock(connection, turn.conversation.id)
        await connection.execute(
            update(inbox)
            .where(_held_as(turn))
            .values(
                state="pending",
                lease_until=None,
                holder=None,
                due_at=due,
                error=error,
                attempts=inbox.c.attempts if error else inbox.c.attempts - 1,
            )
        )


async def free_expired(db: Database, *, now: datetime) -> Sequence[int]:
    """Free the turns whose workers are thought dead, and return their conversations. The attempt stays counted."""
    expired = (
        select(inbox.c.id)
        .where(INBOX_OPEN, inbox.c.state == "leased", inbox.c.lease_until < now)
        .with_for_update(skip_locked=True)  # who is at it just now is not dead
    )
    statement = (
        update(inbox)
        .where(inbox.c.id.in_(expired))
        .values(state="pending", lease_until=None, holder=None)
        .returning(inbox.c.conversation_id)
    )
    async with db.write("inbox") as connection:
        return sorted(set(await connection.scalars(statement)))


async def free_all(db: Database) -> None:
    """Free every lease; only for a process that knows to be alone with the database."""
    async with db.write() as connection:
        await connection.execute(
            update(inbox).where(inbox.c.state == "leased").values(state="pending", lease_until=None, holder=None)
        )


async def next_due(db: Database) -> datetime | None:
    """When the next turn that nobody holds is due, if any waits."""
    waiting = _waiting()
    async with db.read() as connection:
        return await connection.scalar(select(func.min(waiting.c.due_at)))


async def _is_known(db: Database, inbound: Inbound) -> bool:
    same = and_(inbox.c.channel == inbound.channel, inbox.c.event_id == inbound.event_id)
    if inbound.message_id is not None:
        same_place = and_(inbox.c.channel == inbound.channel, inbox.c.address == inbound.address)
        same = or_(same, and_(same_place, inbox.c.message_id == inbound.message_id))
    async with db.read() as connection:
        return await connection.scalar(select(inbox.c.id).where(same)) is not None


async def _taken(
    connection: AsyncConnection, conversation_id: int, inbound: Inbound, now: datetime, quiet: timedelta
) -> dict[str, Any]:
    """What becomes of it in the transcript, and the inbox's columns that say so.

    Events come in any order: of a change or deletion of a message that never came, the inbox keeps the message's id,
    so that the message itself, when it comes late, counts as known.
    """
    done = {"state": "done", "handled_at": now}
    if inbound.action:
        return {"action": asdict(inbound.action)}
    if inbound.deletes:
        await withdraw(connection, conversation_id, inbound.deletes, now=now)
        return done | {"message_id": await _slot(connection, inbound, inbound.deletes)}
    if inbound.edits is None:
        line_id = await _line(connection, conversation_id, inbound, now)
        return {"line_id": line_id, "due_at": await _quiet_until(connection, conversation_id, now, quiet)}
    due = await _quiet_until(connection, conversation_id, now, quiet)
    if await change(connection, conversation_id, inbound.edits, clean(inbound.text), now=now):
        return done | {"edits": inbound.edits, "message_id": None}
    line_id = await _line(connection, conversation_id, inbound, now)
    slot = await _slot(connection, inbound, inbound.edits)
    return {"line_id": line_id, "due_at": due, "edits": inbound.edits, "message_id": slot}


async def _conversation(connection: AsyncConnection, inbound: Inbound, now: datetime) -> int:
    """Find or open the conversation, and move its version: what is being computed for it is now out of date."""
    latest = {"customer": clean(inbound.customer)[:200]}
    if inbound.customer_name:
        latest["customer_name"] = clean(inbound.customer_name)[:200]
    if inbound.locale:
        latest["locale"] = clean(inbound.locale)[:40]
    values = {"channel": inbound.channel, "address": inbound.address, "opened_at": now, "version": 1, **latest}
    return (await connection.execute(_open(connection.dialect.name, frozenset(latest)), values)).scalar_one()


@cache
def _open(dialect: str, latest: frozenset[str]) -> Executable:
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(conversations)
    return statement.on_conflict_do_update(
        index_elements=["channel", "address"],
        set_={name: statement.excluded[name] for name in latest} | {"version": conversations.c.version + 1},
    ).returning(conversations.c.id)


async def _line(connection: AsyncConnection, conversation_id: int, inbound: Inbound, now: datetime) -> int:
    return await add_line(
        connection,
        conversation_id,
        at=now,
        author="customer",
        text=clean(inbound.text),
        attachments=[asdict(attachment) for attachment in inbound.attachments] or None,
        message_id=inbound.message_id,
    )


async def _quiet_until(connection: AsyncConnection, conversation_id: int, now: datetime, quiet: timedelta) -> datetime:
    """The end of the quiet period that joins a burst; what already waits is moved along with it."""
    first = await connection.scalar(_FIRST_WAITING, {"whose": conversation_id})
    if first is None:
        return now + quiet
    due = min(now + quiet, max(now, first + LONGEST_BURST * quiet))
    await connection.execute(_MOVE_ALONG, {"whose": conversation_id, "due": due})
    return due


async def _slot(connection: AsyncConnection, inbound: Inbound, message_id: str) -> str | None:
    """The message's id where no row has it yet."""
    same_place = and_(inbox.c.channel == inbound.channel, inbox.c.address == inbound.address)
    taken = await connection.scalar(select(inbox.c.id).where(same_place, inbox.c.message_id == message_id))
    return message_id if taken is None else None


def _waiting() -> Subquery:
    """The conversations in which something waits and nothing is held, and when their turns are due."""
    return (
        select(inbox.c.conversation_id, func.min(inbox.c.id).label("first"), func.max(inbox.c.due_at).label("due_at"))
        .where(INBOX_OPEN)
        .group_by(inbox.c.conversation_id)
        .having(func.count().filter(inbox.c.state == "leased") == 0)
        .subquery()
    )


def _oldest_due(now: datetime, most: int) -> Select[int]:
    waiting = _waiting()
    return (
        select(conversations.c.id)
        .join(waiting, waiting.c.conversation_id == conversations.c.id)
        .where(waiting.c.due_at <= now)
        .order_by(waiting.c.first)
        .limit(most)
        .with_for_update(of=conversations, skip_locked=True)
    )


async def _open_rows(connection: AsyncConnection, conversation_ids: Sequence[int]) -> Sequence[Row[Any]]:
    statement = (
        select(inbox)
        .add_columns(messages.c.text, messages.c.attachments)
        .outerjoin_from(inbox, messages, messages.c.id == inbox.c.line_id)
        .where(inbox.c.conversation_id.in_(conversation_ids), INBOX_OPEN)
        .order_by(inbox.c.id)
    )
    return (await connection.execute(statement)).all()


def _said(row: Row[Any]) -> Said:
    return Said(
        inbox_id=row.id,
        received_at=row.received_at,
        text=row.text or "",
        line_id=row.line_id,
        action=Action(**row.action) if row.action else None,
        has_attachments=bool(row.attachments),
    )


def _held_as(turn: Turn) -> ColumnElement[bool]:
    return and_(
        inbox.c.conversation_id == turn.conversation.id, inbox.c.state == "leased", inbox.c.holder == turn.holder
    )
