"""Slows down guessing of passwords: pure bookkeeping, in memory."""

import math
import time
from collections.abc import Callable, Iterator

#: How long a failed sign-in counts, in seconds.
WINDOW = 15 * 60
#: Failures in the window after which a sign-in is refused unseen.
MOST_PER_PAIR = 5
MOST_PER_EMAIL = 50
MOST_PER_ADDRESS = 50

_Key = tuple[str, str]


class SignInThrottle:
    """Failed sign-ins by e-mail, by client address and by both.

    The pair's limit is the low one: somebody who guesses elsewhere does not lock an agent out.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[_Key, list[float]] = {}

    def wait(self, email: str, address: str) -> int:
        """Seconds until the next attempt may be made; 0 when it may be made now."""
        self._forget_old()
        waits = [
            self._failures[key][-most] + WINDOW - self._clock()
            for key, most in _limits(email, address)
            if len(self._failures.get(key, ())) >= most
        ]
        return max((math.ceil(wait) for wait in waits), default=0)

    def add(self, email: str, address: str) -> None:
        """Count an attempt: before the password is looked at, so that guesses sent at once count as well."""
        for key, _ in _limits(email, address):
            self._failures.setdefault(key, []).append(self._clock())

    def succeeded(self, email: str, address: str) -> None:
        """Take back the attempt that was counted, and what this person got wrong before it."""
        for key, _ in _limits(email, address):
            if times := self._failures.get(key):
                times.pop()
        self._failures.pop((email, address), None)

    def _forget_old(self) -> None:
        oldest = self._clock() - WINDOW
        for key, times in list(self._failures.items()):
            times[:] = [at for at in times if at > oldest]
            if not times:
                del self._failures[key]


def _limits(email: str, address: str) -> Iterator[tuple[_Key, int]]:
    yield (email, address), MOST_PER_PAIR
    yield (email, ""), MOST_PER_EMAIL
    yield ("", address), MOST_PER_ADDRESS
