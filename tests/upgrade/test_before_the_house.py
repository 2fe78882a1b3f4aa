"""A database and an index that an older release made: they are opened, gone on with and built upon.

tests/data/before-the-house.tar.xz was made by commit c9e8da2 from forty documents and talks of six customers: one waits
for an answer to their first message, one was asked which page they mean, one has chosen a page and got it, two wait
for a person, and one had an agent who named the right page.
"""

import asyncio
import tarfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App, build
from bot.services.replay import replay
from bot.settings import Settings
from bot.store.privacy.export import everything_about
from bot.store.records.receipts import receipt_of_message
from bot.store.records.relevance_labels import read_labels
from bot.store.tables import messages
from channels.message import Inbound
from retrieval.indexing.reindex import reindex
from retrieval.indexing.training import CustomerQuestions
from retrieval.query.searcher import Searcher
from retrieval.snapshot.snapshot import open_snapshot
from retrieval.testing import HashEncoder
from tests.conftest import Clock
from tests.unit.retrieval.conftest import make_documents

ARCHIVE = Path(__file__).parents[1] / "data" / "before-the-house.tar.xz"
LAST_DAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
VERSION = "20260302T090000-f40307f36466"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "before"


@pytest.fixture
async def app(folder: Path, clock: Clock) -> AsyncIterator[App]:
    clock.now = LAST_DAY
    settings = Settings(
        data=folder / "data", index=folder / "index", channels={"web": {}}, quiet_period=0.0, budget=0.4
    )
    async with build(settings, clock=clock) as app:
        yield app


async def settled(app: App, who: str) -> None:
    """Everything is at work until this customer is owed nothing."""
    async with app.running(), asyncio.timeout(60):
        while (await app.host.status("web", who)).pending:
            await app.host.changed("web", who, 1.0)


async def replies(app: App, who: str) -> list[str]:
    return [line.text for line in await app.host.lines("web", who) if line.author != "customer"]


async def test_a_customer_sees_the_talk_as_it_was(app: App) -> None:
    assert [(line.author, line.text) for line in await app.host.lines("web", "eva")] == [
        ("customer", "how does lamp go with parcel"),
        ("bot", "Which of these do you mean?"),
        ("customer", "1"),
        ("bot", "The lamp works with the parcel. Press the lamp and then the parcel."),
    ]
    *_, answer = await app.host.lines("web", "eva")
    assert answer.source is not None
    assert (answer.source.title, answer.source.url) == (
        "About the lamp and the parcel",
        "https://help.example/lamp/parcel",
    )


async def test_who_was_asked_which_page_they_mean_can_still_choose(app: App, clock: Clock) -> None:
    message = Inbound(
        channel="web",
        event_id="later",
        platform_message_id="later",
        address="fay",
        customer="fay",
        text="1",
        sent_at=clock(),
    )
    await app.host.accept(message)
    await settled(app, "fay")
    assert (await replies(app, "fay"))[-1] == "The lamp works with the holiday. Press the lamp and then the holiday."


async def test_who_waited_for_the_first_answer_gets_one(app: App) -> None:
    assert await replies(app, "cid") == []
    await settled(app, "cid")
    assert "The refund works with the invoice." in "\n".join(await replies(app, "cid"))


async def test_agents_find_their_queue_and_what_was_said_of_a_case(app: App) -> None:
    assert [(item.question, item.state) for item in await app.desk.queue()] == [
        ("the zebra eats my invoice", "waiting"),
        ("hub and lamp or hub and parcel", "waiting"),
    ]
    [closed] = await app.desk.closed()
    case = await app.desk.case(closed.escalation_id)
    assert [line.text for line in case.lines][-5:] == [
        "I want to talk to a person",
        "Alva claimed this.",
        "It goes on foot.",
        "A camel, again.",
        "Alva resolved this.",
    ]


async def test_every_decision_is_explained_and_its_search_done_again_the_same(app: App, folder: Path) -> None:
    async with app.db.read() as connection:
        told = list(await connection.scalars(select(messages.c.id).where(messages.c.receipt_id.is_not(None))))
    receipts = [await receipt_of_message(app.db, number) for number in told]
    assert {receipt.decision for receipt in receipts} == {"answer", "clarify", "escalate", "social"}
    searched = [receipt for receipt in receipts if receipt.searched and receipt.snapshot]
    assert len(searched) >= 8
    assert [replay(receipt, folder / "index") for receipt in searched] == [[]] * len(searched)


async def test_what_people_said_is_learned_from_and_nothing_is_embedded_twice(app: App, folder: Path) -> None:
    labels = await read_labels(app.db)
    assert [(label.by, label.document_id, label.is_right) for label in labels] == [
        ("agents", "battery-dimmer", True),
        ("choices", "lamp-parcel", True),
    ]
    encoder, asked = HashEncoder(32), CustomerQuestions(verdicts=[label.verdict for label in labels])
    report = reindex(make_documents(40), folder / "index", encoder, now=LAST_DAY, asked=asked)
    assert report.is_new
    assert report.carried == report.units
    before, after = (open_snapshot(folder / "index", version) for version in (VERSION, None))
    assert after.manifest.parent == before.version
    for snapshot in (before, after):
        found = Searcher(snapshot, budget=0.4).search("how does lamp go with parcel", language="en")
        assert found.candidates[0].document_id == "lamp-parcel"


async def test_a_customer_is_given_everything_that_is_known_of_them(app: App) -> None:
    given = await everything_about(app.db, "web", "ann")
    assert "how does the camel go with the desert" in str(given)
