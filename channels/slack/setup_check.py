"""Checks that Slack takes our tokens and grants the rights that the channel needs, in plain words."""

from collections.abc import Sequence

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from channels.errors import TemporaryFailure
from channels.health import CheckResult
from channels.slack.client import SDK_ERRORS, delivery_error, error_code, is_refused
from channels.slack.settings import SlackSettings

#: What each right of the bot's token is for. The manifests below deploy/ ask for all of them.
SCOPES = {
    "app_mentions:read": "to hear when it is called by name",
    "channels:history": "to follow its threads in public channels",
    "chat:write": "to answer",
    "files:read": "to hear of files that customers send",
    "groups:history": "to follow its threads in private channels",
    "im:history": "to read direct messages",
    "mpim:history": "to follow its threads in group messages",
    "reactions:write": "to show that a direct message was seen",
    "users:read": "to know customers' names and languages",
}
#: Slack gives it only to apps with the agent view.
AGENT_SCOPE = "assistant:write"

_PAGES = "at https://api.slack.com/apps, page"
_COPY_AGAIN = f'Copy it again from your app {_PAGES} "OAuth & Permissions".'
_INSTALL = f'Add them {_PAGES} "OAuth & Permissions" (or paste the manifest again), and reinstall the app.'
_CONNECT = f'Make one {_PAGES} "Basic Information", "App-Level Tokens", with connections:write.'


async def check(settings: SlackSettings, bot: AsyncWebClient, app: AsyncWebClient) -> Sequence[CheckResult]:
    """Ask Slack about the tokens and their rights; nothing is changed."""
    found = await _bot(settings, bot)
    if settings.mode == "socket":
        found.append(await _socket(settings, app))
    else:
        found.append(
            CheckResult(
                subject="slack",
                message="Events come by HTTP. Slack itself tells whether it reaches you: both request URLs must end "
                'with /webhooks/slack, at your app\'s pages "Event Subscriptions" and "Interactivity & Shortcuts".',
            )
        )
    return found


async def _bot(settings: SlackSettings, client: AsyncWebClient) -> list[CheckResult]:
    try:
        answer = await client.auth_test()
    except SDK_ERRORS as error:
        return [_failed(settings, error, "Slack does not take bot_token", _COPY_AGAIN)]
    if not answer.get("bot_id"):
        cure = 'Use the "Bot User OAuth Token", which begins with xoxb-.'
        return [CheckResult(subject="slack", message="bot_token is a person's token, not a bot's.", remedy=cure)]
    name, team = answer.get("user"), answer.get("team")
    given = _scopes(answer.headers)
    return [
        CheckResult(subject="slack", message=f"The bot is @{name} in {team}."),
        *_rights(given, agent_view=settings.agent_view),
    ]


def _scopes(headers: object) -> set[str]:
    items = dict(headers).items() if hasattr(headers, "keys") else ()  # type: ignore[call-overload]
    given = next((value for name, value in items if str(name).lower() == "x-oauth-scopes"), "")
    return {each.strip() for each in str(given).split(",") if each.strip()}


def _rights(given: set[str], *, agent_view: bool) -> list[CheckResult]:
    if not given:
        return [CheckResult(subject="slack", message="Slack did not say which rights the token has.")]
    wanted = SCOPES | ({AGENT_SCOPE: "to show suggestions"} if agent_view else {})
    missing = [f"{scope} ({why})" for scope, why in wanted.items() if scope not in given]
    if missing:
        return [CheckResult(subject="slack", message=f"Rights are missing: {', '.join(missing)}.", remedy=_INSTALL)]
    return [CheckResult(subject="slack", message="It has all rights it needs.")]


async def _socket(settings: SlackSettings, client: AsyncWebClient) -> CheckResult:
    assert settings.app_token is not None
    try:
        await client.apps_connections_open(app_token=settings.app_token.get_secret_value())
    except SDK_ERRORS as error:
        return _failed(settings, error, "Slack opens no connection with app_token", _CONNECT)
    return CheckResult(subject="slack", message="Slack opens connections for Socket Mode.")


def _failed(settings: SlackSettings, error: Exception, what: str, cure: str) -> CheckResult:
    """A refusal, or else that Slack was not reached or is in trouble, which no other token would change."""
    if not isinstance(error, SlackApiError):
        cure = f"Check base_url, and the network from here to {settings.base_url}."
        return CheckResult(
            subject="slack", message=f"Slack was not reached: {str(error) or type(error).__name__}.", remedy=cure
        )
    if isinstance(delivery_error(error), TemporaryFailure) and not is_refused(error):
        cure = f"Try again in a minute; else check base_url, {settings.base_url}."
        return CheckResult(
            subject="slack", message=f"Slack did not answer as it should: {error_code(error)}.", remedy=cure
        )
    return CheckResult(subject="slack", message=f"{what}: {error_code(error)}.", remedy=cure)
