import asyncio
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

import structlog
from starlette.routing import BaseRoute, Route
from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from channels.channel import Host, SendLimit
from channels.health import CheckResult
from channels.message import Inbound, Outbound
from channels.telegram.client import best_effort, make_bot, translate_errors
from channels.telegram.delivery import LIMITS, TelegramDelivery
from channels.telegram.file_proxy import FileProxy
from channels.telegram.polling import UPDATES, poll
from channels.telegram.settings import WEBHOOK, TelegramSettings
from channels.telegram.setup_check import check
from channels.telegram.strings import COMMANDS, MENU, THANKS, in_language
from channels.telegram.typing_indicator import show_typing
from channels.telegram.updates import NAME, BotIdentity, Skipped, parse_update
from channels.telegram.webhook import TelegramWebhook

log = structlog.get_logger()

_PRESSED = "✓ "
#: Seconds that a call of the menu's may take when the channel stops.
_LAST_CALL = 2.0


class TelegramChannel:
    """Customers who write to a bot on Telegram, in private chats, groups and topics."""

    name = NAME

    def __init__(self, settings: TelegramSettings, host: Host) -> None:
        self._settings = settings
        self._host = host
        self._bot = make_bot(settings)
        self._me: BotIdentity | None = None
        self._delivery = TelegramDelivery(self._bot, host, clock=time.monotonic)
        self._downloads = FileProxy(self._bot, settings)
        self._afterwards: set[asyncio.Task[None]] = set()
        self._typing: set[str] = set()
        self._is_stopping = False

    @property
    def limits(self) -> Sequence[SendLimit]:
        """In all and to each chat; that of groups is kept while sending."""
        return LIMITS

    @property
    def exclusive_resource(self) -> str:
        """The bot: Telegram lets one process ask for its updates, or calls one address."""
        return f"{NAME}:{self._settings.bot_id}"

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], host: Host) -> Self:
        """Make the channel from `channels.telegram`; BadSettings names the key that is wrong."""
        return cls(TelegramSettings.read(settings), host)

    def routes(self) -> Sequence[BaseRoute]:
        """The webhook's route, in webhook mode, and the one where agents get the files that customers sent."""
        files = self._downloads.route()
        secret = self._settings.secret_token
        if self._settings.mode == "polling" or secret is None:
            return [files]
        webhook = TelegramWebhook(secret.get_secret_value(), self.name, self._take)
        return [Route(WEBHOOK, webhook.serve, methods=["POST"]), files]

    async def run(self) -> None:
        """Ask for updates, or have Telegram call us, until cancelled."""
        offering = None
        try:
            self._is_stopping = False
            await self._who_am_i()
            offering = asyncio.create_task(self._offer_commands())
            if self._settings.mode == "webhook":
                await self._be_called()
                await asyncio.Event().wait()
            else:
                with translate_errors(self._bot):
                    await self._bot.delete_webhook()
                await poll(self._bot, self._take)
        finally:
            self._is_stopping = True
            for task in self._afterwards:
                task.cancel()
            if offering is not None and not offering.done():
                # A call that is cut off while it connects leaves its connection open.
                await asyncio.wait([offering], timeout=_LAST_CALL)
                offering.cancel()

    async def send(self, message: Outbound) -> str:
        """Deliver one message, in parts if it is long; the last part's id, as `chat/message`."""
        return await self._delivery.send(message)

    async def check(self) -> Sequence[CheckResult]:
        """Ask Telegram about the bot and how it is reached; nothing is changed."""
        return await check(self._bot, self._settings)

    async def _who_am_i(self) -> BotIdentity:
        if self._me is None:
            with translate_errors(self._bot):
                user = await self._bot.get_me()
            self._me = BotIdentity(id=user.id, username=user.username or "")
        return self._me

    async def _offer_commands(self) -> None:
        """The menu, in each language; English to whose Telegram speaks another, and Norwegian by both of its codes."""
        for language, words in ((None, MENU["en"]), ("no", MENU["nb"]), *MENU.items()):
            if self._is_stopping:
                return
            call = self._bot.set_my_commands(list(zip(COMMANDS, words, strict=True)), language_code=language)
            await best_effort(self._bot, "commands", call)

    async def _be_called(self) -> None:
        secret = self._settings.secret_token
        assert secret is not None
        with translate_errors(self._bot):
            await self._bot.set_webhook(
                self._settings.webhook_url, secret_token=secret.get_secret_value(), allowed_updates=UPDATES
            )

    async def _take(self, update: Update) -> None:
        """Have an update stored, and do what follows from that; NotStored when it must come again."""
        me = await self._who_am_i()
        try:
            read = parse_update(update, me, datetime.now(UTC))
        except Exception:
            # It would be told again and again, and those after it with it.
            log.exception("update_not_read", channel=self.name, update_id=update.update_id)
            return
        is_new = isinstance(read, Inbound) and await self._host.accept(self._with_links(read))
        if isinstance(read, Skipped):
            log.info("skipped", channel=self.name, update_id=update.update_id, reason=read.reason)
        if update.callback_query:
            self._later(self._answer_press(update.callback_query, read))
        elif is_new and isinstance(read, Inbound):
            self._later(self._show_typing(read.address))

    def _with_links(self, inbound: Inbound) -> Inbound:
        return replace(inbound, attachments=tuple(self._downloads.linked(each) for each in inbound.attachments))

    async def _show_typing(self, address: str) -> None:
        if address not in self._typing:
            self._typing.add(address)
            try:
                await show_typing(self._bot, self._host, self.name, address)
            finally:
                self._typing.discard(address)

    async def _answer_press(self, query: CallbackQuery, read: Inbound | Skipped) -> None:
        """End the wait that Telegram shows at the button, and leave only that button."""
        if isinstance(read, Skipped):
            text = read.told
        else:
            thanks = in_language(THANKS, query.from_user.language_code)
            text = thanks if read.action and read.action.name == "helped" else None
        await best_effort(self._bot, "answer to a press", self._bot.answer_callback_query(query.id, text=text))
        left = None if isinstance(read, Skipped) else _left_of(query)
        if left and query.message:
            call = self._bot.edit_message_reply_markup(
                query.message.chat.id, query.message.message_id, reply_markup=left
            )
            await best_effort(self._bot, "buttons", call)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it when the update has been acknowledged."""
        task = asyncio.create_task(work)
        self._afterwards.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._afterwards.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("afterwards_failed", channel=self.name, exc_info=error)


def _left_of(query: CallbackQuery) -> InlineKeyboardMarkup | None:
    """The button that was pressed, marked; nothing when it is marked already."""
    keyboard = query.message.reply_markup if isinstance(query.message, Message) else None
    for row in keyboard.inline_keyboard if keyboard else ():
        for button in row:
            if button.callback_data == query.data and not button.text.startswith(_PRESSED):
                marked = InlineKeyboardButton(_PRESSED + button.text, callback_data=query.data)
                return InlineKeyboardMarkup([[marked]])
    return None
