"""A customer who waits does not wait for an agent who has gone home."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.conversation.case import Agent
from bot.conversation.phrases import phrases_for
from bot.desk.transitions import LEFT_IDLE
from bot.runtime.housekeeping import Housekeeping
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.records.conversations import customer_status
from tests.conftest import Clock
from tests.contract.ledger import ANSWER, HANDOVER, LEASE, Ledger, said
from tests.single import claim_delivery, claim_turn

IDLE = timedelta(hours=2)


@pytest.fixture
def desk(db: Database, clock: Clock) -> Desk:
    return Desk(db, clock=clock)


@pytest.fixture
async def alva(store: Ledger) -> Agent:
    return await store.agent()


@pytest.fixture
async def case(store: Ledger, desk: Desk, alva: Agent) -> int:
    """A customer's case, which Alva has claimed."""
    await store.accept(said("a human please"))
    await store.commit(await store.turn(), HANDOVER)
    [item] = await desk.queue()
    await desk.claim(item.escalation_id, alva)
    return item.escalation_id


async def test_a_case_that_was_claimed_and_left_is_in_the_queue_again(
    store: Ledger, desk: Desk, case: int, clock: Clock
) -> None:
    clock.advance(IDLE.total_seconds())
    assert await desk.requeue_idle(after=IDLE) == []
    clock.advance(1)
    assert await desk.requeue_idle(after=IDLE) == [case]
    [item] = await desk.queue()
    assert (item.state, item.agent) == ("waiting", None)
    assert (await customer_status(store.db, "web", "a")).owner == "queue"
    *_, event, told = (await desk.case(case)).lines
    assert (event.text, told.text) == (LEFT_IDLE.format(agent="Alva"), phrases_for("en").say("requeued"))
    assert await desk.requeue_idle(after=IDLE) == []


async def test_who_waits_for_the_customer_is_not_idle_until_the_customer_writes(
    store: Ledger, desk: Desk, alva: Agent, case: int, clock: Clock
) -> None:
    await desk.reply(case, alva, "Which lamp is it?", key="k1")
    clock.advance(10 * IDLE.total_seconds())
    assert await desk.requeue_idle(after=IDLE) == []
    await store.accept(said("the small one", "e2"))
    clock.advance(IDLE.total_seconds())
    assert await desk.requeue_idle(after=IDLE) == []
    await store.accept(said("hello?", "e3"))
    clock.advance(1)
    assert await desk.requeue_idle(after=IDLE) == [case], "the first message that waits counts"


async def test_an_agent_who_works_on_it_is_not_idle(desk: Desk, alva: Agent, case: int, clock: Clock) -> None:
    clock.advance(IDLE.total_seconds())
    await desk.note(case, alva, "asking the workshop", key="n1")
    clock.advance(60)
    assert await desk.requeue_idle(after=IDLE) == []


async def test_an_agent_who_replies_in_that_moment_keeps_the_case_or_claims_it_again(
    desk: Desk, alva: Agent, case: int, clock: Clock
) -> None:
    clock.advance(IDLE.total_seconds() + 1)
    await asyncio.gather(desk.requeue_idle(after=IDLE), desk.reply(case, alva, "Here I am.", key="k1"))
    [item] = await desk.queue()
    assert (item.state, item.agent) == ("claimed", alva)


async def test_the_keeper_puts_right_what_time_made_wrong(
    store: Ledger, db: Database, desk: Desk, case: int, clock: Clock
) -> None:
    await store.accept(said("how?", "e-b", address="b"))
    await store.commit(await store.turn(), ANSWER)
    await store.accept(said("and?", "e-c", address="b"))
    await store.turn()
    assert await claim_delivery(db, now=clock(), lease=LEASE) is not None
    clock.advance(3 * IDLE.total_seconds())
    with capture_logs() as logs:
        await Housekeeping(db, desk, idle_claim=IDLE, clock=clock).run_once()
    assert [entry["event"] for entry in logs].count("lease_expired") == 2
    assert ("claim_left_idle", case) in [(entry["event"], entry.get("case")) for entry in logs]
    assert await claim_turn(db, now=clock(), lease=LEASE) is not None
    assert await claim_delivery(db, now=clock(), lease=LEASE) is not None


async def test_a_clock_that_is_set_back_strands_nobody(store: Ledger, db: Database, desk: Desk, clock: Clock) -> None:
    await store.accept(said("how?", address="b"))
    await store.commit(await store.turn(), ANSWER)
    await store.accept(said("how?", "e2"))
    clock.advance(-3600)
    await store.accept(said("hello?", "e3"))
    await Housekeeping(db, desk, idle_claim=None, clock=clock).run_once()
    assert (await store.turn()).text == "how?\nhello?"
    owed = await claim_delivery(db, now=clock(), lease=LEASE)
    assert owed is not None
    assert owed.message.address == "b"


async def test_where_it_is_set_to_never_nothing_is_taken_from_an_agent(
    db: Database, desk: Desk, case: int, clock: Clock
) -> None:
    clock.advance(10 * IDLE.total_seconds())
    await Housekeeping(db, desk, idle_claim=None, clock=clock).run_once()
    assert (await desk.case(case)).state == "claimed"
