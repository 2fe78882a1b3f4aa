from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Config, Result, in_database, print_json, show_help_alone
from bot.errors import NoSuchCase

if TYPE_CHECKING:
    from bot.store.engine.database import Database
    from bot.store.queues.undelivered import UndeliveredMessage

app = typer.Typer(help="What is owed to customers and not delivered.")


@app.callback(invoke_without_command=True)
def _outbox(context: typer.Context) -> None:
    show_help_alone(context)


@app.command("list")
def show(
    config: Config = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only what could not be delivered.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the messages that are owed or could not be delivered, oldest first."""
    from bot.store.queues.undelivered import undelivered

    letters = _with_database(config, lambda db: undelivered(db, failed=failed))
    if as_json:
        print_json([asdict(letter) for letter in letters])
    else:
        print("\n".join(_lines(letters)) or "Nothing.")


@app.command()
def retry(
    number: Annotated[int, typer.Argument(help="Number of the message, as `outbox list` shows it.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Try a message again that could not be delivered; a running server sends it at once."""
    from bot.store.queues import undelivered

    _with_database(config, lambda db: undelivered.retry(db, number, now=datetime.now(UTC)))
    if as_json:
        print_json({"id": number, "state": "pending"})
    else:
        print(f"Message {number} is owed again.")


def _lines(letters: "Sequence[UndeliveredMessage]") -> list[str]:
    lines = []
    for each in letters:
        state = {"leased": "being delivered"}.get(each.state, each.state)
        tries = f"{each.attempts} {'try' if each.attempts == 1 else 'tries'}"
        due = f", not before {each.due_at:%Y-%m-%d %H:%M:%S}" if each.state == "pending" else ""
        text = " ".join(each.text.split())
        lines += [
            f"{each.id}  {each.channel} to {each.address}: {state} after {tries}{due}",
            f"    {text if len(text) <= 80 else f'{text[:79]}…'}",
        ]
        if each.error:
            lines.append(f"    {each.error}")
    return lines


def _with_database(config: Path | None, work: "Callable[[Database], Awaitable[Result]]") -> Result:
    from bot.settings import Settings

    settings = Settings.read(config)
    if not settings.has_database:
        raise NoSuchCase(f"there is no database in {settings.data} yet; `serve` makes it")
    return in_database(settings, work)
