"""A customer whose answer waits for a channel's budget is seen by a person, and still gets it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from bot.conversation.case import HELD
from bot.health.queue_checks import backlog
from bot.runtime.housekeeping import Housekeeping
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.queues.send_quota import LONG_HELD
from bot.store.records.conversations import customer_status
from channels.channel import SendLimit
from tests.conftest import Clock
from tests.contract.ledger import ANSWER, LEASE, Ledger, said
from tests.single import claim_delivery, mark_delivered

HOUR = {"web": (SendLimit(count=1, seconds=3600),)}
QUARTER = {"web": (SendLimit(count=1, seconds=900),)}


@pytest.fixture
def desk(db: Database, clock: Clock) -> Desk:
    return Desk(db, clock=clock)


@pytest.fixture
def housekeeping(db: Database, desk: Desk, clock: Clock) -> Housekeeping:
    return Housekeeping(db, desk, idle_claim=None, clock=clock)


@pytest.fixture
async def answers(store: Ledger) -> int:
    """Answers to four customers, all owed."""
    for n in range(4):
        await store.accept(said("how?", f"e{n}", address=f"c{n}"))
        await store.commit(await store.turn(), ANSWER)
    return 4


async def send(db: Database, clock: Clock, limits: Mapping[str, Sequence[SendLimit]]) -> list[str]:
    addresses = []
    while owed := await claim_delivery(db, now=clock(), lease=LEASE, limits=limits):
        await mark_delivered(db, owed, now=clock(), platform_id=None)
        addresses.append(owed.message.address)
    return addresses


async def test_a_long_wait_is_a_case_that_says_until_when(
    db: Database, clock: Clock, desk: Desk, housekeeping: Housekeeping, answers: int
) -> None:
    assert await send(db, clock, HOUR) == ["c0"]
    await housekeeping.run_once()
    items = await desk.queue()
    assert [item.reason for item in items] == ["undelivered"] * (answers - 1)
    case = await desk.case(items[0].escalation_id)
    [waiting] = [line for line in case.lines if line.delivery == "pending"]
    assert (waiting.error, waiting.held_until) == (HELD, clock() + timedelta(hours=1))
    assert (await customer_status(db, "web", "c1")).owner == "queue"
    await housekeeping.run_once()
    assert len(await desk.queue()) == answers - 1


async def test_what_was_held_back_is_sent_when_its_time_comes(
    db: Database, clock: Clock, desk: Desk, housekeeping: Housekeeping, answers: int
) -> None:
    sent = await send(db, clock, HOUR)
    await housekeeping.run_once()
    for _ in range(1, answers):
        clock.advance(3600)
        sent += await send(db, clock, HOUR)
    assert sent == ["c0", "c1", "c2", "c3"]
    case = await desk.case((await desk.queue())[0].escalation_id)
    assert [(line.delivery, line.error, line.held_until) for line in case.lines if line.delivery] == [
        ("sent", None, None)
    ]


async def test_a_short_wait_is_nobodys_case_until_it_has_become_long(
    db: Database, clock: Clock, desk: Desk, housekeeping: Housekeeping, answers: int
) -> None:
    sent = await send(db, clock, QUARTER)
    await housekeeping.run_once()
    assert await desk.queue() == []
    clock.advance(900)
    sent += await send(db, clock, QUARTER)
    clock.advance(900)
    sent += await send(db, clock, QUARTER)
    clock.advance(LONG_HELD.total_seconds() - 1800 + 1)
    await housekeeping.run_once()
    assert len(sent) + len(await desk.queue()) == answers


@pytest.mark.parametrize("end", ["resolve", "hand_back"])
async def test_a_case_that_an_agent_closes_meanwhile_stays_closed(
    store: Ledger, desk: Desk, housekeeping: Housekeeping, answers: int, end: str
) -> None:
    await send(store.db, store.clock, HOUR)
    await housekeeping.run_once()
    agent = await store.agent()
    for item in await desk.queue():
        await desk.claim(item.escalation_id, agent)
        await getattr(desk, end)(item.escalation_id, agent, **{"confirmed": True} if end == "resolve" else {})
    store.clock.advance(1)
    await housekeeping.run_once()
    assert await desk.queue() == []
    await store.accept(said("and then?", "e-next", address="c1"))
    await store.commit(await store.turn(), ANSWER)
    await housekeeping.run_once()
    assert answers
    assert [item.question for item in await desk.queue()] == ["Hold the button."], "it is a new answer that waits"


async def test_the_doctor_tells_how_much_waits_and_until_when(db: Database, clock: Clock, answers: int) -> None:
    await send(db, clock, HOUR)
    async with db.read() as connection:
        [finding] = [each for each in await backlog(connection, clock()) if each.subject == "limits"]
    assert f"{answers - 1} messages are held back" in finding.message
    assert f"{clock() + timedelta(hours=1):%H:%M}" in finding.message
    assert finding.remedy


async def test_a_moments_wait_is_not_told(
    db: Database, clock: Clock, desk: Desk, housekeeping: Housekeeping, answers: int
) -> None:
    await send(db, clock, {"web": (SendLimit(count=1, seconds=1),)})
    await housekeeping.run_once()
    assert answers
    assert await desk.queue() == []
    async with db.read() as connection:
        [finding] = [each for each in await backlog(connection, clock()) if each.subject == "limits"]
    assert finding.ok
