"""Breaks everything that can break while customers write, and counts: `make chaos`, or `python -m tests.chaos.run`."""

import argparse
import asyncio
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from bot.desk.agents import Agents
from bot.desk.desk import Desk
from bot.errors import BotError
from bot.store.database import Database
from corpus.document import Document
from retrieval.build import reindex
from retrieval.testing import HashEncoder
from tests.chaos.count import Count, count
from tests.chaos.platform import Platform, Said, deliver
from tests.postgres import running_postgres

#: A process that ends by itself more often than this is broken.
MOST_RESTARTS = 200
ROOT = Path(__file__).parents[2]
#: Seconds that everything may take to come to rest at the end.
REST = 180.0
#: Seconds for which a locked database is away each time.
AWAY = 11.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much there is of everything."""

    messages: int = 5000
    customers: int = 200
    kills: int = 50
    outages: int = 3
    #: Mean seconds between two messages of one customer.
    pace: float = 4.0
    is_idempotent: bool = True
    seed: int = 1


@dataclass
class Process:
    """`answerdesk serve` in one role, killed and started again."""

    folder: Path
    role: str = "all"
    port: int | None = None
    process: "subprocess.Popen[bytes] | None" = None
    kills: int = 0
    #: How often it ended by itself.
    restarts: int = 0

    def start(self) -> None:
        """Start it; what it says goes to a log."""
        port = () if self.port is None else ("--port", str(self.port))
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-c", "from bot.cli import main; main()"),
                    *("serve", "--config", str(self.folder / "answerdesk.toml"), "--role", self.role, *port),
                ],
                stdout=log,
                stderr=log,
                env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{self.folder / 'plugins'}"},
            )

    def start_again(self) -> None:
        """What its supervisor does when it has ended by itself, as it does when it finds no database at its start."""
        if self.process and self.process.poll() is not None:
            self.restarts += 1
            assert self.restarts < MOST_RESTARTS, (self.folder / "log").read_text("utf-8", "replace")[-2000:]
            self.start()

    def kill(self) -> None:
        """End it without a word."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1

    def stop(self) -> None:
        """End it in order."""
        assert self.process
        self.process.terminate()
        self.process.wait(60)


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
        roles = ("web", "worker", "worker", "sender", "sender")
        yield Engine(url=server.url(name), away=server.restart, roles=roles)


ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def documents() -> list[Document]:
    """A knowledge base of made words, in which a document's own title finds it."""
    return [
        Document(
            id=f"d{number}",
            title=f"Pair item{number} with part{number}",
            text=f"Hold item{number} until part{number} blinks.",
            questions=(f"how do I pair item{number}", f"part{number} does not pair"),
        )
        for number in range(150)
    ]


def conversation(address: str, count: int, chance: random.Random) -> list[Said]:
    """What a customer says: questions that have an answer, now and then one that has none."""
    numbers = chance.sample(range(150), min(count, 150))
    texts = [
        f"how do I pair item{number} with part{number}" if chance.random() > 0.05 else f"lost parcel {number}"
        for number in numbers
    ]
    return [Said(address=address, message=f"{address}.{place}", text=text) for place, text in enumerate(texts)]


async def run(plan: Plan, engine: Engine, folder: Path) -> Count:
    """Play the plan on a database, with settings and index in a folder."""
    chance = random.Random(plan.seed)  # chaos, no secret
    platform = Platform(seed=plan.seed, is_idempotent=plan.is_idempotent)
    reindex(documents(), folder / "index", HashEncoder(256), now=datetime.now(UTC))
    async with listening(platform) as platform_url:
        _write(folder, platform_url, engine.url)
        processes = [
            Process(folder=folder, role=role, port=free_port() if role in {"all", "web"} else None)
            for role in engine.roles
        ]
        for process in processes:
            process.start()
        each = plan.messages // plan.customers
        said = [conversation(f"c{number}", each, chance) for number in range(plan.customers)]
        url = f"http://127.0.0.1:{processes[0].port}"
        customers = [
            asyncio.create_task(deliver(talk, lambda: url, seed=plan.seed + place, pace=plan.pace))
            for place, talk in enumerate(said)
        ]
        breaking = asyncio.create_task(_break(plan, processes, engine, each * plan.pace, chance))
        watching = asyncio.create_task(_watch(processes))
        db = Database(engine.url)
        agent = asyncio.create_task(_help(db))
        try:
            # Agent and supervisor only end when something is wrong.
            everything = asyncio.create_task(_all(*customers, breaking))
            await asyncio.wait({agent, watching, everything}, return_when="FIRST_COMPLETED")
            for task in (agent, watching):
                if task.done():
                    await task
            await everything
            _say("All was said; waiting for rest.")
            counted = await _rest(db, platform, [one.message for talk in said for one in talk])
        finally:
            agent.cancel()
            watching.cancel()
            for process in processes:
                process.stop()
            await db.close()
    return counted


async def _all(*tasks: "asyncio.Task[None]") -> None:
    await asyncio.gather(*tasks)


async def _watch(processes: Sequence[Process]) -> None:
    while True:
        await asyncio.sleep(0.5)
        for process in processes:
            process.start_again()


async def _break(
    plan: Plan, processes: Sequence[Process], engine: Engine, seconds: float, chance: random.Random
) -> None:
    """Kill processes and take the database away, spread over the time that customers write."""
    moments = sorted(chance.uniform(3, max(4.0, seconds)) for _ in range(plan.kills + plan.outages))
    outages = set(chance.sample(range(len(moments)), plan.outages)) if moments else set()
    start = time.monotonic()
    for place, moment in enumerate(moments):
        await asyncio.sleep(max(0.0, start + moment - time.monotonic()))
        if place in outages:
            _say("The database goes away and comes back.")
            await asyncio.to_thread(engine.away)
        else:
            process = chance.choice(list(processes))
            process.kill()
            process.start()
    _say(f"{sum(process.kills for process in processes)} kills, {len(outages)} outages.")


async def _help(db: Database) -> None:
    """An agent who takes each case, says a word and resolves it."""
    desk, agents = Desk(db, clock=lambda: datetime.now(UTC)), Agents(db, clock=lambda: datetime.now(UTC))
    agent = None
    while True:
        await asyncio.sleep(1)
        try:
            if agent is None:
                token = await agents.invite()
                agent = await agents.create(token, name="Alva", email="alva@example.com", password="a long password")
            for item in await desk.queue():
                await desk.claim(item.escalation_id, agent)
                await desk.reply(item.escalation_id, agent, "I have looked into it.", key=f"reply-{item.escalation_id}")
                await desk.resolve(item.escalation_id, agent)
        except BotError:
            continue


async def _rest(db: Database, platform: Platform, said: Sequence[str]) -> Count:
    """Count again and again until nothing is under way."""
    end = time.monotonic() + REST
    while True:
        counted = await count(db, platform, said)
        if not counted.still_open or time.monotonic() > end:
            await asyncio.sleep(2)
            return await count(db, platform, said)
        await asyncio.sleep(1)


@asynccontextmanager
async def listening(platform: Platform) -> AsyncIterator[str]:
    """The platform at work on a free port."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(platform.application(), port=port, log_level="error"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # it has no event to wait for
        await asyncio.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _write(folder: Path, platform_url: str, database: str) -> None:
    """Settings, and the scripted channel as an installed plug-in."""
    (folder / "answerdesk.toml").write_text(
        f'index = "index"\ndata = "data"\ndatabase = "{database}"\nbudget = 0.3\nquiet_period = 0.1\n'
        f'[channels.scripted]\nbase_url = "{platform_url}"\n'
    )
    plugin = folder / "plugins" / "scripted-1.dist-info"
    plugin.mkdir(parents=True)
    (plugin / "METADATA").write_text("Metadata-Version: 2.1\nName: scripted\nVersion: 1\n")
    (plugin / "entry_points.txt").write_text("[answerdesk.channels]\nscripted = tests.chaos.channel:ScriptedChannel\n")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main() -> None:
    """Play and print; exit code 1 when something was lost, said twice, out of order or left alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, kind in (("messages", int), ("customers", int), ("kills", int), ("outages", int), ("pace", float)):
        parser.add_argument(f"--{name}", type=kind, default=getattr(Plan, name))
    parser.add_argument("--engine", choices=ENGINES, default="sqlite", help="the database (sqlite)")
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--without-idempotency", action="store_true", help="the platform delivers what is sent again")
    parser.add_argument("--json", action="store_true", help="print the count as JSON")
    given = vars(parser.parse_args())
    as_json, without, name = given.pop("json"), given.pop("without_idempotency"), given.pop("engine")
    with tempfile.TemporaryDirectory(prefix="answerdesk-chaos-") as folder, ENGINES[name](Path(folder)) as engine:
        counted = asyncio.run(run(Plan(**given, is_idempotent=not without), engine, Path(folder)))
        if not counted.is_well:
            log = (Path(folder) / "log").read_text("utf-8", "replace")
            _say("\n".join(re.findall(r"^.*(?:error|Traceback).*$", log, re.MULTILINE)[-20:]))
    sys.stdout.write((json.dumps(asdict(counted), indent=1) if as_json else _table(counted)) + "\n")
    raise SystemExit(0 if counted.is_well else 1)


def _table(counted: Count) -> str:
    return "\n".join(f"{name.replace('_', ' '):16} {value}" for name, value in asdict(counted).items())


if __name__ == "__main__":
    main()
