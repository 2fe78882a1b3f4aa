"""Delivery of events to a bot: signed over HTTP or over Socket Mode, again until they are acknowledged."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import SignatureVerifier

from channels.testing.slack.socket_mode import Sockets

#: Slack gives up on a delivery that is not acknowledged by then, in seconds.
PATIENCE = 3.0


class Deliveries:
    """Delivers payloads; called from any thread."""

    def __init__(self, sockets: Sockets, secret: str) -> None:
        #: How long the bot took to acknowledge each delivery, in seconds.
        self.took: list[float] = []
        #: How often a delivery is tried, and how long after the one before; Slack tries three times more.
        self.tries = 1
        self.pause = 0.2
        #: Where the bot's webhook is, asked for each delivery; None is Socket Mode.
        self.where: Callable[[], str] | None = None
        self._sockets = sockets
        self._sign = SignatureVerifier(secret)
        self._client = httpx.Client(timeout=PATIENCE, trust_env=False)
        self._lock = threading.Lock()

    def deliver(self, payload: Mapping[str, Any]) -> bool:
        """True when the bot acknowledged it, after as many tries as there are."""
        for attempt in range(self.tries):
            if attempt:
                time.sleep(self.pause)
            began = time.monotonic()
            if self._try(payload, attempt):
                with self._lock:
                    self.took.append(time.monotonic() - began)
                return True
        return False

    def close(self) -> None:
        """Deliver nothing more."""
        self._client.close()

    def signed(
        self,
        payload: Mapping[str, Any],
        *,
        attempt: int = 0,
        timestamp: str | None = None,
        signature: str | None = None,
    ) -> httpx.Request:
        """The request that brings it by HTTP, signed unless another signature is given."""
        written = json.dumps(payload)
        is_form = payload["type"] not in {"event_callback", "url_verification"}
        body = urlencode({"payload": written}) if is_form else written
        stamp = str(int(time.time())) if timestamp is None else timestamp
        if signature is None:
            signature = self._sign.generate_signature(timestamp=stamp, body=body) or ""
        headers = {
            "content-type": "application/x-www-form-urlencoded" if is_form else "application/json",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": signature,
        }
        if attempt:
            headers |= {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": "http_timeout"}
        url = self.where() if self.where else "http://test"
        return self._client.build_request("POST", f"{url}/webhooks/slack", content=body.encode(), headers=headers)

    def send(self, request: httpx.Request) -> httpx.Response:
        """Send a request as it is."""
        return self._client.send(request)

    def _try(self, payload: Mapping[str, Any], attempt: int) -> bool:
        if self.where is None:
            kind = "events_api" if payload["type"] == "event_callback" else "interactive"
            return self._sockets.push(kind, payload, attempt=attempt, within=PATIENCE)
        try:
            return self.send(self.signed(payload, attempt=attempt)).status_code == 200
        except httpx.TransportError:
            return False
