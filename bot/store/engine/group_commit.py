"""One transaction for what several ask for at the same time, as databases commit in groups."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import StoreUnavailable

Item = TypeVar("Item")
Result = TypeVar("Result")
#: As many as one transaction takes: it stays short.
MOST = 32


class GroupCommit(Generic[Item, Result]):
    """Does at once what was asked for while the last round was under way; nobody waits for company.

    When a round fails, each of it is done alone: what is wrong with one is nobody else's trouble. When the store is
    away, that is so for all.
    """

    def __init__(self, act: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        """`act` does all of the items or none, and returns the result of each."""
        self._act = act
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._round: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """The result of one item, once it is done; raises what it fails with.

        Who is cancelled while waiting for their round has asked for nothing; a round that is under way is finished
        before they leave, so that nothing uses the store after its users are gone.
        """
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._round is None:
            self._round = asyncio.create_task(self._work())
        try:
            return await done
        except asyncio.CancelledError:
            if self._round is not None:
                await asyncio.shield(asyncio.wait({self._round}))
            raise

    async def _work(self) -> None:
        try:
            while self._waiting:
                asked, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._do([each for each in asked if not each[1].done()])
        finally:
            self._round = None

    async def _do(self, asked: Sequence[tuple[Item, "asyncio.Future[Result]"]]) -> None:
        if not asked:
            return
        try:
            results = await self._act([item for item, _ in asked])
        except StoreUnavailable as error:
            self._fail(asked, error)
        except Exception as error:  # noqa: BLE001  # it is raised where it was asked for
            if len(asked) == 1:
                self._fail(asked, error)
                return
            for each in asked:
                await self._do([each])
        else:
            self._finish(asked, results)

    @staticmethod
    def _fail(asked: Sequence[tuple[Item, "asyncio.Future[Result]"]], error: Exception) -> None:
        for _, done in asked:
            if not done.done():
                done.set_exception(error)

    @staticmethod
    def _finish(asked: Sequence[tuple[Item, "asyncio.Future[Result]"]], results: Sequence[Result]) -> None:
        for (_, done), result in zip(asked, results, strict=True):
            if not done.done():
                done.set_result(result)
