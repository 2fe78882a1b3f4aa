"""Credentials of the stand-in for X, all of them made up: an app's keys and an account's tokens, and their checks."""

from typing import Any

from oauthlib.oauth1 import RequestValidator, SignatureOnlyEndpoint
from starlette.requests import Request

CONSUMER_KEY = "made-up-consumer-key"
CONSUMER_SECRET = "made-up-consumer-secret"  # noqa: S105  # made up
BEARER_TOKEN = "made-up-bearer-token"  # noqa: S105
CLIENT_ID = "made-up-client"
CLIENT_SECRET = "made-up-client-secret"  # noqa: S105
ACCESS_TOKEN_SECRET = "made-up-access-token-secret"  # noqa: S105


class Keys(RequestValidator):
    """The keys that are good now."""

    def __init__(self, account: str) -> None:
        super().__init__()
        self.access_token = f"{account}-made-up-access-token"
        #: By OAuth 2; a refresh replaces both.
        self.user_token = "user-token-0"  # noqa: S105
        self.refresh_token = "refresh-token-0"  # noqa: S105
        self._refreshed = 0
        self._nonces: set[tuple[str, str]] = set()
        self._endpoint = SignatureOnlyEndpoint(self)

    def settings(self) -> dict[str, str]:
        """For the section of a channel that signs by OAuth 1.0a."""
        return {
            "consumer_key": CONSUMER_KEY,
            "consumer_secret": CONSUMER_SECRET,
            "access_token": self.access_token,
            "access_token_secret": ACCESS_TOKEN_SECRET,
            "bearer_token": BEARER_TOKEN,
        }

    def is_app(self, request: Request) -> bool:
        """True when a request shows the app's own token."""
        return request.headers.get("authorization") == f"Bearer {BEARER_TOKEN}"

    def is_user(self, request: Request) -> bool:
        """True when a request is the account's: signed by OAuth 1.0a, or with its token by OAuth 2."""
        shown = request.headers.get("authorization", "")
        if not shown.startswith("OAuth "):
            return shown == f"Bearer {self.user_token}"
        is_valid, _ = self._endpoint.validate_request(
            str(request.url), http_method=request.method, headers={"Authorization": shown}
        )
        return bool(is_valid)

    def refresh(self) -> None:
        """Make both tokens worthless, and others good."""
        self._refreshed += 1
        self.user_token = f"user-token-{self._refreshed}"
        self.refresh_token = f"refresh-token-{self._refreshed}"

    @property
    def enforce_ssl(self) -> bool:
        """On loopback there is none."""
        return False

    @property
    def safe_characters(self) -> set[str]:
        """Characters of keys."""
        return {chr(code) for code in range(33, 127)}

    @property
    def client_key_length(self) -> tuple[int, int]:
        """Shortest and longest key, in characters."""
        return 1, 100

    access_token_length = client_key_length

    @property
    def dummy_client(self) -> str:
        """Stands for an unknown key, so that nobody can tell by the time it takes."""
        return "nobody"

    def validate_client_key(self, client_key: str, request: Any) -> bool:  # noqa: ARG002  # oauthlib gives both
        """True for the app's key."""
        return client_key == CONSUMER_KEY

    def get_client_secret(self, client_key: str, request: Any) -> str:  # noqa: ARG002
        """The secret of the key."""
        return CONSUMER_SECRET if client_key == CONSUMER_KEY else "nothing"

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:  # noqa: ARG002
        """The secret of the token."""
        return ACCESS_TOKEN_SECRET if token == self.access_token else "nothing"

    def validate_timestamp_and_nonce(  # noqa: PLR0917  # as oauthlib calls it
        self,
        client_key: str,  # noqa: ARG002
        timestamp: Any,
        nonce: str,
        request: Any,  # noqa: ARG002
        request_token: str | None = None,  # noqa: ARG002
        access_token: str | None = None,  # noqa: ARG002
    ) -> bool:
        """A nonce is good once."""
        is_new = (str(timestamp), nonce) not in self._nonces
        self._nonces.add((str(timestamp), nonce))
        return is_new
