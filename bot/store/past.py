"""What the bot remembers of a conversation, read from the receipts of its decisions."""

from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.language.codes import LANGUAGE
from bot.conversation.past import Offer, Past
from bot.conversation.receipt import Receipt
from bot.conversation.turn import Turn
from bot.store.conversations import choices_from_json
from bot.store.database import Database
from bot.store.receipts import receipt_from_row
from bot.store.tables import messages, receipts

#: Decisions that are looked back on.
LONGEST_MEMORY = 20
_HANDED_OVER = frozenset({"escalate", "partial"})


async def remember(db: Database, turn: Turn) -> Past:
    """The past of a turn's conversation."""
    conversation_id = turn.conversation.id
    pressed = [action.message_id for action in turn.actions if action.message_id is not None]
    async with db.read() as connection:
        recent = await _recent(connection, conversation_id)
        matter = Past(receipts=tuple(recent)).last_matter
        lines = await _lines(connection, conversation_id, pressed, matter.id if matter else None)
    behind = {row.line_id: receipt_from_row(row) for row in lines}
    return Past(
        receipts=tuple(recent),
        offers=tuple(
            Offer(
                line_id=row.line_id,
                choices=choices_from_json(row.choices),
                receipt=behind[row.line_id],
                is_taken=row.chosen is not None,
            )
            for row in lines
            if row.choices and not row.choices[0]["id"].startswith(LANGUAGE)
        ),
        pressed={line: behind[line] for line in pressed if line in behind},
    )


async def _recent(connection: AsyncConnection, conversation_id: int) -> list[Receipt]:
    """The last decisions, newest first, up to the one with which a person got the conversation."""
    statement = (
        select(receipts)
        .where(receipts.c.conversation_id == conversation_id)
        .order_by(receipts.c.id.desc())
        .limit(LONGEST_MEMORY)
    )
    found: list[Receipt] = []
    for row in await connection.execute(statement):
        receipt = receipt_from_row(row)
        if receipt.decision in _HANDED_OVER:
            break
        found.append(receipt)
    return found


async def _lines(
    connection: AsyncConnection, conversation_id: int, pressed: list[int], receipt_id: int | None
) -> list[Row[Any]]:
    """The messages that were pressed, and those of one decision that give a choice, with their receipts."""
    statement = (
        select(receipts, messages.c.id.label("line_id"), messages.c.choices, messages.c.chosen)
        .join(messages, messages.c.receipt_id == receipts.c.id)
        .where(or_(messages.c.id.in_(pressed), messages.c.receipt_id == receipt_id))
        .where(receipts.c.conversation_id == conversation_id, messages.c.author == "bot")
        .order_by(messages.c.id)
    )
    return list((await connection.execute(statement)).all())
