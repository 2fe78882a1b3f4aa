"""What is written for several conversations at once is as if it had been written for each alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.conversation.compose import Draft
from bot.conversation.receipt import Receipt
from bot.conversation.turn import Turn
from bot.services.desk import Desk
from bot.services.turns import commit_turns
from bot.store.queues import accept as arrivals
from bot.store.queues import inbox, outbox
from bot.store.records.receipts import receipt_of_message
from bot.store.records.turn_commit import TurnOutcome
from bot.store.tables import conversations, messages
from channels.message import Action, Inbound
from tests.conftest import Clock
from tests.contract.ledger import HANDOVER, LEASE, QUIET, Ledger, said

NAMES = ("ada", "bo", "cy")


def outcome(question: str, *texts: str) -> TurnOutcome:
    receipt = Receipt(decision="answer", question=question, confidence=0.9, threshold=0.5, snapshot="v1")
    return TurnOutcome(receipt=receipt, drafts=tuple(Draft(text=text) for text in texts))


async def accept(store: Ledger, *inbounds: Inbound) -> None:
    await arrivals.accept_all(store.db, inbounds, now=store.clock(), quiet=QUIET)


async def turns(store: Ledger) -> dict[str, Turn]:
    store.clock.advance(60)
    claimed = await inbox.claim(store.db, now=store.clock(), lease=LEASE, most=10)
    return {turn.conversation.address: turn for turn in claimed}


async def versions(store: Ledger) -> dict[str, int]:
    async with store.db.read() as connection:
        rows = await connection.execute(select(conversations.c.address, conversations.c.version))
        return {row.address: row.version for row in rows}


async def asked(store: Ledger, *names: str) -> dict[str, Turn]:
    await accept(store, *(said(f"{name}?", name, address=name) for name in names))
    return await turns(store)


async def test_messages_of_several_customers_are_taken_in_the_order_of_each(store: Ledger) -> None:
    await accept(
        store,
        said("b1", "1", address="bo"),
        said("a1", "2", address="ada"),
        said("b2", "3", address="bo"),
        said("b3", "4", address="bo"),
        said("a2", "5", address="ada"),
    )
    assert await store.texts("ada") == ["a1", "a2"]
    assert await store.texts("bo") == ["b1", "b2", "b3"]
    assert await versions(store) == {"ada": 2, "bo": 3}
    claimed = await turns(store)
    assert [each.text for each in claimed["bo"].said] == ["b1", "b2", "b3"]
    assert claimed["ada"].text == "a1\na2"


async def test_changes_deletions_and_buttons_beside_new_messages_are_each_taken_as_alone(store: Ledger) -> None:
    await accept(store, *(said("first", name, address=name) for name in NAMES))
    await accept(
        store,
        replace(said("changed", "e1", address="ada"), platform_message_id=None, edits="ada"),
        replace(said("", "e2", address="bo"), platform_message_id=None, deletes="bo"),
        said("", "e3", address="cy", action=Action(name="human")),
        said("more", "e4", address="ada"),
        said("new", "e5", address="dan"),
    )
    assert await store.texts("ada") == ["changed", "more"]
    assert await store.texts("bo") == []
    claimed = await turns(store)
    assert {name: [each.text for each in turn.said] for name, turn in claimed.items()} == {
        "ada": ["changed", "more"],
        "cy": ["first", ""],
        "dan": ["new"],
    }
    assert [each.name for each in claimed["cy"].actions] == ["human"]


async def test_a_message_that_is_known_lets_none_of_its_group_in(store: Ledger) -> None:
    await accept(store, said("first", "1", address="ada"))
    with pytest.raises(IntegrityError):
        await accept(store, said("new", "2", address="bo"), said("again", "1", address="ada"))
    assert await store.texts("bo") == []
    assert await versions(store) == {"ada": 1}


async def test_each_customer_gets_their_own_answers_and_receipts_in_order(store: Ledger) -> None:
    claimed = await asked(store, *NAMES)
    decided = [(claimed[name], outcome(name, f"{name} 1", f"{name} 2")) for name in reversed(NAMES)]
    assert await commit_turns(store.db, decided, now=store.clock()) == [True] * 3
    for name in NAMES:
        assert await store.texts(name) == [f"{name}?", f"{name} 1", f"{name} 2"]
    async with store.db.read() as connection:
        lines = {row.text: row.id for row in await connection.execute(select(messages))}
    for text, number in lines.items():
        assert (await receipt_of_message(store.db, number)).question == text.strip("?").split()[0]
    assert await owed(store) == {f"{name} 1" for name in NAMES}
    assert await owed(store) == set(), "the second waits for the first"
    assert await turns(store) == {}


async def test_one_that_was_overtaken_keeps_nobody_else_back(store: Ledger) -> None:
    claimed = await asked(store, *NAMES)
    await accept(store, said("wait", "late", address="bo"))
    decided = [(claimed["ada"], outcome("ada", "A")), (claimed["bo"], outcome("bo", "B")), (claimed["cy"], HANDOVER)]
    assert await commit_turns(store.db, decided, now=store.clock()) == [True, False, True]
    assert await store.texts("bo") == ["bo?", "wait"]
    assert await store.texts("ada") == ["ada?", "A"]
    [case] = await Desk(store.db, clock=store.clock).queue()
    assert case.conversation_id == claimed["cy"].conversation.id


async def test_of_two_outcomes_for_one_conversation_one_is_written(store: Ledger, clock: Clock) -> None:
    first = await asked(store, "ada")
    clock.advance(LEASE.total_seconds() * 2)
    await inbox.free_expired(store.db, now=clock())
    second = await turns(store)
    decided = [(first["ada"], outcome("1", "one")), (second["ada"], outcome("2", "two"))]
    assert await commit_turns(store.db, decided, now=clock()) == [True, False]
    assert await store.texts("ada") == ["ada?", "one"]


async def owed(store: Ledger) -> set[str]:
    claimed: Sequence[outbox.PendingDelivery] = await outbox.claim(store.db, now=store.clock(), lease=LEASE, most=10)
    return {each.message.text for each in claimed}
