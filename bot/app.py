"""The one place where everything is put together. Tests call `build` too, with their own clock and knowledge."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from starlette.applications import Starlette

from bot.console import create_console
from bot.desk.agents import Agents
from bot.desk.desk import Desk
from bot.errors import BadConfiguration
from bot.host import StoreHost
from bot.probes import probe_routes
from bot.sender import Sender
from bot.settings import Settings
from bot.store import inbox, outbox
from bot.store.alone import Alone
from bot.store.database import Database
from bot.store.receipts import searched
from bot.store.secrets import server_secret
from bot.worker import Knowledge, Worker
from channels.channel import Channel
from channels.registry import build_channels
from retrieval.live import REMEMBERED, LiveIndex

log = structlog.get_logger()


def utc_now() -> datetime:
    """The time, as everything here counts it."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class App:
    """The application, put together and ready to run."""

    settings: Settings
    db: Database
    knowledge: Knowledge
    host: StoreHost
    desk: Desk
    agents: Agents
    channels: Mapping[str, Channel]
    worker: Worker
    sender: Sender

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Mapping[str, asyncio.Task[None]]]:
        """Worker, sender and channels at work, until the block ends; the channels' tasks by name."""
        channels = {name: asyncio.create_task(channel.run()) for name, channel in self.channels.items()}
        tasks = [asyncio.create_task(self.worker.run()), asyncio.create_task(self.sender.run()), *channels.values()]
        try:
            yield channels
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    knowledge: Knowledge | None = None,
) -> AsyncIterator[App]:
    """Put the application together over a database of its own and the index in use; everything is closed at the end.

    BadConfiguration when a setting is wrong or another server uses the data; RetrievalError without an index.
    """
    _check_budgets(settings)
    knowledge = knowledge or LiveIndex(
        settings.index,
        budget=settings.budget,
        stricter=settings.document_budgets,
        unanswerable=settings.unanswerable,
    )
    with Alone(settings.data):
        db = Database(settings.database_url)
        try:
            await db.migrate()
            # Alone with the data: whatever is still leased, its holder is dead.
            await inbox.free_all(db)
            await outbox.free_all(db)
            if isinstance(knowledge, LiveIndex):
                knowledge.remember(await searched(db, knowledge.version, REMEMBERED), knowledge.version)
            host = StoreHost(db, clock=clock, quiet=timedelta(seconds=settings.quiet_period))
            channels = build_channels(settings.channels, host)
            yield App(
                settings=settings,
                db=db,
                knowledge=knowledge,
                host=host,
                desk=Desk(db, clock=clock),
                agents=Agents(db, clock=clock),
                channels=channels,
                worker=Worker(db, knowledge, clock=clock, budgets=settings.channel_budgets),
                sender=Sender(db, channels, clock=clock),
            )
        finally:
            await db.close()


def _check_budgets(settings: Settings) -> None:
    for channel in settings.channel_budgets:
        if channel not in settings.channels:
            raise BadConfiguration(f"channel_budgets.{channel}: there is no such channel; `channels` lists them")


async def web_application(app: App) -> Starlette:
    """Everything the server answers over HTTP; worker, sender and channels run as long as it does."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with app.running():
            yield

    routes: list[Any] = [*probe_routes(app.db)]
    for channel in app.channels.values():
        routes += channel.routes()
    secret = await server_secret(app.db)
    routes += create_console(app.desk, app.agents, secret=secret, secure_cookies=app.settings.server.secure)
    return Starlette(routes=routes, lifespan=lifespan)
