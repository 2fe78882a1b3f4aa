import asyncio
from collections.abc import Sequence

import pytest

from bot.errors import StoreUnavailable
from bot.runtime.work_loop import BoundedTasks
from bot.store.engine.group_commit import MOST, GroupCommit


class Rounds:
    """Doubles numbers, a round at a time, once it is let."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.began, self.may_begin = asyncio.Event(), asyncio.Event()

    async def act(self, numbers: Sequence[int]) -> Sequence[int]:
        self.rounds.append(list(numbers))
        self.began.set()
        await self.may_begin.wait()
        if 13 in numbers:
            raise ValueError("13")
        if 99 in numbers:
            raise StoreUnavailable("away")
        return [2 * number for number in numbers]


async def test_what_is_asked_meanwhile_is_done_in_one_round() -> None:
    rounds = Rounds()
    doubled = GroupCommit(rounds.act)
    first = asyncio.create_task(doubled(1))
    await rounds.began.wait()
    rest = [asyncio.create_task(doubled(number)) for number in range(2, 6)]
    await asyncio.sleep(0)
    rounds.may_begin.set()

    assert await asyncio.gather(first, *rest) == [2, 4, 6, 8, 10]
    assert rounds.rounds == [[1], [2, 3, 4, 5]]


async def test_a_round_has_an_end() -> None:
    rounds = Rounds()
    rounds.may_begin.set()
    doubled = GroupCommit(rounds.act)
    await asyncio.gather(*(doubled(number + 100) for number in range(2 * MOST)))

    assert max(len(each) for each in rounds.rounds) == MOST


async def test_what_is_wrong_with_one_is_nobody_elses_trouble() -> None:
    rounds = Rounds()
    rounds.may_begin.set()
    doubled = GroupCommit(rounds.act)
    done = await asyncio.gather(*(doubled(number) for number in (12, 13, 14)), return_exceptions=True)

    assert done[::2] == [24, 28]
    assert isinstance(done[1], ValueError)


async def test_when_the_store_is_away_nobody_tries_alone() -> None:
    rounds = Rounds()
    rounds.may_begin.set()
    doubled = GroupCommit(rounds.act)
    done = await asyncio.gather(*(doubled(number) for number in (1, 99, 3)), return_exceptions=True)

    assert all(isinstance(each, StoreUnavailable) for each in done)
    assert len(rounds.rounds) == 1
    assert await doubled(4) == 8, "it goes on"


async def test_who_leaves_before_their_round_has_asked_for_nothing() -> None:
    rounds = Rounds()
    doubled = GroupCommit(rounds.act)
    first = asyncio.create_task(doubled(1))
    await rounds.began.wait()
    leaving, staying = asyncio.create_task(doubled(2)), asyncio.create_task(doubled(3))
    await asyncio.sleep(0)
    leaving.cancel()
    rounds.may_begin.set()

    assert list(await asyncio.gather(first, staying)) == [2, 6]
    assert rounds.rounds == [[1], [3]]


async def test_who_leaves_while_their_round_is_under_way_holds_nobody_up() -> None:
    rounds = Rounds()
    doubled = GroupCommit(rounds.act)
    leaving = asyncio.create_task(doubled(1))
    await rounds.began.wait()
    staying = asyncio.create_task(doubled(2))
    await asyncio.sleep(0)
    leaving.cancel()
    rounds.may_begin.set()

    assert await asyncio.wait_for(staying, 5) == 4
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert rounds.rounds == [[1], [2]]


async def test_so_many_pieces_of_work_are_in_hand_at_once() -> None:
    running, most, may_end = 0, 0, asyncio.Event()

    async def work() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await may_end.wait()
        running -= 1

    async with BoundedTasks(2) as hand:
        assert await hand.free_slots() == 2
        hand.start(work())
        assert await hand.free_slots() == 1
        hand.start(work())
        asyncio.get_running_loop().call_soon(may_end.set)
        assert await hand.free_slots() >= 1
        hand.start(work())
    assert running == 0
    assert most == 2


async def test_work_is_broken_off_where_its_owner_is() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("broken off")

    async def own() -> None:
        async with BoundedTasks(1) as hand:
            hand.start(work())
            await hand.free_slots()

    owner = asyncio.create_task(own())
    await asyncio.sleep(0.01)
    owner.cancel()
    with pytest.raises(asyncio.CancelledError):
        await owner
    assert ended == ["broken off"]
