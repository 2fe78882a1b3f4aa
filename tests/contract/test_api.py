"""What other programs are promised below /api/v1."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.api import PATH, create_api
from bot.conversation.compose import compose
from bot.conversation.decisions import Escalate
from bot.conversation.phrases import phrases_for
from bot.conversation.receipt import Receipt
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.records.turn_commit import TurnOutcome
from bot.testing import ScriptedIndex, ScriptedPage
from retrieval.errors import EncoderUnavailable
from retrieval.reader.consultation import Consultation, ReaderOptions
from retrieval.reader.port import Reply, Verdict
from retrieval.result import SearchResult
from retrieval.testing import ScriptedReader
from tests.conftest import Clock
from tests.contract.ledger import Ledger, said
from tests.unit.retrieval.conftest import candidate
from tests.unit.retrieval.reader.pages import found
from tests.unit.retrieval.reader.test_consultation import LEARNED

KEY = "made-up-for-this-test-0123456789"
HUB = "How do I reset my hub?"


class BrokenShelf(ScriptedIndex):
    def search(self, *_: Any, **__: Any) -> SearchResult:
        raise EncoderUnavailable("the encoder is not there")


def client_of(db: Database, clock: Clock, shelf: ScriptedIndex, key: str = KEY) -> httpx.AsyncClient:
    api = create_api(Desk(db, clock=clock), db, shelf, key=KEY)
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://api.example", headers=headers)


@pytest.fixture
def shelf() -> ScriptedIndex:
    return ScriptedIndex([ScriptedPage(id="hub-reset", title="Reset the hub", text="Hold the button.")])


@pytest.fixture
async def client(db: Database, clock: Clock, shelf: ScriptedIndex) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(db, clock, shelf) as client:
        yield client


async def test_a_question_is_decided_as_a_customers_would_be(client: httpx.AsyncClient) -> None:
    sure = (await client.post("/ask", json={"question": "reset the hub", "language": "en"})).json()
    assert (sure["decision"], sure["found"]["candidates"][0]["document_id"]) == ("answer", "hub-reset")
    assert sure["found"]["confidence"] >= sure["found"]["threshold"]
    assert sure["offered"] == ["hub-reset"]
    unsure = (await client.post("/ask", json={"question": "Do you sell toasters?"})).json()
    assert (unsure["decision"], unsure["found"]["candidates"]) == ("escalate", [])


async def test_the_reader_of_the_settings_is_asked_as_for_a_customer(db: Database, clock: Clock) -> None:
    pages = ("reset", "pair", "update", "move", "limits")

    class Unsure(ScriptedIndex):
        def search(self, question: str, **_: Any) -> SearchResult:
            return found(*pages, question=question)

    reader = ScriptedReader(lambda _: Reply(verdict=Verdict(best="pair", sure=0.95)))
    api = create_api(
        Desk(db, clock=clock), db, Unsure([]), key=KEY, reader=Consultation(reader, LEARNED, ReaderOptions())
    )
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(api), base_url="http://api.example", headers=headers
    ) as client:
        said = (await client.post("/ask", json={"question": "how do i connect it"})).json()
    assert said["reader"]["best"] == "pair"
    assert said["offered"][0] == said["found"]["candidates"][0]["document_id"] == "pair"


@pytest.mark.parametrize(
    ("confidence", "among", "decision", "offered"),
    [
        (0.6, 0.7, "suggest", ["hub-reset"]),
        (0.3, 0.7, "clarify", ["hub-reset", "hub-light"]),
        (0.2, 0.3, "escalate", []),
    ],
)
async def test_a_decision_names_the_pages_that_a_customer_would_see(
    *, db: Database, clock: Clock, confidence: float, among: float, decision: str, offered: list[str]
) -> None:
    titles = {"hub-reset": "Reset the hub", "hub-light": "The hub's light"}
    pages = tuple(candidate(name, title=title) for name, title in titles.items())

    class Unsure(ScriptedIndex):
        def search(self, question: str, **_: Any) -> SearchResult:
            return SearchResult(
                question=question,
                candidates=pages,
                confidence=confidence,
                among_first=among,
                threshold=0.9,
                features={},
                snapshot="s",
            )

    async with client_of(db, clock, Unsure([])) as client:
        answer = (await client.post("/ask", json={"question": HUB})).json()
        schema = (await client.get("/openapi.json")).json()["components"]["schemas"]["AskResult"]
    assert (answer["decision"], answer["offered"]) == (decision, offered)
    assert schema["properties"]["decision"]["enum"] == ["answer", "suggest", "clarify", "escalate"]


async def test_cases_and_decisions_are_those_that_agents_see(client: httpx.AsyncClient, store: Ledger) -> None:
    receipt = Receipt(decision="escalate", reason="unsure", question=HUB, confidence=0.4, threshold=0.9)
    await store.accept(said(HUB))
    drafts = compose(Escalate(reason="unsure"), phrases_for("en"))
    assert await store.commit(await store.turn(), TurnOutcome(receipt=receipt, drafts=drafts))
    [row] = (await client.get("/cases")).json()
    number = row["escalation_id"]
    assert (row["state"], row["reason"], row["question"]) == ("waiting", "unsure", HUB)
    case = (await client.get(f"/cases/{number}")).json()
    [asked] = [line for line in case["lines"] if line["author"] == "customer"]
    assert (asked["text"], case["receipt"]["confidence"]) == (HUB, 0.4)
    decision = (await client.get(f"/decisions/{asked['id']}")).json()
    assert (decision["decision"], decision["question"], decision["threshold"]) == ("escalate", HUB, 0.9)
    assert (await client.get("/cases", params={"state": "closed"})).json() == []


@pytest.mark.parametrize("path", ["/cases", "/cases/1", "/decisions/1", "/index"])
async def test_nothing_is_told_without_the_key(db: Database, clock: Clock, shelf: ScriptedIndex, path: str) -> None:
    for key in ("", "wrong", f"{KEY}1", "ÿ"):
        async with client_of(db, clock, shelf) as client:
            refused = await client.get(path, headers=[(b"Authorization", f"Bearer {key}".encode("latin-1"))])
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert "server.api_key" in refused.json()["error"]
    async with client_of(db, clock, shelf) as client:
        assert (await client.post("/ask", json={"question": HUB}, headers={"Authorization": KEY})).status_code == 401
    assert shelf.asked == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cases/7", 404),
        ("/decisions/7", 404),
        ("/nothing", 404),
        ("/cases/x", 422),
        ("/cases/0", 422),
        (f"/cases/{2**31}", 422),
        (f"/decisions/{10**30}", 422),
        ("/cases?state=lost", 422),
    ],
)
async def test_what_is_not_there_is_said(client: httpx.AsyncClient, path: str, status: int) -> None:
    assert (await client.get(path)).status_code == status


@pytest.mark.parametrize("body", [{}, {"question": ""}, {"question": "x" * 20_001}, {"question": 7}, [], "hello"])
async def test_what_is_no_question_is_not_looked_up(client: httpx.AsyncClient, shelf: ScriptedIndex, body: Any) -> None:
    assert (await client.post("/ask", json=body)).status_code == 422
    assert shelf.asked == []


async def test_what_is_away_is_said_and_when_to_ask_again(db: Database, clock: Clock) -> None:
    async with client_of(db, clock, BrokenShelf([])) as client:
        away = await client.post("/ask", json={"question": HUB})
    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")
    assert away.json() == {"error": "the encoder is not there"}


async def test_a_store_that_is_away_is_said_too(clock: Clock, shelf: ScriptedIndex, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("This is no database. " * 200)
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'text.db'}")
    async with client_of(db, clock, shelf) as client:
        away = await client.get("/cases")
    await db.close()
    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")


async def test_its_description_is_open_and_names_every_error(client: httpx.AsyncClient) -> None:
    described = (await client.get("/openapi.json", headers={"Authorization": ""})).json()
    assert set(described["paths"]) == {"/ask", "/index", "/cases", "/cases/{number}", "/decisions/{message_id}"}
    for path in described["paths"].values():
        for operation in path.values():
            assert set(operation["responses"]) >= {"200", "401", "404", "503"}
            assert operation["security"] == [{"HTTPBearer": []}]
            assert operation["description"].endswith(".")
    assert PATH == "/api/v1"
