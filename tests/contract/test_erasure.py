"""Erasing a customer leaves no word and no name of theirs in any column, and in SQLite's files neither."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.conversation.case import Agent
from bot.conversation.compose import Draft
from bot.conversation.explain import explain
from bot.conversation.language.decision import LanguageChoice
from bot.conversation.phrases import phrases_for
from bot.conversation.receipt import Erasure, Part, Receipt
from bot.errors import InvalidState, NoSuchCase, NoSuchCustomer
from bot.services.deliveries import give_up
from bot.services.desk import Desk
from bot.store.engine import sqlite
from bot.store.engine.database import Database
from bot.store.privacy import erasure
from bot.store.privacy.export import everything_about
from bot.store.queues import outbox
from bot.store.records import escalations
from bot.store.records.conversations import customer_lines
from bot.store.records.receipts import asked_lately, receipt_of_message
from bot.store.records.relevance_labels import read_labels
from bot.store.records.turn_commit import TurnOutcome
from bot.store.tables import conversations, inbox, messages, metadata, receipts
from bot.testing import ScriptedIndex, ScriptedPage
from channels.message import Action, Attachment, Choice, Inbound
from tests.conftest import Clock
from tests.contract.ledger import LEASE, Ledger
from tests.single import claim_delivery, mark_delivered

CUSTOMER, NAME, PLACE = "customer-4711", "Ottilia Zetterqvist", "chat-4711-private"
WORDS = ("zebrafink", "kaleidoscope", "marzipan", "Zetterqvist", "Ottilia", "4711", "passport-scan", "sv-FI")
#: As it is said in the language of the conversation.
FAREWELL = phrases_for("sv").forgotten()


def wrote(text: str, event: str, *, place: str = PLACE, customer: str = CUSTOMER, **more: object) -> Inbound:
    values = {"platform_message_id": f"{place}/{event}", "customer_name": NAME, "locale": "sv-FI"} | more
    inbound = Inbound(
        channel="web", event_id=f"{place}:{event}", address=place, customer=customer, text=text, sent_at=Clock().now
    )
    return replace(inbound, **values)  # type: ignore[arg-type]


RECEIPT = Receipt(
    decision="partial",
    reason="partial",
    question="kaleidoscope for Ottilia, and marzipan?",
    searched="kaleidoscope for Ottilia",
    language="sv",
    language_choice=LanguageChoice(language="sv", ground="words", detected="sv"),
    confidence=0.61,
    threshold=0.55,
    snapshot="v1",
    candidates=ScriptedIndex([ScriptedPage(id="toys", title="Toys", text="Ask.", about="kaleidoscope")])
    .search("kaleidoscope")
    .candidates,
    features={"score": 0.5},
    parts=(Part(question="marzipan?", confidence=0.1, is_answered=False),),
    detail="Zetterqvist wrote it twice.",
)


class Told:
    """A customer with all that can be stored of one, in two conversations, and another customer beside them."""

    def __init__(self, store: Ledger, agent: Agent) -> None:
        self.store, self.db, self.agent = store, store.db, agent
        self.desk = Desk(store.db, clock=store.clock)

    async def everything(self) -> int:
        """All of it; returns the number of the case."""
        store = self.store
        await store.accept(wrote("kaleidoscope for Ottilia, and marzipan?", "e1", attachments=(SCAN,)))
        drafts = (Draft(text="Which kaleidoscope?", feedback=True, choices=(Choice(id="toys", label="zebrafink"),)),)
        outcome = TurnOutcome(receipt=RECEIPT, drafts=drafts, language=LanguageChoice(language="sv", ground="words"))
        assert await store.commit(await store.turn(), outcome)
        [line] = [each for each in await customer_lines(store.db, "web", PLACE, after=0) if each.author == "bot"]
        owed = await claim_delivery(store.db, now=store.clock(), lease=LEASE)
        assert owed is not None
        await mark_delivered(store.db, owed, now=store.clock(), platform_id=f"{PLACE}/theirs")
        await store.accept(wrote("", "e2", action=Action(name="choose", answer_id=line.id, choice="zebrafink")))
        await store.accept(wrote("my zebrafink", "e3"))
        await store.accept(wrote("my zebrafink is marzipan", "e4", edits=f"{PLACE}/e3"))
        await store.accept(wrote("oh", "e8"))
        await store.accept(wrote("", "e5", deletes=f"{PLACE}/e8"))
        [item] = await self.desk.queue()
        await self.desk.claim(item.escalation_id, self.agent)
        await self.desk.reply(item.escalation_id, self.agent, "Dear Ottilia, your zebrafink.", key="form-4711")
        await self.desk.note(item.escalation_id, self.agent, "Zetterqvist is known to us.", key="note-4711")
        await self.desk.label_relevance(item.escalation_id, self.agent, "toys")
        owed = await claim_delivery(store.db, now=store.clock(), lease=LEASE)
        assert owed is not None
        await outbox.postpone(store.db, owed, due=store.clock() + timedelta(days=1), error=f"{PLACE} is away")
        await store.accept(wrote("kaleidoscope again", "e6", place="thread-4711"))
        await store.accept(wrote("quite another matter", "e7", place="elsewhere", customer="somebody", **BO))
        return item.escalation_id


BO = {"customer_name": "Bo", "locale": "en"}
SCAN = Attachment(name="passport-scan.png", url="https://files.example/passport-scan.png")


@pytest.fixture
async def told(store: Ledger) -> Told:
    return Told(store, await store.agent())


async def found(db: Database) -> dict[str, list[str]]:
    """Which of the customer's words stand in which columns."""
    places: dict[str, list[str]] = {}
    async with db.read() as connection:
        for table in metadata.tables.values():
            for row in await connection.execute(select(table)):
                for column, value in row._mapping.items():
                    said = [word for word in WORDS if word.casefold() in str(value).casefold()]
                    if said:
                        places[f"{table.name}.{column}"] = said
    return places


async def _deliver(store: Ledger) -> list[str]:
    """Send everything that is owed and due."""
    texts = []
    while owed := await claim_delivery(store.db, now=store.clock(), lease=LEASE):
        await mark_delivered(store.db, owed, now=store.clock(), platform_id=f"{PLACE}/last")
        texts.append(owed.message.text)
    return texts


async def test_the_test_stores_words_wherever_there_can_be_any(told: Told) -> None:
    await told.everything()
    assert set(await found(told.db)) >= {
        *("conversations.address", "conversations.customer", "conversations.customer_name", "conversations.locale"),
        *("inbox.event_id", "inbox.address", "inbox.message_id", "inbox.edits", "inbox.action"),
        *("messages.text", "messages.attachments", "messages.choices", "messages.message_id", "messages.form_key"),
        *("receipts.body", "escalations.question", "outbox.error", "outbox.platform_id"),
    }


async def test_what_can_be_erased_can_be_exported(told: Told) -> None:
    await told.everything()
    text = str(await everything_about(told.db, "web", CUSTOMER))
    assert [word for word in WORDS if word not in text] == []
    assert "quite another matter" not in text
    assert "Zetterqvist is known to us." in text, "what agents noted is kept of the customer too"
    assert "'verdict': 'toys'" in text
    assert "'agent': 'Alva'" in text


async def test_after_erasing_no_column_holds_a_word_or_name_of_the_customer(told: Told) -> None:
    case = await told.everything()
    await told.desk.erase(case, told.agent)
    # Until the customer is told there is one place that still leads to them.
    assert await found(told.db) == {"conversations.address": ["4711"]}
    assert await _deliver(told.store) == [FAREWELL]
    assert len(await erasure.finish_erasures(told.db, now=told.store.clock())) == 1
    assert await found(told.db) == {}
    assert await erasure.finish_erasures(told.db, now=told.store.clock()) == []


async def test_others_keep_what_they_said(told: Told) -> None:
    case = await told.everything()
    await told.desk.erase(case, told.agent)
    assert await told.store.texts("elsewhere") == ["quite another matter"]
    turn = await told.store.turn()
    assert (turn.conversation.customer_name, turn.text) == ("Bo", "quite another matter")


async def test_how_many_what_was_decided_and_when_stays(told: Told) -> None:
    async def figures() -> list[object]:
        async with told.db.read() as connection:
            counts = [await connection.scalar(select(func.count()).select_from(t)) for t in (inbox, receipts)]
            decided = (await connection.execute(select(receipts.c.at, receipts.c.conversation_id))).all()
            said = select(messages.c.at, messages.c.author).where(messages.c.author != "event")
            lines = (await connection.execute(said.order_by(messages.c.id))).all()
        return [*counts, decided, [line for line in lines if line.author == "customer"]]

    case = await told.everything()
    before = await figures()
    await told.desk.erase(case, told.agent)
    assert await figures() == before
    async with told.db.read() as connection:
        [body] = await connection.scalars(select(receipts.c.body))
    assert (body["decision"], body["reason"], body["confidence"], body["snapshot"]) == (
        "partial",
        "partial",
        0.61,
        "v1",
    )


async def test_nothing_dangles_and_everything_says_that_it_was_erased(told: Told) -> None:
    number = await told.everything()
    open_case = await told.desk.case(number)
    asked, note = open_case.lines[0].id, open_case.lines[-1].id
    assert await asked_lately(told.db, 10) == [(RECEIPT.searched, "sv")]
    assert await asked_lately(told.db, 0) == []
    await told.desk.erase(number, told.agent)
    case = await told.desk.case(number)
    assert case.erased == Erasure(at=told.store.clock(), by="Alva")
    assert (case.state, case.owner, case.question, case.customer_name) == ("resolved", "bot", "", None)
    assert case.lines[-1].text == "Alva erased everything about this customer."
    assert {line.text for line in case.lines if line.author != "event"} == {""}
    assert await told.desk.queue() == []
    assert [item.erased for item in await told.desk.closed()] == [case.erased]
    receipt = await receipt_of_message(told.db, asked)
    assert explain(receipt)[0].startswith("Erased on 2026-03-02 09:01 by Alva:")
    with pytest.raises(NoSuchCase, match=rf"message {note}: it was erased on 2026-03-02 09:01 by Alva"):
        await receipt_of_message(told.db, note)
    assert await read_labels(told.db) == []
    assert await asked_lately(told.db, 10) == []
    with pytest.raises(NoSuchCustomer):
        await everything_about(told.db, "web", CUSTOMER)


async def test_an_erased_case_can_neither_be_reopened_nor_written_in(told: Told) -> None:
    case = await told.everything()
    await told.desk.erase(case, told.agent)
    desk, alva = told.desk, told.agent
    for act in (desk.reopen, desk.claim, desk.resolve, desk.erase):
        with pytest.raises(InvalidState):
            await act(case, alva)
    for write in (desk.reply, desk.note):
        with pytest.raises(InvalidState, match="Everything about this customer was erased"):
            await write(case, alva, "Ottilia?", key="new")
    with pytest.raises(InvalidState):
        await desk.label_relevance(case, alva, "toys")


async def test_what_comes_after_it_is_a_new_conversation(told: Told) -> None:
    case = await told.everything()
    await told.desk.erase(case, told.agent)
    assert await told.store.accept(wrote("hello, I am new here", "e9", customer_name=None, locale=None))
    assert await told.store.texts(PLACE) == [FAREWELL, "hello, I am new here"]
    await _deliver(told.store)
    assert await erasure.finish_erasures(told.db, now=told.store.clock()) == []
    assert await told.store.texts(PLACE) == [FAREWELL, "hello, I am new here"]
    turn = next(
        each for each in [await told.store.turn(), await told.store.turn()] if each.conversation.address == PLACE
    )
    assert (turn.text, turn.conversation.customer_name, turn.conversation.language) == (
        "hello, I am new here",
        None,
        None,
    )
    assert (await erasure.preview(told.db, "web", CUSTOMER)).conversations == 1


async def test_what_is_being_thought_or_sent_meanwhile_leaves_nothing(told: Told) -> None:
    case = await told.everything()
    turns = [await told.store.turn() for _ in range(3)]
    [turn] = [each for each in turns if each.conversation.address == "thread-4711"]
    told.store.clock.advance(timedelta(days=2).total_seconds())
    sending = await claim_delivery(told.db, now=told.store.clock(), lease=LEASE)
    assert sending is not None
    await told.desk.erase(case, told.agent)
    late = TurnOutcome(receipt=replace(RECEIPT, decision="answer", reason=None), drafts=(Draft(text="zebrafink"),))
    assert not await told.store.commit(turn, late)
    await mark_delivered(told.db, sending, now=told.store.clock(), platform_id=f"{PLACE}/late")
    await give_up(told.db, sending, now=told.store.clock(), error=PLACE)
    await _deliver(told.store)
    await erasure.finish_erasures(told.db, now=told.store.clock())
    assert await found(told.db) == {}


async def test_what_comes_at_the_same_moment_is_either_erased_or_new(told: Told) -> None:
    case = await told.everything()
    await asyncio.gather(
        told.desk.erase(case, told.agent),
        *(told.store.accept(wrote(f"hello {n}", f"g{n}")) for n in range(8)),
    )
    farewell, *since = await told.store.texts(PLACE)
    assert farewell == FAREWELL
    async with told.db.read() as connection:
        statement = select(conversations.c.id).where(conversations.c.address == PLACE)
        assert len(list(await connection.scalars(statement))) == 1
        erased = await connection.scalar(select(func.count()).select_from(inbox).where(inbox.c.address == "erased"))
    assert (erased or 0) + len(since) == 7 + 8


async def test_an_event_that_names_nobody_is_still_known_when_it_comes_again(store: Ledger) -> None:
    first = replace(wrote("marzipan", "e1"), event_id="17:204")
    await store.accept(first)
    async with store.db.write() as connection:
        await erasure.erase(
            connection, "web", CUSTOMER, erasure=Erasure(at=store.clock(), by=None), phrases=phrases_for
        )
    assert not await store.accept(first)
    assert await store.texts(PLACE) == [FAREWELL]


async def test_a_farewell_that_cannot_be_delivered_is_nobodys_case(told: Told) -> None:
    case = await told.everything()
    await told.desk.erase(case, told.agent)
    owed = await claim_delivery(told.db, now=told.store.clock(), lease=LEASE)
    assert owed is not None
    await give_up(told.db, owed, now=told.store.clock(), error=f"{PLACE} is gone")
    assert await told.desk.queue() == []
    await erasure.finish_erasures(told.db, now=told.store.clock())
    assert await found(told.db) == {}


async def test_who_is_not_there_is_said(store: Ledger) -> None:
    await store.accept(wrote("marzipan", "e1"))
    for channel, customer in (("web", "nobody"), ("slack", CUSTOMER)):
        with pytest.raises(NoSuchCustomer, match=f"no customer '{customer}' on the channel '{channel}'"):
            await erasure.preview(store.db, channel, customer)


async def test_when_a_part_of_it_fails_nothing_is_erased(told: Told) -> None:
    case = await told.everything()
    before = await found(told.db)

    def mute(_: str | None) -> object:
        raise KeyError("forgotten")

    desk = Desk(told.db, clock=told.store.clock, phrases=mute)  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        await desk.erase(case, told.agent)
    assert await found(told.db) == before
    assert not await told.db.has_remnants()


async def test_cases_of_others_who_are_erased_are_not_taken_for_each_others(told: Told) -> None:
    case = await told.everything()
    await told.desk.erase(case, told.agent)
    async with told.db.write() as connection:
        for_bo = Erasure(at=told.store.clock(), by=None)
        await erasure.erase(connection, "web", "somebody", erasure=for_bo, phrases=phrases_for)
        numbers = list(
            await connection.scalars(select(conversations.c.id).where(conversations.c.erased_at.is_not(None)))
        )
        for number in numbers:
            await escalations.open_escalation(
                connection, number, reason="asked", question="", receipt_id=None, now=told.store.clock()
            )
    assert [(await told.desk.case(item.escalation_id)).earlier for item in await told.desk.queue()].count(()) == 2


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_no_word_is_left_in_the_files_of_sqlite(told: Told, tmp_path: Path) -> None:
    case = await told.everything()
    for number in range(60):  # pages split, and copies of rows stay behind
        await told.store.accept(wrote(f"zebrafink {number} " + "marzipan " * 40, f"f{number}"))

    def words() -> set[str]:
        files = b"".join(each.read_bytes() for each in tmp_path.glob("test.db*"))
        return {word for word in WORDS if word.encode() in files}

    assert words() == set(WORDS)
    await told.desk.erase(case, told.agent)
    await _deliver(told.store)
    await erasure.finish_erasures(told.db, now=told.store.clock())
    assert await told.db.has_remnants()
    assert words() != set()
    assert await told.db.scrub()
    assert words() == set()
    assert not await told.db.has_remnants()
    assert not await told.db.scrub()


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_file_that_somebody_reads_is_scrubbed_when_they_are_done(
    told: Told, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await told.everything()
    await told.desk.erase(case, told.agent)
    monkeypatch.setattr(sqlite, "BUSY", 20)
    impatient = Database(database_url)
    async with told.db.read() as reading:
        await reading.execute(select(messages.c.id))
        assert not await impatient.scrub()
        assert await impatient.has_remnants()
    assert await impatient.scrub()
    await impatient.close()
