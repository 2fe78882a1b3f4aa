import asyncio
from collections.abc import Coroutine
from typing import Any, Self


class BoundedTasks:
    """Work that is under way at once, so many pieces at most; at the end of the block it is finished, or broken off.

    What is taken must look after its own errors: one that gets out ends the block with it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: set[asyncio.Task[None]] = set()

    async def room(self) -> int:
        """How many more can be taken; waits until it is one at least."""
        while len(self._tasks) >= self._most:
            await self._until_one_ends()
        return self._most - len(self._tasks)

    def take(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin a piece of work."""
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
