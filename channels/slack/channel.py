import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Self

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from starlette.routing import BaseRoute, Route

from channels.channel import Host, SendLimit
from channels.errors import NotStored
from channels.health import CheckResult
from channels.message import Outbound
from channels.slack.client import LOGGER, SDK_ERRORS, make_client
from channels.slack.delivery import SlackDelivery
from channels.slack.events import ButtonPress, Ignored, MessageEvent, Opened, parse
from channels.slack.inbound import InboundHandler
from channels.slack.indicators import Indicators
from channels.slack.settings import SlackSettings
from channels.slack.setup_check import check
from channels.slack.socket_mode import listen
from channels.slack.users import UserCache
from channels.slack.webhook import SlackWebhook

log = structlog.get_logger()


class SlackChannel:
    """Direct messages, mentions and threads in Slack, over Socket Mode or HTTP events."""

    name = "slack"
    #: Slack lets out about a message a second to each channel, with short bursts, and some hundreds a minute in all.
    limits = (SendLimit(count=5, seconds=5, per="chat"), SendLimit(count=300, seconds=60))

    def __init__(self, settings: SlackSettings, host: Host) -> None:
        self._settings = settings
        self._client = make_client(settings.bot_token.get_secret_value(), settings.base_url, settings.timeout)
        # Bolt and Socket Mode say for each call which token it is made with.
        self._app_client = make_client(None, settings.base_url, settings.timeout)
        self._delivery = SlackDelivery(self._client, time.time)
        self._indicators = Indicators(self._client, settings)
        users = UserCache(self._client, time.monotonic)
        self._inbound = InboundHandler(host, users, self.name, agent_view=settings.agent_view)
        self._identity: AuthorizeResult | None = None
        self._app = AsyncApp(
            name="answerdesk",
            logger=LOGGER,
            client=self._app_client,
            authorize=_authorizing(self._who_we_are),
            request_verification_enabled=False,  # the webhook has verified it, and counted what it refused
            process_before_response=True,  # acknowledged only when it is stored
        )
        # A middleware and not listeners: whatever Slack sends is taken here, so that no kind of event is answered 404.
        self._app.use(self._take)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], host: Host) -> Self:
        """Make the channel from `channels.slack`; BadSettings names the key that is wrong."""
        return cls(SlackSettings.read(settings), host)

    @property
    def exclusive_resource(self) -> str | None:
        """With Socket Mode the app's id: of several connections Slack would choose one for each event."""
        if self._settings.mode == "http" or self._settings.app_token is None:
            return None
        app = re.match(r"xapp-\d+-([A-Z0-9]+)-", self._settings.app_token.get_secret_value())
        return f"slack:{app[1]}" if app else "slack"

    def routes(self) -> Sequence[BaseRoute]:
        """With HTTP events, where Slack delivers them."""
        secret = self._settings.signing_secret
        if self._settings.mode == "socket" or secret is None:
            return []
        webhook = SlackWebhook(self._app, secret.get_secret_value(), self.name)
        return [Route("/webhooks/slack", webhook.serve, methods=["POST"])]

    async def run(self) -> None:
        """Take messages in until cancelled; raises where Slack cannot be reached, to be run again."""
        await self._who_we_are()
        if self._settings.mode == "http" or self._settings.app_token is None:
            await asyncio.Event().wait()
            return
        app_token = self._settings.app_token.get_secret_value()
        await listen(self._app, self._app_client, app_token, ping_interval=self._settings.ping_interval)

    async def send(self, message: Outbound) -> str:
        """Post one message; where it was tried before without an answer, only what is not there yet."""
        sent = await self._delivery.deliver(message)
        self._indicators.answered(message.address)
        return sent

    async def check(self) -> Sequence[CheckResult]:
        """Ask Slack about the tokens and their rights; nothing is changed."""
        return await check(self._settings, self._client, self._app_client)

    async def _take(self, body: dict[str, Any]) -> BoltResponse:
        """Take one thing that happened; anything but 200 makes Slack tell it again."""
        happened = parse(body, bot=await self._bot_user())
        try:
            match happened:
                case MessageEvent():
                    place = await self._inbound.on_message(happened)
                    if place is not None:
                        self._indicators.working(place, happened.spot)
                case ButtonPress():
                    await self._inbound.on_button(happened)
                    self._indicators.pressed(happened)
                case Opened():
                    self._indicators.opened(happened)
                case Ignored(why=why):
                    log.debug("slack_ignored", why=why)
        except NotStored:
            return BoltResponse(status=503)
        return BoltResponse(status=200)

    async def _who_we_are(self) -> AuthorizeResult:
        if self._identity is None:
            told = await self._client.auth_test()
            self._identity = AuthorizeResult(
                enterprise_id=told.get("enterprise_id"),
                team_id=told.get("team_id"),
                bot_id=told.get("bot_id"),
                bot_user_id=told.get("user_id"),
                bot_token=self._settings.bot_token.get_secret_value(),
            )
        return self._identity

    async def _bot_user(self) -> str:
        return (await self._who_we_are()).bot_user_id or ""


def _authorizing(who: Callable[[], Awaitable[AuthorizeResult]]) -> Callable[[], Awaitable[AuthorizeResult]]:
    """The bot's identity, as Bolt asks for it; NotStored where Slack does not tell: Bolt would lose the event."""

    async def authorize() -> AuthorizeResult:
        try:
            return await who()
        except SDK_ERRORS as error:
            raise NotStored("Slack does not say who the bot is, and so not what is its own.") from error

    return authorize
