"""Receipts as JSON in the database, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Erasure, LanguageChoice, Part, Receipt, erasure_text
from bot.errors import NoSuchCase
from bot.store.engine.database import Database
from bot.store.tables import conversations, messages, receipts
from retrieval import Candidate
from retrieval.reader.consulted import Consulted

#: What may stay of a receipt whose customer is erased.
_FIGURES = (
    *("decision", "reason", "step", "confidence", "among_beside", "among_first", "threshold", "unanswerable", "shift"),
    *("language", "snapshot", "case"),
)
#: Made once: putting a statement together costs more than carrying it out.
_ADD = insert(receipts).returning(receipts.c.id, receipts.c.conversation_id)


async def add_receipts(
    connection: AsyncConnection, decided: Mapping[int, Receipt], *, now: datetime
) -> Mapping[int, int]:
    """Store the receipt of a decision on each of several conversations; their numbers, also by conversation."""
    rows = [{"conversation_id": whose, "at": now, "body": receipt_to_json(each)} for whose, each in decided.items()]
    added = await connection.execute(_ADD, rows) if rows else ()
    return {row.conversation_id: row.id for row in added}


async def receipt_of_message(db: Database, message_id: int) -> Receipt:
    """The receipt of the decision on a customer's message, or behind a bot's answer."""
    statement = (
        select(receipts).join(messages, messages.c.receipt_id == receipts.c.id).where(messages.c.id == message_id)
    )
    async with db.read() as connection:
        row = (await connection.execute(statement)).first()
        if row is None:
            erased = await _erased(connection, message_id)
            what = (
                f"it was {erasure_text(erased)}"
                if erased
                else "there is no such message, or no decision was made on it"
            )
            raise NoSuchCase(f"message {message_id}: {what}")
    return receipt_from_row(row)


async def _erased(connection: AsyncConnection, message_id: int) -> Erasure | None:
    """The erasure of a message, if it was erased."""
    statement = (
        select(conversations.c.erased_at, conversations.c.erased_by)
        .join(messages, messages.c.conversation_id == conversations.c.id)
        .where(messages.c.id == message_id)
    )
    return erasure_from((await connection.execute(statement)).first())


def erasure_from(row: Row[*tuple[Any, ...]] | None) -> Erasure | None:
    """The erasure that a row of `conversations` tells of, if any."""
    return Erasure(at=row.erased_at, by=row.erased_by) if row and row.erased_at else None


def receipt_from_row(row: Row[Any]) -> Receipt:
    """The receipt in a row of `receipts`."""
    body = dict(row.body)
    candidates = tuple(
        Candidate(
            **c
            | {
                "headings": tuple(c["headings"]),
                "section": tuple(c.get("section", ())),
                "span": c.get("span") and tuple(c["span"]),
                "updated": c["updated"] and date.fromisoformat(c["updated"]),
            }
        )
        for c in body.pop("candidates")
    )
    body["shown_first"] = {
        page: tuple((start, end) for start, end in parts) for page, parts in body.get("shown_first", {}).items()
    }
    parts = tuple(Part(**part) for part in body.pop("parts", ()))
    offered, denied = tuple(body.pop("offered", ())), tuple(body.pop("denied", ()))
    language = body.pop("language_choice", None)
    if language is not None:
        body["language_choice"] = LanguageChoice(**language | {"asks": tuple(language["asks"])})
    reader = body.pop("reader", None)
    if reader is not None:
        body["reader"] = Consulted.from_json(reader)
    erased = body.pop("erased", None)
    if erased is not None:
        body["erased"] = Erasure(at=datetime.fromisoformat(erased["at"]), by=erased["by"])
    return Receipt(**body, candidates=candidates, parts=parts, offered=offered, denied=denied, at=row.at, id=row.id)


def receipt_to_json(receipt: Receipt) -> dict[str, Any]:
    """A receipt as it is stored: everything but its own number and time."""
    body = asdict(receipt)
    del body["id"], body["at"]
    for candidate in body["candidates"]:
        candidate["updated"] = candidate["updated"].isoformat() if candidate["updated"] else None
    if receipt.erased:
        body["erased"]["at"] = receipt.erased.at.isoformat()
    return body


def figures_alone(body: dict[str, Any], erasure: Erasure) -> dict[str, Any]:
    """An erased receipt as it is stored: the decision and its figures, and nothing of what it was about."""
    figures: dict[str, Any] = {name: body.get(name) for name in _FIGURES}
    return receipt_to_json(Receipt(**figures, question="", erased=erasure))


async def asked_lately(db: Database, count: int) -> list[tuple[str, str | None]]:
    """The last questions that customers asked, of any snapshot: text and language of each, the newest first."""
    body = receipts.c.body
    question = body["searched"].as_string()
    statement = (
        select(question.label("question"), body["language"].as_string().label("language"))
        .where(question.is_not(None))
        .order_by(receipts.c.id.desc())
        .limit(count)
    )
    async with db.read() as connection:
        return [(row.question, row.language) for row in await connection.execute(statement)]
