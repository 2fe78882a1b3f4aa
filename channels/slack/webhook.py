"""Events and pressed buttons that Slack delivers by HTTP, each signed with the app's signing secret."""

from collections.abc import Mapping

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.webhooks import BodyTooLarge, read_limited, reject

#: Slack's events are far smaller, in bytes.
LARGEST_BODY = 2_000_000


class SlackWebhook:
    """Takes deliveries that Slack has signed; whatever else is sent here is refused and counted."""

    def __init__(self, app: AsyncApp, secret: str, channel: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(secret)
        self._channel = channel

    async def serve(self, request: Request) -> Response:
        """Answer one delivery: 200 when it is stored, 4xx when it is not Slack's, 5xx when it is to come again."""
        try:
            body = await read_limited(request, LARGEST_BODY)
        except BodyTooLarge:
            return self._refuse("size", 413, "too large")
        if reason := rejection_reason(self._verifier, request.headers, body):
            return self._refuse(reason, 401, "not signed by Slack")
        try:
            delivery = to_async_bolt_request(request, body)
        except (ValueError, TypeError, AttributeError):  # what Bolt raises of anything but an object
            return self._refuse("not_json", 400, "not a delivery of Slack")
        return to_starlette_response(await self._app.async_dispatch(delivery))

    def _refuse(self, reason: str, status: int, sentence: str) -> Response:
        reject(self._channel, reason)
        return JSONResponse({"error": sentence}, status_code=status)


def rejection_reason(verifier: SignatureVerifier, headers: Mapping[str, str], body: bytes) -> str | None:
    """The reason to refuse a request, None when Slack signed it within the last five minutes."""
    if not headers.get("x-slack-request-timestamp") or not headers.get("x-slack-signature"):
        return "unsigned"
    try:
        return None if verifier.is_valid_request(body, dict(headers)) else "signature"
    except (
        ValueError,
        TypeError,
        OverflowError,
    ):  # no time, text or signature at all
        return "malformed"
