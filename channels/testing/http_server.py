"""A server to talk to over real HTTP."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import uvicorn
from sse_starlette.sse import AppStatus
from starlette.types import ASGIApp


class Served:
    """An application behind a real server on loopback, in a thread; it can go away and come back on its port."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Return when requests are answered."""
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        door.listen()  # from here on connections wait in line
        self._server = uvicorn.Server(uvicorn.Config(self._app, interface="asgi3", log_config=None))
        self._thread = threading.Thread(target=self._server.run, args=([door],), name="served")
        self._thread.start()

    def stop(self) -> None:
        """Return when the server is gone, its open streams ended."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = AppStatus.should_exit = True
        self._thread.join()
        AppStatus.should_exit = False
        self._server = self._thread = None


@contextlib.contextmanager
def served(app: ASGIApp) -> Iterator[Served]:
    """Serve an application while the block runs."""
    server = Served(app)
    server.start()
    try:
        yield server
    finally:
        server.stop()
