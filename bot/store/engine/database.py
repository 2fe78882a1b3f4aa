import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import structlog
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, event, func, select
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InvalidRequestError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import BadConfiguration, StoreUnavailable
from bot.store.engine import sqlite
from bot.store.engine.notifier import Notifier

log = structlog.get_logger()

#: What changed: a table of work, the desk, or a conversation by channel and address.
Topic = str | tuple[str, str]
_CHANNEL = "answerdesk"
#: PostgreSQL refuses a notification of 8000 bytes, and with it the transaction.
_LONGEST_PAYLOAD = 7999
#: Seconds until a lost connection is made again, and between two signs of life.
_RECONNECT = 1.0
_PING = 15.0
MIGRATIONS = Path(__file__).parents[1] / "migrations"
#: What makes a transaction one consistent view, for as long as it lasts.
_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"reading": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}

#: A server may have been restarted since a connection was last used.
_CONNECTING: dict[str, dict[str, Any]] = {
    "sqlite": {"connect_args": {"async_creator_fn": sqlite.connect}},
    "postgresql": {"pool_pre_ping": True},
}
#: A driver's own errors, a server that cannot be reached, and no free connection.
_FAILED = (DBAPIError, OSError, PoolTimeout)


class Database:
    """The one door to the database: short write transactions, consistent reads, and topics published after a commit.

    On PostgreSQL they reach every process that listens: NOTIFY goes out with the commit. It costs a message
    nothing but milliseconds, where polling often enough to be as quick would keep the database busy. What is missed
    while a connection is lost is found a moment later, since every wait ends by itself.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._reading = _READING[self.engine.dialect.name]
        self.notifier = Notifier()
        self._id = uuid.uuid4().hex
        # One writer at a time is all that SQLite has: they wait here in line, not in its loop of growing naps.
        self._writing = nullcontext() if self.is_shared else asyncio.Lock()

    @property
    def is_shared(self) -> bool:
        """True where several processes may use it at once."""
        return self.engine.dialect.name == "postgresql"

    @asynccontextmanager
    async def write(self, *topics: Topic) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees and locks the newest state; commits at the end, then publishes the topics.

        StoreUnavailable when the database is locked, full or away. Nothing is half written.
        """
        try:
            async with self._writing, self.engine.begin() as connection:
                yield connection
                if topics and self.is_shared:
                    for payload in _payloads(self._id, topics):
                        await connection.execute(select(func.pg_notify(_CHANNEL, payload)))
        except IntegrityError:
            raise
        except _FAILED as error:
            raise StoreUnavailable(f"the database could not be written: {_said(error)}") from error
        self.notifier.publish(*topics)

    @asynccontextmanager
    async def read(self, *, is_short: bool = False) -> AsyncIterator[AsyncConnection]:
        """A consistent view that blocks no writer; it `is_short` if it looks a few rows up by their keys."""
        try:
            async with self.engine.connect() as connection:
                await connection.execution_options(**self._reading, short=is_short)
                yield connection
        except _FAILED as error:
            raise StoreUnavailable(f"the database could not be read: {_said(error)}") from error

    async def listen(self) -> None:
        """Pass on what other processes publish, until cancelled; while it cannot be heard, everybody looks again."""
        while self.is_shared:
            try:
                await self._listen()
            except Exception:
                log.exception("listening_failed")
            self.notifier.publish_all()
            await asyncio.sleep(_RECONNECT)

    async def _listen(self) -> None:
        """Listen on a connection of its own, until it is lost."""
        async with self.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            lost = asyncio.Event()
            try:
                driver.add_termination_listener(lambda _: lost.set())
                await driver.add_listener(_CHANNEL, self._heard)
                self.notifier.publish_all()
                while not lost.is_set():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(lost.wait(), _PING)
                    await driver.fetchval("SELECT 1", timeout=_PING)  # a dead network is silent
            finally:
                await connection.invalidate()

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: str) -> None:
        who, *topics = json.loads(payload)
        if who != self._id:
            self.notifier.publish(*(tuple(topic) if isinstance(topic, list) else topic for topic in topics))

    async def migrate(self) -> None:
        """Bring the schema to the newest version; BadConfiguration when a newer release has made the database."""
        try:
            async with self.write() as connection:
                await hold(connection, "migrations")
                await connection.run_sync(upgrade)
        except CommandError as error:
            raise BadConfiguration(f"database: it was made by a newer release than this one: {error}") from error

    async def scrub(self) -> bool:
        """Clear away what deleted words left behind in the file, where there are any; whether it was done.

        Nobody writes meanwhile. False also while somebody reads what was before: then it is to be tried again.
        """
        if self.is_shared:
            return False
        try:
            async with self._writing, self.engine.connect() as connection:
                return await sqlite.scrub((await connection.get_raw_connection()).driver_connection)
        except (*_FAILED, sqlite.Error) as error:
            raise StoreUnavailable(f"deleted words are still in the database's file: {_said(error)}") from error

    async def has_remnants(self) -> bool:
        """True while deleted words are still in the file."""
        async with self.read() as connection:
            return not self.is_shared and await sqlite.deletions(connection) > 0

    async def close(self) -> None:
        """Close all connections."""
        # Shielded: a connection left open would keep its thread, and so the process, alive.
        await asyncio.shield(self.engine.dispose())


async def leave_remnants(connection: AsyncConnection) -> None:
    """Note, within the transaction that deletes them, that words are left in the file, for `Database.scrub`.

    PostgreSQL clears away by itself.
    """
    if connection.dialect.name == "sqlite":
        await sqlite.count_deletion(connection)


async def hold(connection: AsyncConnection, what: str) -> None:
    """Keep other processes from the same thing until this transaction ends; SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"answerdesk {what}", 0))))


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to `revision` on a connection that is in a transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _payloads(sender: str, topics: Sequence[Topic]) -> Sequence[str]:
    """The topics in as few notifications as PostgreSQL takes; plain ASCII, so characters are bytes."""
    payload = json.dumps([sender, *topics])
    if len(payload) <= _LONGEST_PAYLOAD or len(topics) == 1:
        return [payload]
    half = len(topics) // 2
    return [*_payloads(sender, topics[:half]), *_payloads(sender, topics[half:])]


def _said(error: Exception) -> str:
    """The driver's message, without the statement and its parameters."""
    return str(error.orig if isinstance(error, DBAPIError) else error) or repr(error)


def _engine(url: str) -> AsyncEngine:
    try:
        engine = create_async_engine(
            url, hide_parameters=True, **_CONNECTING.get(url.partition("+")[0], {})
        )  # errors are logged; parameters hold texts
    except (ArgumentError, InvalidRequestError, ImportError, ValueError) as error:
        raise BadConfiguration(f"database: this URL cannot be used: {error}") from error
    if engine.dialect.name not in _READING:
        raise BadConfiguration(f"database: this URL cannot be used: {engine.dialect.name} is not supported")
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", sqlite.configure)
        event.listen(engine.sync_engine, "begin", sqlite.begin)
    return engine
