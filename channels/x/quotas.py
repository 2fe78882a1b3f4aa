"""Limits of sending on X, and what budgets of money buy; the outbox keeps them, over restarts and in many processes."""

from channels.channel import SendLimit
from channels.x.settings import XSettings

QUARTER = 15 * 60
DAY = 86_400
MONTH = 30 * DAY


def limits(settings: XSettings) -> tuple[SendLimit, ...]:
    """X's own limits, and how many messages the budgets of money buy."""
    platform = (
        SendLimit(count=settings.sends_per_15_minutes, seconds=QUARTER),
        SendLimit(count=settings.sends_per_day, seconds=DAY),
    )
    budgets = ((settings.daily_budget, DAY), (settings.monthly_budget, MONTH))
    return platform + tuple(
        SendLimit(count=messages_for(budget, settings), seconds=seconds)
        for budget, seconds in budgets
        if budget is not None
    )


def messages_for(budget: float, settings: XSettings) -> int:
    """The number of messages that a budget buys.

    Each answers one that was read. Who polls reads their own message too.
    """
    reads = 2 if settings.mode == "polling" else 1
    price = settings.price_per_send + reads * settings.price_per_read
    # Prices are written with few digits, and floats are a little off: 0.3 / 0.1 are three messages.
    return max(1, int(budget / price + 1e-9)) if price else 2**31 - 1
