import threading
import time
from dataclasses import dataclass
from typing import Any

Update = dict[str, Any]


@dataclass
class _Waiting:
    update: Update
    is_told: bool = False


class Updates:
    """The updates that a bot asks for: told in order until confirmed by an offset above theirs.

    An update that comes again is told again even when its id was confirmed, which is harsher than Telegram is.
    """

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._changed = threading.Condition()
        #: How many times each batch was asked for, in sizes.
        self.batches: list[int] = []

    def add(self, *updates: Update) -> None:
        """Have these told, together."""
        with self._changed:
            self._waiting += [_Waiting(update) for update in updates]

    def ask(self, offset: int | None, limit: int) -> list[Update]:
        """Confirm what is below the offset, and tell what is not confirmed."""
        with self._changed:
            if offset is not None:
                self._waiting = [
                    each for each in self._waiting if not (each.is_told and each.update["update_id"] < offset)
                ]
                self._changed.notify_all()
            told = self._waiting[:limit]
            for each in told:
                each.is_told = True
            if told:
                self.batches.append(len(told))
            return [each.update for each in told]

    def wait_confirmed(self, *ids: int, patience: float) -> bool:
        """True when all these are confirmed within so many seconds."""
        deadline = time.monotonic() + patience
        with self._changed:
            while any(each.update["update_id"] in ids for each in self._waiting):
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
            return True

    def take_all(self) -> list[Update]:
        """Updates that were not yet confirmed, for a webhook that is set now."""
        with self._changed:
            left = [each.update for each in self._waiting]
            self._waiting.clear()
            self._changed.notify_all()
            return left
