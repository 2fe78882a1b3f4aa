"""The outbox as the maintainer sees it: what is owed, what could not be delivered, and trying that again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import InvalidState, NoSuchCase
from bot.store.engine.database import Database
from bot.store.records.conversations import lock
from bot.store.tables import conversations, messages, outbox


@dataclass(frozen=True, kw_only=True)
class UndeliveredMessage:
    """One message that is not delivered."""

    id: int
    #: Number of the message in the transcript, as `answerdesk why` takes it.
    message_id: int
    channel: str
    address: str
    #: pending, leased (being delivered) or failed.
    state: str
    attempts: int
    written_at: datetime
    #: Not before: the end of a pause, or of a platform's limit.
    due_at: datetime
    text: str
    error: str | None


async def undelivered(db: Database, *, failed: bool = False, limit: int = 1000) -> Sequence[UndeliveredMessage]:
    """Messages that are owed or could not be delivered, oldest first; only the latter where `failed` is asked for."""
    states = ("failed",) if failed else ("pending", "leased", "failed")
    statement = (
        select(outbox)
        .add_columns(conversations.c.channel, conversations.c.address, messages.c.text, messages.c.at)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .join(messages, messages.c.id == outbox.c.line_id)
        .where(outbox.c.state.in_(states))
        .order_by(outbox.c.id)
        .limit(limit)
    )
    async with db.read() as connection:
        rows = (await connection.execute(statement)).all()
    return [
        UndeliveredMessage(
            id=row.id,
            message_id=row.line_id,
            channel=row.channel,
            address=row.address,
            state=row.state,
            attempts=row.attempts,
            written_at=row.at,
            due_at=row.due_at,
            text=row.text,
            error=row.error,
        )
        for row in rows
    ]


async def retry(db: Database, letter_id: int, *, now: datetime) -> None:
    """Owe a message again that could not be delivered; NoSuchCase, InvalidState when it did not fail.

    What an agent has meanwhile stays with the agent: that the customer may get the message now closes no case. It
    counts as tried once, since a try that failed may have arrived: where a channel can look for it, it does.
    """
    async with db.read() as connection:
        place = await _place(connection, letter_id)
    async with db.write("outbox", "desk", (place.channel, place.address)) as connection:
        await lock(connection, place.conversation_id)
        again = await connection.execute(
            update(outbox)
            .where(outbox.c.id == letter_id, outbox.c.state == "failed")
            .values(state="pending", attempts=1, due_at=now, error=None)
        )
        if again.rowcount != 1:
            raise InvalidState(f"message {letter_id} of the outbox has not failed; it cannot be tried again")


async def _place(connection: AsyncConnection, letter_id: int) -> Row[int, str, str]:
    statement = (
        select(conversations.c.id.label("conversation_id"), conversations.c.channel, conversations.c.address)
        .join(outbox, outbox.c.conversation_id == conversations.c.id)
        .where(outbox.c.id == letter_id)
    )
    row = (await connection.execute(statement)).first()
    if row is None:
        raise NoSuchCase(f"message {letter_id}: there is no such message in the outbox")
    return row
