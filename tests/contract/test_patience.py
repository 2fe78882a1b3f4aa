"""Beyond what can be answered at once, a customer is told so, once, and answered when it is their turn."""

from dataclasses import replace
from datetime import timedelta

from bot.conversation.phrases import phrases_for
from bot.services.desk import Desk
from bot.store.queues import accept
from bot.store.queues.wait_notices import MOST, notify_waiting
from tests.contract.ledger import ANSWER, HANDOVER, Ledger, said

BUSY = phrases_for("en").say("busy")


async def told(store: Ledger) -> int:
    now = store.clock()
    return len(await notify_waiting(store.db, before=now - timedelta(seconds=15), now=now, phrases=phrases_for))


async def test_who_waits_for_long_is_told_once(store: Ledger) -> None:
    await store.accept(said("how?"))
    store.clock.advance(10)
    assert await told(store) == 0
    store.clock.advance(10)
    assert await told(store) == 1
    store.clock.advance(60)
    assert await told(store) == 0
    assert await store.texts() == ["how?", BUSY]


async def test_it_does_not_stop_the_answer(store: Ledger) -> None:
    await store.accept(said("how?"))
    turn = await store.turn()
    assert await told(store) == 0, "it is worked on"
    assert await store.commit(turn, ANSWER)
    await store.accept(said("and then?", "e2"))
    store.clock.advance(20)
    assert await told(store) == 1
    assert await store.commit(await store.turn(), ANSWER)
    assert await store.texts() == ["how?", "Hold the button.", "and then?", BUSY, "Hold the button."]


async def test_who_still_writes_is_not_told(store: Ledger) -> None:
    for n in range(3):
        inbound = said("and another thing?", f"e{n}")
        await accept.accept(store.db, inbound, now=store.clock(), quiet=timedelta(seconds=30))
        store.clock.advance(20)
        assert await told(store) == 0
    store.clock.advance(11)
    assert await told(store) == 1


async def test_however_many_there_are_and_however_long_their_addresses(store: Ledger) -> None:
    for n in range(MOST):
        await store.accept(said("how?", f"e{n}", address=f"T0123456789:D0123456789:1700000000.{n:06}"))
    store.clock.advance(20)
    assert await told(store) == MOST


async def test_each_in_their_language(store: Ledger) -> None:
    await store.accept(replace(said("hur?"), locale="sv-SE"))
    store.clock.advance(20)
    await told(store)
    assert await store.texts() == ["hur?", phrases_for("sv").say("busy")]


async def test_whose_agent_is_there_is_not_told_by_the_bot(store: Ledger) -> None:
    await store.accept(said("a human please"))
    await store.commit(await store.turn(), HANDOVER)
    desk = Desk(store.db, clock=store.clock)
    await desk.claim((await desk.queue())[0].escalation_id, await store.agent())
    await store.accept(said("hello?", "e2"))
    store.clock.advance(20)
    assert await told(store) == 0


async def test_of_many_who_wait_those_who_will_wait_for_longest_are_told_first(store: Ledger) -> None:
    for number in range(MOST + 5):
        await store.accept(said("how?", f"e{number}", address=f"a{number}"))
        store.clock.advance(0.01)
    store.clock.advance(20)
    assert await told(store) == MOST
    assert await store.texts("a4") == ["how?"]
    assert await store.texts("a5") == ["how?", BUSY]
    assert await told(store) == 5
    assert await told(store) == 0
