"""The manifest asks Slack for what the channel needs, and for nothing else."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from channels.slack_check import AGENT_SCOPE, SCOPES

ROOT = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "slack-manifest.yaml").read_text("utf-8"))
#: What each kind of event needs to be told, by Slack's reference of events.
NEEDS = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}


def test_it_asks_for_the_rights_that_are_checked() -> None:
    assert MANIFEST["oauth_config"]["scopes"] == {"bot": sorted({*SCOPES, AGENT_SCOPE})}


def test_it_asks_for_the_events_that_are_read_and_the_rights_they_need() -> None:
    assert MANIFEST["settings"]["event_subscriptions"]["bot_events"] == sorted(NEEDS)
    assert {need for need in NEEDS.values() if need} <= set(SCOPES)


def test_it_switches_on_what_the_channel_uses() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"] is True
    assert MANIFEST["features"]["app_home"]["messages_tab_read_only_enabled"] is False


@pytest.mark.parametrize(("field", "longest"), [("name", 35), ("description", 140)])
def test_its_texts_are_as_long_as_slack_takes(field: str, longest: int) -> None:
    assert len(MANIFEST["display_information"][field]) <= longest
    assert len(MANIFEST["features"]["agent_view"]["agent_description"]) <= 300


def test_the_page_leads_to_it() -> None:
    assert "(../deploy/slack-manifest.yaml)" in (ROOT / "docs" / "slack.md").read_text("utf-8")
