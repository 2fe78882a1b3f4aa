"""All that is kept of a customer, for whoever asks for it: the counterpart of erasing."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine.database import Database
from bot.store.privacy.erasure import conversations_of
from bot.store.tables import agents, escalations, inbox, messages, outbox, receipts, verdicts

#: What belongs to a conversation, by what it is called there, and what of it says nothing about anybody.
_KEPT: Mapping[str, tuple[Table, frozenset[str]]] = {
    "messages": (messages, frozenset({"conversation_id", "form_key"})),
    "decisions": (receipts, frozenset({"conversation_id"})),
    "cases": (escalations, frozenset({"conversation_id"})),
    "received": (inbox, frozenset({"conversation_id", "lease_until", "holder", "channel"})),
    "sent": (outbox, frozenset({"conversation_id", "lease_until", "holder", "is_farewell"})),
}


async def everything_about(db: Database, channel: str, customer: str) -> list[dict[str, Any]]:
    """A customer's conversations on a channel, each with all rows that belong to it; NoSuchCustomer."""
    async with db.read() as connection:
        found = await conversations_of(connection, channel, customer)
        names: dict[int, str] = {
            row.id: row.name for row in await connection.execute(select(agents.c.id, agents.c.name))
        }
        return [
            dict(row._mapping) | {name: await _rows(connection, name, row.id, names) for name in _KEPT}  # noqa: SLF001  # SQLAlchemy's way
            for row in found
        ]


async def _rows(
    connection: AsyncConnection, name: str, conversation_id: int, agents_names: Mapping[int, str]
) -> Sequence[dict[str, Any]]:
    table, left_out = _KEPT[name]
    statement = select(table).where(table.c.conversation_id == conversation_id).order_by(table.c.id)
    rows = [dict(row._mapping) for row in await connection.execute(statement)]  # noqa: SLF001  # as above
    if name == "decisions":
        said = await _verdicts(connection, [row["id"] for row in rows])
        rows = [row | {"verdict": said.get(row["id"])} for row in rows]
    return [_told(row, left_out, agents_names) for row in rows]


def _told(row: Mapping[str, Any], left_out: frozenset[str], agents_names: Mapping[int, str]) -> dict[str, Any]:
    """A row's values, with the agent by name."""
    told = {column: value for column, value in row.items() if column not in left_out}
    return told | {"agent": agents_names.get(told.pop("agent_id"))} if "agent_id" in told else told


async def _verdicts(connection: AsyncConnection, receipt_ids: Sequence[int]) -> dict[int, str | None]:
    """Verdicts by receipt: the page that an agent said answers its question."""
    statement = select(verdicts.c.receipt_id, verdicts.c.document_id).where(verdicts.c.receipt_id.in_(receipt_ids))
    return {row.receipt_id: row.document_id or "none" for row in await connection.execute(statement)}
