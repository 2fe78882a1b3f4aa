"""The process in the foreground: its port, its signals, its orderly stop."""

import asyncio
import math
import signal
import socket
from types import FrameType

import uvicorn

from bot.app import App
from bot.errors import BadConfiguration
from bot.web import web_application


class Listener:
    """The port, taken before anything is announced, so that a port in use is said at once."""

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self.socket.bind((host, port))
            self.socket.listen()  # from here on, who connects waits in line
        except OSError as error:
            self.socket.close()
            raise BadConfiguration(
                f"server.port: {host}:{port} cannot be used: {error.strerror}; try --port"
            ) from error
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self.socket.getsockname()[1]}"


async def serve(app: App, listener: Listener | None) -> None:
    """Do what the process is there for until told to stop by SIGINT or SIGTERM; answer where there is a listener."""
    if listener is None:
        await _work(app)
        return
    config = uvicorn.Config(
        await web_application(app),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=math.ceil(app.settings.stop_within),
    )
    await _Server(config, app).serve(sockets=[listener.socket])


class _Server(uvicorn.Server):
    """Tells the runner at once that it is to stop: the time for what is in hand begins with the signal.

    The signal is obeyed here and, unlike uvicorn's own servers, not sent to the process again at the end: that would
    interrupt the closing of the database, and an orderly stop is no failure. Who presses Ctrl+C again has no time for
    that, and is obeyed at once: what was accepted is safe in any case.
    """

    def __init__(self, config: uvicorn.Config, app: App) -> None:
        super().__init__(config)
        self._runner = app.runner
        self._loop = asyncio.get_running_loop()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  # a handler of signals
        self._loop.call_soon_threadsafe(self._runner.stop)
        if self.should_exit and sig == signal.SIGINT:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self.should_exit = True


async def _work(app: App) -> None:
    """At work without a port."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, told.set)
    async with app.running():
        await told.wait()
