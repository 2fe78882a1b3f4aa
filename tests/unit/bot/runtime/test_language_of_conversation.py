"""The language of a conversation from the worker to the store, the agents and the receipt."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.conversation.explain import explain
from bot.conversation.language.detectors import make_detector
from bot.conversation.receipt import Receipt
from bot.runtime.turn_worker import TurnWorker
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.queues import accept
from bot.store.records.conversations import customer_lines
from bot.store.records.receipts import receipt_of_message
from bot.store.records.turn_commit import TurnOutcome
from bot.store.tables import conversations
from bot.testing import ScriptedIndex, ScriptedPage
from channels.message import Action, Inbound
from tests.conftest import Clock
from tests.single import claim_turn, commit_turn
from tests.unit.bot.conftest import LEASE, Talk

PAGES = (
    ScriptedPage(id="charge", title="Charge the battery", about="charger", text="Plug it in."),
    ScriptedPage(id="ladda", title="Ladda batteriet", about="laddar", text="Sätt i laddaren.", language="sv"),
    ScriptedPage(id="kompass", title="Kompass", text="Så här gör du.", language="sv"),
)
LONG_ENGLISH = "Can you please tell me what I should do, ladda batteriet?"


@pytest.fixture
def worker(db: Database, clock: Clock) -> TurnWorker:
    return TurnWorker(db, ScriptedIndex(PAGES), detector=make_detector("py3langid"), clock=clock)


async def stored(db: Database, address: str = "ann") -> tuple[str | None, bool]:
    async with db.read() as connection:
        statement = select(conversations.c.language, conversations.c.language_pinned)
        row = (await connection.execute(statement.where(conversations.c.address == address))).one()
    return row.language, row.language_pinned


async def last_receipt(db: Database) -> Receipt:
    lines = await customer_lines(db, "memory", "ann", after=0)
    return await receipt_of_message(db, lines[-1].id)


async def test_the_language_is_kept_with_the_conversation_and_searched_in(
    worker: TurnWorker, talk: Talk, db: Database
) -> None:
    await talk.says("Hur laddar jag batteriet?")
    await worker.run_once()
    assert await stored(db) == ("sv", False)
    receipt = await last_receipt(db)
    assert receipt.language == "sv"
    assert receipt.language_choice is not None
    assert (receipt.language_choice.detected, receipt.language_choice.words) == ("sv", 4)
    await talk.says("ok thanks")
    await worker.run_once()
    assert await stored(db) == ("sv", False)


async def test_why_tells_the_language_and_what_it_rests_on(worker: TurnWorker, talk: Talk, db: Database) -> None:
    await talk.says("Hur laddar jag batteriet?")
    await worker.run_once()
    said = "\n".join(explain(await last_receipt(db)))
    assert "Language: sv, by what the customer wrote. These words alone look like sv, " in said
    assert "(4 words, 2 of them common ones)" in said
    assert "Likely now: sv 9" in said


async def test_a_language_that_is_asked_for_is_kept_as_that(worker: TurnWorker, talk: Talk, db: Database) -> None:
    await talk.says("svenska, tack")
    await worker.run_once()
    assert await stored(db) == ("sv", True)
    await talk.says(LONG_ENGLISH)
    await worker.run_once()
    assert await stored(db) == ("sv", True)
    receipt = await last_receipt(db)
    assert receipt.language_choice is not None
    assert receipt.language_choice.asks == ("en", "sv")
    assert "The customer was asked: en or sv." in "\n".join(explain(receipt))


async def test_a_language_asked_for_in_one_sentence_of_several_is_kept_and_the_question_answered(
    worker: TurnWorker, talk: Talk, db: Database
) -> None:
    await talk.says("Svenska, tack. How do I use the charger?")
    await worker.run_once()
    assert await stored(db) == ("sv", True)
    receipt = await last_receipt(db)
    assert receipt.searched == "How do I use the charger?"


async def test_the_name_of_a_language_in_a_longer_message_chooses_none(
    worker: TurnWorker, talk: Talk, db: Database
) -> None:
    await talk.says("Which languages does the charger speak? Swedish?")
    await worker.run_once()
    assert await stored(db) == ("en", False)


async def test_a_pressed_language_is_kept_and_its_button_used_up(
    worker: TurnWorker, talk: Talk, db: Database, clock: Clock
) -> None:
    await talk.says("svenska, tack")
    await worker.run_once()
    await talk.says(LONG_ENGLISH)
    await worker.run_once()
    offered = (await customer_lines(db, "memory", "ann", after=0))[-1]
    assert [choice.id for choice in offered.choices] == ["language:en", "language:sv"]
    action = Action(name="choose", answer_id=offered.id, choice="language:en")
    pressed = Inbound(
        channel="memory", event_id="press", address="ann", customer="ann", text="", sent_at=clock(), action=action
    )
    await accept.accept(db, pressed, now=clock(), quiet=timedelta(0))
    await worker.run_once()
    assert await stored(db) == ("en", True)
    lines = await customer_lines(db, "memory", "ann", after=0)
    assert next(line for line in lines if line.id == offered.id).chosen == "language:en"


async def test_the_page_that_answers_tells_the_language_where_nothing_else_does(
    worker: TurnWorker, talk: Talk, db: Database
) -> None:
    await talk.says("KOMPASS")
    await worker.run_once()
    assert await stored(db) == ("sv", False)
    receipt = await last_receipt(db)
    assert receipt.language is None, "it was searched in no language"
    assert receipt.language_choice is not None
    assert receipt.language_choice.ground == "match"


async def test_agents_see_the_language_of_the_conversation_and_not_the_platforms(
    worker: TurnWorker, talk: Talk, db: Database, clock: Clock
) -> None:
    await talk.says("Kan jag få prata med någon om min faktura från i våras?", locale="en-US")
    await worker.run_once()
    desk = Desk(db, clock=clock)
    [item] = await desk.queue()
    assert item.language == "sv"
    assert (await desk.case(item.escalation_id)).language == "sv"


async def test_the_language_is_heard_while_a_person_has_the_conversation(
    worker: TurnWorker, talk: Talk, db: Database, clock: Clock
) -> None:
    await talk.says("a human please")
    await worker.run_once()
    await talk.says("Ich habe noch eine Frage zu meiner Rechnung, die ich gestern bekommen habe.")
    await worker.run_once()
    assert await stored(db) == ("de", False)
    [item] = await Desk(db, clock=clock).queue()
    assert item.language == "de"


async def test_what_is_not_committed_changes_no_language(talk: Talk, db: Database, clock: Clock) -> None:
    await talk.says("Hur laddar jag batteriet?")
    turn = await claim_turn(db, now=clock(), lease=LEASE)
    assert turn is not None
    await talk.says("och hur lång tid tar det?")
    assert not await commit_turn(db, turn, TurnOutcome(receipt=Receipt(decision="answer", question="q")), now=clock())
    assert await stored(db) == (None, False)
