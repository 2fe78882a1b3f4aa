"""Customers whose messages wait for longer than a moment, because more is written than can be answered at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import PhrasesFor, reply_locale
from bot.store.engine.database import Database
from bot.store.queues.outbox import enqueue_all
from bot.store.records.conversations import add_lines, lock_all
from bot.store.tables import INBOX_OPEN, conversations, inbox, messages

#: Told in one round: each is a message that competes with the answers.
MOST = 200


async def notify_waiting(db: Database, *, before: datetime, now: datetime, phrases: PhrasesFor) -> Sequence[int]:
    """Tell those whose message came in before that time and is not worked on that its turn will come.

    Each is told once, until the bot says something else. A turn that only pauses after a failure counts too: its
    customer waits as well. Who still writes is not told: the bot waits for them. The conversations' numbers are
    returned.
    """
    async with db.read() as connection:
        waiting = (await connection.execute(_waiting(before, now))).all()
    if not waiting:
        return ()
    async with db.write("outbox", *((row.channel, row.address) for row in waiting)) as connection:
        return await _tell(connection, [row.id for row in waiting], before, now, phrases)


def _waiting(
    before: datetime, now: datetime, conversation_ids: Sequence[int] | None = None
) -> Select[int, str, str, str]:
    first = (
        select(inbox.c.conversation_id, func.min(inbox.c.received_at).label("since"))
        .where(INBOX_OPEN, inbox.c.line_id.is_not(None))
        .group_by(inbox.c.conversation_id)
        .having(func.count().filter(inbox.c.state == "leased") == 0, func.min(inbox.c.received_at) < before)
        .having(or_(func.max(inbox.c.due_at) <= now, func.max(inbox.c.attempts) > 0))
        .subquery()
    )
    told = (
        select(messages.c.id)
        .where(messages.c.conversation_id == conversations.c.id, messages.c.author.not_in(("customer", "peer")))
        .where(messages.c.at > first.c.since)
        .exists()
    )
    statement = (
        select(conversations.c.id, conversations.c.channel, conversations.c.address, conversations.c.locale)
        .add_columns(conversations.c.language)
        .join(first, first.c.conversation_id == conversations.c.id)
        .where(conversations.c.owner != "agent", ~told)
    )
    if conversation_ids is not None:
        return statement.where(conversations.c.id.in_(conversation_ids))
    # Who waits for the longest is the next to be answered; who came after them has longer to wait from now on.
    return statement.order_by(first.c.since.desc()).limit(MOST)


async def _tell(
    connection: AsyncConnection, conversation_ids: Sequence[int], before: datetime, now: datetime, phrases: PhrasesFor
) -> Sequence[int]:
    """All of them at once: one by one, each would be answered before it is their turn to be told."""
    await lock_all(connection, conversation_ids)
    # Looked at again under the locks: meanwhile somebody may have answered, or told them.
    still = (await connection.execute(_waiting(before, now, conversation_ids))).all()
    lines = [
        {
            "conversation_id": row.id,
            "author": "bot",
            "text": phrases(reply_locale(row.language, row.locale)).say("busy"),
            "at": now,
        }
        for row in still
    ]
    await enqueue_all(connection, await add_lines(connection, lines), now=now)
    return [row.id for row in still]
