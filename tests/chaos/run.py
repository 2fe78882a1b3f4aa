"""Breaks everything that can break while customers write, and counts: `make chaos`, or `python -m tests.chaos.run`."""

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from itertools import count as count_up
from pathlib import Path
from typing import Any

from bot.errors import BotError
from bot.services.agents import Agents
from bot.services.desk import Desk
from bot.store.engine.database import Database
from channels.testing import served
from corpus.document import Document
from retrieval.indexing.reindex import reindex
from retrieval.testing import HashEncoder
from tests.chaos.count import Count, count
from tests.chaos.customers import Bringing, texts
from tests.chaos.dice import Dice
from tests.chaos.engines import ENGINES, Engine
from tests.chaos.process import Break, Process, free_port
from tests.chaos.reader import BadReader
from tests.chaos.sides import DEFAULT, SIDES, Side, scripted
from tests.reader_endpoint import application

#: Seconds that everything may take to come to rest at the end.
REST = 180.0
#: Seconds in which the processes set their channels up.
UP = 60.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much there is of everything."""

    #: In all; the customers, and with them the messages, are dealt out among the channels.
    messages: int = 5000
    customers: int = 200
    kills: int = 50
    outages: int = 3
    #: Mean seconds between two messages of one customer.
    pace: float = 4.0
    channels: tuple[str, ...] = DEFAULT
    #: Of the scripted channel's platform.
    is_idempotent: bool = True
    seed: int = 1

    @property
    def each(self) -> int:
        """How many messages a customer writes."""
        return self.messages // self.customers

    def sides(self) -> list[Side]:
        """The channels, each with a new platform."""
        make: Mapping[str, Callable[[], Side]] = {
            **SIDES,
            "scripted": lambda: scripted(is_idempotent=self.is_idempotent),
        }
        return [make[name]() for name in self.channels]


def documents() -> list[Document]:
    """A knowledge base of made words, in which a document's own title finds it, and some are much alike."""
    alike = [
        Document(
            id=f"{when}{number}",
            title=f"Charge cell{number} {when}",
            text=f"Charge cell{number} {when} until it is full.",
            questions=(f"how do I charge my cell{number} {when}",),
        )
        for number in range(40)
        for when in ("indoors", "outdoors")
    ]
    return alike + [
        Document(
            id=f"d{number}",
            title=f"Pair item{number} with part{number}",
            text=f"Hold item{number} until part{number} blinks.",
            questions=(f"how do I pair item{number}", f"part{number} does not pair"),
        )
        for number in range(150)
    ]


async def run(plan: Plan, engine: Engine, folder: Path) -> Mapping[str, Count]:
    """Play the plan on a database, with settings and index in a folder; what was counted, by channel."""
    reindex(documents(), folder / "index", HashEncoder(256), now=datetime.now(UTC))
    sides = plan.sides()
    processes = [
        Process(folder=folder, role=role, port=free_port() if role in {"all", "web"} else None) for role in engine.roles
    ]
    with ExitStack() as platforms:
        sections = []
        for place, side in enumerate(sides):
            side.platform.treats(Dice(plan.seed + place, retry_after=side.retry_after))
            sections.append(side.section(platforms.enter_context(served(side.platform.app)).url))
            side.bot_is_at(_balanced(processes, plan.seed + place))
        reader = BadReader(plan.seed)
        about_reader = reader.settings(platforms.enter_context(served(application(reader))).url)
        _write(folder, engine.url, sides, sections, about_reader)
        for process in processes:
            process.start()
        db = Database(engine.url)
        try:
            counted = await _play(plan, engine, processes, sides, db, reader=reader)
            _say(f"A bad reader was asked {len(reader.asked)} times.")
            return counted
        finally:
            for process in processes:
                process.stop()
            await db.close()


async def _play(
    plan: Plan, engine: Engine, processes: Sequence[Process], sides: Sequence[Side], db: Database, *, reader: BadReader
) -> Mapping[str, Count]:
    chance = random.Random(plan.seed)  # chaos, no secret
    watching = asyncio.create_task(_watch(processes))
    bringing = [Bringing(side=side) for side in sides]
    agent = asyncio.create_task(_help(db))
    try:
        await _until(lambda: all(side.is_ready() for side in sides))
        breaking = asyncio.create_task(_break(plan, processes, engine, reader, chance))
        customers = [
            bringing[number % len(sides)].customer(
                f"c{number}", texts(plan.each, chance), seed=plan.seed + number, pace=plan.pace
            )
            for number in range(plan.customers)
        ]
        everything = asyncio.create_task(_all(breaking, *map(asyncio.create_task, customers)))
        # Agent and supervisor only end when something is wrong.
        await asyncio.wait({agent, watching, everything}, return_when="FIRST_COMPLETED")
        for task in (agent, watching):
            if task.done():
                await task
        await everything
        _say("All was said; waiting for rest.")
        return await _rest(db, bringing, breaking.result())
    finally:
        agent.cancel()
        watching.cancel()
        for each in bringing:
            each.close()


async def _all(*tasks: "asyncio.Task[None] | asyncio.Task[list[Break]]") -> None:
    await asyncio.gather(*tasks)


async def _until(condition: Callable[[], bool]) -> None:
    """Return when it holds; TimeoutError when it does not within UP."""
    async with asyncio.timeout(UP):
        while not condition():  # noqa: ASYNC110  # the platforms have no events to wait for
            await asyncio.sleep(0.1)


async def _watch(processes: Sequence[Process]) -> None:
    while True:
        await asyncio.sleep(0.5)
        for process in processes:
            process.start_again()


async def _break(
    plan: Plan, processes: Sequence[Process], engine: Engine, reader: BadReader, chance: random.Random
) -> list[Break]:
    """Kill processes and take the database away, spread over the time that customers write, once a reader is asked."""
    await _until(lambda: bool(reader.asked))
    seconds = max(4.0, plan.each * plan.pace)
    moments = sorted(chance.uniform(3, seconds) for _ in range(plan.kills + plan.outages))
    outages = set(chance.sample(range(len(moments)), plan.outages)) if moments else set()
    start = time.monotonic()
    breaks: list[Break] = []
    for place, moment in enumerate(moments):
        await asyncio.sleep(max(0.0, start + moment - time.monotonic()))
        if place in outages:
            _say("The database goes away and comes back.")
            began = time.time()
            await asyncio.to_thread(engine.away)
            breaks.append(Break(what="database", began=began, ended=time.time()))
        else:
            process = chance.choice(list(processes))
            process.kill()
            process.start()
    _say(f"{sum(len(process.kills) for process in processes)} kills, {len(outages)} outages.")
    senders = [kill for process in processes if process.sends for kill in process.kills]
    return breaks + [Break(what="sender", began=kill, ended=kill) for kill in senders]


async def _help(db: Database) -> None:
    """An agent who takes some of the cases that wait, says a word and resolves or leaves them, and lets others wait."""
    desk, agents = Desk(db, clock=lambda: datetime.now(UTC)), Agents(db, clock=lambda: datetime.now(UTC))
    agent = None
    for turn in count_up():
        await asyncio.sleep(1)
        try:
            if agent is None:
                token = await agents.invite()
                agent = await agents.create(token, name="Alva", email="alva@example.com", password="a long password")
            for item in await desk.queue():
                if item.escalation_id % 3 == turn % 3:
                    continue
                await desk.claim(item.escalation_id, agent)
                text = f"I have looked into case {item.escalation_id}."
                await desk.reply(item.escalation_id, agent, text, key=f"reply-{item.escalation_id}")
                await asyncio.sleep(0.2)  # meanwhile customers write to the agent
                await desk.resolve(item.escalation_id, agent, confirmed=True)
        except BotError:
            continue


async def _rest(db: Database, bringing: Sequence[Bringing], breaks: Sequence[Break]) -> Mapping[str, Count]:
    """Count again and again until nothing is under way."""

    async def count_all() -> dict[str, Count]:
        return {each.side.name: await count(db, each.side, each.said, breaks) for each in bringing}

    end = time.monotonic() + REST
    counted = await count_all()
    while any(each.still_open for each in counted.values()) and time.monotonic() < end:
        await asyncio.sleep(1)
        counted = await count_all()
    await asyncio.sleep(2)
    for each in bringing:
        for complaint in each.side.platform.complaints:
            _say(f"{each.side.name}: {complaint}")
    return await count_all()


def _balanced(processes: Sequence[Process], seed: int) -> Callable[[], str]:
    """Where the bot listens: at any of its processes that do."""
    chance = random.Random(seed)  # chaos, no secret
    urls = [f"http://127.0.0.1:{process.port}" for process in processes if process.port is not None]
    return lambda: chance.choice(urls)


def _write(
    folder: Path,
    database: str,
    sides: Sequence[Side],
    sections: Sequence[Mapping[str, Any]],
    about_reader: Sequence[str],
) -> None:
    """Settings, and the scripted channel as an installed plug-in; JSON's values are TOML's, so far."""
    lines = ['index = "index"', 'data = "data"', f'database = "{database}"', "budget = 0.3", "quiet_period = 0.1"]
    lines += [
        "[limits]",
        *(f"{side.name} = [{', '.join(map(_table, side.limits))}]" for side in sides if side.limits is not None),
    ]
    for side, section in zip(sides, sections, strict=True):
        lines += [f"[channels.{side.name}]", *(f"{key} = {json.dumps(value)}" for key, value in section.items())]
    lines += about_reader
    (folder / "answerdesk.toml").write_text("\n".join(lines) + "\n")
    plugin = folder / "plugins" / "scripted-1.dist-info"
    plugin.mkdir(parents=True)
    (plugin / "METADATA").write_text("Metadata-Version: 2.1\nName: scripted\nVersion: 1\n")
    (plugin / "entry_points.txt").write_text("[answerdesk.channels]\nscripted = tests.chaos.channel:ScriptedChannel\n")


def _table(values: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key} = {json.dumps(value)}" for key, value in values.items()) + "}"


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _channels(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    unknown = [name for name in names if name not in SIDES]
    if unknown or len({name.partition("-")[0] for name in names}) < len(names):
        raise argparse.ArgumentTypeError(f"some of {', '.join(SIDES)}, each once, and Telegram in one way")
    return names


def main() -> None:
    """Play and print; exit code 1 when something was lost, said twice, out of order or left alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, kind in (("messages", int), ("customers", int), ("kills", int), ("outages", int), ("pace", float)):
        parser.add_argument(f"--{name}", type=kind, default=getattr(Plan, name))
    parser.add_argument("--engine", choices=ENGINES, default="sqlite", help="the database (sqlite)")
    parser.add_argument("--channels", type=_channels, default=DEFAULT, help=f"some of {','.join(SIDES)}")
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--without-idempotency", action="store_true", help="the scripted platform takes no keys")
    parser.add_argument("--json", action="store_true", help="print the count as JSON")
    given = vars(parser.parse_args())
    as_json, without, name = given.pop("json"), given.pop("without_idempotency"), given.pop("engine")
    with tempfile.TemporaryDirectory(prefix="answerdesk-chaos-") as folder, ENGINES[name](Path(folder)) as engine:
        counted = asyncio.run(run(Plan(**given, is_idempotent=not without), engine, Path(folder)))
        is_well = all(each.is_well for each in counted.values())
        if not is_well:
            log = (Path(folder) / "log").read_text("utf-8", "replace")
            _say("\n".join(re.findall(r"^.*(?:error|Traceback).*$", log, re.MULTILINE)[-20:]))
    told = {channel: asdict(each) for channel, each in counted.items()}
    sys.stdout.write((json.dumps(told, indent=1) if as_json else _in_columns(counted)) + "\n")
    raise SystemExit(0 if is_well else 1)


def _in_columns(counted: Mapping[str, Count]) -> str:
    lines = [f"{'':16}" + "".join(f"{channel:>10}" for channel in counted)]
    for each in fields(Count):
        values = "".join(f"{getattr(count, each.name):>10}" for count in counted.values())
        lines.append(f"{each.name.replace('_', ' '):16}{values}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
