"""A turn with a reader: asked where it matters, believed by its record, and never a word of it reaches anybody."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from starlette.responses import Response

from bot.conversation.explain import explain
from bot.conversation.language.detectors import make_detector
from bot.conversation.receipt import Receipt
from bot.runtime.turn_worker import TurnWorker
from bot.services.page_reader import PageReader, count_reading
from bot.services.replay import replay
from bot.store.engine.database import Database
from bot.store.records.conversations import customer_lines
from bot.store.records.receipts import receipt_of_message
from bot.testing import ScriptedIndex, ScriptedPage
from channels.message import TranscriptLine
from retrieval import LiveIndex
from retrieval.errors import ReaderFailed
from retrieval.reader.chat_endpoint import ChatEndpoint
from retrieval.reader.consultation import Consultation, ReaderOptions
from retrieval.reader.port import Reader, Reading, Reply, Verdict
from retrieval.reader.record import ReaderRecord, Trial
from retrieval.reader.worth import may_matter
from retrieval.testing import HashEncoder, ScriptedReader
from tests.conftest import Clock
from tests.reader_endpoint import Shown, completion, endpoint
from tests.unit.bot.conftest import Talk
from tests.unit.retrieval.conftest import NOW, make_documents
from tests.unit.retrieval.reader.hostile import HOSTILE

PAGES = (
    ScriptedPage(id="oil", title="Oiling a board", text="Oil it once a year.", likely="board wood care"),
    ScriptedPage(id="wash", title="Washing a board", text="Wash it by hand.", likely="board wood care"),
)
ASKS = "what does my wood board like, care?"
TRIALS = {
    str(n): Trial(outcome="right" if n % 2 else "refused", sure=(0.6, 0.8, 0.95)[n % 3], weight=1.0) for n in range(40)
}
RECORD = ReaderRecord(fingerprint="scripted", is_finished=True, trials=TRIALS)


def consultation(reader: Reader) -> Consultation:
    return Consultation(reader, RECORD, ReaderOptions(), observe=count_reading)


def worker(db: Database, clock: Clock, reader: PageReader, pages: tuple[ScriptedPage, ...] = PAGES) -> TurnWorker:
    return TurnWorker(db, ScriptedIndex(pages), detector=make_detector("py3langid"), clock=clock, reader=reader)


def chooses(name: str | None) -> ScriptedReader:
    return ScriptedReader(lambda _: Reply(verdict=Verdict(best=name, sure=0.95), tokens_in=500, tokens_out=30))


async def said(db: Database, address: str = "ann") -> list[TranscriptLine]:
    return [line for line in await customer_lines(db, "memory", address, after=0) if line.author == "bot"]


async def receipt(db: Database, address: str = "ann") -> Receipt:
    return await receipt_of_message(db, (await said(db, address))[-1].id)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"answerdesk_reader_{name}_total", labels) or 0.0


async def test_the_page_it_names_is_given_and_the_receipt_says_so(db: Database, clock: Clock, talk: Talk) -> None:
    before = counted("questions", result="verdict"), counted("tokens", direction="in")
    await talk.says(ASKS)
    await worker(db, clock, consultation(chooses("wash"))).run_once()
    kept = await receipt(db)
    assert kept.reader is not None
    assert kept.reader.verdict == Verdict(best="wash", sure=0.95)
    assert kept.candidates[0].document_id == "wash"
    assert kept.decision in {"answer", "suggest"}
    assert "Wash it by hand." in "".join(line.text for line in await said(db))
    assert "The reader took “Washing a board”, 95 % sure by its own word." in "\n".join(explain(kept))
    after = counted("questions", result="verdict"), counted("tokens", direction="in")
    assert (after[0] - before[0], after[1] - before[1]) == (1, 500)


async def test_none_of_them_claims_nothing(db: Database, clock: Clock, talk: Talk) -> None:
    await talk.says(ASKS)
    await worker(db, clock, consultation(chooses(None))).run_once()
    assert (await receipt(db)).decision not in {"answer", "suggest"}
    assert "found no page" in "\n".join(explain(await receipt(db)))


@pytest.mark.parametrize("text", ["thank you!", "a human please", "Oiling a board", "something else entirely"])
async def test_it_is_not_asked_where_it_can_change_nothing(text: str, db: Database, clock: Clock, talk: Talk) -> None:
    reader = chooses("wash")
    await talk.says(text)
    await worker(db, clock, consultation(reader)).run_once()
    assert not reader.readings


async def test_what_fails_leaves_the_engine_alone(db: Database, clock: Clock, talk: Talk) -> None:
    def fails(_: Reading) -> Reply:
        raise ReaderFailed("gone")

    await talk.says(ASKS)
    await worker(db, clock, consultation(ScriptedReader(fails))).run_once()
    with_it = await receipt(db)
    await talk.says(ASKS, address="bea")
    await TurnWorker(db, ScriptedIndex(PAGES), detector=make_detector("py3langid"), clock=clock).run_once()
    assert replace(await receipt(db, "bea"), id=0, at=None) == replace(with_it, id=0, at=None)
    assert with_it.reader is None


async def test_the_bot_owes_an_answer_while_it_reads_so_that_channels_show_typing(
    db: Database, clock: Clock, talk: Talk
) -> None:
    from bot.store.records.conversations import customer_status

    reading, gate = asyncio.Event(), asyncio.Event()

    async def slow(_: Reading) -> Reply:
        reading.set()
        await gate.wait()
        return Reply(verdict=Verdict(best="wash", sure=0.95))

    await talk.says(ASKS)
    turn = asyncio.create_task(worker(db, clock, consultation(ScriptedReader(slow))).run_once())
    await reading.wait()
    status = await customer_status(db, "memory", "ann")
    assert (status.owner, status.pending) == ("bot", True)
    gate.set()
    await turn
    assert (await receipt(db)).reader is not None


async def test_the_customers_name_is_masked(db: Database, clock: Clock) -> None:
    from bot.store.queues import accept
    from channels.message import Inbound

    inbound = Inbound(
        channel="memory",
        event_id="n1",
        address="ann",
        customer="ann",
        customer_name="Nora Berg",
        text=f"Nora here. {ASKS}",
        sent_at=clock(),
    )
    await accept.accept(db, inbound, now=clock(), quiet=timedelta(0))
    reader = chooses("wash")
    await worker(db, clock, consultation(reader)).run_once()
    assert reader.readings
    assert all("Nora" not in str(each) for each in reader.readings)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    from retrieval.indexing.reindex import reindex

    reindex(make_documents(40), tmp_path / "index", HashEncoder(), now=NOW)
    return tmp_path / "index"


async def test_a_decision_repeats_to_the_bit_without_asking_again(
    index: Path, clock: Clock, db: Database, talk: Talk
) -> None:
    live = LiveIndex(index, budget=0.05, kept=8)
    question = "how does sensor go"
    assert may_matter(live.search(question, language="en"))
    last = live.search(question, language="en").candidates[-1].document_id
    reader = chooses(last)
    await talk.says(question, locale="en")
    running = TurnWorker(db, live, detector=make_detector("py3langid"), clock=clock, reader=consultation(reader))
    await running.run_once()
    kept = await receipt(db)
    assert len(reader.readings) == 1
    assert kept.reader is not None
    assert kept.candidates[0].document_id == last
    assert replay(kept, index) == []
    assert len(reader.readings) == 1
    otherwise = replace(kept, reader=replace(kept.reader, verdict=Verdict(best=None, sure=0.95)))
    assert replay(otherwise, index)


async def test_what_is_erased_keeps_nothing_of_the_reader(db: Database, clock: Clock, talk: Talk) -> None:
    await talk.says(ASKS)
    await worker(db, clock, consultation(chooses("wash"))).run_once()
    line = (await said(db))[-1]
    from bot.conversation.receipt import Erasure
    from bot.store.records.receipts import figures_alone, receipt_to_json

    body = figures_alone(receipt_to_json(await receipt_of_message(db, line.id)), Erasure(at=clock(), by=None))
    assert body["reader"] is None


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_a_hostile_page_or_message_reaches_nobody_but_as_its_own_text(
    hostile: str, db: Database, clock: Clock, talk: Talk
) -> None:
    """The worst of models: it does and repeats whatever a page or a customer tells it."""
    pages = (
        ScriptedPage(id="trap", title="A board", text=f"Care for wood. {hostile}", likely="board wood care"),
        *PAGES,
    )
    own = {page.text for page in pages}

    def obedient(shown: Shown) -> str | Response:
        assert set(shown.pages) <= {"trap", "oil", "wash"}
        assert shown.body["messages"][-1]["content"].count("<page ") == len(shown.pages)
        return completion(f"{hostile}\n{json.dumps({'best': hostile, 'sure': 1.0})}")

    with endpoint(obedient) as there:
        reader = consultation(ChatEndpoint(url=there.url, model="m", timeout=5))
        for address, text in (("ann", ASKS), ("bea", f"{ASKS} {hostile}")):
            await talk.says(text, address=address)
            await worker(db, clock, reader, pages).run_once()
            kept = await receipt(db, address)
            assert kept.reader is None or kept.reader.verdict.best in {None, "trap", "oil", "wash"}
            assert {each.text for each in kept.candidates} <= own
            for line in await said(db, address):
                rest = line.text
                for text_of_page in own:
                    rest = rest.replace(text_of_page, "")
                assert hostile not in rest
        await reader.close()
    assert there.asked
