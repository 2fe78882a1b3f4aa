import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import BadConfiguration, StoreUnavailable
from bot.store.bell import Bell

MIGRATIONS = Path(__file__).with_name("migrations")


class Database:
    """The one door to the database: short write transactions, consistent reads, and a bell rung after a commit."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.bell = Bell()

    @asynccontextmanager
    async def write(self, *topics: Hashable) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees and locks the newest state; commits at the end, then rings the topics.

        StoreUnavailable when the database is locked, full or away. Nothing is half written.
        """
        try:
            async with self.engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise StoreUnavailable(f"the database could not be written: {error.orig}") from error
        self.bell.ring(*topics)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view that blocks no writer."""
        try:
            async with self.engine.connect() as connection:
                await connection.execution_options(reading=True)
                yield connection
        except DBAPIError as error:
            raise StoreUnavailable(f"the database could not be read: {error.orig}") from error

    async def migrate(self) -> None:
        """Bring the schema to the newest version; BadConfiguration when a newer release has made the database."""
        try:
            async with self.write() as connection:
                await connection.run_sync(upgrade)
        except CommandError as error:
            raise BadConfiguration(f"database: it was made by a newer release than this one: {error}") from error

    async def close(self) -> None:
        """Close all connections."""
        # Shielded: a connection left open would keep its thread, and so the process, alive.
        await asyncio.shield(self.engine.dispose())


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to `revision` on a connection that is in a transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _engine(url: str) -> AsyncEngine:
    try:
        engine = create_async_engine(url, hide_parameters=True)  # errors are logged; parameters hold texts
    except (ArgumentError, InvalidRequestError, ImportError, ValueError) as error:
        raise BadConfiguration(f"database: this URL cannot be used: {error}") from error
    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _configure_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None  # transactions are begun by us, see _begin_sqlite
    cursor = dbapi_connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A write takes its lock at once: a transaction that reads first and is refused later could not be repeated.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
