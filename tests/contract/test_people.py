"""Every message has its author: in a thread several people write, and each keeps their own words."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.conversation.compose import Draft
from bot.conversation.phrases import phrases_for
from bot.conversation.receipt import Erasure, Receipt
from bot.errors import NoSuchCustomer
from bot.services.deliveries import give_up
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.privacy import erasure
from bot.store.privacy.export import everything_about
from bot.store.records.participants import BACK
from bot.store.records.turn_commit import TurnOutcome
from bot.store.tables import metadata
from channels.message import Inbound, Quotation
from tests.conftest import Clock
from tests.contract.ledger import ANSWER, LEASE, Ledger, said
from tests.single import claim_delivery, mark_delivered

THREAD = "C1/100.1"
PEOPLE = {"U1": "Eva Lind", "U2": "Bob Ek", "U3": "Cy Falk"}
EVAS, BOBS = "my kaleidoscope is foggy inside", "does the zebrafink need batteries"


def wrote(text: str, event: str, person: str = "U1", **more: Any) -> Inbound:
    inbound = replace(said(text, event, address=THREAD), channel="slack", customer=person, **more)
    return replace(inbound, customer_name=PEOPLE[person])


def outcome(question: str, reply: str, **more: Any) -> TurnOutcome:
    receipt = Receipt(decision="answer", question=question, searched=question, **more)
    return TurnOutcome(receipt=receipt, drafts=(Draft(text=reply),))


async def talk(store: Ledger) -> Desk:
    """Eva asks and is answered, Bob remarks something and then asks; their case waits."""
    await store.accept(wrote(EVAS, "e1"))
    await store.commit(await store.turn(), outcome(EVAS, "Wipe the lens."))
    await store.accept(wrote("same here, like my marzipan", "e2", "U2", is_addressed=False))
    await store.accept(wrote(BOBS, "e3", "U2"))
    handed = Receipt(decision="escalate", reason="unsure", question=BOBS, searched=f"{EVAS} {BOBS}")
    await store.commit(await store.turn(), TurnOutcome(receipt=handed, drafts=(Draft(text="I've passed it on, Bob."),)))
    return Desk(store.db, clock=store.clock)


async def lines(desk: Desk) -> list[tuple[str, str | None, str]]:
    [item] = await desk.queue()
    case = await desk.case(item.escalation_id)
    return [(line.author, line.author_name, line.text) for line in case.lines]


async def test_each_line_has_its_own_author_and_a_remark_is_no_turn(store: Ledger) -> None:
    desk = await talk(store)
    assert await lines(desk) == [
        ("customer", "Eva Lind", EVAS),
        ("bot", None, "Wipe the lens."),
        ("peer", "Bob Ek", "same here, like my marzipan"),
        ("customer", "Bob Ek", BOBS),
        ("bot", None, "I've passed it on, Bob."),
    ]
    [item] = await desk.queue()
    case = await desk.case(item.escalation_id)
    assert (case.customer, case.customer_name) == ("U1", "Eva Lind"), "whoever began it stays its customer"


async def test_who_has_asked_is_heard_without_a_call_and_others_are_not(store: Ledger) -> None:
    await talk(store)
    await store.accept(wrote("I agree with Bob", "e4", "U3", is_addressed=False))
    store.clock.advance(60)
    assert await store.claim() is None
    await store.accept(wrote("what about mine", "e5", "U1", is_addressed=False))
    turn = await store.turn()
    assert turn.person == "U1"
    await store.commit(turn, outcome("what about mine", "Wipe it too."))
    await store.accept(wrote("I agree with Bob!", "x1", "U3", is_addressed=False, platform_message_id=None, edits="e4"))
    await store.accept(wrote("what of mine?", "x2", "U3", platform_message_id=None, edits="e4"))
    assert [each.text for each in (await store.turn()).said] == ["what of mine?"]


async def test_an_export_holds_a_persons_own_words_and_what_they_were_told(store: Ledger) -> None:
    await talk(store)
    await mark_everything_delivered(store)
    told = {person: str(await everything_about(store.db, "slack", person)) for person in ("U1", "U2")}
    for mine, others, words, theirs in (
        ("U1", "U2", (EVAS, "Wipe the lens.", "Eva Lind"), (BOBS, "marzipan", "I've passed it on", "Bob Ek")),
        ("U2", "U1", (BOBS, "marzipan", "I've passed it on", "Bob Ek"), (EVAS, "Wipe the lens", "Eva Lind")),
    ):
        assert [each for each in words if each not in told[mine]] == []
        assert [each for each in (*theirs, f"'{others}'") if each in told[mine]] == [], mine
    with pytest.raises(NoSuchCustomer):
        await everything_about(store.db, "slack", "U3")


@pytest.mark.parametrize(("person", "left"), [("U1", "U2"), ("U2", "U1")])
async def test_erasing_somebody_takes_their_words_and_nobody_elses(store: Ledger, person: str, left: str) -> None:
    desk = await talk(store)
    words = {"U1": (EVAS, "Wipe the lens", "Eva Lind"), "U2": (BOBS, "marzipan", "it on, Bob", "Bob Ek")}
    [item] = await desk.queue()
    if person == "U2":  # the case is his, whoever began the thread
        await desk.erase(item.escalation_id, await store.agent())
    else:
        await erase(store.db, store.clock, person)
    everything = str(await dump(store.db))
    assert [each for each in (*words[person], f"'{person}'") if each in everything] == []
    spoken = [text for _, _, text in await case_lines(desk, item.escalation_id)]
    mine = {"U1": {EVAS, "Wipe the lens."}, "U2": {BOBS, "same here, like my marzipan", "I've passed it on, Bob."}}
    assert mine[left] <= set(spoken)
    assert len(await everything_about(store.db, "slack", left)) == 1
    assert [each.question for each in await desk.queue()] == ([BOBS] if left == "U2" else [])
    with pytest.raises(NoSuchCustomer):
        await everything_about(store.db, "slack", person)
    await store.accept(wrote("and now", "e9", left))
    assert (await store.turn()).text == "and now", "the thread goes on"


async def test_what_was_quoted_is_shown_with_its_origin_and_asks_nothing(store: Ledger) -> None:
    quote = Quotation(text="I want a human!", origin="Cy")
    await store.accept(wrote("", "e1", quotes=(quote,)))
    turn = await store.turn()
    assert (turn.text, turn.said[0].has_quotes) == ("", True)
    await store.commit(turn, TurnOutcome(receipt=Receipt(decision="escalate", reason="asked", question="")))
    desk = Desk(store.db, clock=store.clock)
    [item] = await desk.queue()
    assert (await desk.case(item.escalation_id)).lines[0].quotes == (quote,)


async def test_a_customer_who_was_out_of_reach_and_is_back_is_answered(store: Ledger) -> None:
    await store.accept(said("reset my hub", "m1"))
    await store.commit(await store.turn(), ANSWER)
    owed = await claim_delivery(store.db, now=store.clock(), lease=LEASE)
    assert owed is not None
    await give_up(store.db, owed, now=store.clock(), error="blocked")
    desk = Desk(store.db, clock=store.clock)
    [item] = await desk.queue()
    assert (item.reason, item.question) == ("undelivered", "reset my hub")
    await store.accept(said("hello again", "m2"))
    turn = await store.turn()
    assert (turn.conversation.owner, turn.text) == ("bot", "hello again")
    assert await store.commit(turn, ANSWER)
    assert list(await desk.queue()) == []
    assert BACK in [line.text for line in (await desk.case(item.escalation_id)).lines]


async def case_lines(desk: Desk, number: int) -> list[tuple[str, str | None, str]]:
    return [(line.author, line.author_name, line.text) for line in (await desk.case(number)).lines]


async def mark_everything_delivered(store: Ledger) -> None:
    while owed := await claim_delivery(store.db, now=store.clock(), lease=LEASE):
        await mark_delivered(store.db, owed, now=store.clock(), platform_id="theirs")


async def erase(db: Database, clock: Clock, person: str) -> None:
    async with db.write("desk", "outbox") as connection:
        await erasure.erase(connection, "slack", person, erasure=Erasure(at=clock(), by=None), phrases=phrases_for)


async def dump(db: Database) -> list[object]:
    async with db.read() as connection:
        return [(await connection.execute(select(table))).all() for table in metadata.tables.values()]
