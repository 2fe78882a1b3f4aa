"""A stand-in for an OpenAI-compatible chat endpoint, whose words a test decides."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.testing.http_server import served

_PAGE = re.compile(r'<page id="([^"]*)">\n(.*?)\n</page>', re.DOTALL)
_QUESTION = re.compile(r"<question>\n(.*)\n</question>\Z", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What one request shows: the question, and the pages by their ids."""

    question: str
    pages: dict[str, str]
    body: dict[str, Any]
    headers: dict[str, str]


#: What a model says to what it is shown: words, or a whole answer of the endpoint.
Says = Callable[[Shown], str | Response]


def verdict(
    best: str | None, *, sure: float = 0.95, also: tuple[str, ...] = (), sentences: tuple[int, ...] = ()
) -> str:
    """A verdict in the words of a model."""
    return json.dumps({"best": best, "also": list(also), "sentences": list(sentences), "sure": sure})


@dataclass
class Endpoint:
    """What was asked of it so far, and how it answers."""

    says: Says
    #: Seconds that it takes.
    pause: float = 0.0
    #: Whether it knows JSON schemas; without, it answers 400 to who sends one.
    knows_schema: bool = True
    asked: list[Shown] = field(default_factory=list)
    url: str = ""

    async def chat(self, request: Request) -> Response:
        """POST /v1/chat/completions."""
        body = await request.json()
        if not self.knows_schema and "response_format" in body:
            return JSONResponse({"error": {"message": "response_format is not supported"}}, status_code=400)
        words = body["messages"][-1]["content"]
        found = _QUESTION.search(words)
        shown = Shown(
            question=found[1] if found else "",
            pages=dict(_PAGE.findall(words)),
            body=body,
            headers=dict(request.headers),
        )
        self.asked.append(shown)
        await self.hang()
        said = self.says(shown)
        return said if isinstance(said, Response) else completion(said)

    async def hang(self) -> None:
        """Take its time."""
        await asyncio.sleep(self.pause)


def completion(words: Any) -> Response:
    """A whole answer around a model's words."""
    message = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": words}}
    usage = {"prompt_tokens": 700, "completion_tokens": 40, "total_tokens": 740}
    about = {"id": "1", "object": "chat.completion", "created": 1, "model": "stand-in"}
    return JSONResponse(about | {"choices": [message], "usage": usage})


def application(here: Endpoint) -> Starlette:
    """An endpoint as a server answers by it."""
    return Starlette(routes=[Route("/v1/chat/completions", here.chat, methods=["POST"])])


@contextmanager
def endpoint(says: Says, **about: Any) -> Iterator[Endpoint]:
    """Serve one on loopback while the block runs."""
    here = Endpoint(says=says, **about)
    with served(application(here)) as server:
        here.url = f"{server.url}/v1"
        yield here
