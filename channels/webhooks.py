"""Webhook calls that nobody but the platform should have made: told in the log and counted, never what they held."""

import structlog
from prometheus_client import Counter

log = structlog.get_logger()

REFUSED = Counter(
    "answerdesk_webhooks_refused_total", "Webhook calls refused, by channel and reason.", ["channel", "reason"]
)


def reject(channel: str, reason: str) -> None:
    """Tell and count one refusal."""
    log.warning("webhook_refused", channel=channel, reason=reason)
    REFUSED.labels(channel, reason).inc()
