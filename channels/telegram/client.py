"""The Bot API through python-telegram-bot, with its errors as ours. No error tells the token."""

import contextlib
from collections.abc import Awaitable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import structlog
from telegram import Bot, Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from channels.errors import ChannelError, DeliveryFailed, PermanentFailure, TemporaryFailure
from channels.telegram.settings import TelegramSettings

log = structlog.get_logger()

#: Seconds after which a wrong token is tried again: somebody has to put it right.
_TOKEN_PAUSE = 60.0


def make_bot(settings: TelegramSettings) -> Bot:
    """The Bot API's client; it asks for updates on a connection of its own."""
    return Bot(
        settings.token.get_secret_value(),
        base_url=f"{settings.base_url}/bot",
        base_file_url=f"{settings.base_url}/file/bot",
        request=_request(settings, 16),
        get_updates_request=_request(settings, 1, kind=_UpdatesRequest),
    )


def _request(settings: TelegramSettings, connections: int, *, kind: type[HTTPXRequest] = HTTPXRequest) -> HTTPXRequest:
    """A connection for each call: none is found closed half-way, which leaves open whether a message was delivered.

    And nothing needs to be closed when the process ends.
    """
    seconds = settings.timeout
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=0)
    return kind(connections, seconds, seconds, min(seconds, 5.0), seconds, httpx_kwargs={"limits": limits})


#: What python-telegram-bot raises of an answer that is not Telegram's; its frames hold the token.
UNREADABLE = (TypeError, ValueError, KeyError, AttributeError)


def readable(raw: dict[str, Any]) -> dict[str, Any]:
    """An update, or its number alone where it is of another shape than python-telegram-bot knows.

    It would be told again and again else, and those after it not at all.
    """
    try:
        Update.de_json(raw)
    except UNREADABLE as error:
        if not isinstance(raw.get("update_id"), int):
            raise
        # The error's words may be the customer's.
        log.error(  # noqa: TRY400
            "update_not_read", channel="telegram", update_id=raw["update_id"], error=type(error).__name__
        )
        return {"update_id": raw["update_id"]}
    return raw


class _UpdatesRequest(HTTPXRequest):
    """Asks for updates; python-telegram-bot would refuse all for one that it cannot read, and log what they hold."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Telegram's answer, with updates that can be read."""
        answer: dict[str, Any] = HTTPXRequest.parse_json_payload(payload)
        if isinstance(result := answer.get("result"), list):
            answer["result"] = [readable(each) for each in result]
        return answer


@contextlib.contextmanager
def translate_delivery_errors(bot: Bot, *, is_group: bool = False) -> Iterator[None]:
    """Raise what happens to a delivery as DeliveryFailed; ChatMigrated passes."""
    try:
        yield
    except ChatMigrated:
        raise
    except TelegramError as error:
        raise delivery_error(error, bot, is_group=is_group) from None  # frames and causes hold the token


@contextlib.contextmanager
def translate_errors(bot: Bot) -> Iterator[None]:
    """Raise what happens to any other call as ChannelError; Conflict passes."""
    try:
        yield
    except Conflict:
        raise
    except TelegramError as error:
        raise ChannelError(describe_error(error, bot)) from None
    except UNREADABLE as error:
        raise ChannelError(f"Telegram's answer can't be read: {error}") from None


def delivery_error(error: TelegramError, bot: Bot, *, is_group: bool = False) -> DeliveryFailed:
    """The failure that an error of Telegram's stands for: temporary, and when to try again, or permanent."""
    what = describe_error(error, bot)
    if isinstance(error, RetryAfter):
        # A group has a narrow limit of its own; elsewhere it is the bot that sends too much.
        return TemporaryFailure(what, retry_after=seconds_of(error), everywhere=not is_group)
    if isinstance(error, InvalidToken):
        return TemporaryFailure(f"Telegram does not know the token: {what}", retry_after=_TOKEN_PAUSE, everywhere=True)
    if isinstance(error, Forbidden):
        return PermanentFailure(f"we may not write there: {what}")
    if isinstance(error, BadRequest):
        return PermanentFailure(f"Telegram refuses it: {what}")
    if isinstance(error, TimedOut):
        return TemporaryFailure(f"no answer; it may have been delivered: {what}")
    return TemporaryFailure(what)


def seconds_of(error: RetryAfter) -> float:
    """Seconds to wait; python-telegram-bot is about to change the type."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def describe_error(error: TelegramError, bot: Bot) -> str:
    """The words of an error, without the token."""
    return f"{type(error).__name__}: {str(error).replace(bot.token, '***')}"


async def best_effort(bot: Bot, what: str, call: Awaitable[object]) -> None:
    """Do something that nothing hangs on; what goes wrong is logged."""
    try:
        await call
    except TelegramError as error:
        log.info("not_done", channel="telegram", what=what, error=describe_error(error, bot))
    except UNREADABLE as error:
        log.info("not_done", channel="telegram", what=what, error=str(error))
