import asyncio

import typer

from bot.cli.options import AsJson, Config, print_json, show_help_alone
from bot.errors import BadConfiguration

app = typer.Typer(help="Who may sign in to the console.")


@app.callback(invoke_without_command=True)
def _agents(context: typer.Context) -> None:
    show_help_alone(context)


@app.command()
def add(config: Config = None, as_json: AsJson = False) -> None:
    """Make a link with which one agent can be created: it works once, within a day."""
    from bot.settings import Settings

    settings = Settings.read(config)
    try:
        settings.data.mkdir(parents=True, exist_ok=True)  # the first agent may come before the first `serve`
    except OSError as error:
        raise BadConfiguration(f"data: {settings.data} cannot be written: {error.strerror}") from error
    token = asyncio.run(_invite(settings.database_url))
    url = settings.server.url or f"http://{settings.server.host}:{settings.server.port}"
    link = f"{url}/console/invite?token={token}"
    if as_json:
        print_json({"link": link})
    else:
        print(f"Send this to the new agent. It works once, within a day: {link}")


async def _invite(database_url: str) -> str:
    from bot.app import utc_now
    from bot.desk.agents import Agents
    from bot.store.database import Database

    db = Database(database_url)
    try:
        await db.migrate()
        return await Agents(db, clock=utc_now).invite()
    finally:
        await db.close()
