"""The queue of turns that came in and are not handled: `claim` gives a worker some to itself."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Turn, TurnMessage
from bot.store.engine.database import Database
from bot.store.queues.work_table import FAR_AHEAD, FREED, WorkTable
from bot.store.records.conversations import action_from_json, conversation_from, lock, lock_all
from bot.store.tables import INBOX_OPEN, conversations, inbox, messages

#: Made once: putting a statement together costs more than carrying it out.
_FINISH = (
    update(inbox)
    .where(inbox.c.id == bindparam("which"))
    .values(state="done", lease_until=None, holder=None, error=None, handled_at=bindparam("at"))
)
#: Conversations in which something waits and nothing is held, and when their turns are due.
_WAITING = (
    select(inbox.c.conversation_id, func.min(inbox.c.id).label("first"), func.max(inbox.c.due_at).label("due_at"))
    .where(INBOX_OPEN)
    .group_by(inbox.c.conversation_id)
    .having(func.count().filter(inbox.c.state == "leased") == 0)
    .subquery()
)
_WORK = WorkTable(
    table=inbox,
    is_open=INBOX_OPEN,
    waiting=_WAITING,
    is_misdated=lambda now: inbox.c.due_at > now + FAR_AHEAD,  # later than any pause lasts
)
free_expired, bring_forward, free_all, next_due = (
    _WORK.free_expired,
    _WORK.bring_forward,
    _WORK.free_all,
    _WORK.next_due,
)


async def claim(db: Database, *, now: datetime, lease: timedelta, most: int) -> Sequence[Turn]:
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


async def finish(connection: AsyncConnection, turns: Sequence[Turn], *, now: datetime) -> None:
    """Mark turns as handled, within the transaction that holds their outcome."""
    rows = [{"which": said.inbox_id, "at": now} for turn in turns for said in turn.said]
    if rows:
        await connection.execute(_FINISH, rows)


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
                **FREED,
                due_at=due,
                error=error,
                attempts=inbox.c.attempts if error else inbox.c.attempts - 1,
            )
        )


def _oldest_due(now: datetime, most: int) -> Select[int]:
    return (
        select(conversations.c.id)
        .join(_WAITING, _WAITING.c.conversation_id == conversations.c.id)
        .where(_WAITING.c.due_at <= now)
        .order_by(_WAITING.c.first)
        .limit(most)
        .with_for_update(of=conversations, skip_locked=True)
    )


async def _open_rows(connection: AsyncConnection, conversation_ids: Sequence[int]) -> Sequence[Row[Any]]:
    statement = (
        select(inbox)
        .add_columns(messages.c.text, messages.c.attachments, messages.c.quotes)
        .outerjoin_from(inbox, messages, messages.c.id == inbox.c.line_id)
        .where(inbox.c.conversation_id.in_(conversation_ids), INBOX_OPEN)
        .order_by(inbox.c.id)
    )
    return (await connection.execute(statement)).all()


def _said(row: Row[Any]) -> TurnMessage:
    return TurnMessage(
        inbox_id=row.id,
        received_at=row.received_at,
        text=row.text or "",
        line_id=row.line_id,
        action=action_from_json(row.action),
        has_attachments=bool(row.attachments),
        has_quotes=bool(row.quotes),
        is_edit=row.edits is not None,
        person=row.person,
    )


def _held_as(turn: Turn) -> ColumnElement[bool]:
    return and_(
        inbox.c.conversation_id == turn.conversation.id, inbox.c.state == "leased", inbox.c.holder == turn.holder
    )
