import asyncio
import io
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from sqlalchemy import update

from bot.conversation.language.detectors import make_detector
from bot.conversation.phrases import phrases_for
from bot.conversation.policy import MOST_ATTEMPTS
from bot.log import configure_logs
from bot.runtime import turn_worker as worker_module
from bot.runtime import work_loop
from bot.runtime.turn_worker import TurnWorker
from bot.services.agents import Agents
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.queues import inbox
from bot.store.records import response_times
from bot.store.records.conversations import customer_lines, customer_status, set_owner
from bot.store.records.receipts import receipt_of_message
from bot.store.tables import agents
from channels.message import TranscriptLine
from retrieval.errors import SnapshotDamaged
from retrieval.result import SearchResult
from tests.conftest import Clock
from tests.single import claim_turn
from tests.unit.bot.conftest import LEASE, Talk
from tests.unit.bot.conversation.test_policy import FOUND
from tests.unit.bot.runtime.test_delivery_worker import FailingOnce

QUESTION = "how do I reset it"


class CountingIndex:
    """Finds, fails, or does what the test says while it is asked."""

    def __init__(self) -> None:
        self.script: list[BaseException | Callable[[], object]] = []
        self.asked: list[tuple[str, str | None]] = []
        self.counted: list[str] = []

    languages = frozenset({"en"})

    def search(self, question: str, *, language: str | None = None, budget: float | None = None) -> SearchResult:  # noqa: ARG002
        self.asked.append((question, language))
        if self.script:
            happens = self.script.pop(0)
            if isinstance(happens, BaseException):
                raise happens
            happens()
        return FOUND

    def count_question(self, result: SearchResult, *, customer: str) -> None:
        assert result is FOUND
        self.counted.append(customer)


@pytest.fixture
def index() -> CountingIndex:
    return CountingIndex()


@pytest.fixture
def worker(db: Database, index: CountingIndex, clock: Clock) -> TurnWorker:
    return TurnWorker(db, index, detector=make_detector("py3langid"), clock=clock)


async def replies(db: Database) -> list[TranscriptLine]:
    lines = await customer_lines(db, "memory", "ann", after=0)
    return [line for line in lines if line.author == "bot"]


async def test_a_question_is_answered_and_nothing_stays_undone(
    worker: TurnWorker, talk: Talk, db: Database, index: CountingIndex
) -> None:
    await talk.says("Hur återställer jag den?", locale="sv-SE")
    assert await worker.run_once()
    assert not await worker.run_once()
    [reply] = await replies(db)
    assert reply.text == FOUND.candidates[0].text
    assert index.asked == [("Hur återställer jag den?", "sv")]
    receipt = await receipt_of_message(db, reply.id)
    assert (receipt.decision, receipt.confidence, receipt.snapshot) == ("answer", 0.9, "v1")


async def test_only_what_is_understood_as_a_question_is_counted_and_for_whom_it_is_one_names_nobody(
    worker: TurnWorker, talk: Talk, index: CountingIndex
) -> None:
    for address, text in (("ann", QUESTION), ("ann", "thank you!"), ("bea", "hello"), ("ann", f"{QUESTION} now")):
        await talk.says(text, address=address)
        assert await worker.run_once()
    await talk.says(QUESTION, address="bea")
    assert await worker.run_once()
    ann, again, bea = index.counted
    assert ann == again != bea
    assert not {"ann", "bea"} & set(index.counted)


async def test_without_an_index_a_person_gets_the_question_at_once(
    worker: TurnWorker, talk: Talk, db: Database, clock: Clock, index: CountingIndex
) -> None:
    index.script = [SnapshotDamaged("passages.rows was altered. Reindex.")]
    await talk.says(QUESTION)
    assert await worker.run_once()
    assert [reply.text for reply in await replies(db)] == [phrases_for("en").handover("unavailable")]
    [item] = await Desk(db, clock=clock).queue()
    assert (item.reason, item.question) == ("unavailable", QUESTION)


async def test_what_fails_again_and_again_reaches_a_person_and_the_customer_is_told(
    worker: TurnWorker, talk: Talk, db: Database, clock: Clock, index: CountingIndex
) -> None:
    index.script = [ZeroDivisionError()] * 10
    await talk.says(QUESTION)
    for _ in range(MOST_ATTEMPTS):
        assert await worker.run_once()
        assert not await worker.run_once(), "not at once again"
        assert await replies(db) == []
        assert (await customer_status(db, "memory", "ann")).pending
        clock.advance(2**MOST_ATTEMPTS)
    assert await worker.run_once()
    assert [reply.text for reply in await replies(db)] == [phrases_for("en").handover("failed")]
    [item] = await Desk(db, clock=clock).queue()
    assert (item.reason, item.question) == ("failed", QUESTION)
    assert len(index.asked) == MOST_ATTEMPTS
    assert not await worker.run_once()


async def test_why_it_failed_is_told_to_the_agent(
    worker: TurnWorker, talk: Talk, db: Database, clock: Clock, index: CountingIndex
) -> None:
    index.script = [ZeroDivisionError("by zero")] * 10
    await talk.says(QUESTION)
    while await worker.run_once():
        clock.advance(60)
    desk = Desk(db, clock=clock)
    [item] = await desk.queue()
    receipt = (await desk.case(item.escalation_id)).receipt
    assert receipt is not None
    assert receipt.detail == "It was tried 3 times. The last time: ZeroDivisionError('by zero')"


async def test_workers_that_die_at_it_are_counted_as_tries(
    worker: TurnWorker, talk: Talk, db: Database, clock: Clock
) -> None:
    await talk.says(QUESTION)
    for _ in range(MOST_ATTEMPTS):
        assert await claim_turn(db, now=clock(), lease=LEASE) is not None
        clock.advance(61)
        assert await inbox.free_expired(db, now=clock())
    assert await worker.run_once()
    [item] = await Desk(db, clock=clock).queue()
    assert item.reason == "failed"


async def test_a_turn_that_takes_long_is_not_taken_away(
    *,
    worker: TurnWorker,
    talk: Talk,
    db: Database,
    clock: Clock,
    index: CountingIndex,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_module, "_RENEWED_EVERY", 0.01)
    loop, renewed = asyncio.get_running_loop(), threading.Event()
    renew = inbox.renew

    async def watched(*arguments: Any, **options: Any) -> bool:
        is_held = await renew(*arguments, **options)
        if options["until"] > clock():  # else it began before the minute was over
            renewed.set()
        return is_held

    def takes_a_minute() -> None:
        clock.advance(worker_module.LEASE.total_seconds() + 30)
        renewed.clear()
        assert renewed.wait(20)
        expired = asyncio.run_coroutine_threadsafe(inbox.free_expired(db, now=clock()), loop).result()
        assert list(expired) == []

    monkeypatch.setattr(inbox, "renew", watched)
    index.script = [takes_a_minute]
    await talk.says(QUESTION)
    assert await worker.run_once()
    assert len(await replies(db)) == 1


async def test_a_turn_that_is_broken_off_is_free_at_once_and_no_try(
    worker: TurnWorker, talk: Talk, db: Database, clock: Clock, index: CountingIndex
) -> None:
    started, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def is_slow() -> None:
        loop.call_soon_threadsafe(started.set)
        go_on.wait(20)

    index.script = [is_slow]
    await talk.says(QUESTION)
    working = asyncio.create_task(worker.run_once())
    await asyncio.wait_for(started.wait(), 20)
    working.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await working
    turn = await claim_turn(db, now=clock(), lease=LEASE)
    assert turn is not None
    assert turn.attempts == 1


async def test_who_is_told_to_stop_finishes_the_turn_in_hand_and_takes_no_other(
    worker: TurnWorker, talk: Talk, db: Database, index: CountingIndex
) -> None:
    loop = asyncio.get_running_loop()
    index.script = [lambda: loop.call_soon_threadsafe(worker.stop)]
    await talk.says(QUESTION)
    await talk.says(QUESTION, address="bo")
    await asyncio.wait_for(worker.run(), 20)
    assert len(await replies(db)) == 1
    assert (await customer_status(db, "memory", "bo")).pending


async def test_what_fails_once_is_answered_the_next_time(
    worker: TurnWorker, talk: Talk, db: Database, clock: Clock, index: CountingIndex
) -> None:
    index.script = [ZeroDivisionError()]
    await talk.says(QUESTION)
    await worker.run_once()
    clock.advance(2)
    await worker.run_once()
    assert [reply.text for reply in await replies(db)] == [FOUND.candidates[0].text]


async def test_a_turn_that_is_overtaken_is_done_again_with_all_that_was_said(
    worker: TurnWorker, talk: Talk, db: Database, index: CountingIndex
) -> None:
    loop = asyncio.get_running_loop()
    index.script = [lambda: asyncio.run_coroutine_threadsafe(talk.says("it is the small one"), loop).result()]
    await talk.says(QUESTION)
    assert await worker.run_once()
    assert await replies(db) == [], "what was computed before is not sent"
    assert await worker.run_once()
    assert len(await replies(db)) == 1
    assert [question for question, _ in index.asked] == [QUESTION, f"{QUESTION}\nit is the small one"]
    assert not await worker.run_once()


async def test_who_writes_on_and_on_is_not_taken_for_a_failure(
    worker: TurnWorker, talk: Talk, db: Database, index: CountingIndex
) -> None:
    loop = asyncio.get_running_loop()
    times = MOST_ATTEMPTS + 2
    index.script = [lambda: asyncio.run_coroutine_threadsafe(talk.says("and"), loop).result()] * times
    await talk.says(QUESTION)
    for _ in range(times):
        assert await worker.run_once()
    assert await worker.run_once()
    assert [reply.text for reply in await replies(db)] == [FOUND.candidates[0].text]


async def test_the_bot_is_silent_once_a_person_took_over_while_it_was_thinking(
    worker: TurnWorker, talk: Talk, db: Database, index: CountingIndex
) -> None:
    loop = asyncio.get_running_loop()

    async def take_over() -> None:
        async with db.write() as connection:
            await set_owner(connection, 1, "agent")

    index.script = [lambda: asyncio.run_coroutine_threadsafe(take_over(), loop).result()]
    await talk.says(QUESTION)
    while await worker.run_once():
        pass
    assert await replies(db) == []
    assert not (await customer_status(db, "memory", "ann")).pending


async def test_the_bot_is_silent_while_an_agent_has_the_conversation(
    worker: TurnWorker, talk: Talk, db: Database, index: CountingIndex
) -> None:
    await talk.says("Hello")
    await worker.run_once()
    async with db.write() as connection:
        await set_owner(connection, 1, "agent")
    await talk.says(QUESTION)
    await talk.says("a human please")
    assert await worker.run_once()
    assert not await worker.run_once()
    assert len(await replies(db)) == 1, "the greeting"
    assert index.asked == []


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "lines"])
async def test_logs_tell_what_happened_but_never_what_was_said(
    *,
    worker: TurnWorker,
    talk: Talk,
    clock: Clock,
    index: CountingIndex,
    monkeypatch: pytest.MonkeyPatch,
    as_json: bool,
) -> None:
    loop, stderr = asyncio.get_running_loop(), io.StringIO()
    index.script = [
        SnapshotDamaged("passages.rows was altered"),
        ZeroDivisionError("by zero"),
        lambda: asyncio.run_coroutine_threadsafe(talk.says("MY-SECRET"), loop).result(),
    ]
    monkeypatch.setattr("sys.stderr", stderr)
    configure_logs(json=as_json)
    try:
        for address in ("bo", "ann"):
            await talk.says("my PIN is MY-SECRET", address=address)
            while await worker.run_once():
                clock.advance(10)
    finally:
        structlog.reset_defaults()
    logged = stderr.getvalue()
    for event in ("search_unavailable", "turn_failed", "turn_overtaken", "turn_handled", "by zero"):
        assert event in logged
    assert "MY-SECRET" not in logged
    if as_json:
        rows = [json.loads(row) for row in logged.splitlines()]
        assert all(row["timestamp"] and row["level"] and isinstance(row["conversation"], int) for row in rows)


async def test_it_works_until_it_is_stopped_whatever_happens(
    talk: Talk, db: Database, index: CountingIndex, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_loop, "_IDLE", 0.01)
    worker = TurnWorker(db, index, detector=make_detector("py3langid"), clock=FailingOnce(clock))
    answered = asyncio.Event()
    loop = asyncio.get_running_loop()
    index.script = [lambda: loop.call_soon_threadsafe(answered.set)]
    running = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(20):
            await talk.says("Hello")
            await talk.says(QUESTION)
            await answered.wait()
            while (await customer_status(db, "memory", "ann")).pending and not await replies(db):
                await db.notifier.wait(("memory", "ann"), 1.0)
    finally:
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert await replies(db)


async def test_who_is_handed_over_is_told_the_usual_wait_where_it_is_known(
    worker: TurnWorker, talk: Talk, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response_times, "FEWEST", 1)
    desk = Desk(db, clock=talk.clock)
    alva = await Agents(db, clock=talk.clock).create(
        await Agents(db, clock=talk.clock).invite(), name="Alva", email="a@example.com", password="correct horse"
    )
    await talk.says("a human please")
    assert await worker.run_once()
    [item] = await desk.queue()
    talk.clock.advance(60 * 12)
    await desk.reply(item.escalation_id, alva, "Hello.", key="k")
    await talk.says("a human please", address="bo")
    assert await worker.run_once()
    first, second = [(await customer_lines(db, "memory", who, after=0))[1].text for who in ("ann", "bo")]
    assert second == f"{first} They usually answer within 15 minutes."


async def test_where_no_agent_can_sign_in_any_more_that_is_said(worker: TurnWorker, talk: Talk, db: Database) -> None:
    accounts = Agents(db, clock=talk.clock)
    alva = await accounts.create(await accounts.invite(), name="Alva", email="a@example.com", password="correct horse")
    async with db.write() as connection:
        await connection.execute(update(agents).where(agents.c.id == alva.id).values(disabled_at=talk.clock()))
    for _ in range(3):
        await talk.says("a human please")
        assert await worker.run_once()
    english = phrases_for("en")
    told = [english.say(phrase) for phrase in ("nobody", "nobody", "nobody.added")]
    assert [line.text for line in await replies(db)] == told
