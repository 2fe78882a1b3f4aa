from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from bot.cli.options import AsJson, Config, in_database, print_json
from bot.errors import NoSuchCustomer


def export(
    channel: Annotated[str, typer.Option("--channel", help="Name of the channel, such as telegram.")],
    customer: Annotated[str, typer.Option("--customer", help="Who it is, as the console says under “Known as”.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print the transcripts of a customer of a channel; as JSON, everything that is kept of them."""
    from bot.settings import Settings
    from bot.store.privacy.export import everything_about

    settings = Settings.read(config)
    if not settings.has_database:
        raise NoSuchCustomer(f"there is no database in {settings.data} yet; `serve` makes it")
    kept = in_database(settings, lambda db: everything_about(db, channel, customer))
    if as_json:
        print_json({"channel": channel, "customer": customer, "conversations": kept})
    else:
        print("\n".join(_lines(kept)))


def _lines(kept: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for conversation in kept:
        yield f"Conversation {conversation['id']}, since {conversation['opened_at']:%Y-%m-%d %H:%M} UTC"
        for line in conversation["messages"]:
            who = line["agent"] or {"peer": "customer"}.get(line["author"], line["author"])
            yield f"{line['at']:%Y-%m-%d %H:%M}  {who}: {line['text']}"
            for file in line["attachments"] or ():
                yield f"{'':18}file: {file['name']}"
        yield ""
