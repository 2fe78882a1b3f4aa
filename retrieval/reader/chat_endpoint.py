"""A reader behind any OpenAI-compatible chat endpoint: a provider's, or a llama.cpp, Ollama or vLLM of one's own."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from retrieval.errors import ReaderFailed, ReaderUnavailable
from retrieval.reader.port import Reading, Reply
from retrieval.reader.prompt import VERSION, messages, schema
from retrieval.reader.reply import read_verdict

log = structlog.get_logger()

#: The most tokens of a reply: a verdict takes some sixty.
_LONGEST_REPLY: Final = 300
#: Ways to ask, the fullest first: an endpoint that refuses one is asked by the next from then on.
_WAYS: Final = ("schema", "limits", "plain")
#: Statuses of an endpoint that does not understand what it was asked with.
_NOT_UNDERSTOOD: Final = (400, 404, 415, 422, 501)
#: All that is sent beside the body: what else the client would tell, of this machine and of its environment, is not.
_HEADERS: Final = frozenset(
    {"host", "accept", "accept-encoding", "authorization", "connection", "content-type", "content-length"}
)


@dataclass(frozen=True, kw_only=True)
class ModelWords:
    """The words of a model, and the tokens that they took."""

    words: str
    tokens_in: int
    tokens_out: int


class ChatEndpoint:
    """A `Reader` over HTTP, used in one event loop. Nothing is streamed, followed or tried again."""

    def __init__(self, *, url: str, model: str, key: str | None = None, timeout: float) -> None:
        """Speak to the chat endpoint under `url`, such as http://127.0.0.1:8080/v1; a reply takes `timeout` seconds."""
        try:
            import openai  # noqa: PLC0415  # an extra, and slow to load
        except ImportError as error:
            raise ReaderUnavailable(
                "The `openai` package is not there: pip install 'answerdesk[reader]', or take `reader.url` back."
            ) from error
        self._openai = openai
        self._model, self._timeout, self._url = model, timeout, url
        self._client = openai.AsyncOpenAI(
            base_url=url,
            api_key=key or "none",
            max_retries=0,
            timeout=timeout,
            http_client=openai.DefaultAsyncHttpxClient(
                follow_redirects=False, event_hooks={"request": [_tell_nothing_else]}
            ),
        )
        self._way = 0

    @property
    def fingerprint(self) -> str:
        """The endpoint, the model, and what it is told."""
        return f"chat {self._url} {self._model} {VERSION}"

    async def read(self, reading: Reading) -> Reply:
        """Ask once; where the endpoint does not understand what it is asked with, again with less, in the same time."""
        said = await self.say(messages(reading), name="verdict", schema=schema(reading))
        verdict = read_verdict(said.words, reading) if said.words else None
        return Reply(verdict=verdict, tokens_in=said.tokens_in, tokens_out=said.tokens_out)

    async def say(self, told: Sequence[Mapping[str, str]], *, name: str, schema: Mapping[str, Any]) -> ModelWords:
        """Words of the model to these messages, in the form of a JSON schema where the endpoint knows them.

        ReaderFailed where nothing comes back.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._ask(told, {"name": name, "strict": True, "schema": schema})
        except (TimeoutError, self._openai.APITimeoutError) as error:
            raise ReaderFailed(f"no reply within {self._timeout:g} s", is_timeout=True) from error
        except (self._openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError) as error:
            raise ReaderFailed(type(error).__name__) from error  # its words may hold what was asked

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def _ask(self, told: Sequence[Mapping[str, str]], form: Mapping[str, Any]) -> ModelWords:
        while True:
            way = self._way
            try:
                completion = await self._client.chat.completions.create(
                    model=self._model,
                    messages=told,  # type: ignore[arg-type]
                    stream=False,
                    **_with(_WAYS[way], form),
                )
                return _said(completion)
            except self._openai.APIStatusError as error:
                if error.status_code not in _NOT_UNDERSTOOD or way + 1 == len(_WAYS):
                    raise
                self._way = max(self._way, way + 1)
                log.info("reader_asked_with_less", way=_WAYS[self._way], status=error.status_code)


async def _tell_nothing_else(request: Any) -> None:
    """Take away what the client adds to a request on its own account."""
    for name in set(request.headers) - _HEADERS:
        del request.headers[name]
    request.headers["user-agent"] = "answerdesk"


def _with(way: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that go with the messages: the form of the reply, only limits, or nothing."""
    if way == "plain":
        return {}
    limits: dict[str, Any] = {"temperature": 0, "max_tokens": _LONGEST_REPLY}
    if way == "limits":
        return limits
    return limits | {"response_format": {"type": "json_schema", "json_schema": form}}


def _said(completion: Any) -> ModelWords:
    """Words and tokens of a completion; one of another shape says nothing."""
    choices = completion.choices if isinstance(getattr(completion, "choices", None), list) else []
    words = choices[0].message.content if len(choices) == 1 else None
    usage = getattr(completion, "usage", None)
    return ModelWords(
        words=words if isinstance(words, str) else json.dumps(words) if words else "",
        tokens_in=_count(getattr(usage, "prompt_tokens", 0)),
        tokens_out=_count(getattr(usage, "completion_tokens", 0)),
    )


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31 else 0
