"""A table of work: rows that wait until they are due, are leased by who handles them, and are settled at the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, Table, func, select, update

from bot.store.engine.database import Database

#: Longer than any burst lasts, and any pause after a failure; clocks are not set back by less than this for long.
FAR_AHEAD = timedelta(minutes=10)
#: The columns of a row that nobody holds.
FREED: dict[str, Any] = {"state": "pending", "lease_until": None, "holder": None}


@dataclass(frozen=True, kw_only=True)
class WorkTable:
    """A queue's table, and what the inbox and the outbox do with theirs in the same way."""

    table: Table
    #: Rows that are not settled; an index serves it.
    is_open: ColumnElement[bool]
    #: The work that could be claimed next, with the column `due_at`.
    waiting: Subquery
    #: Pending rows that wait for a time which only a clock that was set back since can have meant.
    is_misdated: Callable[[datetime], ColumnElement[bool]]

    async def free_expired(self, db: Database, *, now: datetime) -> Sequence[int]:
        """Free what is held by those who are thought dead, and return its conversations. The attempt stays counted."""
        expired = (
            select(self.table.c.id)
            .where(self.is_open, self.table.c.state == "leased", self.table.c.lease_until < now)
            .with_for_update(skip_locked=True)  # who is at it just now is not dead
        )
        statement = (
            update(self.table)
            .where(self.table.c.id.in_(expired))
            .values(**FREED)
            .returning(self.table.c.conversation_id)
        )
        async with db.write(self.table.name) as connection:
            return sorted(set(await connection.scalars(statement)))

    async def bring_forward(self, db: Database, *, now: datetime) -> None:
        """Make due now what would wait for the clock to catch up with what it was before it was set back."""
        misdated = update(self.table).where(self.is_open, self.table.c.state == "pending", self.is_misdated(now))
        async with db.write(self.table.name) as connection:
            await connection.execute(misdated.values(due_at=now))

    async def free_all(self, db: Database) -> None:
        """Free every lease; only for a process that knows to be alone with the database."""
        async with db.write() as connection:
            await connection.execute(update(self.table).where(self.table.c.state == "leased").values(**FREED))

    async def next_due(self, db: Database) -> datetime | None:
        """The time at which the next work that nobody holds is due; None where none waits."""
        async with db.read() as connection:
            return await connection.scalar(select(func.min(self.waiting.c.due_at)))
