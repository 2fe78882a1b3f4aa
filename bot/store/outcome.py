"""The commit of a turn: everything it led to in one transaction, behind the fence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.compose import Draft
from bot.conversation.language.settle import LanguageChoice
from bot.conversation.receipt import Reason, Receipt
from bot.conversation.turn import Turn
from bot.conversation.understanding import Taken
from bot.desk.ownership import Decided, Seen, Standing, follow
from bot.store import inbox
from bot.store.conversations import add_line, choices_to_json, move, source_to_json
from bot.store.database import Database
from bot.store.escalations import open_escalation
from bot.store.outbox import owe
from bot.store.receipts import add_receipt
from bot.store.tables import messages

_DECIDED = update(messages).where(messages.c.id == bindparam("which")).values(receipt_id=bindparam("behind"))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a turn led to. Without a receipt nothing was decided: a person has the conversation."""

    receipt: Receipt | None = None
    drafts: tuple[Draft, ...] = ()
    #: The choice that the customer made.
    taken: Taken | None = None
    #: The conversation's language from now on, where the turn was heard for it.
    language: LanguageChoice | None = None

    @property
    def handed_over(self) -> Reason | None:
        """Why a person gets the conversation, if one does."""
        return self.receipt.reason if self.receipt and self.receipt.decision in {"escalate", "partial"} else None


async def commit(db: Database, turn: Turn, outcome: Outcome, *, now: datetime) -> bool:
    """Write the outcome of a turn, as `commit_all`."""
    [done] = await commit_all(db, [(turn, outcome)], now=now)
    return done


async def commit_all(db: Database, decided: Sequence[tuple[Turn, Outcome]], *, now: datetime) -> Sequence[bool]:
    """Write the outcomes of turns; False, and nothing written, for one whose conversation has moved on meanwhile.

    NotPossible, and none of them written, when the bot would speak while a person has the conversation, or be silent
    while nobody has.
    """
    places = {turn.conversation.id: (turn.conversation.channel, turn.conversation.address) for turn, _ in decided}
    done: dict[int, bool] = {}
    async with db.write("outbox", "desk", *places.values()) as connection:
        # In the order in which everybody locks who locks several conversations.
        for turn, outcome in sorted(decided, key=lambda each: places[each[0].conversation.id]):
            done[turn.conversation.id] = await _write(connection, turn, outcome, now)
    return [done[turn.conversation.id] for turn, _ in decided]


async def _write(connection: AsyncConnection, turn: Turn, outcome: Outcome, now: datetime) -> bool:
    conversation, receipt = turn.conversation, outcome.receipt
    if not await move(connection, conversation, owner=_after(turn, outcome).owner, language=outcome.language):
        return False
    await _record_feedback(connection, turn)
    if outcome.taken:
        await _record_choice(connection, turn, outcome.taken)
    receipt_id = None
    if receipt is not None:
        receipt_id = await add_receipt(connection, conversation.id, receipt, now=now)
        lines = [{"which": said.line_id, "behind": receipt_id} for said in turn.said if said.line_id is not None]
        if lines:
            await connection.execute(_DECIDED, lines)
        if outcome.handed_over is not None:
            await open_escalation(
                connection,
                conversation.id,
                reason=outcome.handed_over,
                question="\n".join(receipt.open) or receipt.question,
                receipt_id=receipt_id,
                now=now,
            )
    for draft in outcome.drafts:
        line_id = await add_line(
            connection,
            conversation.id,
            author="bot",
            text=draft.text,
            source=source_to_json(draft.source),
            feedback=draft.feedback,
            choices=choices_to_json(draft.choices),
            receipt_id=receipt_id,
            at=now,
        )
        await owe(connection, conversation.id, line_id, now=now)
    await inbox.finish(connection, turn, now=now)
    return True


def _after(turn: Turn, outcome: Outcome) -> Standing:
    """Who has the conversation then."""
    before = Standing(owner=turn.conversation.owner, is_unanswered=True)
    if outcome.receipt is None and not outcome.drafts:
        asks_nothing = before.owner == "bot" and not turn.text  # a button alone
        return before if asks_nothing else follow(before, Seen())
    return follow(before, Decided(hands_over=outcome.handed_over is not None))


async def _record_feedback(connection: AsyncConnection, turn: Turn) -> None:
    for action in turn.actions:
        if action.name not in {"helped", "not_helped"} or action.message_id is None:
            continue
        await connection.execute(
            update(messages)
            .where(messages.c.id == action.message_id, messages.c.conversation_id == turn.conversation.id)
            .where(messages.c.feedback)
            .values(helped=action.name == "helped")
        )


async def _record_choice(connection: AsyncConnection, turn: Turn, taken: Taken) -> None:
    await connection.execute(
        update(messages)
        .where(messages.c.id == taken.line_id, messages.c.conversation_id == turn.conversation.id)
        .where(messages.c.chosen.is_(None))
        .values(chosen=taken.choice)
    )
