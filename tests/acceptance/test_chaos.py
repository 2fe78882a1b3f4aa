"""A short form of `make chaos`: processes are killed and the database goes away while customers write."""

from pathlib import Path

import pytest

from tests.chaos.run import ENGINES, Plan, run

SHORT = Plan(messages=120, customers=12, kills=4, outages=1, pace=1.0)


@pytest.mark.parametrize("engine", ENGINES)
async def test_nothing_is_lost_said_twice_out_of_order_or_left_alone(engine: str, tmp_path: Path) -> None:
    with ENGINES[engine](tmp_path) as database:
        counted = await run(SHORT, database, tmp_path)
    assert counted.is_well, counted
    assert counted.messages == SHORT.messages
    assert counted.answers > 0
    assert counted.escalations > 0
