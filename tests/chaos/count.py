"""What is counted when everything has come to rest, on one channel."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine.database import Database
from bot.store.tables import INBOX_OPEN, OUTBOX_OPEN, conversations, escalations, inbox, messages, outbox, receipts
from tests.chaos.deliveries import Sent, count_beyond, heard
from tests.chaos.process import Break
from tests.chaos.sides import Side

_HAS_CASE = exists().where(escalations.c.conversation_id == conversations.c.id)
_HAS_OPEN_CASE = _HAS_CASE.where(escalations.c.state.in_(("waiting", "claimed")))


@dataclass(frozen=True, kw_only=True)
class Count:
    """What went wrong, where nothing may; and how much there was of all."""

    messages: int
    answers: int
    escalations: int
    #: Messages that were acknowledged and are not in the transcript exactly once.
    lost_or_twice: int
    #: Messages with neither a decision of their own nor an agent who has, or had, the conversation.
    without_outcome: int
    #: Lines of the bot beyond one for each message of a decision, but for one that asks what came of several
    #: suggestions; and deliveries beyond one for a line.
    decided_twice: int
    delivered_twice: int
    #: Of the latter, those that cannot be helped on a platform without idempotency: the platform was silent after
    #: delivering, or the bot was killed or lost its database after delivering and before noting it.
    after_silence: int
    after_break: int
    #: And those that can be.
    without_excuse: int
    never_delivered: int
    #: Deliveries of what the outbox says nothing of, and lines that were tried until they were given up.
    unknown: int
    given_up: int
    #: Deliveries before an earlier line of their conversation.
    out_of_order: int
    #: Decisions of the bot that stand in a transcript after an agent claimed the case, and before they left it.
    said_after_claim: int
    #: Conversations whose owner and open escalation do not fit.
    without_owner: int
    #: Rules of the platform that the adapter broke.
    complaints: int
    still_open: int

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost, said twice, out of order or left alone."""
        return not any(
            (
                self.lost_or_twice,
                self.without_outcome,
                self.decided_twice,
                self.without_excuse,
                self.never_delivered,
                self.unknown,
                self.given_up,
                self.out_of_order,
                self.said_after_claim,
                self.without_owner,
                self.complaints,
                self.still_open,
            )
        )


async def count(db: Database, side: Side, said: Sequence[str], breaks: Sequence[Break]) -> Count:
    """Count over the database and what the platform's customers have seen; `said` are the messages' ids."""
    here = conversations.c.channel == side.name
    async with db.read() as connection:
        of_customers = (
            await connection.execute(
                _lines(here).add_columns(messages.c.message_id).where(messages.c.author == "customer")
            )
        ).all()
        sent = await _sent(connection, here)
        said_after_claim = await _said_after_claim(connection, here)
        of_bot = (
            await connection.execute(
                _lines(here)
                .join(outbox, outbox.c.line_id == messages.c.id)
                .where(outbox.c.state == "sent", messages.c.receipt_id.is_not(None))
            )
        ).all()
        is_suggested = receipts.c.body["decision"].as_string() == "suggest"
        guesses = select(receipts.c.id).join(conversations, conversations.c.id == receipts.c.conversation_id)
        suggested = set((await connection.execute(guesses.where(here, is_suggested))).scalars())
        alone = messages.c.author == "customer", messages.c.receipt_id.is_(None), ~_HAS_CASE
        without_outcome = len((await connection.execute(_lines(here).where(*alone))).all())
        does_not_fit = or_(
            and_(conversations.c.owner == "bot", _HAS_OPEN_CASE), and_(conversations.c.owner != "bot", ~_HAS_OPEN_CASE)
        )
        numbers = [
            await connection.scalar(statement) or 0
            for statement in (
                select(func.count()).select_from(escalations).join(conversations).where(here),
                select(func.count()).select_from(conversations).where(here, does_not_fit),
                select(func.count()).select_from(outbox).join(conversations).where(here, outbox.c.state == "failed"),
                select(func.count()).select_from(inbox).where(inbox.c.channel == side.name, INBOX_OPEN),
                select(func.count()).select_from(outbox).join(conversations).where(here, OUTBOX_OPEN),
            )
        ]
    escalated, without_owner, given_up, *still_open = numbers
    stored = Counter(row.message_id for row in of_customers)
    lines = Counter(row.receipt_id for row in of_bot)
    decided = Counter(row.receipt_id for row in of_customers if row.receipt_id is not None)
    made = heard(list(side.platform.delivered), sent)
    after_silence = [] if side.is_exact else made.after_silence()
    after_break = [] if side.is_exact else made.after_break(breaks, {row.line: row for row in sent})
    return Count(
        messages=len(said),
        answers=len(sent),
        escalations=escalated,
        lost_or_twice=sum(stored[each] != 1 for each in said),
        without_outcome=without_outcome,
        decided_twice=sum(
            max(0, times - max(1, decided[receipt]) - (decided[receipt] > 1 and receipt in suggested))
            for receipt, times in lines.items()
        ),
        delivered_twice=len(made.twice),
        after_silence=len(after_silence),
        after_break=len(after_break),
        without_excuse=count_beyond([*after_silence, *after_break], made.twice),
        never_delivered=sum((row.line, 0) not in made.each for row in sent),
        unknown=made.unknown,
        given_up=given_up,
        out_of_order=made.out_of_order,
        said_after_claim=said_after_claim,
        without_owner=without_owner,
        complaints=len(side.platform.complaints),
        still_open=sum(still_open),
    )


def _lines(here: ColumnElement[bool]) -> Select[Any]:
    return (
        select(messages.c.id, messages.c.receipt_id)
        .join_from(messages, conversations, messages.c.conversation_id == conversations.c.id)
        .where(here)
    )


async def _said_after_claim(connection: AsyncConnection, here: ColumnElement[bool]) -> int:
    """Count the bot's decisions between a claim or a reopening and the next act with which an agent leaves."""
    lines = (
        select(messages.c.conversation_id, messages.c.author, messages.c.text, messages.c.receipt_id)
        .join_from(messages, conversations, messages.c.conversation_id == conversations.c.id)
        .where(here, messages.c.author.in_(("event", "bot")))
        .order_by(messages.c.id)
    )
    held, wrong = dict[int, bool](), 0
    for row in await connection.execute(lines):
        if row.author == "event":
            held[row.conversation_id] = row.text.endswith(("claimed this.", "reopened this."))
        elif row.receipt_id is not None:
            wrong += held.get(row.conversation_id, False)
    return wrong


async def _sent(connection: AsyncConnection, here: ColumnElement[bool]) -> list[Sent]:
    statement = (
        select(outbox.c.line_id, outbox.c.platform_id, outbox.c.attempts, conversations.c.address)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .where(here, outbox.c.state == "sent")
    )
    return [
        Sent(line=row.line_id, address=row.address, platform_id=row.platform_id, attempts=row.attempts)
        for row in await connection.execute(statement)
    ]
