"""The store takes several at a time; a test often means one."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.conversation.history import History
from bot.conversation.turn import Turn
from bot.services.turns import commit_turns
from bot.store.engine.database import Database
from bot.store.queues import inbox, outbox
from bot.store.queues.outbox import PendingDelivery
from bot.store.records.history import load_histories
from bot.store.records.turn_commit import TurnOutcome
from channels.channel import SendLimit


async def claim_turn(db: Database, *, now: datetime, lease: timedelta) -> Turn | None:
    return next(iter(await inbox.claim(db, now=now, lease=lease, most=1)), None)


async def commit_turn(db: Database, turn: Turn, outcome: TurnOutcome, *, now: datetime) -> bool:
    [is_done] = await commit_turns(db, [(turn, outcome)], now=now)
    return is_done


async def load_history(db: Database, turn: Turn) -> History:
    [history] = await load_histories(db, [turn])
    return history


async def claim_delivery(
    db: Database, *, now: datetime, lease: timedelta, limits: Mapping[str, Sequence[SendLimit]] = MappingProxyType({})
) -> PendingDelivery | None:
    return next(iter(await outbox.claim(db, now=now, lease=lease, limits=limits, most=1)), None)


async def mark_delivered(db: Database, delivery: PendingDelivery, *, now: datetime, platform_id: str | None) -> None:
    await outbox.mark_delivered(db, [(delivery, platform_id)], now=now)
