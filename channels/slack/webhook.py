import hashlib
import hmac
import time
from collections.abc import Mapping

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.webhooks import reject

#: Slack's events are far smaller, in bytes.
LARGEST = 2_000_000


class Webhook:
    """Where Slack delivers events and pressed buttons by HTTP; what is not signed by Slack is refused and counted."""

    def __init__(self, app: AsyncApp, secret: str, channel: str) -> None:
        self._app = app
        self._secret = secret
        self._channel = channel

    async def serve(self, request: Request) -> Response:
        """Answer one delivery: 200 when it is stored, 401 when it is not Slack's, 5xx when it is to come again."""
        body = bytearray()
        async for chunk in request.stream():  # a proxy before us may leave its length out
            body += chunk
            if len(body) > LARGEST:
                reject(self._channel, "size")
                return JSONResponse({"error": "too large"}, status_code=413)
        if why := rejection_reason(self._secret, request.headers, bytes(body), now=time.time()):
            reject(self._channel, why)
            return JSONResponse({"error": "not signed by Slack"}, status_code=401)
        try:
            delivery = to_async_bolt_request(request, bytes(body))
        except (ValueError, TypeError, AttributeError):  # what Bolt raises of anything but an object
            reject(self._channel, "not_json")
            return JSONResponse({"error": "not a delivery of Slack"}, status_code=400)
        return to_starlette_response(await self._app.async_dispatch(delivery))


#: Older requests may be somebody's copy of a real one, in seconds.
OLDEST = 300


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a request, version 0."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def rejection_reason(secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> str | None:
    """Why a request is refused, None when it is Slack's."""
    timestamp = headers.get("x-slack-request-timestamp", "")
    signature = headers.get("x-slack-signature", "")
    if not timestamp or not signature:
        return "unsigned"
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 20):
        return "timestamp"
    if abs(now - int(timestamp)) > OLDEST:
        return "timestamp"
    if not hmac.compare_digest(signature_of(secret, timestamp, body).encode(), signature.encode()):
        return "signature"
    return None
