"""The loop that both workers share: claim what is due, handle it, wait for more."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, Generic, Literal, Self, TypeVar

import structlog

from bot.store.engine.database import Database

log = structlog.get_logger()

Item = TypeVar("Item")
#: Seconds between two looks where nothing is said to be due earlier, and after a failure; and the shortest wait.
_IDLE = 1.0
_SHORTEST_WAIT = 0.02


class BoundedTasks:
    """Tasks under way at once, at most so many; at the end of the block they are finished, or cancelled.

    A task must look after its own errors: one that gets out ends the block with it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: set[asyncio.Task[None]] = set()

    async def free_slots(self) -> int:
        """Count of the tasks that can be started now; waits until it is one at least."""
        while len(self._tasks) >= self._most:
            await self._until_one_ends()
        return self._most - len(self._tasks)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin a task."""
        self._tasks.add(asyncio.create_task(work))

    async def _until_one_ends(self) -> None:
        done, self._tasks = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, error: type[BaseException] | None, *_: object) -> None:
        try:
            while self._tasks and error is None:
                await self._until_one_ends()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)


class ClaimLoop(ABC, Generic[Item]):
    """Claims items from a table of work and handles them, several at once, until it is stopped.

    Any number of them, in any number of processes, may do so at once.
    """

    def __init__(
        self, db: Database, table: Literal["inbox", "outbox"], *, clock: Callable[[], datetime], at_once: int
    ) -> None:
        """`at_once` items are handled at the same time; `table` is published whenever something new is due in it."""
        self._db = db
        self._table = table
        self._clock = clock
        self._at_once = at_once
        self._is_stopping = False

    @abstractmethod
    async def _claim(self, most: int) -> Sequence[Item]:
        """Take at most so many due items for oneself; none where none is due."""

    @abstractmethod
    async def _handle(self, item: Item, /) -> None:
        """Handle one item to its end, errors included."""

    @abstractmethod
    async def _next_due(self) -> datetime | None:
        """The time at which the next item is due; None where none waits."""

    async def run(self) -> None:
        """Work until stopped. Nothing that goes wrong with one item stops the next."""
        async with BoundedTasks(self._at_once) as tasks:
            while not self._is_stopping:
                try:
                    items = await self._claim(await tasks.free_slots())
                    for item in items:
                        tasks.start(self._handle(item))
                    if not items:
                        await self._wait()
                except Exception:
                    log.exception("claim_failed", table=self._table)
                    await asyncio.sleep(_IDLE)

    def stop(self) -> None:
        """Claim nothing more; what is in hand is finished."""
        self._is_stopping = True
        self._db.notifier.publish(self._table)

    async def run_once(self) -> bool:
        """Handle one item; False when none is due."""
        items = await self._claim(1)
        for item in items:
            await self._handle(item)
        return bool(items)

    async def _wait(self) -> None:
        due = await self._next_due()
        wait = _IDLE if due is None else min(max((due - self._clock()).total_seconds(), _SHORTEST_WAIT), _IDLE)
        if not self._is_stopping:
            await self._db.notifier.wait(self._table, wait)
