import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import Config

if TYPE_CHECKING:
    from bot.app import App
    from bot.server import Listener
    from bot.settings import Settings

Port = Annotated[int | None, typer.Option("--port", help="Port to listen on.", show_default=False)]


def serve(config: Config = None, port: Port = None) -> None:
    """Serve the chat, the console and the channels."""
    import sys

    from bot.logs import configure_logs
    from bot.settings import Settings

    configure_logs(json=not sys.stderr.isatty())
    server = {"port": port} if port is not None else {}
    run_server(Settings.read(config, server=server))


def run_server(settings: "Settings", *, suggestion: str | None = None) -> None:
    """Run the server in the foreground until it is told to stop."""
    from bot.server import Listener

    listener = Listener(settings.server.host, settings.server.port)
    asyncio.run(_serve(settings, listener, suggestion))


async def _serve(settings: "Settings", listener: "Listener", suggestion: str | None) -> None:
    from bot.app import build
    from bot.server import serve as answer

    async with build(settings) as app:
        await announce(app, settings.server.url or listener.url, suggestion)
        await answer(app, listener)


async def announce(app: "App", url: str, suggestion: str | None) -> None:
    """Say where everything is; while there is no agent, with a link that creates the first one."""
    print(f"Chat:     {url}/chat")
    print(f"Console:  {url}/console")
    if not await app.agents.exist():
        token = await app.agents.invite()
        print(f"Create the first agent here (works once, within a day): {url}/console/invite?token={token}")
    if suggestion:
        print(suggestion)
    print("Stop with Ctrl+C.", flush=True)
