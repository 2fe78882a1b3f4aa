"""The manifest asks Slack for what the channel needs, and for nothing else."""

from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from channels.slack.setup_check import AGENT_SCOPE, SCOPES

ROOT = Path(__file__).parents[2]
MANIFEST, WITH_AGENT_VIEW = (
    yaml.safe_load((ROOT / "deploy" / name).read_text("utf-8"))
    for name in ("slack-manifest.yaml", "slack-manifest-agent.yaml")
)
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
    assert MANIFEST["oauth_config"]["scopes"] == {"bot": sorted(SCOPES)}


def test_the_agent_view_is_all_that_the_other_adds() -> None:
    without = deepcopy(WITH_AGENT_VIEW)
    view = without["features"].pop("agent_view")
    assert len(view["agent_description"]) <= 300
    without["oauth_config"]["scopes"]["bot"].remove(AGENT_SCOPE)
    assert without == MANIFEST


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


@pytest.mark.parametrize("name", ["slack-manifest.yaml", "slack-manifest-agent.yaml"])
def test_the_page_leads_to_it(name: str) -> None:
    assert f"(../deploy/{name})" in (ROOT / "docs" / "slack.md").read_text("utf-8")
