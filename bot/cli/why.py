from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Config, in_database, print_json
from bot.errors import NoSuchCase

if TYPE_CHECKING:
    pass


def why(
    message_id: Annotated[int, typer.Argument(help="Number of a customer's message or of the bot's answer.")],
    config: Config = None,
    again: Annotated[
        bool,
        typer.Option(
            "--replay",
            help="Do the search again in the snapshot it was made in; exit code 1 if it comes out differently.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say why the bot did what it did with a message."""
    from bot.conversation.explain import explain
    from bot.services.replay import replay
    from bot.settings import Settings
    from bot.store.records.receipts import receipt_of_message

    settings = Settings.read(config)
    if not settings.has_database:
        raise NoSuchCase(f"message {message_id}: there is no database in {settings.data} yet; `serve` makes it")
    receipt = in_database(settings, lambda db: receipt_of_message(db, message_id))
    differences = replay(receipt, settings.index) if again else None
    if as_json:
        print_json(asdict(receipt) | ({} if differences is None else {"differences": differences}))
    else:
        print("\n".join([*explain(receipt), *_replayed(differences)]))
    if differences:
        raise typer.Exit(1)


def _replayed(differences: "list[str] | None") -> list[str]:
    if differences is None:
        return []
    return ["", "Done again, it comes out differently:", *differences] if differences else ["", "Done again: the same."]
