"""Reading what was written, as a last resort or to catch up with what came while nobody listened."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta

import structlog

from channels.channel import Host
from channels.errors import NotStored, PermanentFailure, TemporaryFailure
from channels.x.direct_messages import DirectMessage, Transport

log = structlog.get_logger()

#: Seconds before another try where X does not say how long.
_PAUSE = 60.0
#: And where it will not let us read at all, until somebody changes that.
_LONG_PAUSE = 900.0


class Poller:
    """Asks for the newest messages and hands over what no answer is known to."""

    def __init__(
        self,
        transport: Transport,
        host: Host,
        *,
        account: str,
        take: Callable[[Sequence[DirectMessage]], Awaitable[None]],
        look_back: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._transport = transport
        self._host = host
        self._account = account
        self._take = take
        self._look_back = look_back
        self._clock = clock
        self._seen: frozenset[str] = frozenset()

    async def poll(self, every: float) -> None:
        """Read again and again, until cancelled."""
        while True:  # noqa: ASYNC110  # X has no other way to tell
            await asyncio.sleep(max(every, await self._read()))

    async def catch_up(self) -> None:
        """Read once, however often it must be tried."""
        while pause := await self._read():  # noqa: ASYNC110  # as above
            await asyncio.sleep(pause)

    async def _read(self) -> float:
        """Seconds after which to try again; none when it was done."""
        try:
            messages = await self._transport.recent(since=self._clock() - self._look_back, seen=self._seen)
            new = [message for message in messages if message.id not in self._seen]
            await self._take(unanswered(new, self._account, known=await self._known(new)))
        except TemporaryFailure as error:
            log.warning("x_not_read", error=str(error), retry_after=error.retry_after)
            return error.retry_after or _PAUSE
        except PermanentFailure as error:  # what comes in by other ways still does
            log.error("x_not_read", error=str(error), retry_after=_LONG_PAUSE)  # noqa: TRY400  # X's words, not ours
            return _LONG_PAUSE
        except NotStored:
            return _PAUSE  # the host has told; the messages stay unseen
        if messages:
            self._seen = frozenset(message.id for message in messages)
        return 0.0

    async def _known(self, messages: Sequence[DirectMessage]) -> set[str]:
        """The conversations in which something was said to us before."""
        names = {message.conversation for message in messages}
        return {name for name in names if await self._host.lines("x", name)}


def unanswered(messages: Sequence[DirectMessage], account: str, *, known: Collection[str]) -> Sequence[DirectMessage]:
    """Customers' messages that nobody has answered, in order.

    Of conversations that are not known, only what the account has not answered since: before we came, people did.
    """
    answered = {message.conversation: message.sent_at for message in messages if message.sender == account}
    return [
        message
        for message in messages
        if message.sender != account
        and (
            message.conversation in known
            or message.conversation not in answered
            or message.sent_at > answered[message.conversation]
        )
    ]
