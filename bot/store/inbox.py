"""What came in and is not handled. `accept` makes it durable; `claim` gives a worker one turn to itself."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.turn import Said, Turn
from bot.store.conversations import conversation_from
from bot.store.database import Database
from bot.store.tables import INBOX_OPEN, conversations, inbox, messages
from channels.message import Action, Inbound, clean

#: A burst that never pauses is answered after this many quiet periods.
LONGEST_BURST = 6


async def accept(db: Database, inbound: Inbound, *, now: datetime, quiet: timedelta) -> bool:
    """Write what came in to transcript and inbox, in one transaction; False when it had come before."""
    try:
        async with db.write("inbox", "desk", (inbound.channel, inbound.address)) as connection:
            conversation_id = await _conversation(connection, inbound, now)
            line_id = None if inbound.action else await _line(connection, conversation_id, inbound, now)
            due = now if inbound.action else await _quiet_until(connection, conversation_id, now, quiet)
            await connection.execute(
                insert(inbox).values(
                    channel=inbound.channel,
                    event_id=inbound.event_id,
                    address=inbound.address,
                    message_id=inbound.message_id,
                    conversation_id=conversation_id,
                    line_id=line_id,
                    action=asdict(inbound.action) if inbound.action else None,
                    received_at=now,
                    due_at=due,
                )
            )
    except IntegrityError:
        if not await _is_known(db, inbound):
            raise
        return False
    return True


async def claim(db: Database, *, now: datetime, lease: timedelta) -> Turn | None:
    """Take the oldest due turn of a conversation that no other worker holds, with all that was said in it."""
    async with db.write() as connection:
        conversation_id = await _oldest_due(connection, now)
        if conversation_id is None:
            return None
        taken = and_(inbox.c.conversation_id == conversation_id, INBOX_OPEN)
        await connection.execute(
            update(inbox).where(taken).values(state="leased", lease_until=now + lease, attempts=inbox.c.attempts + 1)
        )
        rows = await connection.execute(
            select(inbox.c.id, inbox.c.received_at, inbox.c.action, inbox.c.attempts, inbox.c.line_id)
            .add_columns(messages.c.text, messages.c.attachments)
            .outerjoin_from(inbox, messages, messages.c.id == inbox.c.line_id)
            .where(taken)
            .order_by(inbox.c.id)
        )
        said = rows.all()
        row = (await connection.execute(select(conversations).where(conversations.c.id == conversation_id))).one()
    return Turn(
        conversation=conversation_from(row),
        said=tuple(
            Said(
                inbox_id=each.id,
                received_at=each.received_at,
                text=each.text or "",
                line_id=each.line_id,
                action=Action(**each.action) if each.action else None,
                has_attachments=bool(each.attachments),
            )
            for each in said
        ),
        attempts=max(each.attempts for each in said),
    )


async def finish(connection: AsyncConnection, turn: Turn) -> None:
    """Mark a turn as handled, within the transaction that holds its outcome."""
    await connection.execute(
        update(inbox)
        .where(inbox.c.id.in_([said.inbox_id for said in turn.said]))
        .values(state="done", lease_until=None, error=None)
    )


async def put_back(db: Database, turn: Turn, *, due: datetime, error: str | None = None) -> None:
    """Give a turn back. With an error it stays counted as an attempt; without, it was only overtaken."""
    async with db.write("inbox") as connection:
        await connection.execute(
            update(inbox)
            .where(inbox.c.id.in_([said.inbox_id for said in turn.said]), inbox.c.state == "leased")
            .values(
                state="pending",
                lease_until=None,
                due_at=due,
                error=error,
                attempts=inbox.c.attempts if error else inbox.c.attempts - 1,
            )
        )


async def free_all(db: Database) -> None:
    """Free every lease; only for a process that knows to be alone with the database."""
    async with db.write() as connection:
        await connection.execute(
            update(inbox).where(inbox.c.state == "leased").values(state="pending", lease_until=None)
        )


async def next_due(db: Database) -> datetime | None:
    """When the next turn may be due, if any waits."""
    async with db.read() as connection:
        return await connection.scalar(select(func.min(inbox.c.due_at)).where(INBOX_OPEN, inbox.c.state == "pending"))


async def _is_known(db: Database, inbound: Inbound) -> bool:
    same_event = and_(inbox.c.channel == inbound.channel, inbox.c.event_id == inbound.event_id)
    same_message = and_(
        inbox.c.channel == inbound.channel,
        inbox.c.address == inbound.address,
        inbox.c.message_id == inbound.message_id,
    )
    async with db.read() as connection:
        return await connection.scalar(select(inbox.c.id).where(or_(same_event, same_message))) is not None


async def _conversation(connection: AsyncConnection, inbound: Inbound, now: datetime) -> int:
    """Find or open the conversation, and move its version: what is being computed for it is now out of date."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    latest = {"customer": inbound.customer}
    if inbound.customer_name:
        latest["customer_name"] = clean(inbound.customer_name)[:200]
    if inbound.locale:
        latest["locale"] = clean(inbound.locale)[:40]
    statement = dialect.insert(conversations).values(
        channel=inbound.channel, address=inbound.address, opened_at=now, version=1, **latest
    )
    statement = statement.on_conflict_do_update(
        index_elements=["channel", "address"], set_={**latest, "version": conversations.c.version + 1}
    ).returning(conversations.c.id)
    return (await connection.execute(statement)).scalar_one()


async def _line(connection: AsyncConnection, conversation_id: int, inbound: Inbound, now: datetime) -> int:
    statement = (
        insert(messages)
        .values(
            conversation_id=conversation_id,
            at=now,
            author="customer",
            text=clean(inbound.text),
            attachments=[asdict(attachment) for attachment in inbound.attachments] or None,
            message_id=inbound.message_id,
        )
        .returning(messages.c.id)
    )
    return (await connection.execute(statement)).scalar_one()


async def _quiet_until(connection: AsyncConnection, conversation_id: int, now: datetime, quiet: timedelta) -> datetime:
    """The end of the quiet period that joins a burst; what already waits is moved along with it."""
    waiting = and_(inbox.c.conversation_id == conversation_id, inbox.c.state == "pending")
    first = await connection.scalar(select(func.min(inbox.c.received_at)).where(waiting))
    due = now + quiet if first is None else min(now + quiet, max(now, first + LONGEST_BURST * quiet))
    await connection.execute(update(inbox).where(waiting, inbox.c.due_at < due).values(due_at=due))
    return due


async def _oldest_due(connection: AsyncConnection, now: datetime) -> int | None:
    lost = and_(inbox.c.state == "leased", inbox.c.lease_until < now)
    held = (
        select(inbox.c.conversation_id)
        .where(INBOX_OPEN, inbox.c.state == "leased", inbox.c.lease_until >= now)
        .scalar_subquery()
    )
    statement = (
        select(inbox.c.conversation_id)
        .where(INBOX_OPEN, or_(inbox.c.state == "pending", lost), inbox.c.conversation_id.not_in(held))
        .group_by(inbox.c.conversation_id)
        .having(func.max(inbox.c.due_at) <= now)
        .order_by(func.min(inbox.c.id))
        .limit(1)
    )
    return await connection.scalar(statement)
