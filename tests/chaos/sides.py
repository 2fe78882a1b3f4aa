"""The channels of a run: each a platform, how the bot is set up for it, and what can be known of what was delivered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.types import ASGIApp

from channels.testing import Delivered, Fate
from channels.testing.slack.workspace import BOT_TOKEN, SIGNING_SECRET, SlackWorkspace
from channels.testing.telegram.platform import TOKEN, TelegramPlatform
from channels.testing.x.platform import XPlatform
from tests.chaos.platform import ScriptedPlatform

#: Seconds that an adapter waits for its platform. Longer than a platform needs on a busy machine, so that only
#: those are not answered that are meant not to be.
PATIENCE = 5
_MANY = 1_000_000


class Platform(Protocol):
    """What a run needs of a platform: a part of `channels.testing.Platform`."""

    @property
    def app(self) -> ASGIApp:
        """Its API."""

    @property
    def complaints(self) -> Sequence[str]:
        """What was sent against its rules."""

    @property
    def delivered(self) -> Sequence[Delivered]:
        """What was delivered to customers, oldest first."""

    def treats(self, chance: Callable[[], Fate | None]) -> None:
        """Ask this what happens to each message."""

    def new_message(self, customer: str) -> str:
        """An id for what a customer is about to write."""

    def says(self, customer: str, text: str, *, event: str, message: str) -> str:
        """Tell the bot once; AssertionError when it does not acknowledge it."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One channel of a run."""

    #: The channel's name in the settings.
    name: str
    platform: Platform
    #: The channel's section of the settings, with the platform at this address.
    section: Callable[[str], Mapping[str, Any]]
    #: Tell the platform where the bot listens.
    bot_is_at: Callable[[Callable[[], str]], None]
    #: Whether the platform can bring events by now.
    is_ready: Callable[[], bool] = lambda: True
    #: What the store calls a customer's message.
    stored: Callable[[str, str], str] = lambda _, message: message
    #: Whether what is sent again is delivered once, by a key or because the channel can look for what has arrived.
    #: Where it is not, what was not answered is delivered twice, and so is what the bot died over before it was noted.
    is_exact: bool = True
    #: The shortest and longest time for which it tells to wait, in seconds.
    retry_after: tuple[float, float] = (1.0, 1.0)
    #: The setting `limits` for the channel, instead of the platform's own.
    limits: Sequence[Mapping[str, float | str]] | None = None


def scripted(*, is_idempotent: bool = True) -> Side:
    """A platform that can do what no other can: take an idempotency key."""
    platform = ScriptedPlatform(is_idempotent=is_idempotent)

    def bot_is_at(url: Callable[[], str]) -> None:
        platform.url = url

    return Side(
        name="scripted",
        platform=platform,
        section=lambda url: {"base_url": url},
        bot_is_at=bot_is_at,
        is_exact=is_idempotent,
        retry_after=(0.05, 0.3),
    )


def slack() -> Side:
    """Slack by HTTP events. It carries our ids, as metadata of what is posted."""
    workspace = SlackWorkspace()
    return Side(
        name="slack",
        platform=workspace,
        section=lambda url: {
            "mode": "http",
            "bot_token": BOT_TOKEN,
            "signing_secret": SIGNING_SECRET,
            "base_url": f"{url}/api/",
            "timeout": PATIENCE,
        },
        bot_is_at=workspace.delivers_to,
        stored=lambda customer, message: f"{workspace.address(customer)}/{message}",
        # Slack's own limit of what a workspace takes in a minute would be all that a run waits for.
        limits=({"count": 5, "seconds": 5, "per": "chat"}, {"count": 50, "seconds": 1}),
    )


def telegram(mode: str = "webhook") -> Side:
    """Telegram, by webhook or by polling. It has no idempotency, and a bot cannot read what it has sent."""
    platform = TelegramPlatform()

    def bot_is_at(url: Callable[[], str]) -> None:
        platform.url = url

    return Side(
        name="telegram",
        platform=platform,
        section=lambda url: {
            "mode": mode,
            "token": TOKEN,
            "secret_token": "chaos",
            "public_url": "https://bot.example",
            "base_url": url,
            "timeout": PATIENCE,
        },
        bot_is_at=bot_is_at,
        is_ready=lambda: mode == "polling" or platform.api.webhook is not None,
        stored=lambda customer, message: f"{platform.address(customer)}/{message}",
        is_exact=False,
    )


def x() -> Side:
    """X by webhook. It has no idempotency, but what was sent can be read."""
    platform = XPlatform()

    def bot_is_at(url: Callable[[], str]) -> None:
        platform.url = url

    return Side(
        name="x",
        platform=platform,
        # X's own limits, fifteen messages in a quarter of an hour, would be all that a run waits for. What came while
        # nobody listened is read again after each start, so only as far back as the bot can have been away.
        section=lambda url: (
            platform.keys.settings()
            | {
                "account_id": platform.account,
                "base_url": url,
                "answers_within": PATIENCE,
                "sends_per_15_minutes": _MANY,
                "sends_per_day": _MANY,
                "reads_per_15_minutes": _MANY,
                "look_back": 0.02,
            }
        ),
        bot_is_at=bot_is_at,
    )


#: By what `--channels` calls them. A bot has one Telegram channel: by webhook or by polling.
SIDES: Mapping[str, Callable[[], Side]] = {
    "scripted": scripted,
    "slack": slack,
    "telegram": telegram,
    "telegram-polling": lambda: telegram("polling"),
    "x": x,
}
DEFAULT = ("scripted", "slack", "telegram", "x")
