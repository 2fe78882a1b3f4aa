import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings

from bot.store.engine.database import Database
from bot.store.tables import metadata
from tests.postgres import Postgres, running_postgres

Result = TypeVar("Result")

# How long an example takes is no property of the code: on a machine that is busy it is anything.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# What the tests call is on this machine and speaks plain HTTP. Each client reads the authorities it would trust, and
# all of them take 30 ms each time: one is enough.
os.environ["SSL_CERT_FILE"] = str(Path(__file__).parent / "data" / "no-authority.pem")


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture
async def postgres_url(postgres: Postgres) -> AsyncIterator[str]:
    """An empty PostgreSQL database."""
    name = await postgres.create()
    yield postgres.url(name)
    await postgres.drop(name)


@pytest.fixture(scope="session")
def migrated_database(postgres: Postgres) -> str:
    """A PostgreSQL database with the newest schema, made once: to make one takes as long as three tests."""

    async def make() -> str:
        name = await postgres.create()
        await _migrate(postgres.url(name))
        return name

    return _elsewhere(make())


@pytest.fixture
async def migrated_postgres_url(postgres: Postgres, migrated_database: str) -> AsyncIterator[str]:
    """A PostgreSQL database with the newest schema and nothing in it."""
    yield postgres.url(migrated_database)
    await postgres.empty(migrated_database, [table.name for table in reversed(metadata.sorted_tables)])


@pytest.fixture
def engine() -> str:
    """Which database a test runs on; tests/contract runs on each."""
    return "sqlite"


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of a database of that engine: an empty one, or the one that `db` is."""
    if engine == "postgres":
        url: str = request.getfixturevalue("migrated_postgres_url" if "db" in request.fixturenames else "postgres_url")
        return url
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of SQLite with the newest schema, made once: a test takes a copy."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    _elsewhere(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


async def _migrate(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.close()


def _elsewhere(work: Coroutine[Any, Any, Result]) -> Result:
    """Do something in a thread of its own: a test's own loop is left alone."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, work).result()


@pytest.fixture
async def db(database_url: str, engine: str, migrated_file: Path) -> AsyncIterator[Database]:
    if engine == "sqlite":
        shutil.copyfile(migrated_file, database_url.removeprefix("sqlite+aiosqlite:///"))
    database = Database(database_url)
    yield database
    await database.close()
