"""Messages that customers change or delete: before the answer the turn changes; afterwards bot and agent hear of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.compose import Draft
from bot.conversation.receipt import Receipt
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.privacy.export import everything_about
from bot.store.queues import inbox
from bot.store.records.conversations import customer_status
from bot.store.records.message_edits import DELETED, EDITED
from bot.store.records.turn_commit import TurnOutcome
from channels.message import Action, Choice, Inbound
from tests.conftest import Clock
from tests.contract.ledger import ANSWER, HANDOVER, Ledger, said


def edited(message: str, text: str, event: str) -> Inbound:
    return replace(said(text, event), platform_message_id=None, edits=message)


def deleted(message: str, event: str) -> Inbound:
    return replace(said("", event), platform_message_id=None, deletes=message)


async def told(store: Ledger, clock: Clock) -> Sequence[tuple[str, str]]:
    """The whole conversation as an agent sees it."""
    await store.accept(said("a human please", "e-last"))
    await store.commit(await store.turn(), HANDOVER)
    [item] = await Desk(store.db, clock=clock).queue()
    return [(line.author, line.text) for line in (await Desk(store.db, clock=clock).case(item.escalation_id)).lines][
        :-2
    ]


async def test_a_message_changed_before_its_answer_changes_the_turn(store: Ledger) -> None:
    await store.accept(said("reset my hob", "m1"))
    await store.accept(said("please", "m2"))
    assert await store.accept(edited("m1", "reset my hub", "x1"))
    assert not await store.accept(edited("m1", "reset my hub", "x1")), "the event may come again"
    turn = await store.turn()
    assert turn.text == "reset my hub\nplease"
    await store.commit(turn, ANSWER)
    assert await store.texts() == ["reset my hub", "please", "Hold the button."]
    assert await store.claim() is None


async def test_nothing_computed_before_a_change_is_sent_and_no_try_is_counted(store: Ledger) -> None:
    await store.accept(said("reset my hob", "m1"))
    turn = await store.turn()
    await store.accept(edited("m1", "reset my hub", "x1"))
    assert not await store.commit(turn, ANSWER)
    await inbox.put_back(store.db, turn, due=store.clock())
    again = await store.turn()
    assert (again.text, again.attempts) == ("reset my hub", 1)


async def test_a_message_changed_after_its_answer_is_a_new_message(store: Ledger, clock: Clock) -> None:
    await store.accept(said("reset my hob", "m1"))
    await store.commit(await store.turn(), ANSWER)
    assert await store.accept(edited("m1", "reset my hbu", "x1"))
    assert await store.accept(edited("m1", "reset my hub", "x2")), "and changed again, before the new answer"
    turn = await store.turn()
    assert turn.text == "reset my hub"
    await store.commit(turn, ANSWER)
    assert await store.texts() == ["reset my hob", "Hold the button.", "reset my hub", "Hold the button."]
    assert (await told(store, clock))[2:4] == [("event", EDITED), ("customer", "reset my hub")]


async def test_a_change_of_something_else_than_the_text_is_no_message(store: Ledger) -> None:
    await store.accept(said("reset my hub", "m1"))
    await store.commit(await store.turn(), ANSWER)
    assert await store.accept(edited("m1", "reset my hub", "x1"))
    assert await store.claim() is None
    assert await store.texts() == ["reset my hub", "Hold the button."]


async def test_a_message_deleted_before_its_answer_leaves_the_turn(store: Ledger, db: Database, clock: Clock) -> None:
    await store.accept(said("my password is hunter2", "m1"))
    await store.accept(said("reset my hub", "m2"))
    await store.accept(deleted("m1", "x1"))
    turn = await store.turn()
    assert turn.text == "reset my hub"
    await store.accept(deleted("m2", "x2"))
    assert not await store.commit(turn, ANSWER)
    await inbox.put_back(db, turn, due=clock())
    clock.advance(60)
    assert await store.claim() is None
    assert not (await customer_status(db, "web", "a")).pending
    assert await store.texts() == []


async def test_mended_typing_of_an_answered_question_is_mended_and_nothing_follows(store: Ledger, clock: Clock) -> None:
    await store.accept(said("How do i reset my hub", "m1"))
    await store.commit(await store.turn(), ANSWER)
    assert await store.accept(edited("m1", "How do I reset my hub?", "x1"))
    clock.advance(60)
    assert await store.claim() is None
    assert await store.texts() == ["How do I reset my hub?", "Hold the button."]
    await store.accept(edited("m1", "How do I reset my lamp?", "x2"))
    turn = await store.turn()
    assert (turn.text, turn.is_edit) == ("How do I reset my lamp?", True)
    assert await store.commit(turn, TurnOutcome()), "with nothing new to say the bot may be silent"
    assert [author for author, _ in await told(store, clock)] == ["customer", "bot", "event", "customer"]


async def test_the_words_of_a_deleted_message_are_nowhere(store: Ledger, db: Database, clock: Clock) -> None:
    asked, beside = "my password is hunter2", "and my lamp flickers"
    await store.accept(said(asked, "m1"))
    await store.accept(said(beside, "m2"))
    receipt = Receipt(decision="escalate", reason="unsure", question=f"{asked}\n{beside}", searched=asked)
    echo = Draft(text=f"I've passed on: {asked}", choices=(Choice(id="1", label="hunter2"),))
    assert await store.commit(await store.turn(), TurnOutcome(receipt=receipt, drafts=(echo,)))
    await store.accept(deleted("m1", "x1"))
    desk = Desk(db, clock=clock)
    [item] = await desk.queue()
    assert (item.question, item.last_text) == (beside, beside)
    case = await desk.case(item.escalation_id)
    assert [(line.author, line.text, line.is_deleted) for line in case.lines] == [
        ("customer", "", True),
        ("customer", beside, False),
        ("bot", "I've passed on: …", False),
        ("event", DELETED, False),
    ]
    assert case.receipt is not None
    assert (case.receipt.candidates, case.receipt.question) == ((), "")
    assert "hunter2" not in str(await everything_about(db, "web", "a"))
    await store.accept(deleted("m2", "x2"))
    assert [item.question for item in await desk.queue()] == [""]


async def test_a_message_deleted_after_its_answer_is_told_to_the_agent(store: Ledger, clock: Clock) -> None:
    await store.accept(said("reset my hub", "m1"))
    await store.commit(await store.turn(), ANSWER)
    await store.accept(deleted("m1", "x1"))
    await store.accept(deleted("m1", "x2"))
    assert await store.claim() is None
    assert await store.texts() == ["Hold the button."]
    assert await told(store, clock) == [
        ("customer", ""),
        ("bot", "Hold the button."),
        ("event", DELETED),
    ]


async def test_a_deletion_takes_what_the_message_was_changed_to_along(store: Ledger, clock: Clock) -> None:
    await store.accept(said("reset my hob", "m1"))
    await store.commit(await store.turn(), ANSWER)
    await store.accept(edited("m1", "reset my hub", "x1"))
    await store.accept(deleted("m1", "x2"))
    clock.advance(60)
    assert await store.claim() is None
    assert await store.texts() == ["Hold the button."]


async def test_events_that_come_in_the_wrong_order_end_the_same(store: Ledger, clock: Clock) -> None:
    await store.accept(edited("m1", "reset my hub", "x1"))
    assert not await store.accept(said("reset my hob", "m1")), "what it said before comes late"
    await store.accept(deleted("m2", "x2"))
    assert not await store.accept(said("never mind", "m2"))
    turn = await store.turn()
    assert turn.text == "reset my hub"
    await store.commit(turn, ANSWER)
    assert await store.texts() == ["reset my hub", "Hold the button."]
    clock.advance(60)
    assert await store.claim() is None


async def test_a_change_that_comes_after_the_deletion_is_not_answered(store: Ledger, clock: Clock) -> None:
    await store.accept(said("reset my hob", "m1"))
    await store.accept(deleted("m1", "x2"))
    assert await store.accept(edited("m1", "reset my hub", "x1"))
    await store.accept(deleted("m2", "x4"))
    assert await store.accept(edited("m2", "of one that never came", "x3"))
    assert not await store.accept(said("that never came", "m2"))
    clock.advance(60)
    assert await store.claim() is None
    assert await store.texts() == []


async def test_a_command_that_is_changed_to_a_question_is_answered(store: Ledger) -> None:
    await store.accept(replace(said("/human", "c1", action=Action(name="human")), platform_message_id="m1"))
    await store.commit(await store.turn(), HANDOVER)
    await store.accept(edited("m1", "How do I reset my hub?", "x1"))
    assert (await store.turn()).text == "How do I reset my hub?"


async def test_another_conversations_message_of_that_id_is_left_alone(store: Ledger) -> None:
    await store.accept(said("hello", "m1", address="b"))
    await store.accept(replace(edited("m1", "what?", "x1"), address="c", customer="c"))
    assert await store.texts("b") == ["hello"]
    assert await store.texts("c") == ["what?"]


async def test_a_change_in_the_moment_of_the_claim_is_never_lost(store: Ledger) -> None:
    for n in range(10):
        address = f"c{n}"
        await store.accept(said("reset my hob", f"m{n}", address=address))
        store.clock.advance(60)
        change = replace(edited(f"m{n}", "reset my hub", f"x{n}"), address=address, customer=address)
        turn, _ = await asyncio.gather(store.claim(), store.accept(change))
        if turn is not None and not await store.commit(turn, ANSWER):
            await inbox.put_back(store.db, turn, due=store.clock())
        store.clock.advance(60)
        while again := await store.claim():
            turn = again
            assert await store.commit(again, ANSWER)
        assert turn is not None
        assert turn.text == "reset my hub"


async def test_what_was_mended_before_it_was_deleted_is_nowhere_either(store: Ledger, db: Database) -> None:
    def decided(searched: str) -> TurnOutcome:
        receipt = Receipt(decision="answer", question=searched.rsplit("\n", maxsplit=1)[-1], searched=searched)
        return TurnOutcome(receipt=receipt, drafts=(Draft(text="Wipe it."),))

    await store.accept(said("my zebrafink is foggy", "m1"))
    await store.commit(await store.turn(), decided("my zebrafink is foggy"))
    await store.accept(edited("m1", "My zebrafink is foggy!", "x1"))
    await store.accept(said("still so", "m2"))
    await store.commit(await store.turn(), decided("my zebrafink is foggy\nstill so"))
    await store.accept(deleted("m1", "x2"))
    assert "zebrafink" not in str(await everything_about(db, "web", "a"))
    assert await store.texts() == ["Wipe it.", "still so", "Wipe it."]
