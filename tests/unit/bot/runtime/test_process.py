import asyncio
import threading
from pathlib import Path

import pytest

from bot.app import build
from bot.settings import Settings
from bot.testing import ScriptedIndex, ScriptedPage
from retrieval.result import SearchResult
from tests.conftest import Clock
from tests.contract.ledger import LEASE, said
from tests.single import claim_turn

LATER = Clock().now.replace(year=2100)


class SlowShelf(ScriptedIndex):
    """Looks as long as the test lets it."""

    def __init__(self) -> None:
        super().__init__([ScriptedPage(id="reset", title="Reset the hub", text="Hold the button.")])
        self.began, self.go_on = threading.Event(), threading.Event()

    languages = frozenset({"en"})

    def search(self, question: str, *, language: str | None = None, budget: float | None = None) -> SearchResult:
        self.began.set()
        self.go_on.wait(20)
        return super().search(question, language=language, budget=budget)


async def lines_after_stopping(folder: Path, *, stop_within: float, goes_on: bool) -> tuple[int, int | None]:
    """Tell it to stop while a question is looked up; how many lines there are then, and which try is next."""
    shelf = SlowShelf()
    settings = Settings.read(None, index=folder, data=folder, quiet_period=0.0, stop_within=stop_within)
    async with asyncio.timeout(15), build(settings, index=shelf) as app:
        async with app.running():
            await app.host.accept(said("reset the hub"))
            await asyncio.to_thread(shelf.began.wait, 10)
            app.runner.stop()
            if goes_on:
                shelf.go_on.set()
        shelf.go_on.set()
        turn = await claim_turn(app.db, now=LATER, lease=LEASE)
        return len(await app.host.lines("web", "a")), turn.attempts if turn else None


async def test_the_turn_in_hand_is_finished_before_it_stops(tmp_path: Path) -> None:
    assert await lines_after_stopping(tmp_path, stop_within=10, goes_on=True) == (2, None)


@pytest.mark.parametrize("stop_within", [0, 0.2])
async def test_what_takes_longer_than_it_may_is_put_back_as_no_try(tmp_path: Path, stop_within: float) -> None:
    assert await lines_after_stopping(tmp_path, stop_within=stop_within, goes_on=False) == (1, 1)
