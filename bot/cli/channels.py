import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Config, print_json, show_help_alone
from bot.errors import BadConfiguration

if TYPE_CHECKING:
    from bot.settings import Settings
    from channels.health import CheckResult

app = typer.Typer(help="The channels on which customers write.")


@app.callback(invoke_without_command=True)
def _channels(context: typer.Context) -> None:
    show_help_alone(context)


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="The channel's name, as in the settings: slack, telegram, x.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Ask a channel's platform whether it would work, and say what to do next; exit code 1 when something is amiss."""
    from bot.settings import Settings

    findings = asyncio.run(_examine(Settings.read(config), name))
    if as_json:
        print_json([finding.as_json() for finding in findings])
    else:
        for finding in findings:
            print(f"{'ok ' if finding.ok else '!! '} {finding.message}")
            if finding.remedy:
                print(f"    {finding.remedy}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


async def _examine(settings: "Settings", name: str) -> "Sequence[CheckResult]":
    from channels.health import Checkable, NullHost
    from channels.registry import build_channels

    if name not in settings.channels:
        raise BadConfiguration(f"channels.{name}: there is no such section in the settings")
    channel = build_channels({name: settings.channels[name]}, NullHost())[name]
    if not isinstance(channel, Checkable):
        raise BadConfiguration(f"channels.{name}: this channel talks to no platform, so there is nothing to check")
    return await channel.check()
