"""Cases that wait for an agent while the bot goes on: what is added to them, and their end when nobody is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Reason, Receipt
from bot.store.tables import escalations


@dataclass(frozen=True, kw_only=True)
class Addition:
    """Addition of a turn to the case of a conversation, with the number of its receipt."""

    conversation_id: int
    receipt: Receipt
    receipt_id: int
    #: The reason that the case has from now on, where it becomes another.
    reason: Reason | None = None


async def add(connection: AsyncConnection, additions: Sequence[Addition]) -> None:
    """Add to waiting cases what was asked: their pages are those found for the last question."""
    for each in additions:
        waits = escalations.c.conversation_id == each.conversation_id, escalations.c.state == "waiting"
        case = (await connection.execute(select(escalations).where(*waits))).one()
        found = each.receipt_id if each.receipt.candidates else case.receipt_id
        values = {"question": _question(case, each.receipt), "receipt_id": found, "reason": _reason(case, each)}
        await connection.execute(update(escalations).where(escalations.c.id == case.id).values(values))


async def withdraw(connection: AsyncConnection, conversation_ids: Sequence[int], *, now: datetime) -> None:
    """Close the waiting cases of conversations whose customers need nobody any more."""
    if conversation_ids:
        waits = escalations.c.conversation_id.in_(conversation_ids), escalations.c.state == "waiting"
        await connection.execute(update(escalations).where(*waits).values(state="resolved", closed_at=now))


def _reason(case: Row[int, str], added: Addition) -> str:
    """The case's reason; what could not be delivered is none any more where there is something to answer."""
    is_more = case.reason == "undelivered"
    reason: str = added.reason or (added.receipt.reason or "unsure" if is_more else case.reason)
    return reason


def _question(case: Row[int, str], added: Receipt) -> str:
    """The case's question with what was asked after it, a line each; a wish for a person asks nothing."""
    asked = "\n".join(added.open) or (added.question if added.searched else "")
    return case.question if not asked or asked in case.question else f"{case.question}\n{asked}"
