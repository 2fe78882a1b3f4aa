"""A short form of `make chaos`: processes are killed and the database goes away while customers write."""

from pathlib import Path

import pytest

from tests.chaos.engines import ENGINES
from tests.chaos.run import Plan, run

CHANNELS = {
    "sqlite": ("scripted", "slack", "telegram", "x"),
    "postgresql": ("scripted", "slack", "telegram-polling", "x"),
}


@pytest.mark.parametrize("engine", ENGINES)
async def test_nothing_is_lost_said_twice_out_of_order_or_left_alone(engine: str, tmp_path: Path) -> None:
    plan = Plan(messages=160, customers=16, kills=4, outages=1, pace=1.0, channels=CHANNELS[engine])
    with ENGINES[engine](tmp_path) as database:
        counted = await run(plan, database, tmp_path)
    assert all(each.is_well for each in counted.values()), counted
    assert {each.messages for each in counted.values()} == {plan.messages // len(plan.channels)}
    assert all(each.answers > 0 for each in counted.values())
    assert sum(each.escalations for each in counted.values()) > 0
