"""Checks of a bot's set-up at Telegram, in plain words, with what to do next."""

from collections.abc import Sequence

from telegram import Bot, User, WebhookInfo
from telegram.error import NetworkError, RetryAfter, TelegramError

from channels.health import CheckResult
from channels.telegram.client import UNREADABLE, describe_error
from channels.telegram.settings import TelegramSettings

#: More updates than this that wait mean that nobody takes them.
_MANY_WAITING = 100


async def check(bot: Bot, settings: TelegramSettings) -> Sequence[CheckResult]:
    """Ask Telegram; nothing is changed."""
    try:
        me, webhook = await bot.get_me(), await bot.get_webhook_info()
    except TelegramError as error:
        cure = _LATER if isinstance(error, NetworkError | RetryAfter) else _AT_BOTFATHER
        return [
            CheckResult(
                subject="telegram",
                message=f"Telegram did not answer as it should: {describe_error(error, bot)}",
                remedy=cure,
            )
        ]
    except UNREADABLE as error:
        return [
            CheckResult(
                subject="telegram",
                message=f"What answers at {settings.base_url} is not the Bot API: {error}",
                remedy=_WRONG_PLACE,
            )
        ]
    return [_bot(me), _groups(me), *_delivery(webhook, settings), *_waiting(webhook)]


_AT_BOTFATHER = (
    "Copy the token again from @BotFather (/mybots, API Token) into channels.telegram.token, and look at base_url."
)
_LATER = "Try again in a minute; else look at base_url, and at the network from here to it."
_WRONG_PLACE = "Set channels.telegram.base_url to https://api.telegram.org, or leave it out."


def _bot(me: User) -> CheckResult:
    return CheckResult(subject="telegram", message=f"The token belongs to @{me.username} ({me.full_name}).")


def _groups(me: User) -> CheckResult:
    if not me.can_join_groups:
        return CheckResult(
            subject="telegram",
            message="It can't be added to groups; private chats work. @BotFather changes that: /setjoingroups.",
        )
    reads = (
        "sees every message in groups" if me.can_read_all_group_messages else "sees what is addressed to it in groups"
    )
    return CheckResult(subject="telegram", message=f"It can be added to groups and {reads}.")


def _delivery(webhook: WebhookInfo, settings: TelegramSettings) -> list[CheckResult]:
    if settings.mode == "polling":
        if not webhook.url:
            return [CheckResult(subject="telegram", message="No webhook is set, as polling needs it.")]
        cure = "Start the server, which removes it, and make sure that no other server uses this token."
        return [
            CheckResult(
                subject="telegram", message=f"A webhook is set, at {webhook.url}, and polling excludes it.", remedy=cure
            )
        ]
    findings = []
    if not settings.webhook_url.startswith("https://"):
        cure = "Give the server an https:// address and set channels.telegram.public_url to it."
        findings.append(
            CheckResult(
                subject="telegram", message=f"Telegram calls https:// only, not {settings.webhook_url}.", remedy=cure
            )
        )
    if webhook.url != settings.webhook_url:
        what = f"Telegram calls {webhook.url or 'nobody'}, not {settings.webhook_url}."
        findings.append(
            CheckResult(subject="telegram", message=what, remedy="Start the server, which sets the webhook.")
        )
    elif webhook.last_error_message and webhook.pending_update_count:  # Telegram goes on telling of errors long past
        at = f" ({webhook.last_error_date:%-d %B %H:%M} UTC)" if webhook.last_error_date else ""
        what = f"Telegram's last call failed: {webhook.last_error_message}{at}."
        cure = "Look whether the server runs and whether its address is reached from outside, with a valid certificate."
        findings.append(CheckResult(subject="telegram", message=what, remedy=cure))
    else:
        findings.append(CheckResult(subject="telegram", message=f"Telegram calls {webhook.url}."))
    return findings


def _waiting(webhook: WebhookInfo) -> list[CheckResult]:
    if webhook.pending_update_count < _MANY_WAITING:
        return []
    what = f"{webhook.pending_update_count} messages wait at Telegram."
    return [
        CheckResult(subject="telegram", message=what, remedy="Start the server; Telegram keeps messages for a day.")
    ]
