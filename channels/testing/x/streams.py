"""The activity streams that are open on the stand-in for X."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

_END = object()


class Streams:
    """Tells each open stream what happens, with a sign of life now and then; it can fall silent, or end."""

    def __init__(self) -> None:
        #: Seconds between signs of life.
        self.keep_alive = 0.2
        #: Streams that were opened so far.
        self.opened = 0
        self._open: list[tuple[asyncio.AbstractEventLoop, asyncio.Queue[object]]] = []

    @property
    def count(self) -> int:
        """The number of open streams."""
        return len(self._open)

    def tell(self, event: Mapping[str, Any]) -> None:
        """Write an event to every open stream; where none is open, nobody gets it."""
        self._put(json.dumps(event, ensure_ascii=False))  # as X writes it

    def fall_silent(self) -> None:
        """Say nothing more on the streams that are open, and leave them open, as a lost connection does."""
        self._put(None)

    def end(self) -> None:
        """Close those that are open."""
        self._put(_END)

    async def lines(self) -> AsyncIterator[str]:
        """The lines of a stream that is opened now."""
        queue: asyncio.Queue[object] = asyncio.Queue()
        mine = (asyncio.get_running_loop(), queue)
        self._open.append(mine)
        self.opened += 1
        try:
            yield "\r\n"
            while (line := await self._next(queue)) is not _END:
                if line is None:
                    self._open.remove(mine)
                    await asyncio.Event().wait()
                yield f"{line}\r\n"
        finally:
            if mine in self._open:
                self._open.remove(mine)

    async def _next(self, queue: "asyncio.Queue[object]") -> object:
        try:
            async with asyncio.timeout(self.keep_alive):
                return await queue.get()
        except TimeoutError:
            return ""

    def _put(self, what: object) -> None:
        for loop, queue in list(self._open):
            loop.call_soon_threadsafe(queue.put_nowait, what)
