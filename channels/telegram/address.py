import re
from dataclasses import dataclass
from typing import Self

from channels.errors import PermanentFailure

_WRITTEN = re.compile(r"(-?[0-9]{1,19})(?:/topic:([0-9]{1,19}))?(?:/user:([0-9]{1,19}))?")


@dataclass(frozen=True, kw_only=True)
class TelegramAddress:
    """A conversation's address: a chat, a topic of it, and in a group the one who is talked with.

    Written as `42`, `-1007/user:42` or `-1007/topic:5/user:42`.
    """

    chat: int
    topic: int | None = None
    user: int | None = None

    @classmethod
    def read(cls, address: str) -> Self:
        """The address of an `Outbound`; PermanentFailure when it is none."""
        match = _WRITTEN.fullmatch(address)
        if match is None:
            raise PermanentFailure(f"{address!r} is no address on Telegram")
        chat, topic, user = match.groups()
        return cls(chat=int(chat), topic=int(topic) if topic else None, user=int(user) if user else None)

    def __str__(self) -> str:
        topic = f"/topic:{self.topic}" if self.topic else ""
        return f"{self.chat}{topic}" + (f"/user:{self.user}" if self.user else "")

    @property
    def is_group(self) -> bool:
        """True when others read along."""
        return self.user is not None
