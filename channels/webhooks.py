"""Calls by HTTP: bodies read with a limit; calls that no platform made, told and counted."""

import structlog
from prometheus_client import Counter
from starlette.requests import Request

from channels.errors import ChannelError

log = structlog.get_logger()

REFUSED = Counter(
    "answerdesk_webhooks_refused_total", "Webhook calls refused, by channel and reason.", ["channel", "reason"]
)


class BodyTooLarge(ChannelError):
    """The body of a request is longer than what is taken."""


async def read_limited(request: Request, most: int) -> bytes:
    """The body of a request, of at most so many bytes; BodyTooLarge as soon as it has more.

    The length that a request claims is not asked: a proxy before us may leave it out.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise BodyTooLarge(f"the body has more than {most:,} bytes")
    return bytes(body)


def reject(channel: str, reason: str) -> None:
    """Tell and count one refusal; what the call held is not told."""
    log.warning("webhook_refused", channel=channel, reason=reason)
    REFUSED.labels(channel, reason).inc()
