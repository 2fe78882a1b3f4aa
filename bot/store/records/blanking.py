"""Taking somebody's words out of a conversation that goes on: out of lines, decisions, cases and what quotes them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Erasure
from bot.store.records.receipts import figures_alone
from bot.store.tables import escalations, messages, receipts, verdicts

#: Words as short as these stand by themselves in other people's too: they are looked for nowhere else.
_SHORTEST = 8
_REWRITE = update(receipts).where(receipts.c.id == bindparam("which")).values(body=bindparam("left"))
_RETELL = update(messages).where(messages.c.id == bindparam("which")).values(text=bindparam("left"))
_REASK = update(escalations).where(escalations.c.id == bindparam("which")).values(question=bindparam("left"))


async def blank_lines(
    connection: AsyncConnection, conversation_id: int, line_ids: Collection[int], erasure: Erasure
) -> None:
    """Blank lines of a locked conversation, and their words wherever else it has them.

    Of the decisions on them, or that hold their words, the figures alone are left.
    """
    mine = messages.c.conversation_id == conversation_id
    lines = (await connection.execute(select(messages).where(mine).order_by(messages.c.id))).all()
    gone = [line for line in lines if line.id in line_ids]
    left = [line for line in lines if line.id not in line_ids]
    decided = {line.receipt_id for line in gone if line.author == "customer" and line.receipt_id is not None}
    rows = await connection.execute(select(receipts).where(receipts.c.conversation_id == conversation_id))
    bodies = {row.id: row.body for row in rows}
    words = _words(gone, left, [bodies[number] for number in decided])
    held = [number for number, body in bodies.items() if number in decided or says_any(body, _long(words))]
    await _blank_receipts(connection, {number: bodies[number] for number in held}, erasure)
    await _blank_cases(connection, conversation_id, words, left)
    await _blank_echoes(connection, left, _long(words))
    await connection.execute(
        update(messages).where(messages.c.id.in_(line_ids)).values(text="", attachments=null(), quotes=null())
    )
    offering = mine & messages.c.receipt_id.in_(held) & (messages.c.author == "bot")
    await connection.execute(update(messages).where(offering).values(choices=null(), chosen=None))


def says_any(body: Any, words: Sequence[str]) -> bool:
    """True where any text in a stored value holds any of these words as they stand."""
    if isinstance(body, str):
        return any(each in body for each in words)
    if isinstance(body, dict):
        return any(says_any(each, words) for each in body.values())
    return isinstance(body, list | tuple) and any(says_any(each, words) for each in body)


def _words(gone: Sequence[Row[Any]], left: Sequence[Row[Any]], decided: Sequence[Any]) -> list[str]:
    """The texts that go, and the questions that were read from them, a line each, but for those that others have."""
    questions = [body["question"] for body in decided]
    questions += [part["question"] for body in decided for part in body.get("parts") or ()]
    asked = [line.strip() for question in questions for line in question.split("\n")]
    kept = [line.text for line in left if line.author == "customer"]
    texts = [line.text for line in gone] + [each for each in asked if not any(each in text for text in kept)]
    return sorted({each for each in texts if each.strip()}, key=len, reverse=True)


def _long(words: Sequence[str]) -> list[str]:
    return [each for each in words if len(each.strip()) >= _SHORTEST]


async def _blank_receipts(connection: AsyncConnection, held: Mapping[int, Any], erasure: Erasure) -> None:
    if held:
        left = [{"which": number, "left": figures_alone(body, erasure)} for number, body in held.items()]
        await connection.execute(_REWRITE, left)
        await connection.execute(delete(verdicts).where(verdicts.c.receipt_id.in_(list(held))))


async def _blank_cases(
    connection: AsyncConnection, conversation_id: int, words: Sequence[str], left: Sequence[Row[Any]]
) -> None:
    """Leave of each case's question the lines that others, or other messages, have asked."""
    kept = [line.text for line in left if line.author == "customer"]
    cases = await connection.execute(select(escalations).where(escalations.c.conversation_id == conversation_id))
    changed = []
    for row in cases:
        lines = [each.strip() for each in _without(row.question, _long(words)).split("\n")]
        question = "\n".join(each for each in lines if each and not _is_gone(each, words, kept))
        if question != row.question:
            changed.append({"which": row.id, "left": question})
    if changed:
        await connection.execute(_REASK, changed)


def _is_gone(line: str, words: Sequence[str], kept: Sequence[str]) -> bool:
    return any(line in each for each in words) and not any(line in each for each in kept)


async def _blank_echoes(connection: AsyncConnection, left: Sequence[Row[Any]], words: Sequence[str]) -> None:
    """Take the words out of what the bot says of them: it names a question that it leaves open."""
    told = [
        {"which": line.id, "left": _without(line.text, words, sign="…")}
        for line in left
        if line.author == "bot" and says_any(line.text, words)
    ]
    if told:
        await connection.execute(_RETELL, told)


def _without(text: str, words: Sequence[str], *, sign: str = "") -> str:
    for each in words:
        text = text.replace(each, sign)
    return text.strip()
