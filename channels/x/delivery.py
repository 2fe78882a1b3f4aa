"""Sending on a platform without idempotency keys: what may have arrived is looked for before it is sent again."""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from channels.errors import DeliveryFailed, TemporaryFailure
from channels.message import Outbound
from channels.x.client import NotAnswered
from channels.x.direct_messages import DirectMessage, Transport

#: Messages of which the unfinished delivery is remembered.
_MOST_REMEMBERED = 1000
#: Clocks of ours and of X may differ by so much.
_SKEW = timedelta(minutes=2)
_LINK = re.compile(r"https?://\S+")


@dataclass(slots=True)
class _Unfinished:
    """The progress of one message's delivery."""

    since: datetime
    #: The ids of the texts that were delivered.
    done: list[str] = field(default_factory=list)
    #: Whether the next text may have arrived.
    is_unsure: bool = False


#: The ids of what stands in the conversation before a message.
Known = Callable[[Outbound], Awaitable[Collection[str]]]


class XDelivery:
    """Delivers the texts of a message in order, each once, as far as X lets us know."""

    def __init__(self, transport: Transport, known: Known, *, account: str, clock: Callable[[], datetime]) -> None:
        self._transport = transport
        self._known = known
        self._account = account
        self._clock = clock
        self._unfinished: OrderedDict[int, _Unfinished] = OrderedDict()

    async def deliver(self, message: Outbound, customer: str, texts: Sequence[str]) -> str:
        """Send what of a message is not delivered yet; returns X's id of the first text."""
        so_far = self._unfinished.pop(message.id, None) or self._unknown(message)
        self._unfinished[message.id] = so_far
        while len(self._unfinished) > _MOST_REMEMBERED:
            self._unfinished.popitem(last=False)
        for text in texts[len(so_far.done) :]:
            so_far.done.append(await self._once(message, customer, text, so_far))
        self._unfinished.pop(message.id, None)
        return so_far.done[0]

    def _unknown(self, message: Outbound) -> _Unfinished:
        """The progress assumed of a delivery that is not remembered: another process may have made it."""
        return _Unfinished(since=message.tried_since or self._clock(), is_unsure=message.tried_since is not None)

    async def _once(self, message: Outbound, customer: str, text: str, so_far: _Unfinished) -> str:
        if so_far.is_unsure and (arrived := await self._look_for(message, customer, text, so_far)):
            return arrived  # and what comes after it may have arrived as well
        so_far.is_unsure = True  # until X has said; who breaks this off does not know
        try:
            sent = await self._transport.send(customer, text)
        except DeliveryFailed as error:
            so_far.is_unsure = isinstance(error, NotAnswered)
            raise
        so_far.is_unsure = False
        return sent

    async def _look_for(self, message: Outbound, customer: str, text: str, so_far: _Unfinished) -> str | None:
        """X's id of a text of ours that arrived since we first tried."""
        since = so_far.since - _SKEW
        try:
            exchanged = await self._transport.exchanged(customer)
        except TemporaryFailure as error:  # what may not be read now may still be sent to others
            raise TemporaryFailure(str(error), retry_after=error.retry_after) from error
        return next(
            (
                each.id
                for each in _after(exchanged, await self._known(message))
                if each.sender == self._account
                and each.id not in so_far.done
                and each.sent_at >= since
                and _alike(each.text) == _alike(text)
            ),
            None,
        )


def _after(exchanged: Sequence[DirectMessage], known: Collection[str]) -> Sequence[DirectMessage]:
    """Messages after those that stand before ours; an earlier one with the same words is another answer."""
    places = [place for place, each in enumerate(exchanged) if each.id in known]
    return exchanged[places[-1] + 1 :] if places else exchanged


def _alike(text: str) -> str:
    """A text without what X changes in it: links become its own, and space may be trimmed."""
    return " ".join(_LINK.sub("…", text).split())
