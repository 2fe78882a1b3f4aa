"""A database that an earlier release made opens, and what it holds means what it meant.

`earlier.sql` was written by the code of November 2026, before its names were changed: columns and the JSON in them keep
the keys that they had then.
"""

import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.conversation.explain import explain
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.queues import accept, inbox, outbox
from bot.store.records.conversations import customer_lines
from bot.store.records.receipts import receipt_from_row, receipt_to_json
from bot.store.records.relevance_labels import read_labels
from bot.store.tables import receipts
from channels.message import Inbound
from tests.single import claim_delivery, claim_turn, load_history

LATER = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
LEASE = timedelta(seconds=60)


@pytest.fixture
async def earlier(tmp_path: Path) -> AsyncIterator[Database]:
    with sqlite3.connect(tmp_path / "answerdesk.db") as connection:
        connection.executescript(Path(__file__).with_name("earlier.sql").read_text())
    connection.close()
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'answerdesk.db'}")
    await db.migrate()
    yield db
    await db.close()


def keeps(now: Any, then: Any) -> bool:
    """Whether everything that was said still is, at every depth; new keys may stand beside it."""
    if isinstance(then, dict):
        return all(key in now and keeps(now[key], value) for key, value in then.items())
    if isinstance(then, list):
        return len(now) == len(then) and all(map(keeps, now, then))
    return bool(now == then)


async def test_every_receipt_is_read_with_all_that_it_said(earlier: Database) -> None:
    async with earlier.read() as connection:
        rows = (await connection.execute(select(receipts).order_by(receipts.c.id))).all()
    for row in rows:
        receipt = receipt_from_row(row)
        assert keeps(json.loads(json.dumps(receipt_to_json(receipt))), row.body)
        assert explain(receipt)
    decisions = [receipt_from_row(row).decision for row in rows]
    assert decisions == ["answer", "clarify", "answer", "escalate", "escalate"]


async def test_a_customer_and_an_agent_find_their_conversations_as_they_left_them(earlier: Database) -> None:
    lines = await customer_lines(earlier, "web", "ann", after=0)
    assert [(line.author, line.helped, line.chosen) for line in lines] == [
        ("customer", None, None),
        ("bot", True, None),
        ("customer", None, None),
        ("bot", None, "1"),
        ("customer", None, None),
        ("bot", None, None),
    ]
    assert lines[1].source is not None
    assert lines[1].source.title == "Reset the hub"
    case = await Desk(earlier, clock=lambda: LATER).case(1)
    assert (case.state, case.agent and case.agent.name, case.question) == ("claimed", "Alva", "Do you sell toasters?")
    assert [line.text for line in case.lines if line.author == "agent"] == ["We don't."]


async def test_the_bot_goes_on_where_it_was(earlier: Database) -> None:
    said = Inbound(channel="web", event_id="new", address="ann", customer="ann", text="thanks", sent_at=LATER)
    assert await accept.accept(earlier, said, now=LATER, quiet=timedelta(0))
    turn = await claim_turn(earlier, now=LATER, lease=LEASE)
    assert turn is not None
    history = await load_history(earlier, turn)
    assert [receipt.decision for receipt in history.receipts] == ["answer", "clarify", "answer"]
    assert history.last_topic is not None
    assert history.last_topic.chosen == "lamp-a"
    assert history.denied == frozenset()


async def test_what_was_owed_is_still_delivered(earlier: Database) -> None:
    await inbox.free_all(earlier)
    await outbox.free_all(earlier)
    delivery = await claim_delivery(earlier, now=LATER, lease=LEASE)
    assert delivery is not None
    assert delivery.message.text == "Hold the button for ten seconds."


async def test_what_people_said_is_still_learned_from(earlier: Database) -> None:
    labels = [(each.by, each.question, each.document_id, each.is_right) for each in await read_labels(earlier)]
    assert labels == [
        ("choices", "replace lamp", "lamp-a", True),
        ("thumbs", "How do I reset the hub?", "reset", True),
    ]
