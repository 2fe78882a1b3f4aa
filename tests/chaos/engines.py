import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import running_postgres

#: Seconds for which a locked database is away each time.
AWAY = 11.0


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A database, how to take it away for a while, and the processes that work on it."""

    url: str
    away: Callable[[], None]
    roles: tuple[str, ...]


@contextmanager
def sqlite(folder: Path) -> Iterator[Engine]:
    """One file and one process; away is a lock that outlasts everybody's patience."""
    path = folder / "data" / "answerdesk.db"

    def away() -> None:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(AWAY)
        connection.execute("ROLLBACK")
        connection.close()

    yield Engine(url=f"sqlite+aiosqlite:///{path}", away=away, roles=("all",))


@contextmanager
def postgresql(_: Path) -> Iterator[Engine]:
    """A server that is stopped at once and started again, and several processes of each role."""
    with running_postgres(is_durable=True) as server:
        with ThreadPoolExecutor() as aside:  # whoever calls may be in a loop of their own
            name = aside.submit(asyncio.run, server.create()).result()
        roles = ("web", "web", "worker", "worker", "sender", "sender")
        yield Engine(url=server.url(name), away=server.restart, roles=roles)


ENGINES: Mapping[str, Callable[[Path], AbstractContextManager[Engine]]] = {"sqlite": sqlite, "postgresql": postgresql}
