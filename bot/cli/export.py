import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson, Config, print_json
from bot.errors import NoSuchCustomer

if TYPE_CHECKING:
    from bot.settings import Settings


def export(
    channel: Annotated[str, typer.Option("--channel", help="Name of the channel, such as telegram.")],
    customer: Annotated[str, typer.Option("--customer", help="Who it is, as the console says under “Known as”.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print the transcripts of a customer of a channel; as JSON, everything that is kept of them."""
    from bot.settings import Settings

    settings = Settings.read(config)
    if not settings.has_database:
        raise NoSuchCustomer(f"there is no database in {settings.data} yet; `serve` makes it")
    kept = asyncio.run(_read(settings, channel, customer))
    if as_json:
        print_json({"channel": channel, "customer": customer, "conversations": kept})
    else:
        print("\n".join(_lines(kept)))


async def _read(settings: "Settings", channel: str, customer: str) -> list[dict[str, Any]]:
    from bot.store.database import Database
    from bot.store.export import everything_about

    db = Database(settings.database_url)
    try:
        return await everything_about(db, channel, customer)
    finally:
        await db.close()


def _lines(kept: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for conversation in kept:
        yield f"Conversation {conversation['id']}, since {conversation['opened_at']:%Y-%m-%d %H:%M} UTC"
        for line in conversation["messages"]:
            who = line["agent"] or line["author"]
            yield f"{line['at']:%Y-%m-%d %H:%M}  {who}: {line['text']}"
            for file in line["attachments"] or ():
                yield f"{'':18}file: {file['name']}"
        yield ""
