"""People who write in one conversation: in a thread there may be several, and each message has its author."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import gettext_noop
from bot.store.records.conversations import add_line
from bot.store.tables import conversations, escalations, messages, outbox

BACK = gettext_noop("The customer wrote again. The bot has the conversation.")
#: Whoever a line is by, or a line of ours to.
PERSON = func.coalesce(messages.c.person, conversations.c.customer)


async def who_asked(connection: AsyncConnection, conversation_ids: Sequence[int]) -> dict[int, set[str]]:
    """Those who have asked the bot something, by conversation."""
    if not conversation_ids:
        return {}
    statement = (
        select(messages.c.conversation_id, PERSON.label("person"))
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.conversation_id.in_(conversation_ids), messages.c.author == "customer")
        .distinct()
    )
    asked: dict[int, set[str]] = {}
    for row in await connection.execute(statement):
        asked.setdefault(row.conversation_id, set()).add(row.person)
    return asked


async def asker_of(connection: AsyncConnection, case: Row[Any]) -> str:
    """The person whom a case is about: who wrote what it was opened for, else the conversation's customer."""
    customer: str = case.customer
    if case.receipt_id is None:
        return customer
    wrote = (messages.c.receipt_id == case.receipt_id) & (messages.c.author == "customer")
    asked: str | None = await connection.scalar(
        select(messages.c.person).where(wrote).order_by(messages.c.id.desc()).limit(1)
    )
    return asked or customer


async def last_words(connection: AsyncConnection, conversation_id: int) -> str:
    """The words that the customer last wrote; empty where there are none."""
    statement = (
        select(messages.c.text)
        .where(messages.c.conversation_id == conversation_id, messages.c.author == "customer", messages.c.text != "")
        .order_by(messages.c.id.desc())
        .limit(1)
    )
    return await connection.scalar(statement) or ""


async def close_undelivered(connection: AsyncConnection, conversation_ids: Sequence[int], *, now: datetime) -> None:
    """Give back to the bot what waits only because its customer could not be reached: they are there again."""
    failed = select(outbox.c.id).where(
        outbox.c.conversation_id == escalations.c.conversation_id, outbox.c.state == "failed"
    )
    closed = await connection.execute(
        update(escalations)
        .where(escalations.c.conversation_id.in_(conversation_ids), escalations.c.state == "waiting")
        .where(escalations.c.reason == "undelivered", failed.exists())
        .values(state="handed_back", closed_at=now)
        .returning(escalations.c.conversation_id)
    )
    for conversation_id in closed.scalars().all():
        mine = conversations.c.id == conversation_id
        await connection.execute(update(conversations).where(mine).values(owner="bot"))
        await add_line(connection, conversation_id, author="event", text=BACK, at=now)
