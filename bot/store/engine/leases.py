"""Leases on what only one process may do at a time: by name, held for a while, and renewed by their holder."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.engine.database import Database
from bot.store.tables import leases


async def take(db: Database, name: str, holder: str, *, now: datetime, lasts: timedelta) -> bool:
    """Take a lease that is free or has run out, or renew one's own; False when somebody else holds it."""
    async with db.write() as connection:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        values = {"holder": holder, "until": now + lasts}
        statement = dialect.insert(leases).values(name=name, **values)
        statement = statement.on_conflict_do_update(
            index_elements=["name"], set_=values, where=or_(leases.c.holder == holder, leases.c.until < now)
        ).returning(leases.c.name)
        return (await connection.execute(statement)).first() is not None


async def release(db: Database, name: str, holder: str) -> None:
    """End one's own lease and wake who waits for it; another's is left alone."""
    async with db.write(topic(name)) as connection:
        await connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))


async def free_all(db: Database) -> None:
    """End every lease; only for a process that knows to be alone with the database."""
    async with db.write() as connection:
        await connection.execute(delete(leases))


def topic(name: str) -> tuple[str, str]:
    """The topic that is published when the lease becomes free."""
    return ("lease", name)
