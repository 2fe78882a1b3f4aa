"""Authorization of requests: for the account, by OAuth 1.0a or OAuth 2, or for the app."""

import asyncio
import fcntl
import json
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import httpx
from oauthlib.oauth1 import Client

from channels.errors import BadSettings, TemporaryFailure
from channels.x.settings import XSettings

#: A token is renewed this many seconds before it runs out.
_EARLY = 60.0


class OAuth1(httpx.Auth):
    """Signs each request for the account; JSON bodies are not part of the signature."""

    def __init__(self, settings: XSettings) -> None:
        self._client = Client(
            settings.secret("consumer_key"),
            client_secret=settings.secret("consumer_secret"),
            resource_owner_key=settings.secret("access_token"),
            resource_owner_secret=settings.secret("access_token_secret"),
        )

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign the address as it is sent, with its query."""
        method = cast(Literal["GET", "POST"], request.method)  # the two that we use
        _, headers, _ = self._client.sign(str(request.url), http_method=method)
        request.headers["Authorization"] = headers["Authorization"]
        yield request


class Bearer(httpx.Auth):
    """The app's own token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Show the token."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The tokens of an OAuth 2 client; a refresh token is good for one use."""

    access_token: str
    refresh_token: str
    #: Seconds since 1970; 0 where it is not known.
    expires_at: float = 0.0


class TokenFile:
    """The tokens in a file of their own, since each refresh makes the ones before worthless."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Tokens:
        """The tokens; BadSettings when they are not there."""
        try:
            held = json.loads(self._path.read_text("utf-8"))
            return Tokens(
                access_token=str(held["access_token"]),
                refresh_token=str(held["refresh_token"]),
                expires_at=float(held.get("expires_at", 0)),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            wanted = '{"access_token": …, "refresh_token": …}'
            raise BadSettings(f"channels.x.token_file: {self._path} must hold {wanted}") from error

    def write(self, tokens: Tokens) -> None:
        """Replace them at once: a crash leaves the old or the new ones."""
        aside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        aside.touch(mode=0o600)
        with aside.open("w", encoding="utf-8") as file:
            json.dump(tokens.__dict__, file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._path)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """One process at a time refreshes."""
        with self._path.with_name(f"{self._path.name}.lock").open("a") as lock:
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
            yield


class OAuth2(httpx.Auth):
    """The account's token, refreshed when it runs out or is refused."""

    def __init__(self, settings: XSettings, *, clock: Callable[[], float] = time.time) -> None:
        assert settings.token_file is not None
        self._file = TokenFile(settings.token_file)
        self._file.read()  # a file that is not there is told at the start
        self._url = f"{settings.base_url}/2/oauth2/token"
        self._client_id = settings.secret("client_id")
        self._client_secret = settings.secret("client_secret") if settings.client_secret else None
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Show the token; when it does not do, get a new one and try once more."""
        tokens = self._file.read()
        was_fresh = not (tokens.expires_at and tokens.expires_at - _EARLY < self._clock())
        if was_fresh:
            request.headers["Authorization"] = f"Bearer {tokens.access_token}"
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
        async with self._one_at_a_time, self._file.alone():
            newest = self._file.read()
            if newest.access_token == tokens.access_token:
                response = yield self._refresh(newest)
                await response.aread()
                newest = self._renewed(response, newest)
                self._file.write(newest)
        request.headers["Authorization"] = f"Bearer {newest.access_token}"
        yield request

    def _refresh(self, tokens: Tokens) -> httpx.Request:
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
        if self._client_secret is None:  # a public client names itself, a confidential one shows its secret
            return httpx.Request("POST", self._url, data=form | {"client_id": self._client_id})
        request = httpx.Request("POST", self._url, data=form)
        return next(httpx.BasicAuth(self._client_id, self._client_secret).auth_flow(request))

    def _renewed(self, response: httpx.Response, before: Tokens) -> Tokens:
        if response.status_code != httpx.codes.OK:
            raise TemporaryFailure(
                f"X does not renew the account's token ({response.status_code}): authorize the app again, and write "
                "the new tokens into channels.x.token_file",
                everywhere=True,
            )
        answer = response.json()
        return Tokens(
            access_token=answer["access_token"],
            refresh_token=answer.get("refresh_token", before.refresh_token),
            expires_at=self._clock() + float(answer.get("expires_in", 7200)),
        )
