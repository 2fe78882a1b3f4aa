"""The way to a chat endpoint and back, over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.responses import JSONResponse, RedirectResponse, Response

from retrieval.errors import ReaderFailed
from retrieval.reader.chat_endpoint import ChatEndpoint
from retrieval.reader.port import Verdict
from tests.reader_endpoint import Endpoint, completion, endpoint, verdict
from tests.unit.retrieval.reader.pages import reading

OFFERED = reading("reset", "billing")


@asynccontextmanager
async def reader(there: Endpoint, within: float = 5.0) -> AsyncIterator[ChatEndpoint]:
    client = ChatEndpoint(url=there.url, model="m", key="k-123", timeout=within)
    try:
        yield client
    finally:
        await client.close()


async def test_a_verdict_comes_back_with_what_it_took() -> None:
    with endpoint(lambda _: verdict("reset", sentences=(2,))) as there:
        async with reader(there) as client:
            reply = await client.read(OFFERED)
    assert reply.verdict == Verdict(best="reset", sentences=(2,), sure=0.95)
    assert (reply.tokens_in, reply.tokens_out) == (700, 40)
    [asked] = there.asked
    assert asked.question == OFFERED.question
    assert list(asked.pages) == ["reset", "billing"]
    assert asked.body["model"] == "m"
    assert asked.body["stream"] is False
    form = asked.body["response_format"]["json_schema"]["schema"]
    assert form["properties"]["best"]["anyOf"][0]["enum"] == ["reset", "billing"]


async def test_nothing_of_this_machine_or_its_account_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "of-the-environment")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "x-mine: of-the-environment")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with endpoint(lambda _: verdict("reset")) as there:
        async with reader(there) as client:
            await client.read(OFFERED)
    [asked] = there.asked
    assert asked.headers["authorization"] == "Bearer k-123"
    assert "of-the-environment" not in str(asked.headers)
    assert not [name for name in asked.headers if name.startswith("x-stainless")]


async def test_an_endpoint_without_schemas_is_asked_without_from_then_on() -> None:
    with endpoint(lambda _: f"Sure! {verdict('billing')}", knows_schema=False) as there:
        async with reader(there) as client:
            replies = [await client.read(OFFERED) for _ in range(2)]
    assert [reply.verdict and reply.verdict.best for reply in replies] == ["billing", "billing"]
    assert len(there.asked) == 2
    assert all("response_format" not in asked.body for asked in there.asked)


async def test_an_endpoint_that_takes_no_limits_is_asked_plainly() -> None:
    def picky(shown: object) -> str | Response:
        extra = {"temperature", "max_tokens", "response_format"} & set(shown.body)  # type: ignore[attr-defined]
        return JSONResponse({"error": {"message": str(extra)}}, status_code=400) if extra else verdict(None)

    with endpoint(picky) as there:
        async with reader(there) as client:
            reply = await client.read(OFFERED)
    assert reply.verdict == Verdict(best=None, sure=0.95)


async def test_who_is_slow_is_not_waited_for() -> None:
    with endpoint(lambda _: verdict("reset"), pause=3) as there:
        async with reader(there, within=0.2) as client:
            started = asyncio.get_running_loop().time()
            with pytest.raises(ReaderFailed) as failed:
                await client.read(OFFERED)
            assert asyncio.get_running_loop().time() - started < 2
    assert failed.value.is_timeout


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"error": {"message": "quota of how do i connect it again"}}, status_code=429),
        JSONResponse({"error": "away"}, status_code=503),
        Response("<html>bad gateway", status_code=502),
        Response("not json at all", media_type="application/json"),
        RedirectResponse("http://127.0.0.1:9/elsewhere"),
    ],
)
async def test_what_fails_is_tried_once_and_repeats_nothing_that_was_asked(answer: Response) -> None:
    with endpoint(lambda _: answer) as there:
        async with reader(there) as client:
            with pytest.raises(ReaderFailed) as failed:
                await client.read(OFFERED)
    assert len(there.asked) == 1
    assert "connect" not in str(failed.value)


async def test_who_is_not_there_fails() -> None:
    client = ChatEndpoint(url="http://127.0.0.1:9/v1", model="m", timeout=1)
    with pytest.raises(ReaderFailed):
        await client.read(OFFERED)
    await client.close()


@pytest.mark.parametrize(
    "answer",
    [
        completion("I think that the page on resetting would help most here."),
        completion(""),
        completion(None),
        completion(["reset"]),
        completion({"best": "reset", "sure": 0.9}),
        JSONResponse({}),
        JSONResponse({"choices": []}),
        JSONResponse({"choices": [{"message": {}}]}),
        JSONResponse({"choices": "reset", "usage": {"prompt_tokens": "many"}}),
        JSONResponse([1, 2]),
        completion(json.dumps({"best": "delivery", "sure": 1.0})),
    ],
)
async def test_garbage_is_no_verdict_and_no_crash(answer: Response) -> None:
    with endpoint(lambda _: answer) as there:
        async with reader(there) as client:
            try:
                reply = await client.read(OFFERED)
            except ReaderFailed:
                return
    assert reply.verdict is None or reply.verdict.best == "reset"
