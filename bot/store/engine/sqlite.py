"""SQLite without a change of threads for each step.

aiosqlite hands every step of every statement to a thread and waits for it: several changes of threads a statement, each
a hundred times as long as what SQLite does meanwhile. Here a transaction begins and commits in the thread, since both
can wait for a disk or for another process, and what lies between, short by what `Database.write` promises, is done at
once. Measured by tests/load: eight times as many messages a second.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

Error = sqlite3.Error
#: How long another process may hold the lock before a write fails, in milliseconds.
BUSY = 10_000


class DirectConnection(aiosqlite.Connection):
    """A connection whose steps are done at once while a short transaction is open.

    Never while the thread still works for somebody who was cancelled and waits no longer: two threads that use one
    connection of SQLite end the process.
    """

    is_direct = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stopped: asyncio.Future[Any] | None = None
        self._under_way: set[object] = set()  # adding and taking away are atomic

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if (
            self.is_direct
            and not self._under_way
            and fn not in (self._conn.commit, self._conn.rollback, self._conn.close)
        ):
            return fn(*args, **kwargs)
        step = object()
        self._under_way.add(step)
        return await super()._execute(self._in_thread, step, partial(fn, *args, **kwargs))  # type: ignore[no-untyped-call]

    def stop(self) -> "asyncio.Future[Any] | None":
        """End the thread, once; whoever asks again waits for that end, since a thread that has ended answers nobody.

        So it is when a task that is cancelled while it closes a connection is cancelled again.
        """
        if self._running:
            self._stopped = super().stop()
        return asyncio.shield(self._stopped) if self._stopped is not None else None

    def _in_thread(self, step: object, fn: Callable[[], Any]) -> Any:
        try:
            return fn()
        finally:
            self._under_way.discard(step)


def connect(database: str, **given: Any) -> DirectConnection:
    """Make a connection: SQLAlchemy calls this instead of aiosqlite's own `connect`."""
    connector = partial(sqlite3.connect, Path(database), **given | {"check_same_thread": False})
    connection = DirectConnection(connector, iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001  # as SQLAlchemy does it: a lost connection keeps no process alive
    return connection


def configure(dbapi_connection: Any, _record: Any) -> None:
    """Set a new connection up."""
    dbapi_connection.isolation_level = None  # transactions are begun by us, see `begin`
    cursor = dbapi_connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin(connection: Connection) -> None:
    """Begin a transaction: a write takes its lock at once, since one that is refused later could not be repeated."""
    options = connection.get_execution_options()
    driver = connection.connection.driver_connection
    assert isinstance(driver, DirectConnection)
    driver.is_direct = False
    is_reading = options.get("reading", False)
    driver.is_direct = is_reading and options.get("short", False)  # a read's BEGIN waits for nothing
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")
    driver.is_direct = driver.is_direct or not is_reading


async def count_deletion(connection: AsyncConnection) -> None:
    """Count a deletion whose words are still in the file, in the number that a file has for its user."""
    count = await deletions(connection)
    await connection.exec_driver_sql(f"PRAGMA user_version = {count + 1}")


async def deletions(connection: AsyncConnection) -> int:
    """Count of the deletions since the file was last scrubbed."""
    return int((await connection.exec_driver_sql("PRAGMA user_version")).scalar_one())


async def scrub(driver: Any) -> bool:
    """Write the file anew from what is in it, and empty the log beside it; whether there was need, and it was done.

    Deleting alone is not enough, even with `secure_delete`: when rows move between pages, copies stay behind.
    """
    assert isinstance(driver, DirectConnection)
    driver.is_direct = False  # it takes its time, so it belongs in the thread
    counted = await _number(driver, "PRAGMA user_version")
    if not counted:
        return False
    await driver.execute("VACUUM")
    if await _number(driver, "PRAGMA wal_checkpoint(TRUNCATE)"):
        return False
    await driver.execute("BEGIN IMMEDIATE")
    if await _number(driver, "PRAGMA user_version") == counted:  # else somebody has deleted more
        await driver.execute("PRAGMA user_version = 0")
    await driver.execute("COMMIT")
    return True


async def _number(driver: DirectConnection, statement: str) -> int:
    async with driver.execute(statement) as cursor:
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])
