"""Erasing one person from a conversation that others go on with: their words and name go, the others' stay."""

import uuid
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Erasure
from bot.store.privacy.people import Share
from bot.store.records.blanking import blank_lines
from bot.store.tables import NOWHERE, conversations, escalations, inbox, messages, outbox

_RENAME = update(inbox).where(inbox.c.id == bindparam("which")).values(event_id=bindparam("name"))


async def blank_share(
    connection: AsyncConnection, conversation: Row[Any], share: Share, person: str, erasure: Erasure
) -> None:
    """Leave of a person's part of a locked conversation what says nothing of them."""
    await blank_lines(connection, conversation.id, share.line_ids, erasure)
    await connection.execute(delete(outbox).where(outbox.c.line_id.in_(share.line_ids)))
    await connection.execute(
        update(messages)
        .where(messages.c.id.in_(share.line_ids))
        .values(source=null(), choices=null(), chosen=None, message_id=None, form_key=None)
        .values(person=_nobody(), person_name=None)
    )
    await _blank_inbox(connection, conversation, person, erasure)
    is_theirs = conversation.customer == person
    await _close_cases(connection, conversation, share.receipt_ids, erasure, is_theirs=is_theirs)
    values: dict[str, Any] = {"version": conversations.c.version + 1}
    if is_theirs:  # whoever writes next is its customer
        values |= {"customer": _nobody(), "customer_name": None, "locale": None}
    await connection.execute(update(conversations).where(conversations.c.id == conversation.id).values(values))


def _nobody() -> str:
    return NOWHERE + uuid.uuid4().hex


async def _blank_inbox(connection: AsyncConnection, conversation: Row[Any], person: str, erasure: Erasure) -> None:
    """Blank what they sent, and keep an event's name where it names nobody: what is told again must not come back."""
    theirs: ColumnElement[bool] = inbox.c.person == person
    if conversation.customer == person:
        theirs = or_(theirs, inbox.c.person.is_(None))
    mine = and_(inbox.c.conversation_id == conversation.id, theirs)
    rows = (await connection.execute(select(inbox.c.id, inbox.c.event_id).where(mine))).all()
    telling = [{"which": row.id, "name": _nobody()} for row in rows if person in row.event_id]
    if telling:
        await connection.execute(_RENAME, telling)
    await connection.execute(
        update(inbox)
        .where(mine)
        .values(address="erased", message_id=None, edits=None, action=null(), error=None, person=_nobody())
        .values(state="done", lease_until=None, holder=None, handled_at=func.coalesce(inbox.c.handled_at, erasure.at))
    )


async def _close_cases(
    connection: AsyncConnection,
    conversation: Row[Any],
    receipt_ids: frozenset[int],
    erasure: Erasure,
    *,
    is_theirs: bool,
) -> None:
    """Close the cases that were theirs alone; the bot has the conversation again where one of them was open."""
    theirs: ColumnElement[bool] = escalations.c.receipt_id.in_(receipt_ids)
    if is_theirs:
        theirs = or_(theirs, escalations.c.receipt_id.is_(None))
    mine = and_(escalations.c.conversation_id == conversation.id, theirs)
    await connection.execute(
        update(escalations)
        .where(mine, escalations.c.state.in_(("waiting", "claimed")), escalations.c.question == "")
        .values(state="resolved", closed_at=erasure.at)
    )
    still_open = select(escalations.c.id).where(
        escalations.c.conversation_id == conversation.id, escalations.c.state.in_(("waiting", "claimed"))
    )
    if await connection.scalar(still_open) is None:
        mine_conversation = conversations.c.id == conversation.id
        await connection.execute(update(conversations).where(mine_conversation).values(owner="bot"))
