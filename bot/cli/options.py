"""Options that several commands share. Heavy imports stay inside the commands, so that `ask` starts fast."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.errors import BadConfiguration

Config = Annotated[Path | None, typer.Option("--config", help="Settings file (TOML).", show_default=False)]
Index = Annotated[Path | None, typer.Option("--index", help="Folder of the index's snapshots.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def print_json(value: Any) -> None:
    """Print a result for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def index_folder(index: Path | None, config: Path | None) -> Path:
    """The index a command is about: given, or named by the settings."""
    if index is not None:
        return index
    if config is None:
        raise BadConfiguration("which index? Give --index DIR or --config FILE")
    from bot.settings import Settings

    return Settings.read(config).index
