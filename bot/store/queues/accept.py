"""Acceptance of what comes in: made durable in transcript and inbox, once, before it is acknowledged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import is_unfinished
from bot.store.engine.database import Database
from bot.store.records.conversations import action_to_json, add_line, add_lines
from bot.store.records.message_edits import delete, edit
from bot.store.records.participants import close_undelivered, who_asked
from bot.store.tables import NOWHERE, conversations, inbox
from channels.message import Inbound, clean

#: What is clearly unfinished waits for this many quiet periods for its rest: with the usual one, 4.2 seconds.
UNFINISHED = 7
#: A burst that never pauses is answered after this many quiet periods.
LONGEST_BURST = 25
#: Statements of every message, made once: putting one together costs more than carrying it out.
_ADD = insert(inbox)
_FIRST_WAITING = (
    select(inbox.c.conversation_id, func.min(inbox.c.received_at).label("first"))
    .where(inbox.c.conversation_id.in_(bindparam("whose", expanding=True)), inbox.c.state == "pending")
    .group_by(inbox.c.conversation_id)
)
_MOVE_ALONG = (
    update(inbox)
    .where(inbox.c.conversation_id == bindparam("which"), inbox.c.state == "pending")
    .where(or_(inbox.c.due_at < bindparam("due"), inbox.c.attempts == 0))  # a pause after a failure is not cut short
    .values(due_at=bindparam("due"))
)


async def accept(db: Database, inbound: Inbound, *, now: datetime, quiet: timedelta) -> bool:
    """Write what came in to transcript and inbox, in one transaction; False when it had come before."""
    try:
        await accept_all(db, [inbound], now=now, quiet=quiet)
    except IntegrityError:
        if not await _is_known(db, inbound):
            raise
        return False
    return True


async def accept_all(db: Database, inbounds: Sequence[Inbound], *, now: datetime, quiet: timedelta) -> None:
    """Write all that came in, in one transaction, or nothing: IntegrityError when one of them had come before."""
    places = {(inbound.channel, inbound.address) for inbound in inbounds}
    async with db.write("inbox", "desk", *places) as connection:
        for wave in _rounds(inbounds):
            await _accept(connection, wave, now, quiet)


def _rounds(inbounds: Sequence[Inbound]) -> Iterator[list[Inbound]]:
    """The messages in rounds: each holds at most one of a conversation, and those of each stay in their order.

    Conversations are locked in the order of the first part by whoever locks several: nobody waits for each other.
    """
    left = sorted(inbounds, key=_place)
    while left:
        wave = [next(same) for _, same in groupby(left, _place)]
        yield wave
        left = [each for each in left if all(each is not taken for taken in wave)]


def _place(inbound: Inbound) -> tuple[str, str]:
    return inbound.channel, inbound.address


async def _accept(connection: AsyncConnection, wave: Sequence[Inbound], now: datetime, quiet: timedelta) -> None:
    """Write what came in to different conversations, a statement for all that say something new."""
    ids = await _conversations(connection, wave, now)
    new = [(ids[_place(each)], each) for each in wave if not (each.action or each.deletes or each.edits)]
    beside = await _remarks(connection, new)
    due = await _quiet_until(connection, {whose: each.text for whose, each in new if whose not in beside}, now, quiet)
    lines = [_line(whose, each, now, is_remark=whose in beside) for whose, each in new]
    line_ids = await add_lines(connection, lines)
    events = [
        _event(whose, each, now)
        | {"line_id": line_ids[whose], "due_at": due.get(whose, now)}
        | ({"state": "done", "handled_at": now} if whose in beside else {"state": "pending", "handled_at": None})
        for whose, each in new
    ]
    if events:
        await connection.execute(_ADD, events)
    for each in wave:
        if each.action or each.deletes or each.edits:
            whose = ids[_place(each)]
            values = await _changed(connection, whose, each, now, quiet)
            await connection.execute(_ADD, _event(whose, each, now) | {"due_at": now} | values)


def _event(conversation_id: int, inbound: Inbound, now: datetime) -> dict[str, Any]:
    return {
        "channel": inbound.channel,
        "event_id": inbound.event_id,
        "address": inbound.address,
        "message_id": inbound.platform_message_id,
        "conversation_id": conversation_id,
        "person": _person(inbound),
        "received_at": now,
    }


def _person(inbound: Inbound) -> str:
    return clean(inbound.customer)[:200]


async def _remarks(connection: AsyncConnection, new: Sequence[tuple[int, Inbound]]) -> set[int]:
    """The conversations of messages that are no turns: said in a thread to others, by who has asked nothing there."""
    unaddressed = {whose: _person(each) for whose, each in new if not each.is_addressed}
    asked = await who_asked(connection, list(unaddressed))
    return {whose for whose, person in unaddressed.items() if person not in asked.get(whose, ())}


async def _is_known(db: Database, inbound: Inbound) -> bool:
    same = and_(inbox.c.channel == inbound.channel, inbox.c.event_id == inbound.event_id)
    if inbound.platform_message_id is not None:
        same_place = and_(inbox.c.channel == inbound.channel, inbox.c.address == inbound.address)
        same = or_(same, and_(same_place, inbox.c.message_id == inbound.platform_message_id))
    async with db.read() as connection:
        return await connection.scalar(select(inbox.c.id).where(same)) is not None


async def _changed(
    connection: AsyncConnection, conversation_id: int, inbound: Inbound, now: datetime, quiet: timedelta
) -> dict[str, Any]:
    """Carry out a button, a change or a deletion, and return the inbox's columns that say so.

    Events come in any order: of a change or deletion of a message that never came, the inbox keeps the message's id,
    so that the message itself, when it comes late, counts as known.
    """
    done = {"state": "done", "handled_at": now}
    if inbound.action:
        return {"action": action_to_json(inbound.action)}
    if inbound.deletes:
        await delete(connection, conversation_id, inbound.deletes, now=now)
        return done | {"message_id": await _slot(connection, inbound, inbound.deletes)}
    assert inbound.edits is not None
    due = await _quiet_until(connection, {conversation_id: inbound.text}, now, quiet)
    text = clean(inbound.text)
    if await edit(connection, conversation_id, inbound.edits, text, now=now, asks=inbound.is_addressed):
        return done | {"edits": inbound.edits, "message_id": None}
    line_id = await add_line(connection, **_line(conversation_id, inbound, now))
    slot = await _slot(connection, inbound, inbound.edits)
    return {"line_id": line_id, "due_at": due[conversation_id], "edits": inbound.edits, "message_id": slot}


async def _conversations(
    connection: AsyncConnection, wave: Sequence[Inbound], now: datetime
) -> dict[tuple[str, str], int]:
    """Find or open the conversations, and move their versions: what is being computed for them is now out of date."""
    rows = [
        {
            "channel": each.channel,
            "address": each.address,
            "opened_at": now,
            "version": 1,
            "customer": clean(each.customer)[:200],
            "customer_name": clean(each.customer_name)[:200] if each.customer_name else None,
            "locale": clean(each.locale)[:40] if each.locale else None,
        }
        for each in wave
    ]
    found = (await connection.execute(_open(connection.dialect.name), rows)).all()
    queued = [row.id for row in found if row.owner == "queue"]
    if queued and not all(each.deletes for each in wave):
        await close_undelivered(connection, queued, now=now)
    return {(row.channel, row.address): row.id for row in found}


@cache
def _open(dialect: str) -> Executable:
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(conversations)
    given = statement.excluded
    is_nobodys = conversations.c.customer.startswith(NOWHERE)
    is_theirs = or_(conversations.c.customer == given.customer, is_nobodys)
    return statement.on_conflict_do_update(
        index_elements=["channel", "address"],
        set_={
            # Whoever began it stays its customer, also where others write in it.
            "customer": case((is_nobodys, given.customer), else_=conversations.c.customer),
            "customer_name": case(
                (is_theirs, func.coalesce(given.customer_name, conversations.c.customer_name)),
                else_=conversations.c.customer_name,
            ),
            "locale": case((is_theirs, _locale(given.locale)), else_=conversations.c.locale),
            "version": conversations.c.version + 1,
        },
    ).returning(conversations.c.id, conversations.c.channel, conversations.c.address, conversations.c.owner)


def _locale(told: ColumnElement[str]) -> ColumnElement[str]:
    """The first locale that was told stays: one message with another is no news of its customer.

    Another is taken where it is in the language that the conversation is in by then: the words have said the same.
    """
    known, spoken = conversations.c.locale, conversations.c.language
    return case((or_(known.is_(None), told.like(spoken + "%")), told), else_=known)


def _line(conversation_id: int, inbound: Inbound, now: datetime, *, is_remark: bool = False) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "at": now,
        "author": "peer" if is_remark else "customer",
        "person": _person(inbound),
        "person_name": clean(inbound.customer_name)[:200] if inbound.customer_name else None,
        "text": clean(inbound.text),
        "quotes": [{"text": clean(each.text), "origin": each.origin} for each in inbound.quotes] or None,
        "attachments": [asdict(attachment) for attachment in inbound.attachments] or None,
        "message_id": inbound.platform_message_id,
    }


async def _quiet_until(
    connection: AsyncConnection, said: Mapping[int, str], now: datetime, quiet: timedelta
) -> dict[int, datetime]:
    """The end of the quiet period that joins a burst, by what was said in each; what already waits is moved along."""
    waiting = await connection.execute(_FIRST_WAITING, {"whose": list(said)}) if said else ()
    first = {row.conversation_id: row.first for row in waiting}
    due = {whose: now + _patience(text, quiet, follows=whose in first) for whose, text in said.items()}
    moved = {whose: min(due[whose], max(now, since + LONGEST_BURST * quiet)) for whose, since in first.items()}
    if moved:
        await connection.execute(_MOVE_ALONG, [{"which": whose, "due": until} for whose, until in moved.items()])
    return due | moved


def _patience(text: str, quiet: timedelta, *, follows: bool) -> timedelta:
    """The time for which a message waits for more."""
    return quiet * UNFINISHED if quiet and is_unfinished(text, follows=follows) else quiet


async def _slot(connection: AsyncConnection, inbound: Inbound, message_id: str) -> str | None:
    """The message's id where no row has it yet."""
    same_place = and_(inbox.c.channel == inbound.channel, inbox.c.address == inbound.address)
    taken = await connection.scalar(select(inbox.c.id).where(same_place, inbox.c.message_id == message_id))
    return message_id if taken is None else None
