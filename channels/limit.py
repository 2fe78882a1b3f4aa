from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What a platform lets us send: at most `count` messages in any stretch of `seconds`.

    In all of the channel, or to each chat. A day is 86,400 seconds.
    """

    count: int
    seconds: float
    per: Literal["channel", "chat"] = "channel"

    @property
    def window(self) -> timedelta:
        """The stretch of time."""
        return timedelta(seconds=self.seconds)
