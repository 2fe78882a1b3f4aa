"""What is counted when everything has come to rest."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import and_, exists, func, or_, select

from bot.store.database import Database
from bot.store.tables import INBOX_OPEN, OUTBOX_OPEN, conversations, escalations, inbox, messages, outbox
from tests.chaos.platform import Platform


@dataclass(frozen=True, kw_only=True)
class Count:
    """What went wrong, where nothing may; and how much there was of all."""

    messages: int
    answers: int
    escalations: int
    #: Messages that were acknowledged and are not in the transcript exactly once.
    lost_or_twice: int
    #: Messages with neither a decision of their own nor a person who has the conversation.
    without_outcome: int
    #: Lines of the bot beyond one for each message of a decision, and deliveries beyond one for a line.
    decided_twice: int
    delivered_twice: int
    #: Of the latter, those where the platform was silent after delivering and knows no idempotency.
    after_silence: int
    never_delivered: int
    #: Deliveries before an earlier line of their conversation.
    out_of_order: int
    #: Conversations whose owner and open escalation do not fit.
    without_owner: int
    still_open: int

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost, said twice, out of order or left alone."""
        return not any(
            (
                self.lost_or_twice,
                self.without_outcome,
                self.decided_twice,
                self.delivered_twice - self.after_silence,
                self.never_delivered,
                self.out_of_order,
                self.without_owner,
                self.still_open,
            )
        )


async def count(db: Database, platform: Platform, said: Sequence[str]) -> Count:
    """Count over the database and what the platform's customers have seen; `said` are the messages' ids."""
    async with db.read() as connection:
        of_customers = (
            await connection.execute(
                select(messages.c.message_id, messages.c.receipt_id).where(messages.c.author == "customer")
            )
        ).all()
        handed_over = select(escalations.c.id).where(escalations.c.conversation_id == messages.c.conversation_id)
        alone = await connection.scalar(
            select(func.count())
            .select_from(messages)
            .where(messages.c.author == "customer", messages.c.receipt_id.is_(None), ~exists(handed_over))
        )
        of_bot = (
            await connection.execute(
                select(messages.c.id, messages.c.receipt_id, conversations.c.address)
                .join_from(messages, conversations, messages.c.conversation_id == conversations.c.id)
                .join(outbox, outbox.c.line_id == messages.c.id)
                .where(outbox.c.state == "sent")
            )
        ).all()
        escalated = await connection.scalar(select(func.count()).select_from(escalations))
        open_one = select(escalations.c.id).where(
            escalations.c.conversation_id == conversations.c.id, escalations.c.state.in_(("waiting", "claimed"))
        )
        without_owner = await connection.scalar(
            select(func.count())
            .select_from(conversations)
            .where(
                or_(
                    and_(conversations.c.owner == "bot", exists(open_one)),
                    and_(conversations.c.owner != "bot", ~exists(open_one)),
                )
            )
        )
        still_open = [
            await connection.scalar(select(func.count()).select_from(table).where(is_open))
            for table, is_open in ((inbox, INBOX_OPEN), (outbox, OUTBOX_OPEN))
        ]
    stored = Counter(row.message_id for row in of_customers)
    lines = Counter(row.receipt_id for row in of_bot if row.receipt_id is not None)
    decided = Counter(row.receipt_id for row in of_customers if row.receipt_id is not None)
    twice = [key for keys in platform.delivered.values() for key, times in Counter(keys).items() if times > 1]
    return Count(
        messages=len(said),
        answers=len(of_bot),
        escalations=escalated or 0,
        lost_or_twice=sum(stored[each] != 1 for each in said),
        without_outcome=alone or 0,
        decided_twice=sum(max(0, times - max(1, decided[receipt])) for receipt, times in lines.items()),
        delivered_twice=len(twice),
        after_silence=0 if platform.is_idempotent else sum(key in platform.unanswered for key in twice),
        never_delivered=sum(row.id not in set(platform.delivered[row.address]) for row in of_bot),
        out_of_order=_out_of_order(platform.delivered),
        without_owner=without_owner or 0,
        still_open=sum(each or 0 for each in still_open),
    )


def _out_of_order(delivered: Mapping[str, Iterable[int]]) -> int:
    """How many first deliveries came after one of a later line of the same conversation."""
    wrong = 0
    for keys in delivered.values():
        first = list(dict.fromkeys(keys))
        wrong += sum(key < before for before, key in pairwise(first))
    return wrong
