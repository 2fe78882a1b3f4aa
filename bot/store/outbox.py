"""What is owed and not delivered. Rows of one conversation go out in order, one at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.conversations import choices_from_json, set_owner, source_from_json
from bot.store.database import Database
from bot.store.escalations import open_escalation
from bot.store.tables import OUTBOX_OPEN, agents, conversations, messages, outbox
from channels.message import Outbound


@dataclass(frozen=True, kw_only=True)
class Owed:
    """One message to deliver."""

    outbox_id: int
    conversation_id: int
    attempts: int
    message: Outbound


async def owe(connection: AsyncConnection, conversation_id: int, line_id: int, *, now: datetime) -> None:
    """Owe the customer a line of the transcript, within the transaction that adds the line."""
    await connection.execute(insert(outbox).values(conversation_id=conversation_id, line_id=line_id, due_at=now))


async def claim(db: Database, *, now: datetime, lease: timedelta) -> Owed | None:
    """Take the oldest due message that is the next of its conversation."""
    async with db.write() as connection:
        first = select(func.min(outbox.c.id)).where(OUTBOX_OPEN).group_by(outbox.c.conversation_id).scalar_subquery()
        free = or_(outbox.c.state == "pending", and_(outbox.c.state == "leased", outbox.c.lease_until < now))
        chosen = (
            select(outbox.c.id)
            .where(outbox.c.id.in_(first), free, outbox.c.due_at <= now)
            .order_by(outbox.c.due_at, outbox.c.id)
            .limit(1)
        )
        outbox_id = await connection.scalar(chosen)
        if outbox_id is None:
            return None
        await connection.execute(
            update(outbox)
            .where(outbox.c.id == outbox_id)
            .values(state="leased", lease_until=now + lease, attempts=outbox.c.attempts + 1)
        )
        row = (
            await connection.execute(
                select(outbox.c.id, outbox.c.attempts, outbox.c.conversation_id, conversations.c.channel)
                .add_columns(conversations.c.address, agents.c.name)
                .add_columns(messages.c.id.label("line_id"), messages.c.author, messages.c.text)
                .add_columns(messages.c.source, messages.c.feedback, messages.c.choices)
                .join_from(outbox, messages, messages.c.id == outbox.c.line_id)
                .join(conversations, conversations.c.id == outbox.c.conversation_id)
                .outerjoin(agents, agents.c.id == messages.c.agent_id)
                .where(outbox.c.id == outbox_id)
            )
        ).one()
    return Owed(
        outbox_id=row.id,
        conversation_id=row.conversation_id,
        attempts=row.attempts,
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
        ),
    )


async def delivered(db: Database, owed: Owed, *, now: datetime, platform_id: str | None) -> None:
    """Record that a message was delivered."""
    await _settle(db, owed, state="sent", sent_at=now, platform_id=platform_id, error=None)


async def postpone(db: Database, owed: Owed, *, due: datetime, error: str) -> None:
    """Try again later; the messages after it in the conversation wait with it."""
    await _settle(db, owed, state="pending", due_at=due, error=error)


async def give_up(db: Database, owed: Owed, *, now: datetime, error: str) -> None:
    """End in the state that an agent sees: where no person has the conversation yet, it goes to the queue."""
    async with db.write("outbox", "desk", (owed.message.channel, owed.message.address)) as connection:
        await connection.execute(
            update(outbox).where(outbox.c.id == owed.outbox_id).values(state="failed", lease_until=None, error=error)
        )
        mine = conversations.c.id == owed.conversation_id
        if await connection.scalar(select(conversations.c.owner).where(mine)) == "bot":
            await set_owner(connection, owed.conversation_id, "queue")
            await open_escalation(
                connection,
                owed.conversation_id,
                reason="undelivered",
                question=owed.message.text,
                receipt_id=None,
                now=now,
            )


async def free_all(db: Database) -> None:
    """Free every lease; only for a process that knows to be alone with the database."""
    async with db.write() as connection:
        await connection.execute(
            update(outbox).where(outbox.c.state == "leased").values(state="pending", lease_until=None)
        )


async def next_due(db: Database) -> datetime | None:
    """When the next message may be due, if any waits."""
    async with db.read() as connection:
        return await connection.scalar(
            select(func.min(outbox.c.due_at)).where(OUTBOX_OPEN, outbox.c.state == "pending")
        )


async def _settle(db: Database, owed: Owed, **values: object) -> None:
    async with db.write("outbox", "desk", (owed.message.channel, owed.message.address)) as connection:
        await connection.execute(update(outbox).where(outbox.c.id == owed.outbox_id).values(lease_until=None, **values))
