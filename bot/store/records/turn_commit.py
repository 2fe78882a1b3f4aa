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
from bot.store.records.conversations import Advance, add_line, add_lines, advance, choices_to_json, source_to_json
from bot.store.records.escalations import open_escalations
from bot.store.records.receipts import add_receipts
from bot.store.records.waiting_cases import Addition, add, withdraw
from bot.store.tables import messages
from channels.message import Owner

_FOR_AGENTS = frozenset({"escalate", "partial", "add"})
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
        """The reason for which an agent gets something to do, if one does: in a new case, or in the one that waits."""
        return self.receipt.reason if self.receipt and self.receipt.decision in _FOR_AGENTS else None

    @property
    def withdrawn(self) -> str | None:
        """The remark with which the customer closed the case that waited, if they did."""
        return self.receipt.said if self.receipt and self.receipt.case == "withdrawn" else None


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """Consequence of a turn for its conversation: who has it, and what agents read of that."""

    owner: Owner
    event: str | None = None
    #: The reason of the waiting case from now on, where it becomes another.
    reason: Reason | None = None


async def commit_turns(
    db: Database,
    decided: Sequence[tuple[Turn, TurnOutcome]],
    consequences: Sequence[Consequence],
    *,
    now: datetime,
) -> Sequence[bool]:
    """Write the outcomes of turns, and what follows from each for its conversation.

    False, and nothing written, for one whose conversation has moved on meanwhile.
    """
    places = {(turn.conversation.channel, turn.conversation.address) for turn, _ in decided}
    moves = [
        Advance(conversation=turn.conversation, owner=after.owner, language=outcome.language)
        for (turn, outcome), after in zip(decided, consequences, strict=True)
    ]
    async with db.write("outbox", "desk", *places) as connection:
        done = await advance(connection, moves)
        written = [each for each, is_done in zip(decided, done, strict=True) if is_done]
        after = {
            turn.conversation.id: each
            for (turn, _), each, is_done in zip(decided, consequences, done, strict=True)
            if is_done
        }
        await _write(connection, written, after, now)
    return done


async def _write(
    connection: AsyncConnection,
    decided: Sequence[tuple[Turn, TurnOutcome]],
    after: Mapping[int, Consequence],
    now: datetime,
) -> None:
    """Write outcomes whose conversations are held, a statement for all of a kind."""
    for turn, outcome in decided:
        await _record_feedback(connection, turn)
        if outcome.taken:
            await _record_choice(connection, turn, outcome.taken)
    receipt_ids = await _record_decisions(connection, decided, now)
    await _record_cases(connection, decided, receipt_ids, after, now)
    people = {turn.conversation.id: turn.person for turn, _ in decided}
    for place in range(max((len(outcome.drafts) for _, outcome in decided), default=0)):
        drafts = {turn.conversation.id: each.drafts[place] for turn, each in decided if len(each.drafts) > place}
        lines = [
            _line(whose, draft, receipt_ids.get(whose), now) | {"person": people[whose]}
            for whose, draft in drafts.items()
        ]
        await enqueue_all(connection, await add_lines(connection, lines), now=now)
    for whose, each in after.items():
        if each.event is not None:
            await add_line(connection, whose, author="event", text=each.event, at=now)
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
    """Write receipts, and which of them are behind the customer's lines; the numbers of receipts by conversation."""
    receipts = {turn.conversation.id: outcome.receipt for turn, outcome in decided if outcome.receipt is not None}
    numbers = await add_receipts(connection, receipts, now=now)
    lines = [
        {"which": said.line_id, "behind": numbers[turn.conversation.id]}
        for turn, outcome in decided
        for said in turn.said
        if outcome.receipt is not None and said.line_id is not None
    ]
    if lines:
        await connection.execute(_DECIDED, lines)
    return numbers


async def _record_cases(
    connection: AsyncConnection,
    decided: Sequence[tuple[Turn, TurnOutcome]],
    numbers: Mapping[int, int],
    after: Mapping[int, Consequence],
    now: datetime,
) -> None:
    """Open the cases that receipts are the reason of, add to those that wait, and close those that nobody needs."""
    opened, added = list[dict[str, Any]](), list[Addition]()
    for turn, outcome in decided:
        whose, receipt = turn.conversation.id, outcome.receipt
        if receipt is None or outcome.handed_over is None:
            continue
        if turn.conversation.owner == "queue":
            reason = after[whose].reason
            added.append(Addition(conversation_id=whose, receipt=receipt, receipt_id=numbers[whose], reason=reason))
            continue
        why = {"reason": outcome.handed_over, "question": "\n".join(receipt.open) or receipt.question}
        opened.append({"conversation_id": whose, "receipt_id": numbers[whose], **why})
    await open_escalations(connection, opened, now=now)
    await add(connection, added)
    await withdraw(connection, [turn.conversation.id for turn, each in decided if each.withdrawn], now=now)


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
