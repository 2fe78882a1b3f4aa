import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from channels.errors import ChannelError, NotStored
from channels.telegram.client import describe_error, seconds_of

log = structlog.get_logger()

#: What is asked for: what a customer can write, change and press.
UPDATES = ("message", "edited_message", "callback_query")
#: Seconds for which Telegram may hold a question that it has nothing new to.
_HOLD = 25
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0

Take = Callable[[Update], Awaitable[None]]


async def poll(bot: Bot, take: Take) -> None:
    """Ask for updates until cancelled; an update is confirmed when it and all that came with it were taken.

    `take` raises NotStored for one that must come again. ChannelError when Telegram does not know the token.
    """
    offset: int | None = None
    pause = _SHORTEST_PAUSE
    loop = asyncio.get_running_loop()
    while True:
        asked = loop.time()
        try:
            updates = await bot.get_updates(offset=offset, timeout=_HOLD, allowed_updates=UPDATES)
        except TelegramError as error:
            await asyncio.sleep(_wait_after(error, bot, pause))
            pause = min(2 * pause, _LONGEST_PAUSE)
            continue
        if await _take_all(updates, take):
            # Only what was told is confirmed: update ids have gaps, and may begin anew below those before.
            offset = max(update.update_id for update in updates) + 1 if updates else offset
            pause = _SHORTEST_PAUSE
            if (
                not updates and loop.time() < asked + _SHORTEST_PAUSE
            ):  # who does not hold a question is asked less often
                await asyncio.sleep(_SHORTEST_PAUSE)
        else:
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


async def _take_all(updates: Sequence[Update], take: Take) -> bool:
    for update in updates:
        try:
            await take(update)
        except NotStored:
            return False
    return True


def _wait_after(error: TelegramError, bot: Bot, pause: float) -> float:
    """Seconds to wait before asking again; ChannelError when somebody has to put something right."""
    match error:
        case RetryAfter():
            return seconds_of(error)
        case Conflict():
            # Another process asks with this token, or a webhook was set: each update still goes to one of them.
            log.error("telegram_conflict", error=describe_error(error, bot))
            return max(pause, 1.0)
        case NetworkError():
            log.warning("telegram_unreachable", error=describe_error(error, bot))
            return pause
        case InvalidToken():
            raise ChannelError(f"Telegram does not know the token: {describe_error(error, bot)}") from None
        case _:
            raise ChannelError(describe_error(error, bot)) from None
