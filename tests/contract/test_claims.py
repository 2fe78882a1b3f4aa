"""However many work at once: a conversation is held by one, its messages are taken in order, and others go on."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bot.conversation.case import Agent
from bot.conversation.compose import Draft
from bot.errors import InvalidState, NotOwner
from bot.services.deliveries import give_up
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.queues import accept, inbox, outbox
from bot.store.records.conversations import Advance, advance, lock_all, locking
from bot.store.records.escalations import open_escalation
from bot.store.records.turn_commit import TurnOutcome
from bot.store.tables import conversations
from tests.conftest import Clock
from tests.contract.ledger import ANSWER, HANDOVER, LEASE, Ledger, said
from tests.single import claim_delivery, claim_turn, commit_turn, mark_delivered

WORKERS = 8
CONVERSATIONS = 6
MESSAGES = 12


@pytest.fixture
async def processes(db: Database, database_url: str) -> AsyncIterator[list[Database]]:
    """As many processes as see it: each with connections of its own."""
    assert db is not None
    databases = [Database(database_url) for _ in range(WORKERS)]
    yield databases
    for each in databases:
        await each.close()


class Watch:
    """Sees who holds which conversation, and what was taken in it."""

    def __init__(self) -> None:
        self.holders: defaultdict[str, int] = defaultdict(int)
        self.taken: defaultdict[str, list[str]] = defaultdict(list)

    async def hold(self, address: str, text: str) -> None:
        self.holders[address] += 1
        assert self.holders[address] == 1, f"{address} is held twice"
        self.taken[address].append(text)
        await asyncio.sleep(random.uniform(0, 0.01))
        self.holders[address] -= 1


async def test_many_workers_hold_each_conversation_one_at_a_time_and_in_order(
    processes: list[Database], clock: Clock
) -> None:
    watch, answered = Watch(), 0

    async def customer(address: str) -> None:
        for n in range(MESSAGES):
            await accept.accept(
                processes[n % WORKERS], said(str(n), f"{address}-{n}", address=address), now=clock(), quiet=timedelta(0)
            )
            await asyncio.sleep(random.uniform(0, 0.02))

    async def worker(db: Database) -> None:
        nonlocal answered
        while not (writing.done() and answered == CONVERSATIONS * MESSAGES):
            turn = await claim_turn(db, now=clock(), lease=LEASE)
            if turn is None:
                await asyncio.sleep(0.005)
                continue
            await watch.hold(turn.conversation.address, turn.text)
            if await commit_turn(db, turn, replace(ANSWER, drafts=()), now=clock()):
                answered += len(turn.said)
            else:
                watch.taken[turn.conversation.address].pop()
                await inbox.put_back(db, turn, due=clock())

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        writing = asyncio.ensure_future(asyncio.gather(*(customer(f"c{n}") for n in range(CONVERSATIONS))))
        for db in processes:
            tasks.create_task(worker(db))
    assert len(watch.taken) == CONVERSATIONS
    for texts in watch.taken.values():
        assert "\n".join(texts).splitlines() == [str(n) for n in range(MESSAGES)]


async def test_many_senders_send_each_message_once_and_in_order(
    store: Ledger, processes: list[Database], clock: Clock
) -> None:
    watch = Watch()
    drafts = tuple(Draft(text=str(n)) for n in range(MESSAGES))
    for n in range(CONVERSATIONS):
        await store.accept(said("how?", f"e{n}", address=f"c{n}"))
        await store.commit(await store.turn(), replace(ANSWER, drafts=drafts))

    async def sender(db: Database) -> None:
        while sum(map(len, watch.taken.values())) < CONVERSATIONS * MESSAGES:
            owed = await claim_delivery(db, now=clock(), lease=LEASE)
            if owed is None:
                await asyncio.sleep(0.005)
                continue
            await watch.hold(owed.message.address, owed.message.text)
            await mark_delivered(db, owed, now=clock(), platform_id=None)

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        for db in processes:
            tasks.create_task(sender(db))
    assert all(texts == [str(n) for n in range(MESSAGES)] for texts in watch.taken.values())
    assert await claim_delivery(store.db, now=clock(), lease=LEASE) is None


class Crowd:
    """Customer, bot and agent who do what they may in one conversation, each in a process of their own."""

    def __init__(self, clock: Clock, alva: Agent) -> None:
        self.clock, self.alva = clock, alva
        self._events = iter(range(10_000))

    async def customer(self, db: Database) -> None:
        await accept.accept(db, said("how?", f"e{next(self._events)}"), now=self.clock(), quiet=timedelta(0))

    async def worker(self, db: Database) -> None:
        turn = await claim_turn(db, now=self.clock(), lease=LEASE)
        if turn is not None:
            may_speak = turn.conversation.owner != "agent"
            outcome = random.choice([ANSWER, HANDOVER]) if may_speak else TurnOutcome()
            if not await commit_turn(db, turn, outcome, now=self.clock()):
                await inbox.put_back(db, turn, due=self.clock())

    async def sender(self, db: Database) -> None:
        owed = await claim_delivery(db, now=self.clock(), lease=LEASE)
        if owed is not None and random.random() < 0.5:
            await mark_delivered(db, owed, now=self.clock(), platform_id=None)
        elif owed is not None:
            await give_up(db, owed, now=self.clock(), error="gone")

    async def agent(self, db: Database) -> None:
        desk = Desk(db, clock=self.clock)
        resolve = partial(desk.resolve, confirmed=True)
        acts: list[Callable[[int, Agent], Awaitable[None]]] = [desk.hand_back, resolve, desk.release]
        for item in await desk.queue():
            with suppress(InvalidState, NotOwner):
                await desk.reply(item.escalation_id, self.alva, "Hello.", key=f"k{next(self._events)}")
                await random.choice(acts)(item.escalation_id, self.alva)
        for item in await desk.closed(limit=1):
            with suppress(InvalidState):
                await desk.reopen(item.escalation_id, self.alva)


async def test_bot_agents_and_customer_at_once_never_leave_two_owners_or_a_deadlock(
    store: Ledger, processes: list[Database], clock: Clock
) -> None:
    crowd = Crowd(clock, await store.agent())

    async def at(person: Callable[[Database], Awaitable[None]], db: Database) -> None:
        for _ in range(15):
            await person(db)
            await asyncio.sleep(0)

    people = [crowd.customer, crowd.customer, crowd.worker, crowd.worker, crowd.sender, crowd.sender]
    async with asyncio.timeout(60):
        everybody = [*people, crowd.agent, crowd.agent]
        await asyncio.gather(*(at(person, db) for person, db in zip(everybody, processes, strict=True)))
    async with store.db.read() as connection:
        [owner] = await connection.scalars(select(conversations.c.owner))
    states = [item.state for item in await Desk(store.db, clock=clock).queue()]
    assert (owner, states) in [("bot", []), ("queue", ["waiting"]), ("agent", ["claimed"])]


async def test_conversations_are_locked_in_one_order_whatever_the_databases_locale(store: Ledger, db: Database) -> None:
    addresses = ["a", "B", "c", "-7", "10", "T1:D1"]
    for address in addresses:
        await store.accept(said("how?", address, address=address))
    async with db.write() as connection:
        ids = list(await connection.scalars(select(conversations.c.id)))
        assert [row.address for row in await lock_all(connection, ids)] == sorted(addresses)
    # The server that comes in a wheel knows no locale but C, so another can only be told from the statement.
    assert 'conversations.address COLLATE "C"' in str(locking(select(conversations), "postgresql"))


async def test_who_lost_a_turn_cannot_give_back_what_another_holds(store: Ledger, clock: Clock) -> None:
    await store.accept(said("one"))
    lost = await store.turn()
    clock.advance(61)
    await inbox.free_expired(store.db, now=clock())
    held = await store.claim()
    assert held is not None
    assert not await inbox.renew(store.db, lost, until=clock() + LEASE)
    await inbox.put_back(store.db, lost, due=clock())
    assert await store.claim() is None
    assert await store.commit(held, ANSWER)
    assert not await store.commit(lost, ANSWER), "the fence lets one through"


async def test_a_lease_that_is_renewed_does_not_expire(store: Ledger, clock: Clock) -> None:
    await store.accept(said("one"))
    turn = await store.turn()
    clock.advance(50)
    assert await inbox.renew(store.db, turn, until=clock() + LEASE)
    clock.advance(50)
    assert await inbox.free_expired(store.db, now=clock()) == []
    assert await store.commit(turn, ANSWER)
    assert not await inbox.renew(store.db, turn, until=clock() + LEASE), "nothing is held any more"


async def test_who_lost_a_message_cannot_postpone_or_give_up_what_another_sends(store: Ledger, clock: Clock) -> None:
    await store.accept(said("how?"))
    await store.commit(await store.turn(), ANSWER)
    lost = await claim_delivery(store.db, now=clock(), lease=LEASE)
    assert lost is not None
    clock.advance(61)
    assert await outbox.free_expired(store.db, now=clock()) == [1]
    held = await claim_delivery(store.db, now=clock(), lease=LEASE)
    assert held is not None
    assert held.attempts == 2
    await outbox.postpone(store.db, lost, due=clock(), error="busy")
    await give_up(store.db, lost, now=clock(), error="gone")
    assert await Desk(store.db, clock=clock).queue() == []
    assert await claim_delivery(store.db, now=clock(), lease=LEASE) is None
    await mark_delivered(store.db, lost, now=clock(), platform_id="p")
    await outbox.postpone(store.db, held, due=clock(), error="busy")
    assert await claim_delivery(store.db, now=clock(), lease=LEASE) is None, "what was delivered is not sent again"
    assert await outbox.free_expired(store.db, now=clock() + LEASE * 2) == []


async def test_the_next_turn_is_due_when_a_burst_ends_and_not_while_it_is_held(store: Ledger, clock: Clock) -> None:
    assert await inbox.next_due(store.db) is None
    await store.accept(said("one?"))
    assert await inbox.next_due(store.db) == clock() + timedelta(seconds=1)
    await store.turn()
    await store.accept(said("two", "e2"))
    assert await inbox.next_due(store.db) is None


async def test_a_choice_that_is_out_of_date_once_the_lock_is_had_does_not_count(
    store: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.accept(said("one"))
    await store.accept(said("two", "e2", address="b"))
    held = await store.turn()
    stale = [select(conversations.c.id).where(conversations.c.id == held.conversation.id)]
    choose = inbox._oldest_due
    monkeypatch.setattr(inbox, "_oldest_due", lambda now, most: stale.pop() if stale else choose(now, most))
    turn = await store.claim()
    assert turn is not None
    assert (turn.conversation.address, stale) == ("b", [])


async def test_a_case_reopened_in_the_moment_of_a_new_hand_over_is_one_case(
    store: Ledger, processes: list[Database], clock: Clock
) -> None:
    alva, desk = await store.agent(), Desk(processes[0], clock=clock)
    await store.accept(said("how?"))
    await store.commit(await store.turn(), HANDOVER)
    [case] = await desk.queue()
    await desk.claim(case.escalation_id, alva)
    await desk.resolve(case.escalation_id, alva, confirmed=True)
    await store.accept(said("and now?", "e2"))
    conversation = (await store.turn()).conversation
    async with store.db.write() as connection:
        assert await advance(connection, [Advance(conversation=conversation, owner="queue")]) == [True]
        reopening = asyncio.create_task(desk.reopen(case.escalation_id, alva))
        await asyncio.sleep(0.3)  # it has to wait before it changes anything, or each would wait for the other
        await open_escalation(
            connection, conversation.id, reason="unsure", question="and now?", receipt_id=None, now=clock()
        )
    with pytest.raises(InvalidState, match="newer case"):
        await reopening
