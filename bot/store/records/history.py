"""The bot's memory of a conversation, read from the receipts of its decisions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import LANGUAGE_CHOICE_PREFIX, History, PendingChoice, Receipt, Turn
from bot.store.engine.database import Database
from bot.store.records.conversations import choices_from_json
from bot.store.records.receipts import receipt_from_row
from bot.store.tables import messages, receipts

#: Decisions that are looked back on.
LONGEST_MEMORY = 20


async def load_histories(db: Database, turns: Sequence[Turn]) -> Sequence[History]:
    """The pasts of several turns' conversations, by two statements."""
    pressed = {each.conversation.id: _pressed(each) for each in turns}
    async with db.read(is_short=True) as connection:
        recent = await _recent(connection, list(pressed))
        topics = [each.last_topic for each in recent.values()]
        lines = await _lines(
            connection,
            list(pressed),
            [line for each in pressed.values() for line in each],
            [topic.id for topic in topics if topic and topic.id is not None],
        )
    return [
        _past(recent[each.conversation.id], lines[each.conversation.id], pressed[each.conversation.id])
        for each in turns
    ]


def _pressed(turn: Turn) -> list[int]:
    return [action.answer_id for action in turn.actions if action.answer_id is not None]


def _past(recent: History, lines: Sequence[Row[Any]], pressed: Sequence[int]) -> History:
    behind = {row.line_id: receipt_from_row(row) for row in lines}
    return replace(
        recent,
        pending_choices=tuple(
            PendingChoice(
                line_id=row.line_id,
                choices=choices_from_json(row.choices),
                receipt=behind[row.line_id],
                is_taken=row.chosen is not None,
            )
            for row in lines
            if row.choices and not row.choices[0]["id"].startswith(LANGUAGE_CHOICE_PREFIX)
        ),
        pressed={line: behind[line] for line in pressed if line in behind},
    )


async def _recent(connection: AsyncConnection, conversation_ids: Sequence[int]) -> dict[int, History]:
    """The last decisions of each, newest first, back to when an agent last had the conversation.

    Of those before, it is remembered which documents were no help.
    """
    place = func.row_number().over(partition_by=receipts.c.conversation_id, order_by=receipts.c.id.desc())
    numbered = select(receipts, place.label("place")).where(receipts.c.conversation_id.in_(conversation_ids)).subquery()
    said, acted = messages.alias(), messages.alias()
    last_line = select(func.max(said.c.id)).where(said.c.receipt_id == numbered.c.id).scalar_subquery()
    by_agent = acted.c.author.in_(("agent", "event")), acted.c.agent_id.is_not(None)
    last_act = (
        select(func.max(acted.c.id)).where(acted.c.conversation_id == numbered.c.conversation_id, *by_agent)
    ).scalar_subquery()
    statement = (
        select(numbered)
        .add_columns((func.coalesce(last_line, 0) > func.coalesce(last_act, 0)).label("is_since"))
        .where(numbered.c.place <= LONGEST_MEMORY)
        .order_by(numbered.c.id.desc())
    )
    every: dict[int, list[tuple[bool, Receipt]]] = {each: [] for each in conversation_ids}
    for row in await connection.execute(statement):
        if not row.body.get("erased"):
            every[row.conversation_id].append((row.is_since, receipt_from_row(row)))
    return {whose: _since_agent(decided) for whose, decided in every.items()}


def _since_agent(decided: Sequence[tuple[bool, Receipt]]) -> History:
    since = tuple(receipt for is_since, receipt in decided if is_since)
    before = (document for is_since, receipt in decided if not is_since for document in receipt.denied)
    return History(receipts=since, denied_before=frozenset(before))


async def _lines(
    connection: AsyncConnection,
    conversation_ids: Sequence[int],
    pressed: Sequence[int],
    receipt_ids: Sequence[int],
) -> dict[int, list[Row[Any]]]:
    """The messages that were pressed, and those of some decisions that give a choice, with their receipts."""
    found: dict[int, list[Row[Any]]] = {each: [] for each in conversation_ids}
    if not pressed and not receipt_ids:
        return found
    statement = (
        select(receipts, messages.c.id.label("line_id"), messages.c.choices, messages.c.chosen)
        .join(messages, messages.c.receipt_id == receipts.c.id)
        .where(or_(messages.c.id.in_(pressed), messages.c.receipt_id.in_(receipt_ids)))
        .where(receipts.c.conversation_id.in_(conversation_ids), messages.c.author == "bot")
        .order_by(messages.c.id)
    )
    for row in await connection.execute(statement):
        found[row.conversation_id].append(row)
    return found
