"""/api/v1: what other programs may ask, with the server's key. It reads and decides; only people act on cases."""

import asyncio
import hmac
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Path, Request, Security
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.conversation import Case, QueueItem, Receipt
from bot.errors import NoSuchCase, StoreUnavailable
from bot.services import Desk, Index, PageReader
from bot.store.engine.database import Database
from bot.store.records.receipts import receipt_of_message
from retrieval import Decision, RetrievalError, SearchResult
from retrieval.reader.port import Verdict

PATH = "/api/v1"
#: As long as a question may be.
LONGEST = 20_000
#: Numbers of rows, as far as PostgreSQL counts them.
Number = Annotated[int, Path(ge=1, lt=2**31)]
_HOW = "Send the server's `server.api_key` as `Authorization: Bearer KEY`."


class Ask(BaseModel):
    """A question, as a customer would write it."""

    question: str = Field(min_length=1, max_length=LONGEST)
    language: str | None = Field(None, max_length=20, description="As the documents name it, such as `sv`.")


class AskResult(BaseModel):
    """The decision the bot would make, and the search it rests on."""

    decision: Decision
    offered: list[str] = Field(
        description="Ids of the documents that the customer would see, best first: the answer, the suggestion, the "
        "choices, or of a hand-over the pages beside the person."
    )
    found: SearchResult
    reader: Verdict | None = Field(description="What the reader of the settings said of it, where it was asked.")


class Problem(BaseModel):
    """The reason for which there is no result."""

    error: str


class IndexInfo(BaseModel):
    """The index in use."""

    languages: list[str]


def create_api(desk: Desk, db: Database, index: Index, *, key: str, reader: PageReader | None = None) -> FastAPI:
    """The application below PATH. Whoever has the key reads what agents read, so it is as secret as their passwords."""
    guard = HTTPBearer(auto_error=False, description=_HOW)

    async def let_in(given: Annotated[HTTPAuthorizationCredentials | None, Security(guard)]) -> None:
        if given is None or not hmac.compare_digest(given.credentials.encode(), key.encode()):
            raise HTTPException(401, _HOW, headers={"WWW-Authenticate": "Bearer"})

    api = FastAPI(
        title="answerdesk",
        version="1",
        description="Questions, cases and decisions of a support assistant.",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(let_in)],
        responses={status: {"model": Problem} for status in (401, 404, 503)},
        exception_handlers={
            HTTPException: _refused,
            NoSuchCase: _error(404),
            StoreUnavailable: _error(503),
            RetrievalError: _error(503),
        },
    )

    @api.post("/ask")
    async def ask(asked: Ask) -> AskResult:
        """Look a question up and say what the bot would do. Nothing is kept of it but how such questions are asked."""
        return await _decision_on(asked, index, reader)

    @api.get("/index")
    def index_info() -> IndexInfo:
        """The languages the documents are in."""
        return IndexInfo(languages=sorted(index.languages))

    @api.get("/cases")
    async def cases(state: Literal["open", "closed"] = "open") -> list[QueueItem]:
        """The cases that wait for an agent or are with one; or the last ones that are closed."""
        return list(await (desk.queue() if state == "open" else desk.closed()))

    @api.get("/cases/{number}")
    async def case(number: Number) -> Case:
        """One case with its transcript and the decision that led to it."""
        return await desk.case(number)

    @api.get("/decisions/{message_id}")
    async def decision(message_id: Number) -> Receipt:
        """The receipt of the decision on a customer's message, or behind an answer: what `answerdesk why` says."""
        return await receipt_of_message(db, message_id)

    return api


async def _decision_on(asked: Ask, index: Index, reader: PageReader | None) -> AskResult:
    found = await asyncio.to_thread(index.search, asked.question, language=asked.language)
    consulted = await reader.consult(found) if reader is not None else None
    if consulted is not None:
        found = consulted.applied_to(found)
    return AskResult(
        decision=found.decision,
        offered=[candidate.document_id for candidate in found.offered],
        found=found,
        reader=consulted.verdict if consulted is not None else None,
    )


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)


def _error(status: int) -> Callable[[Request, Any], Coroutine[Any, Any, Response]]:
    async def respond(_: Request, error: Exception) -> Response:
        headers = {"Retry-After": "5"} if status == 503 else {}
        return JSONResponse({"error": str(error)}, status_code=status, headers=headers)

    return respond
