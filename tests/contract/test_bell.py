"""What one process writes wakes the others; a lost connection is made again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy import text

from bot.store.engine import database as database_module
from bot.store.engine import leases
from bot.store.engine.database import Database
from tests.conftest import Clock
from tests.contract.ledger import LEASE, Ledger, said


@pytest.fixture
def engine() -> str:
    return "postgres"


@pytest.fixture
async def other(db: Database, database_url: str) -> AsyncIterator[Database]:
    """Another process that listens."""
    assert db is not None
    other = Database(database_url)
    listening = asyncio.create_task(other.listen())
    await asyncio.wait_for(other.notifier.wait("listening", 20), 20)  # everybody is woken when it begins to
    yield other
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await other.close()


async def hears(db: Database, topic: object) -> bool:
    loop = asyncio.get_running_loop()
    began = loop.time()
    await db.notifier.wait(topic, 10)
    return loop.time() - began < 8


async def test_what_one_process_accepts_wakes_the_workers_of_another(store: Ledger, other: Database) -> None:
    for topic in ("inbox", "desk", ("web", "a")):
        waiting = asyncio.create_task(hears(other, topic))
        await asyncio.sleep(0)
        await store.accept(said("hello", f"e-{topic}"))
        assert await waiting


async def test_a_lease_that_is_handed_over_wakes_who_waits_for_it(db: Database, other: Database, clock: Clock) -> None:
    await leases.take(db, "poll:1", "one", now=clock(), lasts=LEASE)
    waiting = asyncio.create_task(hears(other, leases.topic("poll:1")))
    await asyncio.sleep(0)
    await leases.release(db, "poll:1", "one")
    assert await waiting


async def test_what_is_not_committed_is_not_rung(db: Database, other: Database) -> None:
    waiting = asyncio.create_task(other.notifier.wait("inbox", 0.5))
    await asyncio.sleep(0)
    with suppress(ZeroDivisionError):
        async with db.write("inbox"):
            raise ZeroDivisionError
    began = asyncio.get_running_loop().time()
    await waiting
    assert asyncio.get_running_loop().time() - began > 0.3


async def test_a_lost_connection_is_made_again_and_everybody_looks_again(
    store: Ledger, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "_RECONNECT", 0.05)
    missed = asyncio.create_task(hears(other, "anything"))
    await asyncio.sleep(0)
    async with store.db.write() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert await missed
    await asyncio.sleep(0.5)
    waiting = asyncio.create_task(hears(other, "inbox"))
    await asyncio.sleep(0)
    await store.accept(said("hello"))
    assert await waiting
