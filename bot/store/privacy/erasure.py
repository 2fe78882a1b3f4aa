"""Erasing a customer: what was said, and who they are, goes; how many messages, which decisions and when stays.

All of it goes in one transaction. Two things are left to do after it. The customer is told, at an address that goes as
soon as they are told: `finish_erasures`. And a file of SQLite still holds what was deleted, in its free places:
`Database.scrub`.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, func, insert, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Erasure, PhrasesFor, reply_locale
from bot.errors import NoSuchCustomer
from bot.i18n import gettext_noop
from bot.store.engine.database import Database, leave_remnants
from bot.store.privacy.people import Share, conversations_with, share_of
from bot.store.privacy.sharing import blank_share
from bot.store.queues.outbox import enqueue
from bot.store.records.conversations import add_line, lock, locking
from bot.store.records.receipts import figures_alone
from bot.store.tables import NOWHERE, conversations, escalations, inbox, messages, outbox, receipts, verdicts
from channels.message import clean

ERASED_BY_MAINTAINER = gettext_noop("A maintainer erased everything about this customer.")
_REWRITE = update(receipts).where(receipts.c.id == bindparam("which")).values(body=bindparam("left"))
_RENAME = update(inbox).where(inbox.c.id == bindparam("which")).values(event_id=bindparam("name"))


@dataclass(frozen=True, kw_only=True)
class Traces:
    """Counts of what there is of a customer on a channel."""

    conversations: int
    #: Lines of their conversations, by anybody.
    messages: int
    files: int
    decisions: int
    cases: int
    #: Messages that are owed to them.
    owed: int


async def preview(db: Database, channel: str, customer: str) -> Traces:
    """Counts of what would be erased; NoSuchCustomer."""
    async with db.read() as connection:
        found = await conversations_of(connection, channel, customer)
        return await _count(connection, await _shares(connection, found, customer))


async def erase(
    connection: AsyncConnection,
    channel: str,
    customer: str,
    *,
    erasure: Erasure,
    phrases: PhrasesFor,
    event: str = ERASED_BY_MAINTAINER,
    told: int | None = None,
) -> Traces:
    """Erase everything about a customer of a channel, within a transaction; NoSuchCustomer.

    Where others write in a conversation too, what they wrote stays, and it goes on. The customer is told so in the
    conversation `told`, else in the last one. `event` stands in the transcripts then.
    """
    found = await lock_customer(connection, channel, customer)
    ids = _ids(found, channel, customer)
    shares = await _shares(connection, found, customer)
    counted = await _count(connection, shares)
    last = told if told is not None else await _last(connection, ids)
    for row in found:
        if share := shares[row.id]:
            await blank_share(connection, row, share, clean(customer)[:200], erasure)
        else:
            await _blank(connection, row, erasure)
        await add_line(connection, row.id, author="event", text=event, at=erasure.at)
    [place] = [row for row in found if row.id == last]
    farewell = phrases(reply_locale(place.language, place.locale)).forgotten()
    if shares[place.id]:  # the thread is there still
        line_id = await add_line(connection, place.id, author="bot", text=clean(farewell), at=erasure.at)
        await enqueue(connection, place.id, line_id, now=erasure.at)
    else:
        await _say_farewell(connection, place, farewell, erasure.at)
    await leave_remnants(connection)
    return counted


async def conversations_of(connection: AsyncConnection, channel: str, customer: str) -> Sequence[Row[Any]]:
    """A customer's conversations on a channel that are not erased; NoSuchCustomer."""
    found = (await connection.execute(conversations_with(channel, customer))).all()
    _ids(found, channel, customer)
    return found


async def lock_customer(connection: AsyncConnection, channel: str, customer: str) -> Sequence[Row[Any]]:
    """A customer's conversations, held until the transaction ends, in the order in which everybody locks several."""
    statement = locking(conversations_with(channel, customer), connection.dialect.name)
    return (await connection.execute(statement)).all()


async def finish_erasures(db: Database, *, now: datetime) -> Sequence[int]:
    """Erase the addresses of those who have been told, or could not be; returns their conversations' numbers.

    Who has written again meanwhile is there again, and stays.
    """
    settled = (
        select(outbox.c.conversation_id)
        .where(outbox.c.is_farewell, outbox.c.state.in_(("sent", "failed")))
        .order_by(outbox.c.id)
    )
    async with db.read() as connection:
        waiting = list(await connection.scalars(settled))
    return [each for each in waiting if await _let_go(db, each, now)]


async def _let_go(db: Database, conversation_id: int, now: datetime) -> bool:
    async with db.write() as connection:
        row = await lock(connection, conversation_id)
        wrote = select(inbox.c.id).where(inbox.c.conversation_id == conversation_id).limit(1)
        if await connection.scalar(wrote) is not None:
            mine = (outbox.c.conversation_id == conversation_id) & outbox.c.is_farewell
            await connection.execute(update(outbox).where(mine).values(is_farewell=False))
            return False
        await _blank(connection, row, Erasure(at=now, by=None))
        await leave_remnants(connection)
    return True


def _ids(found: Sequence[Row[Any]], channel: str, customer: str) -> list[int]:
    if not found:
        raise NoSuchCustomer(f"there is no customer {customer!r} on the channel {channel!r}; the console shows both")
    return [row.id for row in found]


async def _shares(connection: AsyncConnection, found: Sequence[Row[Any]], customer: str) -> Mapping[int, Share | None]:
    """The customer's part of each conversation, None for all of it."""
    return {row.id: await share_of(connection, row, customer) for row in found}


async def _count(connection: AsyncConnection, shares: Mapping[int, Share | None]) -> Traces:
    whole = [number for number, share in shares.items() if share is None]
    lines = [line for share in shares.values() if share for line in share.line_ids]
    decided = [receipt for share in shares.values() if share for receipt in share.receipt_ids]

    async def rows(table: Any, is_shared: ColumnElement[bool], *conditions: Any) -> int:
        theirs = or_(table.c.conversation_id.in_(whole), is_shared)
        return await connection.scalar(select(func.count()).select_from(table).where(theirs, *conditions)) or 0

    theirs = or_(messages.c.conversation_id.in_(whole), messages.c.id.in_(lines))
    sent = await connection.scalars(select(messages.c.attachments).where(theirs))
    return Traces(
        conversations=len(shares),
        messages=await rows(messages, messages.c.id.in_(lines)),
        files=sum(len(each or ()) for each in sent),
        decisions=await rows(receipts, receipts.c.id.in_(decided)),
        cases=await rows(escalations, escalations.c.receipt_id.in_(decided)),
        owed=await rows(outbox, outbox.c.line_id.in_(lines), outbox.c.state.in_(("pending", "leased"))),
    )


async def _last(connection: AsyncConnection, ids: Sequence[int]) -> int:
    statement = select(messages.c.conversation_id).where(messages.c.conversation_id.in_(ids))
    found: int | None = await connection.scalar(statement.order_by(messages.c.id.desc()).limit(1))
    return ids[-1] if found is None else found


async def _blank(connection: AsyncConnection, conversation: Row[Any], erasure: Erasure) -> None:
    """Leave of a locked conversation what says nothing of anybody."""
    await _blank_receipts(connection, conversation.id, erasure)
    await _blank_inbox(connection, conversation, erasure.at)
    await connection.execute(delete(outbox).where(outbox.c.conversation_id == conversation.id))
    await connection.execute(
        update(messages)
        .where(messages.c.conversation_id == conversation.id, messages.c.author != "event")
        .values(text="", source=null(), attachments=null(), quotes=null(), choices=null(), chosen=None)
        .values(message_id=None, form_key=None, person=None, person_name=None)
    )
    mine = escalations.c.conversation_id == conversation.id
    await connection.execute(update(escalations).where(mine).values(question=""))
    still_open = mine & escalations.c.state.in_(("waiting", "claimed"))
    await connection.execute(update(escalations).where(still_open).values(state="resolved", closed_at=erasure.at))
    nowhere = NOWHERE + uuid.uuid4().hex
    await connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation.id)
        .values(address=nowhere, customer=nowhere, customer_name=None, locale=None, language_pinned=False)
        .values(owner="bot", version=conversations.c.version + 1, erased_at=erasure.at, erased_by=erasure.by)
    )


async def _blank_receipts(connection: AsyncConnection, conversation_id: int, erasure: Erasure) -> None:
    mine = select(receipts.c.id).where(receipts.c.conversation_id == conversation_id)
    await connection.execute(delete(verdicts).where(verdicts.c.receipt_id.in_(mine)))
    rows = (await connection.execute(mine.add_columns(receipts.c.body))).all()
    if rows:
        left = [{"which": row.id, "left": figures_alone(row.body, erasure)} for row in rows]
        await connection.execute(_REWRITE, left)


async def _blank_inbox(connection: AsyncConnection, conversation: Row[Any], now: datetime) -> None:
    """Blank what came in, and keep an event's name where it names nobody: what is told again must not come back."""
    mine = inbox.c.conversation_id == conversation.id
    rows = (await connection.execute(select(inbox.c.id, inbox.c.event_id).where(mine))).all()
    telling = [
        {"which": row.id, "name": NOWHERE + uuid.uuid4().hex}
        for row in rows
        if conversation.address in row.event_id or conversation.customer in row.event_id
    ]
    if telling:
        await connection.execute(_RENAME, telling)
    await connection.execute(
        update(inbox)
        .where(mine)
        .values(address="erased", message_id=None, edits=None, action=null(), error=None, person=None)
        .values(state="done", lease_until=None, holder=None, handled_at=func.coalesce(inbox.c.handled_at, now))
    )


async def _say_farewell(connection: AsyncConnection, place: Row[Any], text: str, now: datetime) -> None:
    """Owe the last message in a conversation of its own: nothing leads from it to what was erased."""
    nobody = NOWHERE + uuid.uuid4().hex
    values = {"channel": place.channel, "address": place.address, "customer": nobody, "opened_at": now}
    opened = await connection.execute(insert(conversations).values(**values).returning(conversations.c.id))
    conversation_id = opened.scalar_one()
    line_id = await add_line(connection, conversation_id, author="bot", text=clean(text), at=now)
    await connection.execute(
        insert(outbox).values(conversation_id=conversation_id, line_id=line_id, due_at=now, is_farewell=True)
    )
