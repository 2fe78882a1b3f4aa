"""Conversations and their transcripts, as the worker and the customer see them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Conversation, LanguageChoice, phrases_for, reply_locale
from bot.store.engine.database import Database
from bot.store.tables import INBOX_OPEN, OUTBOX_OPEN, agents, conversations, escalations, inbox, messages, outbox
from channels.message import Action, Choice, Labels, Owner, SourceCard, Status, TranscriptLine

#: Statements of every message, made once: putting one together costs more than carrying it out.
_ADD_LINE = insert(messages).returning(messages.c.id, messages.c.conversation_id)
_MOVE = (
    update(conversations)
    .where(conversations.c.id == bindparam("which"))
    .values(
        version=conversations.c.version + 1,
        owner=bindparam("whose"),
        language=bindparam("spoken"),
        language_pinned=bindparam("pinned"),
    )
)
_SEVERAL = select(conversations).where(conversations.c.id.in_(bindparam("which", expanding=True)))
#: A customer who comes back sees at most this many of the last messages.
LONGEST_HISTORY = 200


def conversation_from(row: Row[Any]) -> Conversation:
    """The value of a row of `conversations`."""
    return Conversation(
        id=row.id,
        channel=row.channel,
        address=row.address,
        customer=row.customer,
        customer_name=row.customer_name,
        locale=row.locale,
        owner=row.owner,
        version=row.version,
        language=row.language,
        is_language_pinned=row.language_pinned,
    )


def source_to_json(source: SourceCard | None) -> dict[str, Any] | None:
    """A source card as it is stored."""
    return asdict(source) | {"updated": source.updated.isoformat() if source.updated else None} if source else None


def source_from_json(stored: dict[str, Any] | None) -> SourceCard | None:
    """The source card that was stored."""
    if stored is None:
        return None
    return SourceCard(**stored | {"updated": date.fromisoformat(stored["updated"]) if stored["updated"] else None})


def choices_to_json(choices: Sequence[Choice]) -> list[dict[str, str]] | None:
    """Choices as they are stored."""
    return [asdict(choice) for choice in choices] or None


def choices_from_json(stored: Sequence[dict[str, str]] | None) -> tuple[Choice, ...]:
    """The choices that were stored."""
    return tuple(Choice(**each) for each in stored or ())


def action_to_json(action: Action) -> dict[str, Any]:
    """A pressed button as it is stored."""
    return {"name": action.name, "message_id": action.answer_id, "choice": action.choice}


def action_from_json(stored: dict[str, Any] | None) -> Action | None:
    """The pressed button that was stored."""
    if stored is None:
        return None
    return Action(name=stored["name"], answer_id=stored["message_id"], choice=stored["choice"])


async def lock(connection: AsyncConnection, conversation_id: int) -> Row[Any]:
    """The conversation, held until the transaction ends; SQLite's writer holds everything anyway.

    Whatever changes something of a conversation locks it before, or begins with an update of its row. So nothing is
    decided on what another transaction is just changing, ids in a transcript grow in the order in which they can be
    seen, and locks are always taken in the same order.
    """
    [row] = await lock_all(connection, [conversation_id])
    return row


async def lock_all(connection: AsyncConnection, conversation_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Several conversations, held as `lock` holds one."""
    return (await connection.execute(_lock(connection.dialect.name), {"which": conversation_ids})).all()


@cache
def _lock(dialect: str) -> Select[Any]:
    return locking(_SEVERAL, dialect)


def locking(several: Select[Any], dialect: str) -> Select[Any]:
    """Lock several conversations in the order in which everybody does, lest two wait for each other.

    It is Python's order of strings, in which arrivals are written; a database's own follows its locale.
    """
    channel, address = conversations.c.channel, conversations.c.address
    if dialect == "postgresql":
        return several.order_by(channel.collate("C"), address.collate("C")).with_for_update()
    return several.order_by(channel, address).with_for_update()


@dataclass(frozen=True, kw_only=True)
class Advance:
    """A conversation as it was read, and what it is to be from now on."""

    conversation: Conversation
    owner: Owner
    language: LanguageChoice | None = None


async def advance(connection: AsyncConnection, moves: Sequence[Advance]) -> Sequence[bool]:
    """Pass the fence: raise the versions of those that are still as they were read, and set owners and languages.

    False for one that was overtaken; of two for one conversation, one at most passes.
    """
    versions = {row.id: row.version for row in await lock_all(connection, [each.conversation.id for each in moves])}
    passed = []
    for each in moves:
        passed.append(versions.get(each.conversation.id) == each.conversation.version)
        if passed[-1]:
            del versions[each.conversation.id]
    rows = [_moved(each) for each, has_passed in zip(moves, passed, strict=True) if has_passed]
    if rows:
        await connection.execute(_MOVE, rows)
    return passed


def _moved(advance: Advance) -> dict[str, Any]:
    conversation, language = advance.conversation, advance.language
    return {
        "which": conversation.id,
        "whose": advance.owner,
        "spoken": language.language if language else conversation.language,
        "pinned": language.is_pinned if language else conversation.is_language_pinned,
    }


async def set_owner(connection: AsyncConnection, conversation_id: int, owner: Owner) -> None:
    """Give the conversation to somebody, and stop whatever the bot is computing for it."""
    await connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(owner=owner, version=conversations.c.version + 1)
    )


async def add_line(connection: AsyncConnection, conversation_id: int, **values: Any) -> int:
    """Add a line to a transcript and return its id."""
    return (await add_lines(connection, [{"conversation_id": conversation_id, **values}]))[conversation_id]


async def add_lines(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> Mapping[int, int]:
    """Add a line, all with the same columns, to each of several transcripts; the ids of lines by conversation."""
    added = await connection.execute(_ADD_LINE, rows) if rows else ()
    return {row.conversation_id: row.id for row in added}


async def form_was_sent(connection: AsyncConnection, key: str) -> bool:
    """True where an agent's form with this key has become a message."""
    return await connection.scalar(select(messages.c.id).where(messages.c.form_key == key)) is not None


async def customer_lines(db: Database, channel: str, address: str, *, after: int) -> Sequence[TranscriptLine]:
    """A conversation as its customer sees it: the last messages above an id, oldest first; no notes, no events."""
    statement = (
        select(messages, agents.c.name.label("agent_name"), outbox.c.platform_id)
        .add_columns(conversations.c.language, conversations.c.locale)
        .select_from(messages)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .outerjoin(agents, agents.c.id == messages.c.agent_id)
        .outerjoin(outbox, outbox.c.line_id == messages.c.id)
        .where(conversations.c.channel == channel, conversations.c.address == address)
        .where(messages.c.id > after, messages.c.author.in_(("customer", "bot", "agent")))
        .where(messages.c.deleted_at.is_(None))
        .order_by(messages.c.id.desc())
        .limit(LONGEST_HISTORY)
    )
    async with db.read() as connection:
        rows = (await connection.execute(statement)).all()
    return [
        TranscriptLine(
            id=row.id,
            author=row.author,
            text=row.text,
            at=row.at,
            author_name=row.agent_name,
            source=source_from_json(row.source),
            feedback=row.feedback,
            labels=labels(row.language, row.locale),
            helped=row.helped,
            choices=choices_from_json(row.choices),
            chosen=row.chosen,
            client_message_id=row.message_id,
            platform_message_id=row.platform_id,
        )
        for row in reversed(rows)
    ]


async def customer_status(db: Database, channel: str, address: str) -> Status:
    """Owner of the conversation, and whether the bot still owes something; an unknown address is the bot's."""
    asked = select(inbox.c.id).where(inbox.c.conversation_id == conversations.c.id, INBOX_OPEN).exists()
    owed = select(outbox.c.id).where(outbox.c.conversation_id == conversations.c.id, OUTBOX_OPEN).exists()
    statement = (
        select(conversations.c.owner, agents.c.name, (asked | owed).label("pending"))
        .select_from(conversations)
        .outerjoin(
            escalations, (escalations.c.conversation_id == conversations.c.id) & (escalations.c.state == "claimed")
        )
        .outerjoin(agents, agents.c.id == escalations.c.agent_id)
        .where(conversations.c.channel == channel, conversations.c.address == address)
    )
    async with db.read() as connection:
        row = (await connection.execute(statement)).first()
    return Status(owner=row.owner, agent_name=row.name, pending=row.pending) if row else Status(owner="bot")


@lru_cache(maxsize=256)
def labels(language: str | None, locale: str | None) -> Labels:
    """For a conversation of that language, with a customer of that locale."""
    return phrases_for(reply_locale(language, locale)).labels()
