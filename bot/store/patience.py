"""Customers whose messages wait for longer than a moment, because more is written than can be answered at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.language.codes import spoken_to
from bot.conversation.phrases import Speaker
from bot.store.conversations import add_line, lock
from bot.store.database import Database
from bot.store.outbox import owe
from bot.store.tables import INBOX_OPEN, conversations, inbox, messages

#: Told in one round: each is a message that competes with the answers.
MOST = 200


async def tell_waiting(db: Database, *, before: datetime, now: datetime, speaker: Speaker) -> Sequence[int]:
    """Tell those whose message came in before that time and is not worked on that its turn will come.

    Each is told once, until the bot says something else. A turn that only pauses after a failure counts too: its
    customer waits as well. The conversations' numbers are returned.
    """
    async with db.read() as connection:
        waiting = (await connection.execute(_waiting(before))).all()
    return [row.id for row in waiting if await _tell(db, row, before, now, speaker)]


def _waiting(before: datetime, conversation_id: int | None = None) -> Select[int, str, str, str]:
    first = (
        select(inbox.c.conversation_id, func.min(inbox.c.received_at).label("since"))
        .where(INBOX_OPEN, inbox.c.line_id.is_not(None))
        .group_by(inbox.c.conversation_id)
        .having(func.count().filter(inbox.c.state == "leased") == 0, func.min(inbox.c.received_at) < before)
        .subquery()
    )
    told = (
        select(messages.c.id)
        .where(messages.c.conversation_id == conversations.c.id, messages.c.author != "customer")
        .where(messages.c.at > first.c.since)
        .exists()
    )
    statement = (
        select(conversations.c.id, conversations.c.channel, conversations.c.address, conversations.c.locale)
        .add_columns(conversations.c.language)
        .join(first, first.c.conversation_id == conversations.c.id)
        .where(conversations.c.owner == "bot", ~told)
    )
    if conversation_id is not None:
        return statement.where(conversations.c.id == conversation_id)
    return statement.order_by(first.c.since).limit(MOST)


async def _tell(db: Database, row: Row[int, str, str, str], before: datetime, now: datetime, speaker: Speaker) -> bool:
    async with db.write("outbox", (row.channel, row.address)) as connection:
        await lock(connection, row.id)
        if not await _still_waits(connection, row.id, before):
            return False
        text = speaker(spoken_to(row.language, row.locale)).say("busy")
        await owe(connection, row.id, await add_line(connection, row.id, author="bot", text=text, at=now), now=now)
    return True


async def _still_waits(connection: AsyncConnection, conversation_id: int, before: datetime) -> bool:
    """Looked at again under the lock: meanwhile somebody may have answered, or told them."""
    return (await connection.execute(_waiting(before, conversation_id))).first() is not None
