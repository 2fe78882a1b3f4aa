import socket

import uvicorn

from bot.app import App, web_application
from bot.errors import BadConfiguration

#: What is under way when the server is told to stop may take this long.
_SHUTDOWN = 10


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


async def serve(app: App, listener: Listener) -> None:
    """Answer on the listener until told to stop by SIGINT or SIGTERM."""
    config = uvicorn.Config(
        await web_application(app),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_SHUTDOWN,
    )
    await uvicorn.Server(config).serve(sockets=[listener.socket])
