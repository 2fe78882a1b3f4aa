"""Checks of what must be right at X for the channel to work, told in plain words."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from channels.errors import DeliveryFailed
from channels.health import CheckResult
from channels.x.client import XApi
from channels.x.direct_messages import Transport
from channels.x.settings import XSettings
from channels.x.webhook import PATH


async def check(settings: XSettings, api: XApi, transport: Transport) -> Sequence[CheckResult]:
    """The account, what its token may do, and how X is to tell of messages; what a failure hides is not looked at."""
    return [finding async for finding in _look(settings, api, transport)]


async def _look(settings: XSettings, api: XApi, transport: Transport) -> AsyncIterator[CheckResult]:
    try:
        account, level = await api.access_level()
    except DeliveryFailed as error:
        cure = (
            "Copy the app's keys and the account's token from X's developer console once more, into channels.x; where "
            "X is in trouble or was asked too often, check again later."
        )
        yield CheckResult(subject="x", message=f"X does not know the account by these keys: {error}.", remedy=cure)
        return
    yield _account(settings, account.get("data") or {})
    if level is not None:
        yield _permission(level)
    if settings.mode == "polling":
        yield await _reading(transport, settings)
    elif settings.bearer_token is None:
        cure = "Give channels.x.bearer_token, the app's own token, and check again."
        yield CheckResult(
            subject="x", message="Whether X tells of messages cannot be seen without the app's token.", remedy=cure
        )
    else:
        try:
            async for finding in _telling(settings, api, transport):
                yield finding
        except DeliveryFailed as error:
            cure = "Copy the app's bearer token from X's developer console once more, into channels.x.bearer_token."
            yield CheckResult(subject="x", message=f"X does not answer the app: {error}.", remedy=cure)


def _account(settings: XSettings, account: Mapping[str, Any]) -> CheckResult:
    name, number = account.get("username"), account.get("id")
    if number == settings.account_id:
        return CheckResult(subject="x", message=f"The keys are those of @{name}.")
    cure = f'Set channels.x.account_id = "{number}", or give the keys of the account {settings.account_id}.'
    return CheckResult(subject="x", message=f"The keys are those of @{name}, whose number is {number}.", remedy=cure)


def _permission(level: str) -> CheckResult:
    if "directmessages" in level:
        return CheckResult(subject="x", message="The token may read and send direct messages.")
    cure = 'Set the app\'s permissions to "Read and write and Direct message", then make the access token again.'
    return CheckResult(subject="x", message=f"The token may not send direct messages; it may {level}.", remedy=cure)


async def _reading(transport: Transport, settings: XSettings) -> CheckResult:
    try:
        await transport.exchanged(settings.account_id)
    except DeliveryFailed as error:
        cure = "Wait if a limit is used up; else give the app access to direct messages."
        return CheckResult(subject="x", message=f"Messages cannot be read: {error}.", remedy=cure)
    return CheckResult(subject="x", message="Messages can be read.")


async def _telling(settings: XSettings, api: XApi, transport: Transport) -> AsyncIterator[CheckResult]:
    webhook = None
    if settings.mode == "webhook":
        webhooks = (await api.get("/2/webhooks", as_app=True)).get("data") or ()
        webhook = next((each for each in webhooks if str(each.get("url", "")).endswith(PATH)), None)
        yield _webhook(webhook)
        if webhook is None:
            return
    held = (await api.get("/2/activity/subscriptions", as_app=True)).get("data") or ()
    for event in sorted(transport.event_types):
        ours = [
            each
            for each in held
            if each.get("event_type") == event and each.get("filter", {}).get("user_id") == settings.account_id
        ]
        yield _subscription(settings, event, ours, webhook)


def _webhook(webhook: Mapping[str, Any] | None) -> CheckResult:
    if webhook is None:
        cure = f'Start the server, then register it: POST /2/webhooks with {{"url": "https://YOUR-HOST{PATH}"}}.'
        return CheckResult(subject="x", message=f"X knows no webhook that ends in {PATH}.", remedy=cure)
    if webhook.get("valid") is False:
        cure = f"Start the server, see that {webhook['url']} is reached, and PUT /2/webhooks/{webhook.get('id')}."
        return CheckResult(
            subject="x", message=f"X does not call {webhook['url']}: its last challenge failed.", remedy=cure
        )
    return CheckResult(subject="x", message=f"X calls {webhook['url']}.")


def _subscription(
    settings: XSettings, event: str, ours: Sequence[Mapping[str, Any]], webhook: Mapping[str, Any] | None
) -> CheckResult:
    wanted = {"event_type": event, "filter": {"user_id": settings.account_id}}
    if webhook is not None:
        wanted["webhook_id"] = str(webhook.get("id"))
    if not any(webhook is None or each.get("webhook_id") == webhook.get("id") for each in ours):
        body = str(wanted).replace("'", '"')
        cure = f"Subscribe with the account's OAuth 2 token: POST /2/activity/subscriptions with {body}."
        return CheckResult(subject="x", message=f"X is not asked to tell of {event}.", remedy=cure)
    return CheckResult(subject="x", message=f"X tells of {event}.")
