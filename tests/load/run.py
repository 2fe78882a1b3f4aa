"""Messages through the whole store with the real encoder: `python -m tests.load.run`, part of `make bench`.

How many a second go from inbox to outbox, beside what the encoder alone does with the same questions; how long one
takes at half of that load; whether a store of many old conversations slows it down; what happens beyond what it can do.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import structlog
from sqlalchemy import func, select

from bot.app import App, build
from bot.settings import Settings
from bot.store.engine.database import Database
from bot.store.tables import INBOX_OPEN, OUTBOX_OPEN, inbox, messages, outbox
from channels.message import Inbound
from corpus.reader import read_corpus
from retrieval.encoders.compile import default_encoder_directory
from retrieval.encoders.encoder import open_encoder
from retrieval.indexing.reindex import reindex
from tests.load.figures import Load, load
from tests.load.stored import fill
from tests.postgres import running_postgres

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "corpus" / "sample"
#: Messages handed over at the same time, as platforms do.
AT_ONCE = 16


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One run on one engine."""

    engine: str
    workers: int
    stored: int
    #: Questions a second by the encoder alone, all cores, before and after.
    encoder: float
    burst: Load
    #: At half of the burst's throughput.
    half: Load

    @property
    def of_encoder(self) -> float:
        """Throughput, of what the encoder alone does."""
        return self.burst.throughput / self.encoder


@contextmanager
def _engine(name: str) -> Iterator["str | None"]:
    if name == "sqlite":
        yield None
        return
    with running_postgres(is_durable=True) as postgres:
        yield postgres.url(asyncio.run(postgres.create()))


def questions_of(path: Path) -> Sequence[str]:
    """The English questions of a question file: those that the encoder they are measured beside serves."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [row["question"] for row in rows if row.get("language", "en") == "en"]


def encoder_speed(questions: Sequence[str], seconds: float = 2.0) -> float:
    """Questions a second, in batches on all cores."""
    encoder = open_encoder(default_encoder_directory())
    batch = list(islice(cycle(questions), 256))
    encoder.encode(batch)
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        encoder.encode(batch)
        count += len(batch)
    return count / (time.perf_counter() - began)


def _write(folder: Path, index: Path, database: str | None, at_once: int) -> Path:
    """Settings, and the channel as an installed plug-in."""
    file = folder / "answerdesk.toml"
    line = f'database = "{database}"\n' if database else ""
    file.write_text(
        f'index = "{index}"\ndata = "{folder}"\nquiet_period = 0.0\nworkers = {at_once}\n{line}[channels.sink]\n'
    )
    plugin = folder / "plugins" / "sink-1.dist-info"
    plugin.mkdir(parents=True)
    (plugin / "METADATA").write_text("Metadata-Version: 2.1\nName: sink\nVersion: 1\n")
    (plugin / "entry_points.txt").write_text("[answerdesk.channels]\nsink = tests.load.channel:SinkChannel\n")
    return file


@contextmanager
def _more_workers(count: int, file: Path) -> Iterator[None]:
    """Worker processes beside this one."""
    command = [sys.executable, "-c", "from bot.cli import main; main()", "serve", "--config", str(file)]
    environment = {"PYTHONPATH": f"{ROOT}:{file.parent / 'plugins'}", "PATH": "/usr/bin:/bin"}
    processes = []
    with (file.parent / "log").open("ab") as log:
        for _ in range(count):
            at = [*command, "--role", "worker"]
            processes.append(subprocess.Popen(at, env=environment, stdout=log, stderr=log))
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


async def _hand_over(app: App, prefix: str, questions: Sequence[str], count: int, per_second: float | None) -> None:
    """Let customers write, each one message: as fast as it is accepted, or at a pace."""
    at_once = asyncio.Semaphore(AT_ONCE)

    async def accept(number: int) -> None:
        async with at_once:
            name = f"{prefix}-{number}"
            await app.host.accept(
                Inbound(
                    channel="sink",
                    event_id=name,
                    platform_message_id=name,
                    address=name,
                    customer=name,
                    text=questions[number % len(questions)],
                    sent_at=datetime.now(UTC),
                )
            )

    began, writing = asyncio.get_running_loop().time(), []
    for number in range(count):
        if per_second:
            await asyncio.sleep(max(0.0, began + number / per_second - asyncio.get_running_loop().time()))
        writing.append(asyncio.create_task(accept(number)))
    await asyncio.gather(*writing)


async def _at_rest(db: Database) -> None:
    """Return when nothing waits in inbox or outbox."""
    waiting = select(
        select(func.count()).select_from(inbox).where(INBOX_OPEN).scalar_subquery()
        + select(func.count()).select_from(outbox).where(OUTBOX_OPEN).scalar_subquery()
    )
    while True:
        async with db.read() as connection:
            if not await connection.scalar(waiting):
                return
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _running(file: Path, *, alone: bool) -> AsyncIterator[App]:
    """The application at work in this process: all of it, or all but the worker."""
    settings = Settings.read(file)
    async with build(settings, role="all") as app:
        if not alone:
            app.worker.stop()
        async with app.running():
            yield app


async def _measure(app: App, questions: Sequence[str], count: int) -> tuple[Load, Load]:
    await _hand_over(app, "warm", questions, 50, None)
    await _at_rest(app.db)
    await _hand_over(app, "burst", questions, count, None)
    await _at_rest(app.db)
    burst = await load(app.db, "burst-")
    await _hand_over(app, "half", questions, count, burst.throughput / 2)
    await _at_rest(app.db)
    return burst, await load(app.db, "half-")


def measure(
    engine: str, index: Path, questions: Sequence[str], *, count: int, workers: int, stored: int, at_once: int
) -> Measured:
    """Measure on a new store of one engine, with so many worker processes and so many old conversations."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-load-") as name, _engine(engine) as database:
        file = _write(Path(name), index, database, at_once)
        sys.path.insert(0, str(file.parent / "plugins"))
        before = encoder_speed(questions)

        async def run() -> tuple[Load, Load]:
            async with _running(file, alone=workers == 1) as app:
                if stored:
                    await fill(app.db, stored)
                with _more_workers(workers, file) if workers > 1 else nullcontext():
                    return await _measure(app, questions, count)

        burst, half = asyncio.run(run())
        sys.path.remove(str(file.parent / "plugins"))
        encoder = (before + encoder_speed(questions)) / 2
    return Measured(engine=engine, workers=workers, stored=stored, encoder=encoder, burst=burst, half=half)


@dataclass(frozen=True, kw_only=True)
class Overload:
    """More than it can do, for a while."""

    engine: str
    messages: int
    answered: int
    #: Customers who were told that their turn will come.
    told: int
    #: Seconds from the last message accepted to rest.
    recovered_in: float
    #: Milliseconds a message took afterwards, at a tenth of the load.
    after: Load


def overload(engine: str, index: Path, questions: Sequence[str], *, count: int, at_once: int) -> Overload:
    """Hand over all at once, far more than is done within a customer's patience; then a little, when it is over."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-load-") as name, _engine(engine) as database:
        file = _write(Path(name), index, database, at_once)
        sys.path.insert(0, str(file.parent / "plugins"))

        async def run() -> Overload:
            async with _running(file, alone=True) as app:
                await _hand_over(app, "over", questions, count, None)
                began = time.perf_counter()
                await _at_rest(app.db)
                recovered = time.perf_counter() - began
                over = await load(app.db, "over-")
                await _hand_over(app, "after", questions, 100, over.throughput / 10)
                await _at_rest(app.db)
                told = select(func.count()).where(messages.c.author == "bot", messages.c.receipt_id.is_(None))
                async with app.db.read() as connection:
                    return Overload(
                        engine=engine,
                        messages=count,
                        answered=over.messages,
                        told=await connection.scalar(told) or 0,
                        recovered_in=recovered,
                        after=await load(app.db, "after-"),
                    )

        done = asyncio.run(run())
        sys.path.remove(str(file.parent / "plugins"))
    return done


def _row(each: Measured) -> str:
    return (
        f"{each.engine:10} {each.workers:7} {each.stored:9,} {each.encoder:9.0f} {each.burst.throughput:9.0f} "
        f"{each.of_encoder:7.2f} {each.half.p50:8.0f} {each.half.p95:8.0f} {each.half.p99:8.0f} "
        f"{each.half.p99 / each.half.p50:8.1f}"
    )


HEAD = "engine     workers    stored encoder/s messages/s  ratio  half p50      p95      p99  p99/p50"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.run", description=__doc__)
    parser.add_argument("--engine", action="append", choices=("sqlite", "postgresql"), help="default: both")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--workers", type=int, action="append", help="worker processes; more than one on PostgreSQL")
    parser.add_argument("--stored", type=int, action="append", help="old conversations in the store")
    parser.add_argument("--at-once", type=int, default=16, help="turns that one process works on at once (16)")
    parser.add_argument("--overload", type=int, default=0, help="also hand over so many messages at once")
    parser.add_argument("--index", type=Path, help="ask this index instead of the sample's")
    parser.add_argument("--questions", type=Path, default=SAMPLE / "questions.jsonl")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    questions = questions_of(given.questions)
    with tempfile.TemporaryDirectory(prefix="answerdesk-load-index-") as folder:
        index = given.index or Path(folder)
        if given.index is None:
            _index_of_the_sample(index)
        plan = [
            (engine, workers, stored)
            for engine in given.engine or ("sqlite", "postgresql")
            for stored in given.stored or (10_000,)
            for workers in (given.workers or (1, 2) if engine == "postgresql" else (1,))
        ]
        measured: list[Measured] = []
        over: list[Overload] = []
        for engine, workers, stored in plan:
            sizes = {"count": given.messages, "workers": workers, "stored": stored, "at_once": given.at_once}
            measured.append(measure(engine, index, questions, **sizes))
            sys.stderr.write(f"{_row(measured[-1])}\n")
        if given.overload:
            over = [
                overload(engine, index, questions, count=given.overload, at_once=given.at_once)
                for engine in given.engine or ("sqlite", "postgresql")
            ]
    as_json = json.dumps([*map(asdict, measured), *map(asdict, over)], indent=1)
    sys.stdout.write((as_json if given.json else "\n".join([HEAD, *map(_row, measured), *map(str, over)])) + "\n")


def _index_of_the_sample(index: Path) -> None:
    now = datetime.now(UTC)
    paths = (SAMPLE / "articles", SAMPLE / "forum.jsonl")
    documents = read_corpus(paths, today=now.date(), notice=lambda _: None)
    reindex(documents, index, open_encoder(default_encoder_directory()), now=now)


if __name__ == "__main__":
    main()
