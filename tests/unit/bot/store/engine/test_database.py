import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import BadConfiguration, StoreUnavailable
from bot.store.engine.database import Database


async def test_an_error_that_may_be_logged_shows_no_customers_text(db: Database) -> None:
    with pytest.raises(StoreUnavailable) as error:
        async with db.write() as connection:
            await connection.execute(text("INSERT INTO nowhere VALUES (:said)"), {"said": "MY-SECRET"})
    assert "nowhere" in str(error.value)
    assert "MY-SECRET" not in f"{error.value} {error.value.__cause__}"


@pytest.mark.parametrize("host", ["127.0.0.1:1/x", "/x?host=/nowhere"])
async def test_a_server_that_is_away_is_said_without_the_password(host: str) -> None:
    database = Database(f"postgresql+asyncpg://ann:hunter2@{host}")
    with pytest.raises(StoreUnavailable, match="could not be read") as error:
        async with database.read() as connection:
            await connection.execute(text("SELECT 1"))
    assert "hunter2" not in str(error.value)
    with pytest.raises(StoreUnavailable, match="could not be written"):
        await database.migrate()
    await database.close()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "nosuch://ann:hunter2@host/x",
        "sqlite:///x.db",
        "mysql+aiomysql://a@b/c",
        "postgresql://ann:hunter2@host:port/x",
    ],
)
def test_a_url_that_cannot_be_used_is_said_without_its_password(url: str) -> None:
    with pytest.raises(BadConfiguration, match=r"^database: this URL cannot be used: ") as error:
        Database(url)
    assert "hunter2" not in str(error.value)


#: Writes and reads that are cancelled at any moment, as a stop does; prints how many went on in spite of it.
CANCELLED = """
import asyncio, random, sys
from sqlalchemy import text
from bot.store.engine.database import Database

async def main():
    db = Database(f"sqlite+aiosqlite:///{sys.argv[1]}")
    async with db.write() as connection:
        await connection.execute(text("create table things (name)"))

    async def write():
        while True:
            async with db.write() as connection:
                await connection.execute(text("insert into things values ('lamp')"))

    async def read():
        while True:
            async with db.read(is_short=True) as connection:
                (await connection.execute(text("select * from things limit 1"))).all()

    going_on = 0
    for _ in range(500):
        tasks = [asyncio.create_task(work()) for work in (write, write, read)]
        await asyncio.sleep(random.uniform(0, 0.02))
        for task in tasks:
            task.cancel()
        _, pending = await asyncio.wait(tasks, timeout=20)
        going_on += len(pending)
    await db.close()
    print(going_on)

asyncio.run(main())
"""


def test_work_that_is_cancelled_at_any_moment_ends_and_hurts_nobody(tmp_path: Path) -> None:
    # A process of its own: what this guards against is its end by a segmentation fault.
    arguments = [sys.executable, "-X", "faulthandler", "-c", CANCELLED, str(tmp_path / "things.db")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "0"), done.stderr
