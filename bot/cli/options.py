"""Options that several commands share. Heavy imports stay inside the commands, so that `ask` starts fast."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.errors import BadConfiguration

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.engine.database import Database
    from retrieval import Searcher, Snapshot

Result = TypeVar("Result")

Config = Annotated[Path | None, typer.Option("--config", help="Settings file (TOML).", show_default=False)]
Index = Annotated[Path | None, typer.Option("--index", help="Folder of the index's snapshots.", show_default=False)]
Budget = Annotated[
    float | None,
    typer.Option(
        "--budget",
        min=0.0001,
        max=0.9999,
        help="Largest share of wrong answers among the answers given, instead of the settings' budget.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def print_json(value: Any) -> None:
    """Print a result for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def note(line: str) -> None:
    """Tell the maintainer on stderr what is no error, and no result either."""
    print(f"note: {line}", file=sys.stderr)


def show_help_alone(context: typer.Context) -> None:
    """Print the help of a group of commands when none of them is named."""
    if context.invoked_subcommand is None:
        print(context.get_help())


def settings_with_index(config: Path | None, index: Path | None, **overrides: Any) -> "Settings":
    """The settings of a command about an index, which is given or named by the settings; never taken by default."""
    from bot.settings import Settings

    settings = Settings.read(config, index=index and index.absolute(), **overrides)
    if config is None and "index" not in settings.model_fields_set:
        raise BadConfiguration("which index? Give --index DIR or --config FILE")
    return settings


def in_database(settings: "Settings", work: "Callable[[Database], Awaitable[Result]]") -> Result:
    """The result of a piece of work on the settings' database, which is closed at the end."""
    from bot.store.engine.database import Database

    async def run() -> Result:
        db = Database(settings.database_url)
        try:
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(run())


def searcher_of(settings: "Settings", snapshot: "Snapshot", *, parts: frozenset[str] | None = None) -> "Searcher":
    """A searcher of a snapshot within the settings' budgets, with all parts of the search or only these."""
    from retrieval import COMPONENTS, Searcher

    return Searcher(
        snapshot,
        budget=settings.budget,
        stricter=settings.document_budgets,
        unanswerable=settings.unanswerable,
        decisions=settings.decisions.limits,
        parts=COMPONENTS if parts is None else parts,
    )
