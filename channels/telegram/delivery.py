import asyncio
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated

from channels.channel import Host, SendLimit
from channels.errors import TemporaryFailure
from channels.message import Outbound
from channels.telegram.address import TelegramAddress
from channels.telegram.client import UNREADABLE, translate_delivery_errors
from channels.telegram.html import pieces
from channels.telegram.keyboards import Rows
from channels.telegram.rendering import MessagePart, render

log = structlog.get_logger()

#: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
LIMITS = (SendLimit(count=30, seconds=1), SendLimit(count=1, seconds=1, per="chat"))
GROUP_LIMIT = SendLimit(count=20, seconds=60, per="chat")
#: Seconds between the parts of a long message, to keep to the limit of a chat.
PART_PAUSE = 1.0
#: Of how many unfinished messages is remembered what has been delivered of them.
_MOST_UNFINISHED = 1_000


class TelegramDelivery:
    """Sends messages: in parts, as HTML or else as plain text, to where their chat is now."""

    def __init__(self, bot: Bot, host: Host, *, clock: Callable[[], float]) -> None:
        self._bot = bot
        self._host = host
        self._clock = clock
        #: The ids of the parts of a message that were delivered before one failed.
        self._sent: OrderedDict[int, list[int]] = OrderedDict()
        self._to_groups: defaultdict[int, deque[float]] = defaultdict(deque)
        #: Where groups went that became supergroups.
        self._moved: dict[int, int] = {}

    async def send(self, message: Outbound) -> str:
        """Deliver what was not yet delivered of a message; the id of its last part, as `chat/message`."""
        address = TelegramAddress.read(message.address)
        chat = self._moved.get(address.chat, address.chat)
        more: dict[str, Any] = {"message_thread_id": address.topic}
        if address.is_group:
            more["reply_parameters"] = await self._asked(message, address)
        sent = self._sent.setdefault(message.id, [])
        for part in render(message, address.user)[len(sent) :]:
            if sent:
                await asyncio.sleep(PART_PAUSE)
            self._spend(address, chat)
            try:
                number = await self._send_part(chat, part, more, is_group=address.is_group)
            except ChatMigrated as moved:
                chat = self._follow(address.chat, moved.new_chat_id)
                more = {}  # the new chat has other topics and numbers its messages anew
                number = await self._send_part(chat, part, more, is_group=True)
            sent.append(number)
            more.pop("reply_parameters", None)
            self._remember(message.id)
        self._sent.pop(message.id, None)
        return f"{chat}/{sent[-1]}"

    def _follow(self, old: int, new: int) -> int:
        log.warning("chat_migrated", channel="telegram", chat=old, new_chat=new)
        self._moved[old] = new
        return new

    def _remember(self, message_id: int) -> None:
        self._sent.move_to_end(message_id)
        while len(self._sent) > _MOST_UNFINISHED:
            self._sent.popitem(last=False)

    def _spend(self, address: TelegramAddress, chat: int) -> None:
        """Keep to what a group takes a minute; TemporaryFailure says when there is room again."""
        if not address.is_group:
            return
        now, times = self._clock(), self._to_groups[chat]
        while times and times[0] <= now - GROUP_LIMIT.seconds:
            times.popleft()
        if len(times) >= GROUP_LIMIT.count:
            wait = times[0] + GROUP_LIMIT.seconds - now
            raise TemporaryFailure(f"a group takes {GROUP_LIMIT.count} messages a minute", retry_after=wait)
        times.append(now)

    async def _asked(self, message: Outbound, address: TelegramAddress) -> ReplyParameters | None:
        """The last thing the customer wrote, which an answer in a group replies to."""
        lines = await self._host.lines(message.channel, message.address)
        ids = [line.client_message_id for line in lines if line.client_message_id and line.id < message.id]
        chat, _, number = (ids[-1] if ids else "").partition("/")
        if chat != str(address.chat) or not number.isdecimal():
            return None
        return ReplyParameters(int(number), allow_sending_without_reply=True)

    async def _send_part(self, chat: int, part: MessagePart, more: dict[str, Any], *, is_group: bool) -> int:
        buttons = _keyboard(part.buttons)
        with translate_delivery_errors(self._bot, is_group=is_group):
            if part.html is not None:
                try:
                    return await self._send_text(chat, part.html, ParseMode.HTML, reply_markup=buttons, **more)
                except BadRequest as error:
                    if "parse entities" not in str(error).lower():
                        raise
                    log.warning("markup_refused", channel="telegram", error=str(error))
            texts = pieces(part.plain)
            for text in texts[:-1]:
                await self._send_text(chat, text, None, **more)
            return await self._send_text(chat, texts[-1], None, reply_markup=buttons, **more)

    async def _send_text(self, chat: int, text: str, mode: ParseMode | None, **more: Any) -> int:
        more["link_preview_options"] = LinkPreviewOptions(is_disabled=True)
        try:
            message = await self._bot.send_message(chat, text, parse_mode=mode, **more)
        except UNREADABLE as error:
            # It was taken, or there were a TelegramError: sending it again would say it twice.
            log.warning("answer_not_read", channel="telegram", error=str(error))
            return 0
        return message.message_id


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(button.label, callback_data=button.data) for button in row] for row in rows]
    )
