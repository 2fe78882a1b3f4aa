"""Send quotas of channels whose platform counts: budgets that hold over restarts and many processes.

Each try is written down when it is claimed, so one that never came to an end counts too: rather a message too few in
a window than one too many. The windows slide: no stretch of time, wherever it begins, holds more than its limit.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import HELD
from bot.store.engine.database import Database, hold
from bot.store.tables import OUTBOX_OPEN, conversations, escalations, messages, outbox, sends
from channels.channel import SendLimit

#: No limit looks back further.
LONGEST_WINDOW = timedelta(days=31)
#: A customer who waits longer than this for a message that a limit holds back is shown to the agents.
LONG_HELD = timedelta(minutes=30)


async def consume(
    connection: AsyncConnection, channel: str, conversation_id: int, limits: Sequence[SendLimit], *, now: datetime
) -> dict[str, datetime]:
    """Use one send of every budget, or none: then when each that is spent has one again, by what it is counted for.

    One process at a time reckons for a channel, so that two cannot both use the last one.
    """
    await hold(connection, f"sends on {channel}")
    spent: dict[str, datetime] = {}
    for limit in limits:
        whose = sends.c.channel == channel if limit.per == "channel" else sends.c.conversation_id == conversation_id
        first_in_window = (
            select(sends.c.at)
            .where(whose, sends.c.at > now - limit.window)
            .order_by(sends.c.at.desc())
            .offset(limit.count - 1)
            .limit(1)
        )
        at = await connection.scalar(first_in_window)
        if at is not None:
            free = at + limit.window
            spent[limit.per] = max(spent.get(limit.per, free), free)
    if not spent:
        await connection.execute(insert(sends).values(channel=channel, conversation_id=conversation_id, at=now))
    return spent


async def defer(connection: AsyncConnection, channel: str, *, until: datetime, why: str | None = HELD) -> None:
    """Let everything that is owed on a channel wait."""
    earlier = (
        select(outbox.c.id)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .where(conversations.c.channel == channel, outbox.c.state == "pending", outbox.c.due_at < until)
        .with_for_update(of=outbox, skip_locked=True)  # who has claimed one just now reckons for themselves
    )
    await connection.execute(update(outbox).where(outbox.c.id.in_(earlier)).values(due_at=until, error=why))


async def deferred(
    connection: AsyncConnection, *, until: datetime, since: datetime
) -> Sequence[Row[int, str, str, str]]:
    """Conversations of the bot with a message that is not to be sent before `until`, each with the first one.

    Those that wait for a limit since `since`, too: what is behind others in line waits longer than it is told. What an
    agent has seen waiting, and closed the case all the same, is no case again until the bot decides something new.
    """
    first = (
        select(func.min(outbox.c.id))
        .join(messages, messages.c.id == outbox.c.line_id)
        .where(OUTBOX_OPEN, outbox.c.state == "pending", ~outbox.c.is_farewell)
        .where(or_(outbox.c.due_at > until, and_(outbox.c.error == HELD, messages.c.at < since)))
        .group_by(outbox.c.conversation_id)
        .scalar_subquery()
    )
    statement = (
        select(outbox.c.conversation_id, conversations.c.channel, conversations.c.address, messages.c.text)
        .join(messages, messages.c.id == outbox.c.line_id)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .where(outbox.c.id.in_(first), conversations.c.owner == "bot", _is_news())
        .order_by(outbox.c.id)
    )
    return (await connection.execute(statement)).all()


def _is_news() -> ColumnElement[bool]:
    """True where something is owed that the bot decided after the last case was closed, if there was one."""
    owed, line = outbox.alias(), messages.alias()
    closed_since = (
        select(escalations.c.id)
        .where(escalations.c.conversation_id == owed.c.conversation_id, escalations.c.closed_at >= line.c.at)
        .exists()
    )
    return (
        select(owed.c.id)
        .join(line, line.c.id == owed.c.line_id)
        .where(owed.c.conversation_id == conversations.c.id, owed.c.state == "pending")
        .where(line.c.receipt_id.is_not(None), ~closed_since)
        .exists()
    )


async def forget(db: Database, *, now: datetime) -> None:
    """Drop what no limit counts any more."""
    async with db.write() as connection:
        await connection.execute(delete(sends).where(sends.c.at < now - LONGEST_WINDOW))
