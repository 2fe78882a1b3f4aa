import asyncio
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Self

import pytest
from sqlalchemy import select, text
from starlette.routing import BaseRoute
from structlog.testing import capture_logs

from bot.conversation.case import Agent
from bot.runtime import delivery_worker as sender_module
from bot.runtime import work_loop
from bot.runtime.delivery_worker import LONGEST_PAUSE, MOST_ATTEMPTS, DeliveryWorker, pause_after
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.records.conversations import customer_status
from bot.store.tables import agents, outbox
from channels.channel import Host, SendLimit
from channels.errors import PermanentFailure, TemporaryFailure
from channels.message import Outbound
from tests.conftest import Clock
from tests.unit.bot.conftest import Talk

WEEK = timedelta(days=7).total_seconds()


class ScriptedChannel:
    """A platform that does with each message what the test says, and takes it when nothing more is said."""

    name = "memory"
    exclusive_resource: str | None = None
    limits: Sequence[SendLimit] = ()

    def __init__(self) -> None:
        self.script: list[BaseException | str] = []
        self.sent: list[Outbound] = []
        self.offered = asyncio.Event()
        self.took = asyncio.Event()
        #: How long "never" lasts.
        self.silence = asyncio.Event()

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], host: Host) -> Self:
        raise NotImplementedError

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def send(self, message: Outbound) -> str | None:
        self.offered.set()
        result = self.script.pop(0) if self.script else f"platform-{message.id}"
        if isinstance(result, BaseException):
            raise result
        if result == "never":
            await self.silence.wait()
        self.sent.append(message)
        self.took.set()
        return result

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.sent]


@pytest.fixture
def channel() -> ScriptedChannel:
    return ScriptedChannel()


@pytest.fixture
def sender(db: Database, channel: ScriptedChannel, clock: Clock) -> DeliveryWorker:
    return DeliveryWorker(db, {"memory": channel}, clock=clock)


async def state(db: Database) -> list[tuple[str, int, str | None]]:
    async with db.read() as connection:
        rows = await connection.execute(select(outbox.c.state, outbox.c.attempts, outbox.c.error).order_by(outbox.c.id))
        return [(row.state, row.attempts, row.error) for row in rows]


async def agent(db: Database, clock: Clock) -> Agent:
    values = {"id": 1, "name": "Alva", "email": "a@example.com", "password_hash": "x", "created_at": clock()}
    async with db.write() as connection:
        await connection.execute(agents.insert().values(**values))
    return Agent(id=1, name="Alva", email="a@example.com")


async def test_a_message_is_delivered_once_and_then_nothing_is_owed(
    sender: DeliveryWorker, channel: ScriptedChannel, talk: Talk, db: Database
) -> None:
    await talk.is_answered("First.", "Second.")
    assert await sender.run_once()
    assert await sender.run_once()
    assert not await sender.run_once()
    assert channel.texts == ["First.", "Second."]
    assert channel.sent[0].id != channel.sent[1].id
    assert not (await customer_status(db, "memory", "ann")).pending


async def test_who_listens_to_the_conversation_hears_that_nothing_is_owed_any_more(
    sender: DeliveryWorker, talk: Talk, db: Database
) -> None:
    await talk.is_answered("First.")
    hearing = asyncio.create_task(db.notifier.wait(("memory", "ann"), 20))
    await asyncio.sleep(0)
    await sender.run_once()
    done, _ = await asyncio.wait({hearing}, timeout=5)
    hearing.cancel()
    assert done


async def test_what_the_platform_puts_off_waits_as_long_as_it_asks_and_holds_what_comes_after(
    sender: DeliveryWorker, channel: ScriptedChannel, talk: Talk, clock: Clock
) -> None:
    channel.script = [TemporaryFailure("busy", retry_after=40)]
    await talk.is_answered("First.", "Second.")
    assert await sender.run_once()
    await talk.is_answered("To Bo.", address="bo")
    while await sender.run_once():
        pass
    assert channel.texts == ["To Bo."], "another conversation does not wait"
    clock.advance(39)
    assert not await sender.run_once()
    clock.advance(1)
    while await sender.run_once():
        pass
    assert channel.texts == ["To Bo.", "First.", "Second."]


async def test_what_the_platform_puts_off_everywhere_holds_every_conversation(
    sender: DeliveryWorker, channel: ScriptedChannel, talk: Talk, clock: Clock
) -> None:
    channel.script = [TemporaryFailure("flood", retry_after=40, everywhere=True)]
    await talk.is_answered("First.")
    await talk.is_answered("To Bo.", address="bo")
    assert await sender.run_once()
    assert not await sender.run_once()
    clock.advance(40)
    while await sender.run_once():
        pass
    assert channel.texts == ["First.", "To Bo."]


async def test_the_limits_in_the_settings_are_kept_instead_of_the_channels_own(
    db: Database, channel: ScriptedChannel, talk: Talk, clock: Clock
) -> None:
    channel.limits = (SendLimit(count=1, seconds=60),)
    for limits, sent in ((None, 1), ({"memory": (SendLimit(count=3, seconds=60),)}, 3)):
        sender = DeliveryWorker(db, {"memory": channel}, clock=clock, limits=limits)
        for n in range(3):
            await talk.is_answered("First.", address=f"c{n}-{sent}")
        while await sender.run_once():
            pass
        assert len(channel.sent) == sent
        clock.advance(3600)
        channel.limits = ()
        channel.sent.clear()
        while await DeliveryWorker(db, {"memory": channel}, clock=clock).run_once():
            pass
        channel.sent.clear()


async def test_the_same_message_is_offered_again_under_the_same_id(
    sender: DeliveryWorker, channel: ScriptedChannel, talk: Talk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[int] = []
    original = channel.send

    async def send(message: Outbound) -> str | None:
        offered.append(message.id)
        return await original(message)

    monkeypatch.setattr(channel, "send", send)
    channel.script = [TemporaryFailure("busy"), ConnectionError("lost")]
    await talk.is_answered("First.")
    for _ in range(3):
        assert await sender.run_once()
        clock.advance(WEEK)
    assert len(offered) == 3
    assert len(set(offered)) == 1


@pytest.mark.parametrize(
    ("problem", "error"),
    [
        (TemporaryFailure("the line is busy"), "the line is busy"),
        (ValueError("surprise"), "ValueError('surprise')"),
        ("never", "no answer within 0 s; it may have been delivered"),
    ],
    ids=["temporary", "unexpected", "time-out"],
)
async def test_what_fails_is_tried_again_after_a_pause(
    *,
    sender: DeliveryWorker,
    channel: ScriptedChannel,
    talk: Talk,
    db: Database,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    problem: BaseException | str,
    error: str,
) -> None:
    monkeypatch.setattr(sender_module, "TIMEOUT", 0.01)
    channel.script = [problem]
    await talk.is_answered("First.")
    assert await sender.run_once()
    assert await state(db) == [("pending", 1, error)]
    assert not await sender.run_once(), "not at once"
    clock.advance(1)
    assert await sender.run_once()
    assert (await state(db))[0] == ("sent", 2, None)


async def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    for attempts in range(1, 20):
        longest = min(2 ** (attempts - 1), LONGEST_PAUSE)
        assert longest / 2 <= pause_after(attempts, None).total_seconds() <= longest
    assert pause_after(3, 7.5) == timedelta(seconds=7.5)
    for no_time in (math.nan, math.inf, 1e15, -1.0):
        assert timedelta(seconds=2) <= pause_after(3, no_time) <= timedelta(seconds=4)


async def test_what_fails_for_ever_is_given_up_and_reaches_an_agent(
    sender: DeliveryWorker, channel: ScriptedChannel, talk: Talk, db: Database, clock: Clock
) -> None:
    channel.script = [TemporaryFailure("gone fishing")] * (MOST_ATTEMPTS + 5)
    await talk.is_answered("First.")
    tries = 0
    with capture_logs() as logs:
        while await sender.run_once():
            tries += 1
            clock.advance(LONGEST_PAUSE)
    assert tries == MOST_ATTEMPTS
    assert await state(db) == [("failed", MOST_ATTEMPTS, f"given up after {MOST_ATTEMPTS} tries: gone fishing")]
    assert [entry["event"] for entry in logs].count("delivery_given_up") == 1
    desk = Desk(db, clock=clock)
    [item] = await desk.queue()
    assert (item.reason, item.question) == ("undelivered", "question"), "never the words of the bot"
    line = (await desk.case(item.escalation_id)).lines[-1]
    assert (line.text, line.delivery) == ("First.", "failed")
    assert (await customer_status(db, "memory", "ann")).owner == "queue"


async def test_what_the_platform_puts_off_for_a_moment_many_times_is_no_failure_until_it_takes_too_long(
    sender: DeliveryWorker, channel: ScriptedChannel, talk: Talk, db: Database, clock: Clock
) -> None:
    channel.script.extend(TemporaryFailure("too many", retry_after=1) for _ in range(3 * MOST_ATTEMPTS))
    await talk.is_answered("First.")
    for _ in range(3 * MOST_ATTEMPTS):
        assert await sender.run_once()
        clock.advance(1)
    assert await sender.run_once()
    assert channel.texts == ["First."]
    channel.script.extend(TemporaryFailure("too many", retry_after=60) for _ in range(100))
    await talk.is_answered("Second.")
    while await sender.run_once():
        clock.advance(60)
    assert [state for state, *_ in await state(db)] == ["sent", "failed"]


async def test_a_permanent_failure_is_not_tried_again_and_the_next_message_goes_out(
    sender: DeliveryWorker, channel: ScriptedChannel, talk: Talk, db: Database
) -> None:
    channel.script = [PermanentFailure("the customer has blocked us")]
    await talk.is_answered("First.", "Second.")
    while await sender.run_once():
        pass
    assert channel.texts == ["Second."]
    assert (await state(db))[0] == ("failed", 1, "the customer has blocked us")


async def test_an_agents_undelivered_reply_stays_in_their_case(
    sender: DeliveryWorker, channel: ScriptedChannel, talk: Talk, db: Database, clock: Clock
) -> None:
    channel.script = [PermanentFailure("blocked"), PermanentFailure("blocked still")]
    await talk.is_answered("First.")
    await sender.run_once()
    desk, alva = Desk(db, clock=clock), await agent(db, clock)
    [item] = await desk.queue()
    await desk.reply(item.escalation_id, alva, "I am here.", key="k")
    await sender.run_once()
    [again] = await desk.queue()
    assert again.escalation_id == item.escalation_id
    line = (await desk.case(item.escalation_id)).lines[-1]
    assert (line.author_name, line.delivery, line.error) == ("Alva", "failed", "blocked still")


async def test_a_channel_that_is_not_set_up_is_named(sender: DeliveryWorker, talk: Talk, db: Database) -> None:
    await talk.is_answered("First.", channel="pigeon")
    assert await sender.run_once()
    assert await state(db) == [("failed", 1, "the channel pigeon is not set up")]


class FailingOnce:
    """A clock that cannot be read the first time."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.has_failed = clock, False

    def __call__(self) -> datetime:
        if not self.has_failed:
            self.has_failed = True
            raise OSError("no time")
        return self.clock()


async def test_it_survives_what_no_single_message_is_to_blame_for(
    channel: ScriptedChannel, talk: Talk, db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_loop, "_IDLE", 0.01)
    await talk.is_answered("First.")
    running = asyncio.create_task(DeliveryWorker(db, {"memory": channel}, clock=FailingOnce(clock)).run())
    try:
        with capture_logs() as logs:
            await asyncio.wait_for(channel.took.wait(), 20)
        assert [entry["event"] for entry in logs] == ["claim_failed"]
    finally:
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_what_was_delivered_while_the_store_was_away_is_not_sent_again(
    sender: DeliveryWorker, channel: ScriptedChannel, talk: Talk, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_module, "_RECORD_AGAIN", 0.01)
    await talk.is_answered("First.")
    channel.script = ["never"]
    with capture_logs() as logs:
        async with asyncio.timeout(20):
            sending = asyncio.create_task(sender.run_once())
            await channel.offered.wait()
            async with db.write() as connection:
                await connection.execute(text("ALTER TABLE outbox RENAME TO away"))
            channel.silence.set()
            while not logs:  # noqa: ASYNC110  # the log has no event to wait for
                await asyncio.sleep(0.01)
            async with db.write() as connection:
                await connection.execute(text("ALTER TABLE away RENAME TO outbox"))
            assert await sending
    assert {entry["event"] for entry in logs} == {"delivery_not_recorded"}
    assert await state(db) == [("sent", 1, None)]
    assert not await sender.run_once()
    assert channel.texts == ["First."]


async def test_it_goes_on_after_a_surprise_and_wakes_when_something_is_owed(
    sender: DeliveryWorker, channel: ScriptedChannel, talk: Talk, clock: Clock
) -> None:
    channel.script = [ValueError("surprise")]
    await talk.is_answered("First.")
    running = asyncio.create_task(sender.run())
    try:
        async with asyncio.timeout(20):
            await channel.offered.wait()
            await talk.is_answered("To Bo.", address="bo")
            await channel.took.wait()
            assert channel.texts == ["To Bo."]
            channel.took.clear()
            clock.advance(1)
            await channel.took.wait()
            assert channel.texts == ["To Bo.", "First."]
    finally:
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
