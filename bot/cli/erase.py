from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Config, in_database, print_json
from bot.errors import NoSuchCustomer

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.engine.database import Database
    from bot.store.privacy.erasure import Traces


def erase(
    channel: Annotated[str, typer.Option("--channel", help="Name of the channel, such as telegram.")],
    customer: Annotated[str, typer.Option("--customer", help="Who it is, as the console says under “Known as”.")],
    config: Config = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase it. Without this, only what there is is told.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase everything about a customer of a channel, for good; they are told so last."""
    from bot.settings import Settings

    settings = Settings.read(config)
    if not settings.has_database:
        raise NoSuchCustomer(f"there is no database in {settings.data} yet; `serve` makes it")
    traces, is_clean = in_database(settings, lambda db: _erase(db, settings, channel, customer, yes=yes))
    if as_json:
        result = {"channel": channel, "customer": customer, "erased": yes, **asdict(traces)}
        print_json(result | ({"scrubbed": is_clean} if yes else {}))
    else:
        print("\n".join(_lines(traces, is_erased=yes, is_clean=is_clean)))


async def _erase(
    db: "Database", settings: "Settings", channel: str, customer: str, *, yes: bool
) -> "tuple[Traces, bool]":
    """Counts of what there is or was; true when no word of it is left in the database's file."""
    from bot.conversation import Erasure, phrases_for
    from bot.store.privacy import erasure

    if not yes:
        return await erasure.preview(db, channel, customer), False
    async with db.write("desk", "outbox") as connection:
        traces = await erasure.erase(
            connection,
            channel,
            customer,
            erasure=Erasure(at=datetime.now(UTC), by=None),
            phrases=partial(phrases_for, address=settings.address),
        )
    await db.scrub()
    return traces, not await db.has_remnants()


def _lines(traces: "Traces", *, is_erased: bool, is_clean: bool) -> list[str]:
    counts = {
        "conversations": traces.conversations,
        "messages": traces.messages,
        "references to files": traces.files,
        "decisions": traces.decisions,
        "cases": traces.cases,
        "messages not sent yet": traces.owed,
    }
    lines = [f"{'Erased' if is_erased else 'There are'}:", *(f"  {count} {what}" for what, count in counts.items())]
    if not is_erased:
        return [*lines, "Nothing is erased yet. To erase it for good, give --yes."]
    lines.append("A running server tells the customer, and then erases the address it needed for that.")
    if not is_clean:
        lines.append("Somebody reads the database just now; a running server clears its file within a few seconds.")
    return lines
