from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson, Config, Result, in_database, print_json, show_help_alone
from bot.errors import BadConfiguration

if TYPE_CHECKING:
    from bot.conversation import Agent
    from bot.services import Agents
    from bot.settings import Settings
    from bot.store.engine.database import Database


app = typer.Typer(help="Who may sign in to the console, and which languages they read.")

Languages = Annotated[
    str,
    typer.Option("--languages", help="Codes of the languages they read, such as sv,en; all: every language."),
]


@app.callback(invoke_without_command=True)
def _agents(context: typer.Context) -> None:
    show_help_alone(context)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What customers see when they reply; the agent can change it.")] = "",
    languages: Languages = "all",
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Make a link with which one agent can be created: it works once, within a day."""
    from bot.services import Invitation
    from bot.settings import Settings

    invitation = Invitation(name=name, languages=_codes(languages))
    settings = Settings.read(config)
    token = _with_agents(settings, lambda agents: agents.invite(invitation))
    url = settings.server.url or f"http://{settings.server.host}:{settings.server.port}"
    link = f"{url}/console/invite?token={token}"
    if as_json:
        print_json({"link": link})
    else:
        print(f"Send this to the new agent. It works once, within a day: {link}")


@app.command()
def edit(
    email: Annotated[str, typer.Argument(help="The e-mail they sign in with.")],
    languages: Annotated[str, typer.Option("--languages", help="Codes as for add; all: every language.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Change which languages an agent reads: they are offered the cases in these first."""
    from bot.settings import Settings

    codes = _codes(languages)

    async def change(agents: "Agents") -> "Agent":
        agent = await agents.by_email(email)
        await agents.edit(agent.id, languages=codes, console_language=agent.console_language)
        return await agents.by_email(email)

    agent = _with_agents(Settings.read(config), change)
    if as_json:
        print_json(_profile(agent))
    else:
        print(f"{agent.name} reads {_listed(agent)}.")


@app.command("list")
def list_(config: Config = None, as_json: AsJson = False) -> None:
    """List who may sign in and which languages they read."""
    from bot.settings import Settings

    agents = _with_agents(Settings.read(config), lambda agents: agents.all())
    if as_json:
        print_json([_profile(agent) for agent in agents])
    elif not agents:
        print("Nobody can sign in yet. Invite somebody: answerdesk agents add --config FILE")
    else:
        for agent in agents:
            print(f"{agent.name} <{agent.email}>: {_listed(agent)}")


def _with_agents(settings: "Settings", use: "Callable[[Agents], Awaitable[Result]]") -> Result:
    from bot.app import utc_now
    from bot.services import Agents

    try:
        settings.data.mkdir(parents=True, exist_ok=True)  # the first agent may come before the first `serve`
    except OSError as error:
        raise BadConfiguration(f"data: {settings.data} cannot be written: {error.strerror}") from error

    async def run(db: "Database") -> Result:
        await db.migrate()
        return await use(Agents(db, clock=utc_now))

    return in_database(settings, run)


def _codes(languages: str) -> tuple[str, ...]:
    """The languages of an option, each once and in its order; none for all."""
    from bot.conversation import base_code

    if languages.strip().lower() == "all":
        return ()
    codes: list[str] = []
    for named in filter(None, map(str.strip, languages.split(","))):
        code = base_code(named)
        if code is None:
            raise BadConfiguration(f"--languages: {named} is no code of a language; write them as in sv,en")
        codes.append(code)
    if not codes:
        raise BadConfiguration("--languages: no language is named; write sv,en, or all")
    return tuple(dict.fromkeys(codes))


def _profile(agent: "Agent") -> dict[str, Any]:
    return {"name": agent.name, "email": agent.email, "languages": list(agent.languages)}


def _listed(agent: "Agent") -> str:
    return ", ".join(agent.languages) or "all languages"
