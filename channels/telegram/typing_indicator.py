import asyncio

from telegram import Bot
from telegram.constants import ChatAction

from channels.channel import Host
from channels.telegram.address import TelegramAddress
from channels.telegram.client import best_effort

#: Telegram shows it for five seconds.
_SHOWN = 4.5
#: Times it is shown for one message: a bot that takes longer has come to grief.
_MOST = 7


async def show_typing(bot: Bot, host: Host, channel: str, address: str) -> None:
    """Show that the bot is at work, for as long as it owes an answer and no agent has taken over."""
    where = TelegramAddress.read(address)
    for _ in range(_MOST):
        status = await host.status(channel, address)
        if status.owner == "agent" or not status.pending:
            return
        action = bot.send_chat_action(where.chat, ChatAction.TYPING, message_thread_id=where.topic)
        await best_effort(bot, "typing", action)
        await _wait_for_change(host, channel, address)


async def _wait_for_change(host: Host, channel: str, address: str) -> None:
    """Return after as long as it is shown, or when the bot owes nothing any more."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _SHOWN
    while (left := until - loop.time()) > 0:
        await host.changed(channel, address, left)
        if not (await host.status(channel, address)).pending:
            return
