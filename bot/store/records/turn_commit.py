"""The commit of a turn: everything it led to in one transaction, behind the fence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import ChosenOption, Draft, LanguageChoice, Reason, Receipt, Turn
from bot.store.engine.database import Database
from bot.store.queues import inbox
from bot.store.queues.outbox import enqueue_all
from bot.store.records.conversations import Advance, add_lines, advance, choices_to_json, source_to_json
from bot.store.records.escalations import open_escalations
from bot.store.records.receipts import add_receipts
from bot.store.tables import messages
from channels.message import Owner

_DECIDED = update(messages).where(messages.c.id == bindparam("which")).values(receipt_id=bindparam("behind"))


@dataclass(frozen=True, kw_only=True)
class TurnOutcome:
    """The result of a turn. Without a receipt nothing was decided: a person has the conversation."""

    receipt: Receipt | None = None
    drafts: tuple[Draft, ...] = ()
    #: The choice that the customer made.
    taken: ChosenOption | None = None
    #: The conversation's language from now on, where the turn was heard for it.
    language: LanguageChoice | None = None

    @property
    def handed_over(self) -> Reason | None:
        """The reason for which a person gets the conversation, if one does."""
        return self.receipt.reason if self.receipt and self.receipt.decision in {"escalate", "partial"} else None


async def commit_turns(
    db: Database, decided: Sequence[tuple[Turn, TurnOutcome]], owners: Sequence[Owner], *, now: datetime
) -> Sequence[bool]:
    """Write the outcomes of turns, and the owner that each conversation has from then on.

    False, and nothing written, for one whose conversation has moved on meanwhile.
    """
    places = {(turn.conversation.channel, turn.conversation.address) for turn, _ in decided}
    moves = [
        Advance(conversation=turn.conversation, owner=owner, language=outcome.language)
        for (turn, outcome), owner in zip(decided, owners, strict=True)
    ]
    async with db.write("outbox", "desk", *places) as connection:
        done = await advance(connection, moves)
        await _write(connection, [each for each, is_done in zip(decided, done, strict=True) if is_done], now)
    return done


async def _write(connection: AsyncConnection, decided: Sequence[tuple[Turn, TurnOutcome]], now: datetime) -> None:
    """Write outcomes whose conversations are held, a statement for all of a kind."""
    for turn, outcome in decided:
        await _record_feedback(connection, turn)
        if outcome.taken:
            await _record_choice(connection, turn, outcome.taken)
    receipt_ids = await _record_decisions(connection, decided, now)
    for place in range(max((len(outcome.drafts) for _, outcome in decided), default=0)):
        drafts = {turn.conversation.id: each.drafts[place] for turn, each in decided if len(each.drafts) > place}
        lines = [_line(whose, draft, receipt_ids.get(whose), now) for whose, draft in drafts.items()]
        await enqueue_all(connection, await add_lines(connection, lines), now=now)
    await inbox.finish(connection, [turn for turn, _ in decided], now=now)


def _line(conversation_id: int, draft: Draft, receipt_id: int | None, now: datetime) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "author": "bot",
        "text": draft.text,
        "source": source_to_json(draft.source),
        "feedback": draft.feedback,
        "choices": choices_to_json(draft.choices),
        "receipt_id": receipt_id,
        "at": now,
    }


async def _record_decisions(
    connection: AsyncConnection, decided: Sequence[tuple[Turn, TurnOutcome]], now: datetime
) -> Mapping[int, int]:
    """Write receipts, and the escalations that they are the reason of; the numbers of receipts by conversation."""
    receipts = {turn.conversation.id: outcome.receipt for turn, outcome in decided if outcome.receipt is not None}
    numbers = await add_receipts(connection, receipts, now=now)
    lines, escalations = list[dict[str, int]](), list[dict[str, Any]]()
    for turn, outcome in decided:
        if outcome.receipt is None:
            continue
        receipt, number = outcome.receipt, numbers[turn.conversation.id]
        lines += [{"which": said.line_id, "behind": number} for said in turn.said if said.line_id is not None]
        if outcome.handed_over is not None:
            question = "\n".join(receipt.open) or receipt.question
            why = {"reason": outcome.handed_over, "question": question, "receipt_id": number}
            escalations.append({"conversation_id": turn.conversation.id, **why})
    if lines:
        await connection.execute(_DECIDED, lines)
    await open_escalations(connection, escalations, now=now)
    return numbers


async def _record_feedback(connection: AsyncConnection, turn: Turn) -> None:
    for action in turn.actions:
        if action.name not in {"helped", "not_helped"} or action.answer_id is None:
            continue
        await connection.execute(
            update(messages)
            .where(messages.c.id == action.answer_id, messages.c.conversation_id == turn.conversation.id)
            .where(messages.c.feedback)
            .values(helped=action.name == "helped")
        )


async def _record_choice(connection: AsyncConnection, turn: Turn, taken: ChosenOption) -> None:
    await connection.execute(
        update(messages)
        .where(messages.c.id == taken.line_id, messages.c.conversation_id == turn.conversation.id)
        .where(messages.c.chosen.is_(None))
        .values(chosen=taken.choice)
    )
