"""Slack's adapter at work in a stand-in workspace."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from channels.channel import Host
from channels.slack.channel import SlackChannel
from channels.testing import Running, served
from channels.testing.platform_contract import until
from channels.testing.slack.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackWorkspace


def http_settings(platform_url: str) -> dict[str, Any]:
    return {
        "mode": "http",
        "bot_token": BOT_TOKEN,
        "signing_secret": SIGNING_SECRET,
        "base_url": f"{platform_url}/api/",
        "timeout": 1,
    }


def socket_settings(platform_url: str) -> dict[str, Any]:
    return {
        "bot_token": BOT_TOKEN,
        "app_token": APP_TOKEN,
        "base_url": f"{platform_url}/api/",
        "timeout": 1,
        "ping_interval": 0.2,
    }


@contextmanager
def by_http(slack: SlackWorkspace, host: Host, **more: Any) -> Iterator[Running]:
    with _running(slack, host, http_settings, more) as running:
        slack.delivers_to(lambda: running.url)
        yield running


@contextmanager
def by_socket(slack: SlackWorkspace, host: Host, **more: Any) -> Iterator[Running]:
    with _running(slack, host, socket_settings, more) as running:
        until(lambda: slack.sockets.opened)
        yield running


@contextmanager
def _running(slack: SlackWorkspace, host: Host, settings: Any, more: Mapping[str, Any]) -> Iterator[Running]:
    with (
        served(slack.app) as server,
        Running(SlackChannel.from_settings, settings(server.url) | more, host) as running,
    ):
        yield running
        assert slack.complaints == []
