"""A stand-in for X: its API for direct messages and activity, checked by its rules, and its customers."""

import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Literal

import httpx
from starlette.types import ASGIApp

from channels.testing.faults import Fate
from channels.testing.platform import Delivered, Heard
from channels.testing.x.api import Api
from channels.testing.x.credentials import CONSUMER_SECRET, Keys
from channels.testing.x.message import XPost, activity
from channels.x import webhook

ACCOUNT = "1500000000000000001"
#: Seconds in which the bot has to acknowledge a delivery.
_PATIENCE = 10.0
#: The last lines of a message with choices: numbered labels, and how to answer.
_LINK = re.compile(r"https?://[^\s<>()]+")
_CHOICES = re.compile(r"((?:^\d+\. .+\n)+)(?!\d+\. )\S.*\.$", re.MULTILINE)


class XPlatform:
    """X as its customers see it. It tells of messages by webhook or stream, or only when it is asked.

    Deliveries that are not acknowledged are repeated for `repeats_for` seconds.
    """

    def __init__(
        self, told_by: Literal["webhook", "stream", "polling"] = "webhook", *, repeats_for: float = 0.0
    ) -> None:
        self.account = ACCOUNT
        self.keys = Keys(ACCOUNT)
        self.complaints: list[str] = []
        #: Where the bot listens now.
        self.url: Callable[[], str] = lambda: "http://127.0.0.1:9"
        self.api = Api(self.account, self.keys, self.complaints)
        self._told_by = told_by
        self._repeats_for = repeats_for
        self._customers: dict[str, str] = {}
        self._lock = threading.RLock()
        self._client = httpx.Client(timeout=_PATIENCE, limits=httpx.Limits(max_keepalive_connections=0))

    @property
    def app(self) -> ASGIApp:
        """X's API."""
        return self.api.application()

    @property
    def delivered(self) -> Sequence[Delivered]:
        """The account's messages, oldest first."""
        return self.api.delivered

    def treats(self, chance: Callable[[], Fate | None]) -> None:
        """Ask this what happens to each message it sends."""
        self.api.chance = chance

    def new_message(self, customer: str) -> str:  # noqa: ARG002  # other platforms number by conversation
        """The next message's number."""
        return str(next(self.api.ids))

    def customer(self, name: str) -> str:
        """The number of a customer's account; some are smaller than ours, some larger."""
        with self._lock:
            place = len(self._customers)
            return self._customers.setdefault(
                name, str(1000 + place if place % 2 else 1_900_000_000_000_000_000 + place)
            )

    def address(self, customer: str) -> str:
        """The conversation's name."""
        return "-".join(sorted((self.account, self.customer(customer)), key=int))

    def says(self, customer: str, text: str, *, event: str | None = None, message: str | None = None) -> str:
        """Let a customer write, and tell the bot."""
        post = self._written(customer, text, message)
        self.tells([post], event=event)
        return post.id

    def writes(self, customer: str, text: str) -> str:
        """Let a customer write while X tells nobody of it."""
        return self._written(customer, text, None).id

    def says_at_once(self, customer: str, *texts: str) -> None:
        """Let a customer write several times; the event that tells of it has the last of them first."""
        posts = [self._written(customer, text, None) for text in texts]
        self.tells(posts[::-1])

    def edits(self, customer: str, message: str, text: str) -> None:
        """X has no edits of direct messages."""
        raise NotImplementedError

    def deletes(self, customer: str, message: str) -> None:
        """X tells nobody of deletions."""
        raise NotImplementedError

    def sends_file(self, customer: str, name: str) -> None:
        """Let a customer send a picture; X puts a link to it into the text."""
        self.tells([self._written(customer, "", None, media=name)])

    def presses(self, customer: str, label: str) -> None:
        """Write the number of a choice, or yes where there is one only."""
        for heard in reversed(self.heard(customer)):
            if label in heard.buttons:
                place = heard.buttons.index(label) + 1
                self.says(customer, str(place) if len(heard.buttons) > 1 else "yes")
                return
        raise AssertionError(f"{label!r} was not offered to {customer}")

    def heard(self, customer: str) -> Sequence[Heard]:
        """The account's messages to a customer."""
        with self.api.lock:
            texts = [post.text for post in self.api.posts if post.recipient == self.customer(customer)]
        return [Heard(text=text, buttons=_offered(text), links=tuple(_LINK.findall(text))) for text in texts]

    def fails_next(self, *fates: Fate) -> None:
        """Treat the next messages so."""
        self.api.fates.extend(fates)

    def tells(self, posts: Sequence[XPost], *, event: str | None = None) -> None:
        """Tell the bot of messages, in this order; AssertionError when it does not acknowledge them."""
        told = activity(self.account, posts, event or str(uuid.uuid4().int >> 65))
        if self._told_by == "stream":
            self.api.streams.tell(told)
        elif self._told_by == "webhook":
            self._calls(json.dumps(told).encode())

    def calls(self, body: bytes, *, signature: str | None = None) -> httpx.Response:
        """Call the webhook once, signed as X does unless another signature is given."""
        signed = webhook.signed(CONSUMER_SECRET, body) if signature is None else signature
        named = {"content-type": "application/json", webhook.SIGNATURE: signed}
        headers = {name.encode(): value.encode("latin-1") for name, value in named.items()}
        return self._client.post(f"{self.url()}/webhooks/x", content=body, headers=headers)

    def challenges(self, token: str) -> httpx.Response:
        """Ask the webhook whether it knows the consumer secret."""
        return self._client.get(f"{self.url()}/webhooks/x", params={"crc_token": token})

    def _calls(self, body: bytes) -> None:
        """As X does, until it is acknowledged."""
        deadline, pause = time.monotonic() + self._repeats_for, 0.05
        while True:
            try:
                answer: httpx.Response | None = self.calls(body)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == httpx.codes.OK:
                return
            assert time.monotonic() < deadline, f"the webhook answers {answer}"
            time.sleep(pause)
            pause = min(2 * pause, 1.0)

    def _written(self, customer: str, text: str, message: str | None, *, media: str | None = None) -> XPost:
        with self.api.lock:
            known = next((post for post in self.api.posts if post.id == message), None) if message else None
            if known is None:
                known = XPost(
                    id=message or self.new_message(customer),
                    sender=self.customer(customer),
                    sender_name=customer.capitalize(),
                    recipient=self.account,
                    text=text,
                    at=time.time(),
                    media=media,
                )
                self.api.posts.append(known)
            return known


def _offered(text: str) -> tuple[str, ...]:
    found = _CHOICES.search(text)
    return tuple(line.partition(". ")[2] for line in found[1].splitlines()) if found else ()
