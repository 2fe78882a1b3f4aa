"""Customers who write, and platforms that bring it to the bot as platforms do: twice, late, in another order."""

import asyncio
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.chaos.sides import Side

#: Shares of events that come twice, and of those the share that comes under another event id.
TWICE, ANOTHER_ID = 0.15, 0.5
#: Events that a platform brings at the same time.
AT_ONCE = 40
#: How late an event comes at most, and one that comes again, in seconds.
LATE, LATE_AGAIN = 0.05, 2.0
_PAUSE, _LONGEST_PAUSE = 0.1, 2.0


def texts(count: int, chance: random.Random) -> list[str]:
    """What a customer says: questions with an answer, some that a reader is asked about, now and then one without.

    Or that nothing is needed any more, which closes a case that waits.

    The first is one that a reader is asked about, since nobody knows which of the others still reach the bot.
    """
    numbers = chance.sample(range(150), min(count, 150))
    said = (
        lambda number: f"lost parcel {number}",
        lambda number: f"how do I charge my cell{number % 40}",
        lambda number: f"how do I pair item{number} with part{number}",
        lambda _: "never mind",
    )
    shares = (0.05, 0.25, 0.65, 0.05)
    return [(chance.choices(said, shares)[0] if place else said[1])(number) for place, number in enumerate(numbers)]


@dataclass(frozen=True, kw_only=True)
class Bringing:
    """Brings what a platform's customers write to the bot, each event until it is acknowledged.

    Real platforms give up after some tries: Slack after three in an hour, Telegram after a day, X without a word. Here
    none does, since a message that was never brought is not the bot's to lose.
    """

    side: Side
    #: The ids of what was said so far, as the store has them.
    said: list[str] = field(default_factory=list)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE))

    async def customer(self, name: str, writes: Sequence[str], *, seed: int, pace: float) -> None:
        """Bring what one customer writes, in order but for some that overtake.

        `pace` is the mean time between two messages, in seconds.
        """
        chance = random.Random(seed)  # chaos, no secret
        under_way: list[asyncio.Task[None]] = []
        for place, text in enumerate(writes):
            await asyncio.sleep(chance.expovariate(1 / pace))
            message = self.side.platform.new_message(name)
            self.said.append(self.side.stored(name, message))
            event = f"{name}.{place}"
            events = [event]
            if chance.random() < TWICE:
                events.append(f"{event}.again" if chance.random() < ANOTHER_ID else event)
            for number, each in enumerate(events):
                late = chance.random() * (LATE_AGAIN if number else LATE)
                under_way.append(asyncio.create_task(self._until_acknowledged(name, text, each, message, late)))
        await asyncio.gather(*under_way)

    def close(self) -> None:
        """Bring nothing more."""
        self._threads.shutdown(cancel_futures=True)

    async def _until_acknowledged(self, name: str, text: str, event: str, message: str, late: float) -> None:
        await asyncio.sleep(late)
        pause = _PAUSE
        while not await asyncio.get_running_loop().run_in_executor(
            self._threads, self._bring, name, text, event, message
        ):
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 1.5)

    def _bring(self, name: str, text: str, event: str, message: str) -> bool:
        try:
            self.side.platform.says(name, text, event=event, message=message)
        except AssertionError:
            return False
        return True
