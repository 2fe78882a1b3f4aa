"""Slack's Web API: the client we call it with, and what its refusals mean for a delivery."""

import logging
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from channels.errors import DeliveryFailed, PermanentFailure, TemporaryFailure

#: The SDKs' own logger: their warnings are told, never the payloads they would write when debugging.
LOGGER = logging.getLogger("answerdesk.slack")
LOGGER.setLevel(logging.WARNING)

#: What ends a call of the Web API without Slack's answer.
UNANSWERED = (aiohttp.ClientError, TimeoutError, OSError)
#: All that a call may raise.
SDK_ERRORS = (SlackClientError, *UNANSWERED)

#: Slack's own trouble, over in a while.
_TRANSIENT = {
    "accesslimited",
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
#: Nothing can be sent until somebody gives us another token; then everything that waits is.
_NO_TOKEN = {"invalid_auth", "not_authed", "token_expired", "token_revoked", "missing_scope", "no_permission"}
#: What the same words without blocks may get past.
_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
#: How long everything waits where Slack does not say how long, in seconds.
_WHILE = 30.0


def make_client(token: str | None, base_url: str, timeout: int) -> AsyncWebClient:
    """A client that tries each call once: what is to be tried again, and when, the outbox decides."""
    client = AsyncWebClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[], logger=LOGGER)
    host = urlsplit(base_url).hostname or ""
    if host in {"127.0.0.1", "::1", "localhost"} or urllib.request.proxy_bypass(host):
        client.proxy = None
    return client


def error_code(error: SlackApiError) -> str:
    """Slack's word for what is wrong, or the status it answered with."""
    try:
        word = error.response["error"]
    except (KeyError, TypeError, AttributeError, ValueError):
        word = None
    return str(word) if word else f"status {status_of(error)}"


def status_of(error: SlackApiError) -> int | None:
    """The status Slack answered with."""
    status = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return status if isinstance(status, int) else None


def is_about_blocks(error: SlackApiError) -> bool:
    """True when the same without blocks may be taken."""
    return error_code(error) in _BLOCKS


def is_refused(error: Exception) -> bool:
    """True when the token does not allow it."""
    return isinstance(error, SlackApiError) and error_code(error) in _NO_TOKEN


def delivery_error(error: Exception) -> DeliveryFailed:
    """The failure that an error of a call stands for: temporary, and when to try again, or permanent."""
    if not isinstance(error, SlackApiError):
        return TemporaryFailure(f"Slack did not answer, it may have been delivered: {error!r}")
    word, status = error_code(error), status_of(error)
    if status == 429 or word in {"ratelimited", "rate_limited"}:
        # Slack counts by method and workspace, so the next conversation would only be refused as well.
        return TemporaryFailure("Slack says: too many", retry_after=_retry_after(error), everywhere=True)
    if word in _NO_TOKEN or status == 401:
        return TemporaryFailure(f"Slack does not take the bot's token: {word}", everywhere=True)
    if word in _TRANSIENT or status is None or status >= 500 or word.startswith("status "):
        return TemporaryFailure(f"Slack is in trouble: {word}")
    return PermanentFailure(f"Slack refuses it: {word}")


def _retry_after(error: SlackApiError) -> float:
    headers: Mapping[str, Any] = getattr(error.response, "headers", None) or {}
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        return max(float(given), 1.0)
    except (TypeError, ValueError):
        return _WHILE
