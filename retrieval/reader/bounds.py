"""Limits on how often a reader may be asked, and pauses when it fails. Time is given; nothing is asked of a clock."""

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
#: A reader that fails so often in a row is asked nothing for PAUSE seconds; then one question tries it again.
FAILURES: Final = 3
#: And a customer whom it has cost time once is not made to wait for it again as long.
PAUSE: Final = 600.0
#: Customers that are told apart: who is not among the last so many counts as new.
_CUSTOMERS: Final = 10_000

Value = TypeVar("Value")
#: Why there is no call: the reader fails, has kept this customer waiting, has enough under way, or used up its calls.
Refusal = Literal["away", "waited", "busy", "limit"]


@dataclass(frozen=True, kw_only=True)
class ReaderLimits:
    """The most that a process asks of a reader: at once, in any hour, of one customer in any hour, in any day."""

    at_once: int = 4
    per_hour: int = 600
    per_customer: int = 20
    per_day: int = 5000


class Window:
    """Counts what happened in the last so many seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._times: deque[float] = deque()

    def has_room(self, now: float) -> bool:
        """True when one more is within the limit."""
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        return len(self._times) < self._most

    def count(self, now: float) -> None:
        """Count one."""
        self._times.append(now)


class Bounds:
    """Permission to ask a reader, call by call. For one event loop: nothing here is shared between threads."""

    def __init__(self, limits: ReaderLimits) -> None:
        self._limits = limits
        self._hour, self._day = Window(limits.per_hour, HOUR), Window(limits.per_day, DAY)
        self._customers: OrderedDict[str, Window] = OrderedDict()
        self._kept_waiting: OrderedDict[str, float] = OrderedDict()
        self._under_way = 0
        self._failures = 0
        self._tried_again_at: float | None = None

    def take(self, now: float, customer: str | None) -> Refusal | None:
        """Take a call, which `give_back` or `cancel` ends; or the reason why there is none."""
        if self._is_away(now):
            return "away"
        if customer is not None and self._kept_waiting.get(customer, -PAUSE) > now - PAUSE:
            return "waited"
        if self._under_way >= self._limits.at_once:
            return "busy"
        windows = [self._hour, self._day, *([self._window_of(customer)] if customer is not None else [])]
        if not all(window.has_room(now) for window in windows):
            return "limit"
        for window in windows:
            window.count(now)
        self._under_way += 1
        if self._tried_again_at is not None:
            self._tried_again_at = now + PAUSE  # this one tries it; nobody else does meanwhile
        return None

    def give_back(self, now: float, customer: str | None, *, is_failure: bool) -> None:
        """Say how a call ended."""
        self._under_way -= 1
        if not is_failure:
            self._failures, self._tried_again_at = 0, None
            return
        self._failures += 1
        if self._failures >= FAILURES:
            self._tried_again_at = now + PAUSE
        if customer is not None:
            _remember(self._kept_waiting, customer, now)

    def cancel(self) -> None:
        """Say that a call was given up by who asked; it tells nothing of the reader."""
        self._under_way -= 1

    def _is_away(self, now: float) -> bool:
        return self._tried_again_at is not None and now < self._tried_again_at

    def _window_of(self, customer: str) -> Window:
        window = self._customers.get(customer) or Window(self._limits.per_customer, HOUR)
        _remember(self._customers, customer, window)
        return window


def _remember(kept: OrderedDict[str, Value], key: str, value: Value) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > _CUSTOMERS:
        kept.popitem(last=False)
