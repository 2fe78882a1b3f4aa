"""Whether an HTTP request is Slack's. See https://docs.slack.dev/authentication/verifying-requests-from-slack."""

import hashlib
import hmac
from collections.abc import Mapping

#: Older requests may be somebody's copy of a real one, in seconds.
OLDEST = 300


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a request, version 0."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def refusal(secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> str | None:
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
