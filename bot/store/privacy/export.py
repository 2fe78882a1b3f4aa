"""All that is kept of a customer, for whoever asks for it: the counterpart of erasing."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Erasure
from bot.store.engine.database import Database
from bot.store.privacy.erasure import conversations_of
from bot.store.privacy.people import Share, share_of
from bot.store.records.blanking import says_any
from bot.store.records.receipts import figures_alone
from bot.store.tables import agents, escalations, inbox, messages, outbox, receipts, verdicts
from channels.message import clean

#: In an export, of a decision that holds other people's words.
_OTHERS = "others in the thread"
#: What belongs to a conversation, by what it is called there, and what of it says nothing about anybody.
_KEPT: Mapping[str, tuple[Table, frozenset[str]]] = {
    "messages": (messages, frozenset({"conversation_id", "form_key"})),
    "decisions": (receipts, frozenset({"conversation_id"})),
    "cases": (escalations, frozenset({"conversation_id"})),
    "received": (inbox, frozenset({"conversation_id", "lease_until", "holder", "channel"})),
    "sent": (outbox, frozenset({"conversation_id", "lease_until", "holder", "is_farewell"})),
}


async def everything_about(db: Database, channel: str, customer: str) -> list[dict[str, Any]]:
    """A customer's conversations on a channel, each with all rows that belong to it; NoSuchCustomer.

    Of a conversation in which others write too: their own words and what was said to them, and nothing of the others.
    """
    async with db.read() as connection:
        found = await conversations_of(connection, channel, customer)
        names: dict[int, str] = {
            row.id: row.name for row in await connection.execute(select(agents.c.id, agents.c.name))
        }
        kept = []
        for row in found:
            rows = {name: await _rows(connection, name, row.id, names) for name in _KEPT}
            share = await share_of(connection, row, customer)
            kept.append(_conversation(row, customer) | (_shared(rows, share, row, customer) if share else rows))
        return kept


def _conversation(row: Row[Any], customer: str) -> dict[str, Any]:
    """The row of a conversation; without who began it, where that was somebody else."""
    told = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's way
    is_theirs = row.customer == clean(customer)[:200]
    return told if is_theirs else {**told, "customer": None, "customer_name": None, "locale": None}


def _shared(
    rows: Mapping[str, Sequence[dict[str, Any]]], share: Share, conversation: Row[Any], customer: str
) -> dict[str, Sequence[dict[str, Any]]]:
    """Those of a conversation's rows that are one person's."""
    person = clean(customer)[:200]
    decided, is_theirs = share.receipt_ids, conversation.customer == person
    return {
        "messages": [row for row in rows["messages"] if row["id"] in share.line_ids],
        "decisions": [_decision(row, share.others_words) for row in rows["decisions"] if row["id"] in decided],
        "cases": [
            row for row in rows["cases"] if row["receipt_id"] in decided or (row["receipt_id"] is None and is_theirs)
        ],
        "received": [row for row in rows["received"] if (row["person"] or conversation.customer) == person],
        "sent": [row for row in rows["sent"] if row["line_id"] in share.line_ids],
    }


def _decision(row: dict[str, Any], others_words: Sequence[str]) -> dict[str, Any]:
    """A decision, with its figures alone where it was made on what others said too."""
    if not says_any(row["body"], others_words):
        return row
    return row | {"body": figures_alone(row["body"], Erasure(at=row["at"], by=_OTHERS))}


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
