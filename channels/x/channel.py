import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import structlog
from starlette.routing import BaseRoute

from channels.channel import Host, SendLimit
from channels.errors import PermanentFailure
from channels.health import CheckResult
from channels.message import LONGEST_TEXT, Action, Inbound, Outbound, clean
from channels.x.client import XApi
from channels.x.delivery import XDelivery
from channels.x.direct_messages import DirectMessage, Transport, in_order, other_party
from channels.x.dm_v2 import DirectMessagesV2
from channels.x.polling import Poller
from channels.x.quotas import limits
from channels.x.rendering import read_press, render
from channels.x.settings import XSettings
from channels.x.setup_check import check
from channels.x.stream import ActivityStream
from channels.x.webhook import XWebhook

log = structlog.get_logger()

#: Characters of a text that may stand for a button.
_LONGEST_PRESS = 40


def _now() -> datetime:
    return datetime.now(UTC)


class XChannel:
    """Direct messages on X: what comes by webhook, stream or polling, and goes out within budgets of sends and money.

    A conversation's address is X's own name for it, "{smaller}-{larger}" of the two accounts' numbers.
    """

    name = "x"

    def __init__(
        self,
        settings: XSettings,
        host: Host,
        *,
        transport: Transport | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """`transport` carries the messages: X's unencrypted ones, unless another is given."""
        self._settings = settings
        self._host = host
        self._api = XApi(settings, clock=lambda: clock().timestamp())
        self._transport = transport or DirectMessagesV2(self._api, settings.account_id)
        self._delivery = XDelivery(self._transport, self._known, account=settings.account_id, clock=clock)
        self._missed = asyncio.Event()
        look_back = timedelta(hours=settings.look_back)
        self._reader = Poller(
            self._transport, host, account=settings.account_id, take=self._take, look_back=look_back, clock=clock
        )

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], host: Host) -> Self:
        """Make the channel from `channels.x`; BadSettings names the key that is wrong."""
        return cls(XSettings.read(settings), host)

    @property
    def limits(self) -> Sequence[SendLimit]:
        """X's limits, and what the budgets of money buy."""
        return limits(self._settings)

    @property
    def exclusive_resource(self) -> str:
        """The account: one process reads for it, and catches up with what nobody heard."""
        return f"x:{self._settings.account_id}"

    def routes(self) -> Sequence[BaseRoute]:
        """The webhook's routes, in webhook mode."""
        if self._settings.mode != "webhook":
            return ()
        secret = self._settings.secret("consumer_secret")
        return XWebhook(secret, self.name, self._hear, self._missed.set).routes()

    async def run(self) -> None:
        """Take messages in until cancelled, in the way that is set; what was missed before, too."""
        self._missed.set()
        if self._settings.mode == "polling":
            await self._reader.poll(15 * 60 / self._settings.reads_per_15_minutes * 1.25)
        elif self._settings.mode == "stream":
            stream = ActivityStream(self._api, stale_after=self._settings.stale_after)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._catch_up())
                tasks.create_task(stream.run(self._hear, self._missed.set))
        else:
            await self._catch_up()

    async def send(self, message: Outbound) -> str | None:
        """Deliver one message within X's rules; PermanentFailure to who does not take messages from the account."""
        customer = other_party(message.address, self._settings.account_id)
        if customer is None:
            raise PermanentFailure(f"{message.address} is no conversation of the account {self._settings.account_id}")
        is_first = await self._is_first(message)
        texts = render(message, with_hint=is_first)
        return await self._delivery.deliver(message, customer, texts)

    async def check(self) -> Sequence[CheckResult]:
        """Ask X about the account, its rights and how it tells of messages; nothing is changed."""
        return await check(self._settings, self._api, self._transport)

    async def _catch_up(self) -> None:
        """Read what was missed, each time something was."""
        while True:
            await self._missed.wait()
            self._missed.clear()
            await self._reader.catch_up()

    async def _hear(self, event: Mapping[str, Any]) -> None:
        await self._take(self._transport.read(event))

    async def _take(self, messages: Sequence[DirectMessage]) -> None:
        """Accept what customers wrote, in the order they wrote it; NotStored."""
        for message in in_order(messages):
            if inbound := await self._inbound(message):
                await self._host.accept(inbound)

    async def _inbound(self, message: DirectMessage) -> Inbound | None:
        """None for our own messages, and for what cannot be taken."""
        text = clean(message.text)
        is_ours = message.sender == self._settings.account_id
        if is_ours or other_party(message.conversation, self._settings.account_id) != message.sender:
            return None
        if len(text) > LONGEST_TEXT or not (text.strip() or message.attachments):
            log.warning("x_message_left_out", message=message.id, length=len(text))
            return None
        action = await self._pressed(message)
        return Inbound(
            channel=self.name,
            event_id=message.event_id,
            platform_message_id=message.id,
            address=message.conversation,
            customer=message.sender,
            customer_name=message.sender_name,
            text="" if action else text,
            locale=self._settings.locale,
            sent_at=message.sent_at,
            attachments=message.attachments,
            action=action,
        )

    async def _pressed(self, message: DirectMessage) -> Action | None:
        """The press that a customer's words stand for, where the last message they got asks for such words."""
        if len(message.text) > _LONGEST_PRESS or message.attachments:
            return None
        lines = await self._host.lines(self.name, message.conversation)
        told = next((line for line in reversed(lines) if line.author != "customer"), None)
        if told is None or told.author != "bot" or not told.feedback or told.helped is not None:
            return None
        name = read_press(message.text, told.labels)
        return Action(name=name, answer_id=told.id) if name else None

    async def _is_first(self, message: Outbound) -> bool:
        """True for a conversation's first answer or question: it says how to reach a person, once."""
        if not (message.feedback or message.choices):
            return False
        lines = await self._host.lines(self.name, message.address)
        return not any((line.feedback or line.choices) and line.id < message.id for line in lines)

    async def _known(self, message: Outbound) -> Collection[str]:
        """X's ids of what stood in the conversation before a message, by the customer and by us."""
        lines = await self._host.lines(self.name, message.address)
        return {
            known
            for line in lines
            if line.id < message.id and (known := line.client_message_id or line.platform_message_id)
        }
