from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.store.engine.database import Database
from bot.store.tables import conversations, inbox, messages, outbox


@dataclass(frozen=True, kw_only=True)
class Load:
    """What became of messages that were sent in at some pace."""

    messages: int
    #: Messages a second from the first accepted to the last sent.
    throughput: float
    #: Milliseconds from accepted to sent, of those that were answered.
    p50: float
    p95: float
    p99: float


async def load(db: Database, prefix: str) -> Load:
    """Read from the store when each message of the conversations with this prefix came in and was answered."""
    answer, said = messages.alias(), messages.alias()
    statement = (
        select(inbox.c.received_at, outbox.c.sent_at)
        .join(conversations, conversations.c.id == inbox.c.conversation_id)
        .join(said, said.c.id == inbox.c.line_id)
        .join(answer, answer.c.receipt_id == said.c.receipt_id)
        .join(outbox, outbox.c.line_id == answer.c.id)
        .where(conversations.c.address.startswith(prefix), outbox.c.sent_at.is_not(None))
    )
    async with db.read() as connection:
        rows = [(row.received_at, row.sent_at) for row in await connection.execute(statement)]
    return figures(rows)


def figures(rows: Sequence[tuple[datetime, datetime]]) -> Load:
    """The figures of pairs of accepted and sent."""
    taken = sorted(1000 * (sent - received).total_seconds() for received, sent in rows)
    seconds = (max(sent for _, sent in rows) - min(received for received, _ in rows)).total_seconds()

    def percentile(share: float) -> float:
        return taken[min(len(taken) - 1, int(share * len(taken)))]

    return Load(
        messages=len(rows),
        throughput=len(rows) / seconds,
        p50=percentile(0.5),
        p95=percentile(0.95),
        p99=percentile(0.99),
    )
