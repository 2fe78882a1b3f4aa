"""Events that X brings by HTTP, each signed with the consumer secret, and X's challenge whether we hold it."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from channels.errors import NotStored
from channels.webhooks import BodyTooLarge, read_limited, reject

PATH = "/webhooks/x"
SIGNATURE = "x-twitter-webhooks-signature"
#: Bytes of a delivery; the longest message is far shorter.
LARGEST_BODY = 1_000_000
#: Letters of a challenge. The answer is made with the key that signs deliveries: were any text answered, whoever asks
#: could have a forged delivery signed. No JSON object is of these letters only.
_CHALLENGE = re.compile(r"[A-Za-z0-9+/=_.~-]{1,256}")


class XWebhook:
    """Takes deliveries that X has signed; whatever else is sent here is refused and counted."""

    def __init__(
        self,
        secret: str,
        channel: str,
        take: Callable[[Mapping[str, Any]], Awaitable[None]],
        missed: Callable[[], None],
    ) -> None:
        """`take` stores an event; where it raises NotStored, `missed` is called: X may not call again for it."""
        self._secret = secret
        self._channel = channel
        self._take = take
        self._missed = missed

    def routes(self) -> Sequence[BaseRoute]:
        """The address of the webhook, for challenges and deliveries."""
        return (Route(PATH, self._challenged, methods=["GET"]), Route(PATH, self._called, methods=["POST"]))

    async def _challenged(self, request: Request) -> Response:
        """Prove that we hold the consumer secret."""
        token = request.query_params.get("crc_token", "")
        if not is_challenge(token):
            reject(self._channel, "challenge")
            return JSONResponse({"error": "This is no challenge of X."}, status_code=403)
        return JSONResponse({"response_token": signed(self._secret, token.encode())})

    async def _called(self, request: Request) -> Response:
        """Answer one delivery: 200 when it is stored, 503 when it could not be, 4xx when it is none of X's."""
        try:
            body = await read_limited(request, LARGEST_BODY)
        except BodyTooLarge:
            return self._refuse("size", 413, "This is too long.")
        if not is_signed(self._secret, body, request.headers.get(SIGNATURE, "")):
            return self._refuse("signature", 401, "This is not signed by X.")
        try:
            event = json.loads(body)
        except ValueError:
            return self._refuse("not_json", 400, "This is not JSON.")
        try:
            await self._take(event if isinstance(event, dict) else {})
        except NotStored:
            self._missed()
            return JSONResponse({"error": "This could not be stored; call again."}, status_code=503)
        return JSONResponse({})

    def _refuse(self, reason: str, status: int, sentence: str) -> Response:
        reject(self._channel, reason)
        return JSONResponse({"error": sentence}, status_code=status)


def signed(secret: str, text: bytes) -> str:
    """The signature of a text."""
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()


def is_signed(secret: str, text: bytes, signature: str) -> bool:
    """True when a text was signed with the secret."""
    return hmac.compare_digest(signed(secret, text).encode(), signature.encode())


def is_challenge(token: str) -> bool:
    """True when a challenge may be answered."""
    return _CHALLENGE.fullmatch(token) is not None
