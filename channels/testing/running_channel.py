"""A channel as it runs in the application, without the application."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Self

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from channels.channel import Channel, Host
from channels.message import Outbound
from channels.testing.http_server import Served

#: Seconds within which a channel is made.
PATIENCE = 20.0

Make = Callable[[Mapping[str, Any], Host], Channel]


class Running:
    """A channel behind a real server in a thread: its routes are served, and it takes messages in, until stopped."""

    def __init__(self, make: Make, settings: Mapping[str, Any], host: Host) -> None:
        """`make` is the channel's `from_settings`; it is called when the server starts, within its loop."""
        self._make: Callable[[], Channel] = partial(make, settings, host)
        self._channel: Channel | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._routes: ASGIApp = Starlette()
        self._is_up = threading.Event()
        self._server = Served(self._application)
        self.url = self._server.url

    def start(self) -> None:
        """Return when its routes are served and it takes messages in."""
        self._is_up.clear()
        self._server.start()
        assert self._is_up.wait(PATIENCE), "the channel could not be made"

    def stop(self) -> None:
        """Return when it has shut down."""
        self._server.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def channel(self) -> Channel:
        """The channel while it runs."""
        assert self._channel is not None
        return self._channel

    def send(self, message: Outbound) -> str | None:
        """Deliver a message, within the server; raises what the channel raises."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(self.channel.send(message), self._loop).result(60)

    async def _application(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._routes(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._loop = asyncio.get_running_loop()
        self._channel = self._make()
        self._routes = Starlette(routes=self._channel.routes())
        running = asyncio.create_task(self._channel.run())
        self._is_up.set()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await send({"type": "lifespan.shutdown.complete"})
