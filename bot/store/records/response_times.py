"""Estimates of how long customers wait for a person at this time of day, as a hand-over tells it."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.store.engine.database import Database
from bot.store.tables import escalations, messages

#: What is looked back on: so long, at most so many cases, and of these those of the same time of day.
LATELY = timedelta(days=28)
_MOST = 1000
AROUND = timedelta(minutes=90)
#: With fewer cases nothing is said, and what is said held for this share of them.
FEWEST = 20
SHARE = 0.8
#: A longer wait is no news that helps.
LONGEST = timedelta(days=3)
_DAY, _STEP = timedelta(days=1), timedelta(minutes=5)
#: It changes slowly, and looking it up reads many rows.
_LASTS = timedelta(minutes=1)


class ResponseTimeEstimate:
    """Looks the usual wait up, at most once a minute."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: tuple[datetime, timedelta | None] | None = None

    async def __call__(self, now: datetime) -> timedelta | None:
        """Within which time most customers have a reply now; None where that cannot be said."""
        if self._known is None or not timedelta(0) <= now - self._known[0] < _LASTS:
            self._known = now, await usual_wait(self._db, now=now)
        return self._known[1]


async def usual_wait(db: Database, *, now: datetime) -> timedelta | None:
    """Within which time most customers had a reply; None where that cannot be said honestly.

    Only cases of working days count on a working day, and those of weekends at a weekend. Who still waits counts as
    waiting for ever, so that nothing is promised while nobody is there.
    """
    replied = (
        select(func.min(messages.c.at))
        .where(messages.c.conversation_id == escalations.c.conversation_id, messages.c.author == "agent")
        .where(messages.c.at >= escalations.c.opened_at)
        .correlate(escalations)
        .scalar_subquery()
    )
    statement = (
        select(escalations.c.opened_at, escalations.c.closed_at, replied.label("replied_at"))
        .where(escalations.c.opened_at > now - LATELY)
        .order_by(escalations.c.id.desc())
        .limit(_MOST)
    )
    async with db.read() as connection:
        cases = (await connection.execute(statement)).all()
    waits = [
        row.replied_at - row.opened_at if row.replied_at else timedelta.max
        for row in cases
        if _is_like(row.opened_at, now) and (row.replied_at or row.closed_at is None)
    ]
    return within(waits)


def within(waits: Sequence[timedelta]) -> timedelta | None:
    """The time that most of the waits kept to, rounded up to a figure that promises no exactness."""
    if len(waits) < FEWEST:
        return None
    most = sorted(waits)[math.ceil(SHARE * len(waits)) - 1]
    if most > LONGEST:
        return None
    return max(-(-most // _STEP) * _STEP, _STEP)


def _is_like(moment: datetime, now: datetime) -> bool:
    """True for the same time of the same kind of day."""
    apart = (now - moment) % _DAY
    return min(apart, _DAY - apart) <= AROUND and (moment.weekday() < 5) == (now.weekday() < 5)
