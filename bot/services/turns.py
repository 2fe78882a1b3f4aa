"""Committing turns: the rules say whose a conversation is afterwards, the store writes it behind the fence."""

from collections.abc import Sequence
from datetime import datetime

from bot.conversation import Turn
from bot.desk import Decided, LeftToAgent, OwnershipState, apply_event
from bot.store.engine.database import Database
from bot.store.records import turn_commit
from bot.store.records.turn_commit import TurnOutcome


async def commit_turns(db: Database, decided: Sequence[tuple[Turn, TurnOutcome]], *, now: datetime) -> Sequence[bool]:
    """Write the outcomes of turns; False, and nothing written, for one whose conversation has moved on meanwhile.

    InvalidState, and none of them written, when the bot would speak while a person has the conversation, or be silent
    while nobody has.
    """
    owners = [_after(turn, outcome).owner for turn, outcome in decided]
    return await turn_commit.commit_turns(db, decided, owners, now=now)


def _after(turn: Turn, outcome: TurnOutcome) -> OwnershipState:
    before = OwnershipState(owner=turn.conversation.owner, is_unanswered=True)
    if outcome.receipt is None and not outcome.drafts:
        asks_nothing = before.owner == "bot" and not turn.text  # a button alone
        return before if asks_nothing else apply_event(before, LeftToAgent())
    return apply_event(before, Decided(hands_over=outcome.handed_over is not None))
