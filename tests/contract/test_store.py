"""What the store promises: accepted is written, once; one turn at a time; nothing out of date is committed."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from bot.conversation.case import Agent
from bot.conversation.compose import Draft
from bot.conversation.history import History
from bot.conversation.interpretation import ChosenOption
from bot.conversation.receipt import DecisionName, Part, Reason, Receipt
from bot.conversation.text.choice_reply import HUMAN, NOT_SOLVED, SOLVED
from bot.desk.transitions import WITHDRAWN_TEXTS
from bot.errors import BadConfiguration, InvalidState, NoSuchCase, StoreUnavailable
from bot.services.agents import Agents
from bot.services.deliveries import give_up
from bot.services.desk import Desk
from bot.store.engine import leases
from bot.store.engine.database import MIGRATIONS, Database, upgrade
from bot.store.engine.signing_key import server_secret
from bot.store.queues import accept, inbox, outbox
from bot.store.records.conversations import customer_lines, customer_status
from bot.store.records.escalations import open_escalation
from bot.store.records.receipts import receipt_of_message
from bot.store.records.relevance_labels import read_labels
from bot.store.records.turn_commit import TurnOutcome
from bot.store.tables import conversations, metadata, verdicts
from channels.message import Action, Attachment, Choice, SourceCard
from retrieval.indexing.training import RelevanceJudgment
from retrieval.result import Candidate
from tests.conftest import Clock
from tests.contract.ledger import ANSWER, HANDOVER, LEASE, QUIET, WITHDRAWN, Ledger, said
from tests.single import claim_delivery, load_history, mark_delivered

#: Every schema there was, by its migration.
OLDER = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))


async def test_the_migrations_make_the_schema_that_the_code_uses(db: Database) -> None:
    def differences(connection: Connection) -> Any:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async with db.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_an_event_or_a_message_that_comes_again_is_taken_once(store: Ledger) -> None:
    assert await store.accept(said("hi", "e1"))
    assert not await store.accept(said("hi", "e1"))
    assert not await store.accept(replace(said("hi", "e2"), platform_message_id="e1"))
    assert await store.accept(said("hi", "e1-b", address="b"))
    assert await store.texts() == ["hi"]


async def test_the_same_event_at_the_same_moment_is_taken_once(store: Ledger) -> None:
    taken = await asyncio.gather(*(store.accept(said("hi")) for _ in range(8)))
    assert sorted(taken) == [False] * 7 + [True]


async def test_a_text_that_no_database_holds_is_cleaned(store: Ledger) -> None:
    await store.accept(said("a\0b \ud800 ok"))
    assert await store.texts() == ["ab � ok"]


@pytest.mark.parametrize(
    ("spoken", "told", "kept"),
    [
        (None, ["sv-SE", "en-US"], "sv-SE"),
        (None, ["sv-SE", None], "sv-SE"),
        (None, [None, "sv-SE", None, "de"], "sv-SE"),
        ("sv", ["en-US", "de", "sv-FI"], "sv-FI"),
        ("sv", ["en-US", "sv-FI", "en-US"], "sv-FI"),
        ("sv", ["sv-SE", None, "en"], "sv-SE"),
        ("en", ["en-US", "en-GB"], "en-GB"),
    ],
)
async def test_another_locale_changes_nothing_unless_it_is_in_the_language_that_is_spoken(
    store: Ledger, db: Database, spoken: str | None, told: list[str | None], kept: str
) -> None:
    for number, locale in enumerate(told):
        await store.accept(replace(said("ok", f"e{number}"), locale=locale))
        async with db.write() as connection:
            await connection.execute(update(conversations).values(language=spoken))
    assert (await store.turn()).conversation.locale == kept


async def test_a_burst_is_one_turn_after_the_quiet_period(store: Ledger, clock: Clock) -> None:
    await store.accept(said("is my lamp red?", "e1"))
    clock.advance(0.8)
    assert await store.claim() is None, "more may follow"
    await store.accept(said("or is it the hub?", "e2"))
    clock.advance(0.8)
    assert await store.claim() is None
    clock.advance(0.2)
    turn = await store.claim()
    assert turn is not None
    assert turn.text == "is my lamp red?\nor is it the hub?"


async def test_a_burst_that_never_pauses_is_answered_all_the_same(store: Ledger, clock: Clock) -> None:
    for n in range(60):
        await store.accept(said("more", f"e{n}"))
        clock.advance(0.5)
        if await store.claim() is not None:
            return
    pytest.fail("the burst was never a turn")


async def test_a_conversation_is_held_by_one_worker_and_others_go_on(store: Ledger, clock: Clock) -> None:
    await store.accept(said("one"))
    await store.accept(said("two", "e2", address="b"))
    first = await store.turn()
    await store.accept(said("one more", "e3"))
    second = await store.turn()
    assert (first.conversation.address, second.conversation.address) == ("a", "b")
    clock.advance(-60)  # both leases are alive
    assert await store.claim() is None


async def test_a_dead_workers_turn_is_taken_over_and_counted(store: Ledger, clock: Clock) -> None:
    await store.accept(said("one"))
    assert (await store.turn()).attempts == 1
    clock.advance(60)
    assert await inbox.free_expired(store.db, now=clock()) == []
    clock.advance(1)
    assert await inbox.free_expired(store.db, now=clock()) == [1]
    again = await store.claim()
    assert again is not None
    assert again.attempts == 2


async def test_what_a_killed_server_held_is_free_when_it_starts_again(store: Ledger, db: Database) -> None:
    await store.accept(said("one"))
    await store.commit(await store.turn(), ANSWER)
    assert await claim_delivery(db, now=store.clock(), lease=LEASE) is not None
    await store.accept(said("two", "e2"))
    await store.turn()
    assert await leases.take(db, "bot:1", "killed", now=store.clock() + timedelta(hours=1), lasts=LEASE)
    await inbox.free_all(db)
    await outbox.free_all(db)
    await leases.free_all(db)
    assert await leases.take(db, "bot:1", "started", now=store.clock(), lasts=LEASE)
    assert await store.claim() is not None
    assert await claim_delivery(db, now=store.clock(), lease=LEASE) is not None


async def test_an_answer_is_committed_with_its_receipt_and_owed_once(store: Ledger, db: Database) -> None:
    await store.accept(said("how?"))
    turn = await store.turn()
    assert await store.commit(turn, ANSWER)
    question, answer = await customer_lines(db, "web", "a", after=0)
    assert answer.source == SourceCard(title="Reset", kind="article")
    assert answer.feedback
    for line in (question, answer):
        receipt = await receipt_of_message(db, line.id)
        assert (receipt.decision, receipt.snapshot, receipt.confidence) == ("answer", "v1", 0.9)
    assert not await store.commit(turn, ANSWER), "the fence lets a turn through once"
    assert await store.texts() == ["how?", "Hold the button."]
    with pytest.raises(NoSuchCase, match="message 77"):
        await receipt_of_message(db, 77)


async def test_nothing_computed_before_a_newer_message_is_sent(store: Ledger) -> None:
    await store.accept(said("how?"))
    turn = await store.turn()
    await store.accept(said("never mind, another thing", "e2"))
    assert not await store.commit(turn, ANSWER)
    assert await store.texts() == ["how?", "never mind, another thing"]
    await inbox.put_back(store.db, turn, due=store.clock())
    both = await store.turn()
    assert both.text == "how?\nnever mind, another thing"
    assert both.attempts == 1


async def test_handing_over_gives_the_conversation_to_the_queue(store: Ledger, db: Database) -> None:
    await store.accept(said("how?"))
    assert (await customer_status(db, "web", "a")).pending
    await store.commit(await store.turn(), HANDOVER)
    assert (await customer_status(db, "web", "a")).owner == "queue"
    await store.accept(said("still there?", "e9"))
    turn = await store.turn()
    with pytest.raises(InvalidState, match="it must not be silent"):
        await store.commit(turn, TurnOutcome())
    assert await store.commit(turn, ANSWER)
    assert (await customer_status(db, "web", "a")).owner == "queue", "an answer closes no case"
    desk = Desk(db, clock=store.clock)
    [item] = await desk.queue()
    await desk.claim(item.escalation_id, await store.agent())
    await store.accept(said("thank you", "e10"))
    turn = await store.turn()
    for outcome in (HANDOVER, ANSWER):
        with pytest.raises(InvalidState, match="the bot must be silent"):
            await store.commit(turn, outcome)
    assert await store.commit(turn, TurnOutcome())
    assert await store.texts() == ["how?", "I've passed it on.", "still there?", "Hold the button.", "thank you"]


async def test_what_is_added_joins_the_case_that_waits_and_its_pages_follow(store: Ledger, db: Database) -> None:
    desk = Desk(db, clock=store.clock)
    await store.accept(said("a human please"))
    asked = Receipt(decision="escalate", reason="asked", question="a human please")
    await store.commit(await store.turn(), TurnOutcome(receipt=asked, drafts=HANDOVER.drafts))
    more: list[tuple[tuple[Candidate, ...], Reason]] = [(found("hub"), "unsure"), ((), "upset")]
    for place, (pages, reason) in enumerate(more):
        await store.accept(said(f"question {place}", f"more-{place}"))
        added = Receipt(
            decision="add", reason=reason, question=f"question {place}", searched="q", candidates=pages, case="joined"
        )
        await store.commit(await store.turn(), TurnOutcome(receipt=added, drafts=(Draft(text="Added."),)))
    [item] = await desk.queue()
    case = await desk.case(item.escalation_id)
    assert (case.question, case.reason) == ("a human please\nquestion 0\nquestion 1", "upset")
    assert [page.document_id for page in case.pages] == ["hub"]
    assert [line.text for line in case.lines if line.author == "event"] == ["The customer is upset."]


async def test_who_needs_nobody_any_more_closes_the_case_that_waits(store: Ledger, db: Database) -> None:
    desk = Desk(db, clock=store.clock)
    await store.accept(said("how?"))
    await store.commit(await store.turn(), HANDOVER)
    await store.accept(said("never mind", "e2"))
    assert await store.commit(await store.turn(), WITHDRAWN)
    assert (await customer_status(db, "web", "a")).owner == "bot"
    assert not await desk.queue()
    [item] = await desk.closed()
    case = await desk.case(item.escalation_id)
    assert (case.state, case.agent, case.closed_at) == ("resolved", None, store.clock())
    assert case.lines[-1].text == WITHDRAWN_TEXTS["never_mind"]


async def test_a_turn_that_a_claim_overtakes_is_dropped_and_left_to_the_agent(store: Ledger, db: Database) -> None:
    desk = Desk(db, clock=store.clock)
    await store.accept(said("how?"))
    await store.commit(await store.turn(), HANDOVER)
    await store.accept(said("how else?", "e2"))
    turn = await store.turn()
    [item] = await desk.queue()
    await desk.claim(item.escalation_id, await store.agent())
    assert not await store.commit(turn, ANSWER)
    await inbox.put_back(db, turn, due=store.clock())
    assert (await store.turn()).conversation.owner == "agent"
    assert await store.texts() == ["how?", "I've passed it on.", "how else?"]


async def test_the_database_itself_forbids_a_second_open_case(store: Ledger, db: Database) -> None:
    await store.accept(said("how?"))
    await store.commit(await store.turn(), HANDOVER)
    with pytest.raises(IntegrityError):
        await _escalate_again(db)


async def _escalate_again(db: Database) -> None:
    async with db.write() as connection:
        await open_escalation(connection, 1, reason="asked", question="q", receipt_id=None, now=Clock().now)


async def test_feedback_lands_on_the_answer_of_that_conversation_only(store: Ledger, db: Database) -> None:
    await store.accept(said("how?"))
    await store.commit(await store.turn(), ANSWER)
    answer = (await customer_lines(db, "web", "a", after=0))[-1]
    for n, (address, helped) in enumerate([("b", True), ("a", False)]):
        action = Action(name="helped" if helped else "not_helped", answer_id=answer.id)
        await store.accept(said("", f"f{n}", address=address, action=action))
        await store.commit(await store.turn(), TurnOutcome())
    assert (await customer_lines(db, "web", "a", after=0))[-1].helped is False


async def test_attachments_are_kept_as_references(store: Ledger) -> None:
    inbound = replace(said(""), attachments=(Attachment(name="lamp.jpg", url="https://files.example/1"),))
    await store.accept(inbound)
    assert (await store.turn()).said[0].has_attachments


async def test_what_is_owed_goes_out_in_order_one_at_a_time(store: Ledger, db: Database, clock: Clock) -> None:
    two = replace(ANSWER, drafts=(Draft(text="first"), Draft(text="second")))
    for address in ("a", "b"):
        await store.accept(said("how?", f"e-{address}", address=address))
        await store.commit(await store.turn(), two)

    async def next_owed() -> outbox.PendingDelivery | None:
        return await claim_delivery(db, now=clock(), lease=LEASE)

    first_a, first_b = await next_owed(), await next_owed()
    assert first_a is not None
    assert first_b is not None
    assert [(o.message.address, o.message.text) for o in (first_a, first_b)] == [("a", "first"), ("b", "first")]
    assert await next_owed() is None, "the second waits for the first"
    await outbox.postpone(db, first_a, due=clock() + timedelta(seconds=5), error="busy")
    assert await next_owed() is None, "it waits while the first is tried again"
    await mark_delivered(db, first_b, now=clock(), platform_id="p1")
    second_b = await next_owed()
    assert second_b is not None
    assert second_b.message.text == "second"
    clock.advance(5)
    again = await next_owed()
    assert again is not None
    assert (again.message.id, again.attempts) == (first_a.message.id, 2)
    assert [each.message.tried_since is None for each in (first_a, second_b, again)] == [True, True, False]


async def test_what_has_been_due_for_longest_goes_out_first(store: Ledger, db: Database, clock: Clock) -> None:
    for address in ("a", "b"):
        await store.accept(said("how?", f"e-{address}", address=address))
        await store.commit(await store.turn(), ANSWER)
    for seconds in (9, 5):  # the older message is to be tried again later than the newer one
        owed = await claim_delivery(db, now=clock(), lease=LEASE)
        assert owed is not None
        await outbox.postpone(db, owed, due=clock() + timedelta(seconds=seconds), error="busy")
    clock.advance(10)
    next_owed = await claim_delivery(db, now=clock(), lease=LEASE)
    assert next_owed is not None
    assert next_owed.message.address == "b"


async def test_what_cannot_be_delivered_becomes_a_case(store: Ledger, db: Database, clock: Clock) -> None:
    await store.accept(said("how?"))
    await store.commit(await store.turn(), ANSWER)
    owed = await claim_delivery(db, now=clock(), lease=LEASE)
    assert owed is not None
    await give_up(db, owed, now=clock(), error="blocked by the customer")
    assert (await customer_status(db, "web", "a")).owner == "queue"
    assert await claim_delivery(db, now=clock() + LEASE * 2, lease=LEASE) is None


async def test_a_database_of_a_newer_release_is_refused(db: Database) -> None:
    async with db.write() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BadConfiguration, match="newer release"):
        await db.migrate()


@pytest.mark.parametrize("url", ["nonsense", "nosuch+driver://host/db"])
async def test_a_database_url_that_cannot_be_used_is_a_setting_to_correct(url: str) -> None:
    with pytest.raises(BadConfiguration, match=r"^database: "):
        Database(url)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.db"
    path.write_bytes(b"This is not a database, whatever its name says." * 100)
    database = Database(f"sqlite+aiosqlite:///{path}")
    with pytest.raises(StoreUnavailable, match="not a database"):
        await database.migrate()
    await database.close()


async def test_a_locked_database_is_an_error_with_a_name(db: Database) -> None:
    with pytest.raises(StoreUnavailable, match="could not be read"):
        async with db.read() as connection:
            await connection.exec_driver_sql("SELECT * FROM nowhere")


async def test_an_unknown_address_is_empty_and_the_bots(db: Database) -> None:
    assert await customer_lines(db, "web", "nobody", after=0) == []
    assert (await customer_status(db, "web", "nobody")).owner == "bot"


CHOICES = (Choice(id="1", label="Reset"), Choice(id="2", label="Restart"), Choice(id="none", label="None"))
CLARIFY = TurnOutcome(
    receipt=Receipt(decision="clarify", question="q", searched="q", offered=("reset", "restart")),
    drafts=(Draft(text="Which?", choices=CHOICES),),
)


async def test_choices_reach_the_customer_and_the_platform(store: Ledger, db: Database, clock: Clock) -> None:
    await store.accept(said("how?"))
    await store.commit(await store.turn(), CLARIFY)
    offered = (await customer_lines(db, "web", "a", after=0))[-1]
    assert (offered.choices, offered.chosen) == (CHOICES, None)
    owed = await claim_delivery(db, now=clock(), lease=LEASE)
    assert owed is not None
    assert owed.message.choices == CHOICES


async def test_a_choice_is_taken_once_and_in_its_own_conversation(store: Ledger, db: Database) -> None:
    await store.accept(said("how?"))
    await store.accept(said("hello", "e-b", address="b"))
    await store.commit(await store.turn(), CLARIFY)
    offered = (await customer_lines(db, "web", "a", after=0))[-1]
    await store.commit(await store.turn(), replace(ANSWER, taken=ChosenOption(line_id=offered.id, choice="1")))
    assert (await customer_lines(db, "web", "a", after=0))[-1].chosen is None, "another conversation's"
    for n, choice in enumerate(("2", "1")):
        await store.accept(said(choice, f"c{n}"))
        assert await store.commit(
            await store.turn(), replace(ANSWER, taken=ChosenOption(line_id=offered.id, choice=choice))
        )
    [line] = [line for line in await customer_lines(db, "web", "a", after=0) if line.choices]
    assert line.chosen == "2"


async def agent_has_had_it(store: Ledger) -> None:
    """An agent claims the case that waits, and closes it."""
    desk, alva = Desk(store.db, clock=store.clock), await store.agent()
    [item] = await desk.queue()
    await desk.claim(item.escalation_id, alva)
    await desk.resolve(item.escalation_id, alva, confirmed=True)


async def test_the_past_is_what_was_decided_since_an_agent_had_the_conversation(store: Ledger, db: Database) -> None:
    await store.accept(said("one", "e1"))
    first = await store.turn()
    assert await load_history(db, first) == History()
    await store.commit(first, HANDOVER)
    await store.accept(said("still there?", "e1b"))
    turn = await store.turn()
    history = await load_history(db, turn)
    assert [receipt.decision for receipt in history.receipts] == ["escalate"], "nobody has claimed it yet"
    await agent_has_had_it(store)
    await inbox.put_back(db, turn, due=store.clock())
    for event, outcome in (("e2", ANSWER), ("e3", CLARIFY)):
        await store.accept(said(event, event))
        await store.commit(await store.turn(), outcome)
    await store.accept(said("2", "e4"))
    history = await load_history(db, await store.turn())
    assert [receipt.decision for receipt in history.receipts] == ["clarify", "answer"]
    assert history.receipts[0].offered == ("reset", "restart")
    assert history.pending_choice is not None
    assert history.pending_choice.choices == CHOICES


async def test_a_pressed_button_brings_its_message_back_however_old(store: Ledger, db: Database) -> None:
    for event, outcome in (("e1", CLARIFY), ("e2", ANSWER), ("e3", ANSWER)):
        await store.accept(said(event, event))
        await store.commit(await store.turn(), outcome)
    first = next(line for line in await customer_lines(db, "web", "a", after=0) if line.choices)
    await store.accept(said("", "p1", action=Action(name="choose", answer_id=first.id, choice="1")))
    turn = await store.turn()
    assert turn.actions == (Action(name="choose", answer_id=first.id, choice="1"),)
    history = await load_history(db, turn)
    assert history.pending_choice is None, "a written number is not meant for it any more"
    offer = history.pending(first.id)
    assert offer is not None
    assert offer.receipt.decision == "clarify"
    await store.commit(turn, TurnOutcome(taken=ChosenOption(line_id=first.id, choice="1")))
    await store.accept(said("", "p2", action=Action(name="choose", answer_id=first.id, choice="2")))
    assert (await load_history(db, await store.turn())).pending(first.id) is None


def found(*documents: str) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            document_id=document,
            passage_id=f"{document}#0",
            title=document.title(),
            headings=(),
            text="Hold the button.",
            kind="article",
            url=None,
            language="en",
            updated=None,
            author=None,
            confirmed=True,
            authority=1.0,
            score=0.5,
        )
        for document in documents
    )


def answered(question: str, *documents: str, **values: Any) -> TurnOutcome:
    receipt = Receipt(decision="answer", question=question, language="en", candidates=found(*documents), **values)
    return TurnOutcome(receipt=receipt, drafts=(Draft(text="Hold it.", feedback=True),))


async def hears(store: Ledger, outcome: TurnOutcome, *, helped: bool | None = None) -> None:
    """A customer is told this, and says whether it helped."""
    number = len(await store.texts())
    await store.accept(said("how?", f"q{number}"))
    await store.commit(await store.turn(), outcome)
    line = (await customer_lines(store.db, "web", "a", after=0))[-1]
    if helped is not None:
        press = Action(name="helped" if helped else "not_helped", answer_id=line.id)
        await store.accept(said("", f"p{number}", action=press))
        await store.commit(await store.turn(), TurnOutcome())


async def an_agent(store: Ledger) -> Agent:
    agents, email = Agents(store.db, clock=store.clock), f"{store.clock.now:%H%M%S}@example.com"
    return await agents.create(await agents.invite(), name="Alva", email=email, password="correct horse")


async def judges(store: Ledger, question: str, document: str | None, *documents: str) -> tuple[Desk, int]:
    """An agent says which of the pages found answers a question that was handed over, and closes the case."""
    receipt = Receipt(
        decision="escalate", reason="unsure", question="q", searched=question, candidates=found(*documents)
    )
    await hears(store, TurnOutcome(receipt=receipt, drafts=(Draft(text="Passed on."),)))
    desk, agent = Desk(store.db, clock=store.clock), await an_agent(store)
    [item] = await desk.queue()
    await desk.label_relevance(item.escalation_id, agent, document)
    await desk.claim(item.escalation_id, agent)
    await desk.resolve(item.escalation_id, agent, confirmed=True)
    return desk, item.escalation_id


async def told(store: Ledger, **known: Any) -> list[tuple[str, str, str | None, bool]]:
    return [(each.by, each.question, each.document_id, each.is_right) for each in await read_labels(store.db, **known)]


async def test_what_people_said_is_read_as_labels_the_most_trusted_first(store: Ledger) -> None:
    await hears(store, answered("lamp?", "lamp", "hub"), helped=True)
    await hears(store, answered("and that?", "hub", "lamp", searched="lamp and that?"), helped=False)
    await hears(store, answered("silence", "hub"))
    await hears(store, answered("door?", "hub", "door", chosen="door"))
    await judges(store, "window?", "wall", "door", "wall")
    await judges(store, "roof?", None, "door", "wall")
    assert await told(store) == [
        ("agents", "roof?", None, True),
        ("agents", "window?", "wall", True),
        ("choices", "door?", "door", True),
        ("thumbs", "lamp and that?", "hub", False),
        ("thumbs", "lamp?", "lamp", True),
    ]
    first = (await read_labels(store.db))[-1]
    assert (first.language, first.receipt) == ("en", 1)
    assert first.verdict == RelevanceJudgment(question="lamp?", document="lamp", is_right=True, weight=2.0)
    assert [each.verdict.weight for each in await read_labels(store.db)] == [4.0, 4.0, 3.0, 2.0, 2.0]


async def test_a_choice_that_is_called_wrong_in_words_is_no_label(store: Ledger) -> None:
    took = Receipt(
        decision="answer", question="lamp?", searched="lamp?", candidates=found("hub"), offered=("hub",), chosen="hub"
    )
    await hears(store, TurnOutcome(receipt=took, drafts=(Draft(text="Hold."),)))
    for denied, labels in (((), [("choices", "hub")]), (("hub",), [])):
        said_so = Receipt(decision="offer", reason="not_helped", question="lamp?", denied=denied)
        await hears(store, TurnOutcome(receipt=said_so, drafts=(Draft(text="Shall I?"),)))
        assert [(label.by, label.document_id) for label in await read_labels(store.db)] == labels


async def test_what_did_not_help_is_remembered_after_a_person_had_the_conversation(store: Ledger) -> None:
    decisions: dict[DecisionName, tuple[str, ...]] = {"suggest": (), "escalate": ("hub",), "social": ("lamp",)}
    for decision, denied in decisions.items():
        receipt = Receipt(decision=decision, reason="not_helped" if denied else None, question="how?", denied=denied)
        await hears(store, TurnOutcome(receipt=receipt, drafts=(Draft(text="Well."),)))
        if decision == "escalate":
            await agent_has_had_it(store)
    await store.accept(said("how?", "last"))
    history = await load_history(store.db, await store.turn())
    assert [receipt.decision for receipt in history.receipts] == ["social"]
    assert history.denied == {"hub", "lamp"}


async def test_of_the_same_question_and_page_the_most_trusted_and_then_the_newest_counts(store: Ledger) -> None:
    await judges(store, "Lamp?", "hub", "hub", "lamp")
    await judges(store, "Roof?", "hub", "hub")
    await judges(store, "roof?", None, "hub")
    await hears(store, answered("lamp? ", "hub"), helped=False)
    await hears(store, answered("lamp?", "lamp"), helped=False)
    await hears(store, answered("roof?", "hub"), helped=True)
    assert await told(store) == [
        ("agents", "roof?", None, True),
        ("agents", "Lamp?", "hub", True),
        ("thumbs", "lamp?", "lamp", False),
    ]
    assert await told(store, known=["LAMP?"]) == [("agents", "roof?", None, True)], "the maintainer said it"


async def test_a_page_that_was_chosen_and_did_not_help_was_chosen_wrongly(store: Ledger) -> None:
    await hears(store, answered("door?", "hub", "door", chosen="door"), helped=False)
    await hears(store, answered("wall?", "hub", "wall", chosen="wall"), helped=True)
    assert await told(store) == [("choices", "wall?", "wall", True), ("thumbs", "door?", "door", False)]


async def test_what_a_suggestion_came_to_is_a_label_and_silence_is_none(store: Ledger) -> None:
    for question, page, reply in (("lamp?", "lamp", SOLVED), ("hub?", "hub", NOT_SOLVED), ("door?", "door", None)):
        receipt = Receipt(
            decision="suggest", question=question, language="en", candidates=found("near", page), offered=(page,)
        )
        choices = (Choice(id=SOLVED, label="Yes"), Choice(id=NOT_SOLVED, label="No"), Choice(id=HUMAN, label="A human"))
        await hears(store, TurnOutcome(receipt=receipt, drafts=(Draft(text="Maybe.", choices=choices),)))
        if reply is not None:
            line = (await customer_lines(store.db, "web", "a", after=0))[-1]
            await store.accept(said(reply, f"r-{question}"))
            await store.commit(
                await store.turn(), replace(ANSWER, taken=ChosenOption(line_id=line.id, choice=reply), drafts=())
            )
    assert await told(store) == [("thumbs", "hub?", "hub", False), ("thumbs", "lamp?", "lamp", True)]


async def test_a_thumb_tells_nothing_where_several_questions_were_answered_or_nothing_was_found(store: Ledger) -> None:
    parts = tuple(Part(question=each, confidence=0.9, is_answered=True) for each in ("How?", "Why?"))
    await hears(store, answered("How? Why?", "hub", "lamp", parts=parts), helped=True)
    await hears(store, answered("Hm?"), helped=True)
    await hears(store, answered(" ", "hub"), helped=True)
    assert await told(store) == []


async def test_the_last_verdict_on_a_case_counts_until_it_is_taken_back(store: Ledger) -> None:
    desk, case = await judges(store, "roof?", "wall", "door", "wall")
    store.clock.advance(1)
    await desk.label_relevance(case, await an_agent(store), None)
    assert await told(store) == [("agents", "roof?", None, True)]
    await desk.unlabel_relevance(case)
    await desk.unlabel_relevance(case)
    assert await told(store) == []


async def test_a_verdict_goes_with_its_receipt(store: Ledger, db: Database) -> None:
    await judges(store, "roof?", "wall", "wall")
    async with db.write() as connection:
        for statement in (
            "DELETE FROM escalations",
            "UPDATE messages SET receipt_id = NULL",
            "DELETE FROM receipts",
        ):
            await connection.exec_driver_sql(statement)
        assert (await connection.execute(select(verdicts))).all() == []


async def test_a_partial_answer_hands_over_the_open_questions(store: Ledger, db: Database, clock: Clock) -> None:
    parts = (
        Part(question="How?", confidence=0.9, is_answered=True, title="Reset"),
        Part(question="Why?", confidence=0.1, is_answered=False),
        Part(question="When?", confidence=0.1, is_answered=False),
    )
    receipt = Receipt(decision="partial", reason="partial", question="How? Why? When?", parts=parts)
    await store.accept(said("How? Why? When?"))
    await store.commit(
        await store.turn(), TurnOutcome(receipt=receipt, drafts=(Draft(text="So."), Draft(text="The rest.")))
    )
    [item] = await Desk(db, clock=clock).queue()
    assert (item.reason, item.question) == ("partial", "Why?\nWhen?")
    case = await Desk(db, clock=clock).case(item.escalation_id)
    assert case.receipt is not None
    assert case.receipt.parts == parts


async def test_a_receipt_with_a_reason_hands_over_only_if_it_was_decided(store: Ledger, db: Database) -> None:
    offer = Receipt(decision="offer", reason="not_helped", question="q")
    await store.accept(said("that did not help"))
    await store.commit(await store.turn(), TurnOutcome(receipt=offer, drafts=(Draft(text="Shall I?"),)))
    assert (await customer_status(db, "web", "a")).owner == "bot"


@pytest.mark.parametrize("revision", OLDER)
async def test_a_database_of_an_older_release_is_brought_up_with_all_that_it_holds(
    database_url: str, revision: str
) -> None:
    database = Database(database_url)
    body = '{"decision": "answer", "question": "q", "reason": null, "confidence": 0.9, "threshold": 0.5, '
    body += '"snapshot": "v1", "candidates": [], "features": {}}'
    async with database.write() as connection:
        await connection.run_sync(upgrade, revision)
        for row in (
            (
                "INSERT INTO conversations (id, channel, address, customer, opened_at) "
                "VALUES (1, 'web', 'a', 'a', '2026-03-02 09:00:00')"
            ),
            f"INSERT INTO receipts (id, conversation_id, at, body) VALUES (1, 1, '2026-03-02 09:00:00', '{body}')",
            (
                "INSERT INTO messages (id, conversation_id, at, author, text, receipt_id) "
                "VALUES (7, 1, '2026-03-02 09:00:00', 'bot', 'Hold it.', 1)"
            ),
        ):
            await connection.exec_driver_sql(row)
    await database.migrate()
    [line] = await customer_lines(database, "web", "a", after=0)
    assert (line.text, line.choices, line.chosen) == ("Hold it.", (), None)
    receipt = await receipt_of_message(database, 7)
    assert (receipt.decision, receipt.parts, receipt.offered) == ("answer", (), ())
    assert await read_labels(database) == []
    async with database.read() as connection:
        assert (await connection.execute(select(verdicts))).all() == []
        [conversation] = (await connection.execute(select(conversations))).all()
    assert (conversation.language, conversation.language_pinned) == (None, False)
    assert await accept.accept(database, said("and now?"), now=Clock().now, quiet=QUIET)
    await database.close()


async def test_many_processes_may_bring_up_one_database_at_once(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(4)]
    await asyncio.gather(*(each.migrate() for each in databases))
    keys = await asyncio.gather(*(server_secret(each) for each in databases))
    assert len(set(keys)) == 1
    await asyncio.gather(*(each.close() for each in databases))
