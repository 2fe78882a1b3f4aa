import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import Config
from bot.runtime.role import Role

if TYPE_CHECKING:
    from bot.app import App
    from bot.server import Listener
    from bot.settings import Settings

Port = Annotated[int | None, typer.Option("--port", help="Port to listen on.", show_default=False)]


AsRole = Annotated[
    Role,
    typer.Option(
        "--role",
        help="What this process does: web takes in and answers over HTTP, worker decides, sender delivers.",
    ),
]


def serve(config: Config = None, port: Port = None, role: AsRole = "all") -> None:
    """Serve the chat, the console and the channels, or do a part of the work as one of many processes."""
    import sys

    from bot.log import configure_logs
    from bot.settings import Settings

    configure_logs(json=not sys.stderr.isatty())
    server = {"port": port} if port is not None else {}
    settings = Settings.read(config, server=server)
    run_server(settings, role=role, with_port=role in {"all", "web"} or port is not None)


def run_server(
    settings: "Settings", *, role: Role = "all", with_port: bool = True, suggestion: str | None = None
) -> None:
    """Run the server in the foreground until it is told to stop."""
    from bot.server import Listener

    listener = Listener(settings.server.host, settings.server.port) if with_port else None
    asyncio.run(_serve(settings, role, listener, suggestion))


async def _serve(settings: "Settings", role: Role, listener: "Listener | None", suggestion: str | None) -> None:
    from bot.app import build
    from bot.server import serve as answer

    async with build(settings, role=role) as app:
        if listener and role in {"all", "web"}:
            await announce(app, settings.server.url or listener.url, suggestion)
        else:
            print(f"At work as {role}{f': {listener.url}/metrics' if listener else ''}")
        if role in {"all", "worker"}:
            await asyncio.to_thread(warn_of_encoder, settings)
            await asyncio.to_thread(warn_of_little, settings)
            await asyncio.to_thread(warn_of_reader, settings)
        print("Stop with Ctrl+C.", flush=True)
        await answer(app, listener)


def warn_of_encoder(settings: "Settings") -> None:
    """Say so where the index was made with another encoder than the settings have."""
    from bot.health.encoders import other_encoder

    if (differs := other_encoder(settings)) is not None:
        print(f"Note: {differs} Run `answerdesk reindex`.")


def warn_of_reader(settings: "Settings") -> None:
    """Say so where the reader of the settings is not asked, and what would mend it."""
    from bot.health.reader import check_reader

    for each in check_reader(settings):
        if each.remedy:
            print(f"Note: {each.message} {each.remedy}")


def warn_of_little(settings: "Settings") -> None:
    """Say so where hardly any question will be answered, and what would help most."""
    from bot.health.first_report import advice_text, expected, little_text

    report = expected(settings)
    if report is not None and report.is_little:
        print(f"Note: {little_text(report)}")
        print("\n".join(f"  {place}. {advice_text(each)}" for place, each in enumerate(report.advice, 1)))


async def announce(app: "App", url: str, suggestion: str | None) -> None:
    """Say where everything is; while there is no agent, with a link that creates the first one."""
    print(f"Chat:     {url}/chat")
    print(f"Console:  {url}/console")
    if not await app.agents.exist():
        token = await app.agents.invite()
        print(f"Create the first agent here (works once, within a day): {url}/console/invite?token={token}")
    if suggestion:
        print(suggestion)
