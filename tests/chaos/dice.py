import random
from collections import Counter

from channels.testing import Fate, FateName

#: Shares of deliveries that are refused for now, fail, or are made and not answered.
SHARES: dict[FateName, float] = {"too many": 0.05, "broken": 0.05, "silent": 0.02}


class Dice:
    """What a platform does to each message it is sent, by a seed."""

    def __init__(self, seed: int, *, retry_after: tuple[float, float]) -> None:
        """`retry_after` is the shortest and the longest time that the platform tells to wait, in seconds."""
        self.thrown: Counter[FateName] = Counter()
        self._chance = random.Random(seed)  # chaos, no secret
        self._retry_after = retry_after

    def __call__(self) -> Fate | None:
        """What happens to the next message; None is delivered."""
        left = self._chance.random()
        for name, share in SHARES.items():
            left -= share
            if left < 0:
                self.thrown[name] += 1
                return Fate(name=name, retry_after=self._chance.uniform(*self._retry_after))
        return None
