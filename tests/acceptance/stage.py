"""The whole path behind real HTTP, on a shelf of made pages: store, worker, sender, web channel and console."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.app import App, build
from bot.conversation.case import Case
from bot.services.index import Index
from bot.settings import Settings
from bot.testing import ScriptedIndex, ScriptedPage
from bot.web import web_application
from channels.message import Attachment, Inbound
from channels.testing import Served, served

Result = TypeVar("Result")


@dataclass
class Stage:
    """The application as an ASGI app: built when the server starts, closed when it stops."""

    folder: Path
    shelf: Index
    quiet: float = 0.0
    #: Channels beside the web chat, with their settings.
    channels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: The setting `limits`: a dialogue need not wait for a platform's seconds.
    limits: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    _app: App | None = None
    _is_built: threading.Event = field(default_factory=threading.Event)
    _web: ASGIApp | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _files: int = field(default=0)
    #: Whose each case is: many customers share a stage, and one looks for the own among the cases of all.
    _customers: dict[int, str] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            assert self._web is not None
            await self._web(scope, receive, send)
            return
        limits = {"messages_per_minute": 10_000, "requests_per_minute": 10_000}
        channels = {"web": limits, **self.channels}
        settings = Settings.read(
            None,
            index=self.folder,
            data=self.folder,
            quiet_period=self.quiet,
            channels=channels,
            limits=self.limits,
        )
        held: list[Message] = []

        async def send_or_hold(message: Message) -> None:
            """The server ends its loop when it hears that all is shut down, so that is said when it is true."""
            if message["type"] == "lifespan.shutdown.complete":
                held.append(message)
            else:
                await send(message)

        async with build(settings, index=self.shelf) as app:
            self._app, self._loop = app, asyncio.get_running_loop()
            self._is_built.set()
            self._web = await web_application(app)
            await self._web(scope, receive, send_or_hold)
        for message in held:
            await send(message)

    @property
    def app(self) -> App:
        """The application, as soon as it is put together."""
        assert self._is_built.wait(30)
        assert self._app is not None
        return self._app

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do something within the server, from a test's thread."""
        assert self._is_built.wait(30)
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def cases(self, address: str) -> list[Case]:
        """What waits for an agent of one customer."""
        queue = self.run(self.app.desk.queue())
        theirs = [item.escalation_id for item in queue if self._customers.get(item.escalation_id, address) == address]
        cases = [self.run(self.app.desk.case(escalation)) for escalation in theirs]
        self._customers |= {case.escalation_id: case.customer for case in cases}
        return [case for case in cases if case.customer == address]

    def is_settled(self, channel: str, address: str, *, heard: int) -> bool:
        """Whether nothing is owed in a conversation, and so many messages are what was said in it."""
        if self.run(self.app.host.status(channel, address)).pending:
            return False
        return sum(line.author != "customer" for line in self.run(self.app.host.lines(channel, address))) == heard

    def takes_file(self, address: str, name: str) -> None:
        """A file comes in as it does from a platform that has files; the web chat has none."""
        self._files += 1
        inbound = Inbound(
            channel="web",
            event_id=f"file-{self._files}",
            address=address,
            customer=address,
            text="",
            sent_at=datetime.now(UTC),
            attachments=(Attachment(name=name, url=f"https://files.example/{name}"),),
        )
        self.run(self.app.host.accept(inbound))


@contextlib.contextmanager
def staged(
    folder: Path,
    pages: Sequence[ScriptedPage],
    *,
    quiet: float = 0.0,
    channels: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    limits: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[tuple[Stage, Served]]:
    """A stage behind a server while the block runs."""
    stage = Stage(folder=folder, shelf=ScriptedIndex(pages), quiet=quiet, channels=channels, limits=limits)
    with served(stage) as server:
        stage.url = server.url
        yield stage, server
