"""What a platform lets us send is never exceeded, in any stretch of time, over restarts and however many send."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.conversation.compose import Draft
from bot.errors import InvalidState, NoSuchCase
from bot.services.deliveries import give_up
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.queues import outbox, send_quota, undelivered
from bot.store.records.conversations import customer_status
from channels.channel import SendLimit
from tests.conftest import Clock
from tests.contract.ledger import ANSWER, LEASE, Ledger, said
from tests.single import claim_delivery, mark_delivered

Limits = Mapping[str, Sequence[SendLimit]]
THREE = {"web": (SendLimit(count=3, seconds=10),)}


async def owe(store: Ledger, *, chats: int, each: int = 1) -> None:
    drafts = tuple(Draft(text=str(n)) for n in range(each))
    for n in range(chats):
        await store.accept(said("how?", f"e{n}", address=f"c{n}"))
    for _ in range(chats):
        await store.commit(await store.turn(), replace(ANSWER, drafts=drafts))


async def sent_now(db: Database, clock: Clock, limits: Limits) -> list[str]:
    """Send whatever may be sent at this moment; to whom it went."""
    addresses = []
    while owed := await claim_delivery(db, now=clock(), lease=LEASE, limits=limits):
        await mark_delivered(db, owed, now=clock(), platform_id=None)
        addresses.append(owed.message.address)
    return addresses


async def test_no_stretch_of_time_holds_more_than_the_limit(store: Ledger, db: Database, clock: Clock) -> None:
    await owe(store, chats=12)
    times: list[datetime] = []
    for step in range(200):
        times += [clock()] * len(await sent_now(db, clock, THREE))
        clock.advance((0.4, 1.7, 3.1)[step % 3])
    assert len(times) == 12
    for time in times:
        assert sum(time <= other < time + timedelta(seconds=10) for other in times) <= 3


async def test_what_waits_is_due_when_the_limit_lets_it_out(store: Ledger, db: Database, clock: Clock) -> None:
    await owe(store, chats=5)
    assert await sent_now(db, clock, THREE) == ["c0", "c1", "c2"]
    assert await outbox.next_due(db) == clock() + timedelta(seconds=10)
    clock.advance(9.9)
    assert await sent_now(db, clock, THREE) == []
    clock.advance(0.1)
    assert await sent_now(db, clock, THREE) == ["c3", "c4"]
    assert await undelivered.undelivered(db) == []


async def test_of_two_limits_that_are_spent_the_later_one_says_when(store: Ledger, db: Database, clock: Clock) -> None:
    await owe(store, chats=2)
    both = {"web": (SendLimit(count=1, seconds=60), SendLimit(count=1, seconds=10))}
    assert await sent_now(db, clock, both) == ["c0"]
    assert await outbox.next_due(db) == clock() + timedelta(seconds=60)


async def test_a_limit_to_each_chat_holds_up_no_other_chat(store: Ledger, db: Database, clock: Clock) -> None:
    await owe(store, chats=2, each=2)
    one_each = {"web": (SendLimit(count=1, seconds=1, per="chat"), SendLimit(count=30, seconds=1))}
    assert await sent_now(db, clock, one_each) == ["c0", "c1"]
    clock.advance(1)
    assert await sent_now(db, clock, one_each) == ["c0", "c1"]


async def test_a_day_is_counted_over_restarts(store: Ledger, db: Database, database_url: str, clock: Clock) -> None:
    a_day = {"web": (SendLimit(count=2, seconds=86_400),)}
    await owe(store, chats=3)
    assert len(await sent_now(db, clock, a_day)) == 2
    await db.close()
    again = Database(database_url)
    clock.advance(86_399)
    assert await sent_now(again, clock, a_day) == []
    clock.advance(1)
    assert await sent_now(again, clock, a_day) == ["c2"]
    await again.close()


async def test_another_channels_limit_is_another(store: Ledger, db: Database, clock: Clock) -> None:
    await owe(store, chats=4)
    assert len(await sent_now(db, clock, {"slack": (SendLimit(count=1, seconds=60),)})) == 4


async def test_many_senders_together_keep_to_one_limit(
    store: Ledger, db: Database, database_url: str, clock: Clock
) -> None:
    await owe(store, chats=12)
    processes = [Database(database_url) for _ in range(6)]
    five = {"web": (SendLimit(count=5, seconds=60),)}
    async with asyncio.timeout(60):
        sent = await asyncio.gather(*(sent_now(each, clock, five) for each in processes))
    assert sum(map(len, sent)) == 5
    assert len([letter for letter in await undelivered.undelivered(db) if letter.attempts == 0]) == 7
    for each in processes:
        await each.close()


async def test_a_platform_may_put_off_all_we_send_there(store: Ledger, db: Database, clock: Clock) -> None:
    await owe(store, chats=3)
    owed = await claim_delivery(db, now=clock(), lease=LEASE)
    assert owed is not None
    await outbox.postpone(db, owed, due=clock() + timedelta(seconds=30), error="flood", everywhere=True)
    assert await claim_delivery(db, now=clock(), lease=LEASE) is None
    clock.advance(30)
    assert await sent_now(db, clock, {}) == ["c0", "c1", "c2"]


async def test_what_no_limit_counts_any_more_is_forgotten(store: Ledger, db: Database, clock: Clock) -> None:
    one = {"web": (SendLimit(count=1, seconds=send_quota.LONGEST_WINDOW.total_seconds()),)}
    await owe(store, chats=2)
    assert len(await sent_now(db, clock, one)) == 1
    clock.advance(send_quota.LONGEST_WINDOW.total_seconds() - 1)
    await send_quota.forget(db, now=clock())
    assert await sent_now(db, clock, one) == []
    clock.advance(2)
    await send_quota.forget(db, now=clock())
    assert await sent_now(db, clock, one) == ["c1"]


async def test_a_dead_letter_is_listed_and_can_be_tried_again(store: Ledger, db: Database, clock: Clock) -> None:
    await owe(store, chats=2)
    owed = await claim_delivery(db, now=clock(), lease=LEASE)
    assert owed is not None
    await give_up(db, owed, now=clock(), error="blocked")
    [dead] = await undelivered.undelivered(db, failed=True)
    assert (dead.id, dead.state, dead.address, dead.error, dead.text) == (1, "failed", "c0", "blocked", "0")
    assert [letter.state for letter in await undelivered.undelivered(db)] == ["failed", "pending"]
    await undelivered.retry(db, dead.id, now=clock())
    with pytest.raises(InvalidState, match="message 1"):
        await undelivered.retry(db, dead.id, now=clock())
    with pytest.raises(NoSuchCase, match="message 77"):
        await undelivered.retry(db, 77, now=clock())
    again = await claim_delivery(db, now=clock(), lease=LEASE)
    assert again is not None
    assert (again.message.text, again.attempts) == ("0", 2)
    assert again.message.tried_since is not None, "a try that failed may have arrived"
    await mark_delivered(db, again, now=clock(), platform_id=None)
    assert await undelivered.undelivered(db, failed=True) == []
    assert (await customer_status(db, "web", "c0")).owner == "queue", "the case stays the agents'"
    assert [item.reason for item in await Desk(db, clock=clock).queue()] == ["undelivered"]
