"""X's API over HTTP: requests, and what its refusals mean."""

import math
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from channels.errors import DeliveryFailed, PermanentFailure, TemporaryFailure
from channels.x.auth import Bearer, OAuth1, OAuth2
from channels.x.settings import XSettings

#: Seconds to wait where X does not say for how long, and where its credits are used up.
_SHORT_PAUSE, _LONG_PAUSE = 60.0, 3600.0
#: When each of the limits that X counts begins anew, in seconds since 1970.
_RESETS = {
    "x-rate-limit-remaining": "x-rate-limit-reset",
    "x-user-limit-24hour-remaining": "x-user-limit-24hour-reset",
    "x-app-limit-24hour-remaining": "x-app-limit-24hour-reset",
}


class NotAnswered(TemporaryFailure):
    """X did not answer; what it was asked for may have been done."""


class XApi:
    """Requests for the account, and for the app where it is said."""

    def __init__(self, settings: XSettings, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._user: httpx.Auth = OAuth1(settings) if settings.uses_oauth_1 else OAuth2(settings, clock=clock)
        self._app = Bearer(settings.secret("bearer_token")) if settings.bearer_token else self._user
        # X takes a message a minute: no connection is worth keeping, and none is left open when the process ends.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.AsyncClient(base_url=settings.base_url, timeout=settings.answers_within, limits=limits)

    async def get(
        self, path: str, query: Mapping[str, str] | None = None, *, as_app: bool = False
    ) -> Mapping[str, Any]:
        """GET a path and return its JSON object; TemporaryFailure or PermanentFailure."""
        response = await self._request("GET", path, auth=self._app if as_app else self._user, params=query)
        return self._content(response)

    async def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """POST a JSON object and return the answer's; NotAnswered, TemporaryFailure or PermanentFailure."""
        return self._content(await self._request("POST", path, auth=self._user, json=body))

    async def access_level(self) -> tuple[Mapping[str, Any], str | None]:
        """The account, and what its token may do, as far as X tells: "read-write-directmessages"."""
        response = await self._request("GET", "/2/users/me", auth=self._user)
        return self._content(response), response.headers.get("x-access-level")

    @asynccontextmanager
    async def stream(self, path: str, *, stale_after: float) -> AsyncIterator[AsyncIterator[str]]:
        """The lines of an answer that does not end, signs of life included; TemporaryFailure, PermanentFailure."""
        timeout = httpx.Timeout(stale_after)
        async with self._client.stream("GET", path, auth=self._app, timeout=timeout) as response:
            if response.status_code != httpx.codes.OK:
                await response.aread()
                raise delivery_error(response, now=self._clock())
            yield _lines(response)

    async def _request(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            response = await self._client.request(method, path, **options)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise TemporaryFailure(f"X cannot be reached: {error!r}") from error
        except httpx.TransportError as error:
            raise NotAnswered(f"X did not answer, it may have been delivered: {error!r}") from error
        if not response.is_success:
            raise delivery_error(response, now=self._clock())
        return response

    @staticmethod
    def _content(response: httpx.Response) -> Mapping[str, Any]:
        try:
            content = response.json()
        except ValueError as error:
            raise NotAnswered("X answered with something that is not JSON") from error
        return content if isinstance(content, dict) else {}


async def _lines(response: httpx.Response) -> AsyncIterator[str]:
    """Lines between line feeds; httpx also cuts at characters that a customer's text may hold, such as U+2028."""
    rest = b""
    async for chunk in response.aiter_bytes():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace")


def delivery_error(response: httpx.Response, *, now: float) -> DeliveryFailed:
    """The failure that a refusal stands for: temporary, and when to try again, or permanent."""
    status, said = response.status_code, _detail(response)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return TemporaryFailure(f"X's limit is used up: {said}", retry_after=_wait(response, now), everywhere=True)
    if status == httpx.codes.PAYMENT_REQUIRED:
        reason = f"the credits for X are used up: {said}"
        return TemporaryFailure(reason, retry_after=_LONG_PAUSE, everywhere=True)
    if status == httpx.codes.UNAUTHORIZED:
        return TemporaryFailure(f"X refuses our keys: {said}")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status in {
        httpx.codes.REQUEST_TIMEOUT,
        httpx.codes.CONFLICT,
        httpx.codes.TOO_EARLY,
    }:
        return TemporaryFailure(f"X answers {status}: {said}")
    if status == httpx.codes.FORBIDDEN:
        return PermanentFailure(f"X does not permit it: {said}")
    return PermanentFailure(f"X answers {status}: {said}")


def _wait(response: httpx.Response, now: float) -> float:
    """Seconds until the limits that are used up begin anew."""
    resets = [
        float(response.headers[reset]) - now
        for remaining, reset in _RESETS.items()
        if _is_number(response.headers.get(reset)) and response.headers.get(remaining, "0") == "0"
    ]
    return max(1.0, math.ceil(max(resets))) if resets else _SHORT_PAUSE


def _is_number(text: str | None) -> bool:
    return text is not None and text.isdecimal()


def _detail(response: httpx.Response) -> str:
    """X's own words, from a problem document or a list of errors."""
    try:
        content = response.json()
    except ValueError:
        return response.reason_phrase
    if not isinstance(content, dict):
        return response.reason_phrase
    errors = content.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    words = content.get("detail") or first.get("detail") or first.get("message") or content.get("title")
    return " ".join(str(words or response.reason_phrase).split())[:300]
