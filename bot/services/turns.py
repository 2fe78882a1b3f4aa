"""Committing turns: the rules say whose a conversation is afterwards, the store writes it behind the fence."""

from collections.abc import Sequence
from datetime import datetime

from bot.conversation import Turn
from bot.desk import ADDED_TEXTS, WITHDRAWN_TEXTS, Decided, LeftToAgent, OwnershipState, apply_event
from bot.store.engine.database import Database
from bot.store.records import turn_commit
from bot.store.records.turn_commit import Consequence, TurnOutcome


async def commit_turns(db: Database, decided: Sequence[tuple[Turn, TurnOutcome]], *, now: datetime) -> Sequence[bool]:
    """Write the outcomes of turns; False, and nothing written, for one whose conversation has moved on meanwhile.

    InvalidState, and none of them written, when the bot would speak while an agent has the conversation, or be silent
    while none has.
    """
    consequences = [_consequence(turn, outcome) for turn, outcome in decided]
    return await turn_commit.commit_turns(db, decided, consequences, now=now)


def _consequence(turn: Turn, outcome: TurnOutcome) -> Consequence:
    owner = _after(turn, outcome).owner
    if outcome.withdrawn:
        return Consequence(owner=owner, event=WITHDRAWN_TEXTS[outcome.withdrawn])
    if turn.conversation.owner == "queue" and outcome.handed_over in ADDED_TEXTS:
        return Consequence(owner=owner, event=ADDED_TEXTS[outcome.handed_over], reason=outcome.handed_over)
    return Consequence(owner=owner)


def _after(turn: Turn, outcome: TurnOutcome) -> OwnershipState:
    before = OwnershipState(owner=turn.conversation.owner, is_unanswered=True)
    if outcome.receipt is None and not outcome.drafts:
        # A button alone, or an edit to which there is nothing new to say.
        asks_nothing = before.owner != "agent" and (not turn.text or turn.is_edit)
        return before if asks_nothing else apply_event(before, LeftToAgent())
    decided = Decided(hands_over=outcome.handed_over is not None, withdraws=outcome.withdrawn is not None)
    return apply_event(before, decided)
