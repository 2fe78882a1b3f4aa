"""What `channels check x` tells of an account at X: what is right, what is wrong, and what to do."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from channels.health import CheckResult
from channels.testing import MemoryHost, served
from channels.testing.x.platform import ACCOUNT, XPlatform
from channels.x.channel import XChannel
from tests.contract.test_x_channel import section

WEBHOOK = {"id": "7", "url": "https://help.example.com/webhooks/x", "valid": True}
SUBSCRIPTION = {"event_type": "dm.received", "filter": {"user_id": ACCOUNT}, "webhook_id": "7"}


@pytest.fixture
def platform() -> XPlatform:
    platform = XPlatform()
    platform.api.webhooks.append(dict(WEBHOOK))
    platform.api.subscriptions.append(dict(SUBSCRIPTION))
    return platform


@pytest.fixture
def url(platform: XPlatform) -> Iterator[str]:
    with served(platform.app) as server:
        yield server.url


def check(url: str, **more: Any) -> list[CheckResult]:
    async def look() -> list[CheckResult]:
        return list(await XChannel.from_settings(section(url, **more), MemoryHost()).check())

    return asyncio.run(look())


@pytest.mark.parametrize("mode", ["webhook", "stream", "polling"])
def test_where_all_is_right_nothing_is_to_be_done(url: str, mode: str) -> None:
    findings = check(url, mode=mode)
    assert all(finding.ok and not finding.remedy for finding in findings), findings
    assert "The keys are those of @help." in [finding.message for finding in findings]


def test_keys_that_x_does_not_know_are_told_first_and_alone(url: str) -> None:
    [finding] = check(url, access_token_secret="another")
    assert not finding.ok
    assert "developer console" in (finding.remedy or "")


def test_another_accounts_keys_are_told_with_their_number(url: str) -> None:
    [wrong] = [finding for finding in check(url, account_id="12", mode="polling") if not finding.ok]
    assert f'channels.x.account_id = "{ACCOUNT}"' in (wrong.remedy or "")


def test_a_token_that_may_not_send_is_told(platform: XPlatform, url: str) -> None:
    platform.api.access_level = "read-write"
    [wrong] = [finding for finding in check(url) if not finding.ok]
    assert "make the access token again" in (wrong.remedy or "")


def test_a_webhook_that_is_missing_or_failed_is_told(platform: XPlatform, url: str) -> None:
    platform.api.webhooks[0]["valid"] = False
    [wrong] = [finding for finding in check(url) if not finding.ok]
    assert "PUT /2/webhooks/7" in (wrong.remedy or "")
    platform.api.webhooks.clear()
    [wrong] = [finding for finding in check(url) if not finding.ok]
    assert "POST /2/webhooks" in (wrong.remedy or "")


@pytest.mark.parametrize(
    "change", [{"event_type": "post.create"}, {"filter": {"user_id": "1"}}, {"webhook_id": "8"}], ids=str
)
def test_a_subscription_that_is_for_something_else_does_not_count(
    platform: XPlatform, url: str, change: dict[str, Any]
) -> None:
    platform.api.subscriptions[0].update(change)
    [wrong] = [finding for finding in check(url) if not finding.ok]
    assert '{"event_type": "dm.received", "filter": {"user_id": "1500000000000000001"}, "webhook_id": "7"}' in (
        wrong.remedy or ""
    )


def test_without_the_apps_token_it_says_what_cannot_be_seen(url: str) -> None:
    [wrong] = [finding for finding in check(url, bearer_token=None) if not finding.ok]
    assert "bearer_token" in (wrong.remedy or "")
