"""The composition root: everything is built here. Tests call `build` too, with their own clock and index."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bot.conversation import Detector, phrases_for
from bot.conversation.language.detectors import NO_DETECTOR, make_detector
from bot.errors import BadConfiguration
from bot.runtime.channel_host import StoreHost
from bot.runtime.delivery_worker import DeliveryWorker
from bot.runtime.housekeeping import Housekeeping
from bot.runtime.process import ProcessRunner
from bot.runtime.role import Role
from bot.runtime.turn_worker import TurnWorker
from bot.services import Agents, Desk, Index, PageReader, count_reading
from bot.settings import Settings
from bot.store.engine import leases
from bot.store.engine.database import Database
from bot.store.engine.process_lock import ProcessLock
from bot.store.queues import inbox, outbox
from channels.channel import Channel
from channels.registry import build_channels
from retrieval import LiveIndex, NoSnapshot, SearchResult
from retrieval.reader.opening import open_consultation

#: The roles that decide nothing: they need neither an index nor a detector of languages.
_ROLES_THAT_ASK_NOTHING = frozenset({"web", "sender"})
#: Deliveries at once in one process, so that a slow platform does not hold up another.
SENDS = 16

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, as everything here counts it."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class App:
    """The application, put together and ready to run."""

    settings: Settings
    db: Database
    index: Index
    reader: PageReader | None
    host: StoreHost
    desk: Desk
    agents: Agents
    channels: Mapping[str, Channel]
    worker: TurnWorker
    sender: DeliveryWorker
    role: Role
    runner: ProcessRunner

    def running(self) -> AbstractAsyncContextManager[Mapping[str, asyncio.Task[None]]]:
        """Those of this process's role at work, until the block ends; the channels' tasks by name."""
        return self.runner.running()


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    role: Role = "all",
    clock: Clock = utc_now,
    index: Index | None = None,
    reader: PageReader | None = None,
) -> AsyncIterator[App]:
    """Put the application together over a database of its own and the index in use; everything is closed at the end.

    BadConfiguration when a setting is wrong or another server uses the data; RetrievalError without an index.
    """
    _check_budgets(settings)
    db = Database(settings.database_url)
    if role != "all" and not db.is_shared:
        raise BadConfiguration(f"database: a process of its own as {role} needs PostgreSQL; SQLite serves one process")
    detector = NO_DETECTOR if role in _ROLES_THAT_ASK_NOTHING else make_detector(settings.language_detector)
    index = index or _index(settings, role)
    reader = reader or _reader(settings, role)
    with nullcontext() if db.is_shared else ProcessLock(settings.data):
        try:
            await _prepare(db)
            yield _put_together(settings, db, index, detector, reader, role=role, clock=clock)
        finally:
            if reader is not None:
                await reader.close()
            await db.close()


async def _prepare(db: Database) -> None:
    """Bring the database up to date."""
    await db.migrate()
    if not db.is_shared:  # alone with the data: whatever is still leased, its holder is dead
        await inbox.free_all(db)
        await outbox.free_all(db)
        await leases.free_all(db)


def _put_together(
    settings: Settings,
    db: Database,
    index: Index,
    detector: Detector,
    reader: PageReader | None,
    *,
    role: Role,
    clock: Clock,
) -> App:
    host = StoreHost(db, clock=clock, quiet=timedelta(seconds=settings.quiet_period))
    channels = build_channels(settings.channels, host)
    phrases = partial(phrases_for, address=settings.address)
    desk = Desk(db, clock=clock, phrases=phrases)
    idle_claim = timedelta(minutes=settings.idle_claim) if settings.idle_claim else None
    limits = {name: tuple(each.limit for each in given) for name, given in settings.limits.items()}
    worker = TurnWorker(
        db,
        index,
        detector=detector,
        clock=clock,
        budgets=settings.channel_budgets,
        phrases=phrases,
        at_once=settings.workers,
        reader=reader,
    )
    sender = DeliveryWorker(db, channels, clock=clock, limits=limits, at_once=SENDS)
    return App(
        settings=settings,
        db=db,
        index=index,
        reader=reader,
        host=host,
        desk=desk,
        agents=Agents(db, clock=clock),
        channels=channels,
        worker=worker,
        sender=sender,
        role=role,
        runner=ProcessRunner(
            db,
            role=role,
            worker=worker,
            sender=sender,
            channels=channels,
            housekeeping=Housekeeping(db, desk, idle_claim=idle_claim, clock=clock, phrases=phrases),
            stop_within=settings.stop_within,
            clock=clock,
        ),
    )


class _NothingKnown:
    """The index of a process that decides nothing: it opens neither snapshot nor encoder; searching is NoSnapshot."""

    languages = frozenset[str]()

    def search(self, *_: Any, **__: Any) -> SearchResult:
        raise NoSnapshot("this process opens no index: its role is not to decide")

    def count_question(self, *_: Any, **__: Any) -> None:
        """Count nothing: nothing is searched here."""


def _index(settings: Settings, role: Role) -> Index:
    if role in _ROLES_THAT_ASK_NOTHING:
        return _NothingKnown()
    return LiveIndex(
        settings.index,
        budget=settings.budget,
        stricter=settings.document_budgets,
        unanswerable=settings.unanswerable,
        decisions=settings.decisions.limits,
        is_frozen=not settings.decisions.adapt,
        kept=settings.candidates,
    )


def _reader(settings: Settings, role: Role) -> PageReader | None:
    """The reader that the settings name, for a process that decides; ReaderUnavailable."""
    if role in _ROLES_THAT_ASK_NOTHING:
        return None
    return open_consultation(
        settings.reader, settings.reranker, settings.index, stricter=settings.document_budgets, observe=count_reading
    )


def _check_budgets(settings: Settings) -> None:
    for name, given in (("channel_budgets", settings.channel_budgets), ("limits", settings.limits)):
        for channel in given:
            if channel not in settings.channels:
                raise BadConfiguration(f"{name}.{channel}: there is no such channel; `channels` lists them")
