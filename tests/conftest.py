import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.store.engine.database import Database
from tests.postgres import Postgres, running_postgres

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


@pytest.fixture
def engine() -> str:
    """Which database a test runs on; tests/contract runs on each."""
    return "sqlite"


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of that engine."""
    if engine == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of SQLite with the newest schema, made once: a test takes a copy."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}")
        await database.migrate()
        await database.close()

    with ThreadPoolExecutor(1) as elsewhere:  # the test's own loop is left alone
        elsewhere.submit(asyncio.run, make()).result()
    return path


@pytest.fixture
async def db(database_url: str, engine: str, migrated_file: Path) -> AsyncIterator[Database]:
    if engine == "sqlite":
        shutil.copyfile(migrated_file, database_url.removeprefix("sqlite+aiosqlite:///"))
    database = Database(database_url)
    if engine != "sqlite":
        await database.migrate()
    yield database
    await database.close()
