import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.applications import Starlette

from channels.message import LONGEST_TEXT, Action
from channels.testing import MemoryHost
from channels.web.channel import WebChannel
from channels.web.requests import LARGEST_BODY

ID = str(UUID(int=7, version=4))


def client_of(host: MemoryHost, settings: Mapping[str, Any] | None = None) -> httpx.AsyncClient:
    app = Starlette(routes=WebChannel.from_settings(settings or {}, host).routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")


async def sign_in(client: httpx.AsyncClient) -> str:
    response = await client.post("/chat/sessions")
    token = str(response.json()["token"])
    client.headers["Authorization"] = f"Bearer {token}"
    return token


@pytest.fixture
def host() -> MemoryHost:
    return MemoryHost()


@pytest.fixture
async def client(host: MemoryHost) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(host) as client:
        await sign_in(client)
        yield client


async def test_a_message_is_accepted_under_the_hash_of_the_token(host: MemoryHost) -> None:
    async with client_of(host) as client:
        token = await sign_in(client)
        body = {"id": ID, "text": "Hello", "locale": "sv-SE", "name": "Ada"}
        response = await client.post("/chat/messages", json=body)

    [inbound] = host.accepted
    assert (response.status_code, response.json()) == (202, {"id": ID})
    assert inbound.address == inbound.customer == hashlib.sha256(token.encode()).hexdigest()
    assert inbound.event_id == inbound.platform_message_id == f"{inbound.address}:{ID}"
    assert (inbound.text, inbound.locale, inbound.customer_name) == ("Hello", "sv-SE", "Ada")
    assert token not in repr(host.accepted)


async def test_tokens_are_long_and_never_the_same(host: MemoryHost) -> None:
    async with client_of(host) as client:
        tokens = {await sign_in(client) for _ in range(20)}

    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {43}


async def test_the_same_id_is_acknowledged_again_and_accepted_once(client: httpx.AsyncClient, host: MemoryHost) -> None:
    responses = [await client.post("/chat/messages", json={"id": ID, "text": "Hello"}) for _ in range(3)]

    assert [response.status_code for response in responses] == [202, 202, 202]
    assert len(host.accepted) == 1


async def test_two_customers_may_use_the_same_id(host: MemoryHost) -> None:
    async with client_of(host) as client:
        for _ in range(2):
            await sign_in(client)
            await client.post("/chat/messages", json={"id": ID, "text": "Hello"})

    assert len({inbound.address for inbound in host.accepted}) == 2


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ({"text": "x" * (LONGEST_TEXT + 1)}, 413, "longer than 50,000 characters"),
        ({"text": ""}, 422, "empty"),
        ({"text": " \n\x00"}, 422, "empty"),
        ({"text": 3}, 422, "text:"),
        ({"id": "7", "text": "Hello"}, 422, "id:"),
        ({"text": "Hello", "name": "x" * 201}, 422, "name:"),
    ],
)
async def test_what_cannot_be_taken_is_refused_in_plain_words(
    client: httpx.AsyncClient, host: MemoryHost, body: dict[str, Any], status: int, sentence: str
) -> None:
    response = await client.post("/chat/messages", json={"id": ID} | body)

    assert response.status_code == status
    assert sentence in response.json()["error"]
    assert host.accepted == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (json.dumps({"id": ID}).encode() + b'\n{"text"', 400),
        (('{"id": "' + ID + '", "text": "\\ud800"}').encode(), 400),
    ],
    ids=["cut", "nothing", "not UTF-8", "a list", "two", "half a character"],
)
async def test_a_body_that_is_not_the_json_we_want_is_refused(
    client: httpx.AsyncClient, host: MemoryHost, body: bytes, status: int
) -> None:
    response = await client.post("/chat/messages", content=body)

    assert response.status_code == status
    assert response.json()["error"]
    assert host.accepted == []


async def test_a_huge_body_is_not_read_to_its_end(client: httpx.AsyncClient) -> None:
    read = 0

    async def huge() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 10 * LARGEST_BODY:
            read += 65_536
            yield b" " * 65_536

    response = await client.post("/chat/messages", content=huge())

    assert response.status_code == 413
    assert read <= LARGEST_BODY + 2 * 65_536


async def test_the_longest_message_fits_however_it_is_written(client: httpx.AsyncClient, host: MemoryHost) -> None:
    text = "\N{PILE OF POO}" * LONGEST_TEXT
    body = json.dumps({"id": ID, "text": text}, ensure_ascii=True).encode()

    response = await client.post("/chat/messages", content=body)

    assert response.status_code == 202
    assert host.accepted[0].text == text


@pytest.mark.parametrize("name", ["human", "helped", "not_helped"])
async def test_a_press_is_accepted_once(client: httpx.AsyncClient, host: MemoryHost, name: str) -> None:
    body = {"id": ID, "name": name, "message_id": 5}
    responses = [await client.post("/chat/actions", json=body) for _ in range(2)]

    assert [response.status_code for response in responses] == [202, 202]
    assert [(inbound.text, inbound.action) for inbound in host.accepted] == [
        ("", Action(name=name, answer_id=5))  # type: ignore[arg-type]  # a parameter of the test
    ]


async def test_a_choice_says_what_was_chosen_where(client: httpx.AsyncClient, host: MemoryHost) -> None:
    body = {"id": ID, "name": "choose", "message_id": 5, "choice": "2"}
    assert (await client.post("/chat/actions", json=body)).status_code == 202
    assert host.accepted[0].action == Action(name="choose", answer_id=5, choice="2")


@pytest.mark.parametrize(
    "wrong", [{"choice": None}, {"message_id": None}, {"choice": "x" * 41}, {"choice": 2}, {"message_id": 2**31}]
)
async def test_a_choice_of_nothing_is_refused(
    client: httpx.AsyncClient, host: MemoryHost, wrong: dict[str, object]
) -> None:
    body = {"id": ID, "name": "choose", "message_id": 5, "choice": "2"} | wrong
    response = await client.post("/chat/actions", json=body)

    assert response.status_code == 422
    assert response.json()["error"]
    assert host.accepted == []


async def test_an_unknown_press_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post("/chat/actions", json={"id": ID, "name": "explode"})

    assert response.status_code == 422


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer short", "Basic " + "a" * 43, "Bearer " + "!" * 43])
@pytest.mark.parametrize("path", ["messages", "actions", "events"])
async def test_without_a_token_nothing_is_told(host: MemoryHost, path: str, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    async with client_of(host) as client:
        response = await client.request("GET" if path == "events" else "POST", f"/chat/{path}", headers=headers)

    assert response.status_code == 401
    assert response.json()["error"].startswith("This conversation is not known")


async def test_an_unknown_path_answers_in_json(client: httpx.AsyncClient) -> None:
    assert (await client.get("/chat/nothing")).json() == {"error": "There is nothing at this address."}
    assert (await client.get("/chat/messages")).json() == {"error": "Method Not Allowed"}


async def test_a_nonsense_place_in_the_stream_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.get("/chat/events", params={"after": "-1"})

    assert (response.status_code, "number" in response.json()["error"]) == (400, True)


async def test_what_cannot_be_stored_is_not_acknowledged(client: httpx.AsyncClient, host: MemoryHost) -> None:
    host.can_store = False
    refused = await client.post("/chat/messages", json={"id": ID, "text": "Hello"})
    host.can_store = True
    accepted = await client.post("/chat/messages", json={"id": ID, "text": "Hello"})

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert "could not be stored" in refused.json()["error"]
    assert accepted.status_code == 202


async def test_one_conversation_cannot_flood_and_is_told_when_to_go_on(host: MemoryHost) -> None:
    async with client_of(host, {"messages_per_minute": 2}) as client:
        await sign_in(client)
        responses = [await client.post("/chat/messages", json={"id": str(uuid4()), "text": "Hello"}) for _ in range(3)]
        await sign_in(client)
        other = await client.post("/chat/messages", json={"id": ID, "text": "Hello"})

    assert [response.status_code for response in responses] == [202, 202, 429]
    assert 1 <= int(responses[2].headers["retry-after"]) <= 30
    assert "wait" in responses[2].json()["error"]
    assert other.status_code == 202
    assert len(host.accepted) == 3


async def test_one_client_cannot_flood_with_many_conversations(host: MemoryHost) -> None:
    async with client_of(host, {"requests_per_minute": 2}) as client:
        statuses = [(await client.post("/chat/sessions")).status_code for _ in range(3)]

    assert statuses == [201, 201, 429]


async def test_only_the_pages_named_may_ask(host: MemoryHost) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    async with client_of(host, {"origins": ["https://shop.example"]}) as client:
        allowed = await client.options("/chat/messages", headers=asked | {"Origin": "https://shop.example"})
        refused = await client.options("/chat/messages", headers=asked | {"Origin": "https://evil.example"})
        error = await client.post("/chat/messages", headers={"Origin": "https://shop.example"})

    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, "https://shop.example")
    assert "access-control-allow-origin" not in refused.headers
    assert (error.status_code, error.headers["access-control-allow-origin"]) == (401, "https://shop.example")
    assert "access-control-allow-credentials" not in allowed.headers
