"""A person's part of a conversation in which several write: their own words, and what was said to them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import conversations, messages
from channels.message import clean

#: Authors of lines that people write on the platform.
_PEOPLE = ("customer", "peer")


@dataclass(frozen=True, kw_only=True)
class Share:
    """A person's part of a conversation in which others write too."""

    #: Their own lines, and with them what the bot said to them; of their own case, the agents' lines too.
    line_ids: frozenset[int]
    #: The decisions on what they said.
    receipt_ids: frozenset[int]
    #: What the others wrote.
    others_words: tuple[str, ...]


def conversations_with(channel: str, customer: str) -> Select[Any]:
    """A person's conversations on a channel that are not erased: those they began, and those they wrote in."""
    person = clean(customer)[:200]
    wrote = select(messages.c.conversation_id).where(messages.c.person == person)
    return (
        select(conversations)
        .where(conversations.c.channel == channel, conversations.c.erased_at.is_(None))
        .where(or_(conversations.c.customer == person, conversations.c.id.in_(wrote)))
    )


async def share_of(connection: AsyncConnection, conversation: Row[Any], customer: str) -> Share | None:
    """A person's part of a conversation; None where nobody else writes in it, and all of it is theirs."""
    person = clean(customer)[:200]
    mine = messages.c.conversation_id == conversation.id
    lines = (await connection.execute(select(messages).where(mine).order_by(messages.c.id))).all()
    others = [line for line in lines if line.author in _PEOPLE and _whose(line, conversation) != person]
    if not others and conversation.customer == person:
        return None
    own = [line for line in lines if line.author != "event" and _whose(line, conversation) == person]
    decided = {line.receipt_id for line in own if line.author == "customer" and line.receipt_id is not None}
    return Share(
        line_ids=frozenset(line.id for line in own),
        receipt_ids=frozenset(decided),
        others_words=tuple(line.text for line in others if line.text.strip()),
    )


def _whose(line: Row[Any], conversation: Row[Any]) -> str:
    whose: str = line.person or conversation.customer
    return whose
