"""What comes in: made durable in transcript and inbox, once, before it is acknowledged."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.conversations import add_line
from bot.store.corrections import change, withdraw
from bot.store.database import Database
from bot.store.tables import conversations, inbox
from channels.message import Inbound, clean

#: A burst that never pauses is answered after this many quiet periods.
LONGEST_BURST = 6
#: Statements of every message, made once: putting one together costs more than carrying it out.
_ADD = insert(inbox)
_WAITING = and_(inbox.c.conversation_id == bindparam("whose"), inbox.c.state == "pending")
_FIRST_WAITING = select(func.min(inbox.c.received_at)).where(_WAITING)
_MOVE_ALONG = update(inbox).where(_WAITING, inbox.c.due_at < bindparam("due")).values(due_at=bindparam("due"))


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
    newest = {name: statement.excluded[name] for name in latest}
    if "locale" in latest:
        newest["locale"] = _locale(statement.excluded.locale)
    return statement.on_conflict_do_update(
        index_elements=["channel", "address"], set_=newest | {"version": conversations.c.version + 1}
    ).returning(conversations.c.id)


def _locale(told: ColumnElement[str]) -> ColumnElement[str]:
    """The first locale that was told stays: one message with another is no news of its customer.

    Another is taken where it is in the language that the conversation is in by then: the words have said the same.
    """
    known, spoken = conversations.c.locale, conversations.c.language
    return case((or_(known.is_(None), told.like(spoken + "%")), told), else_=known)


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
