from typing import Any

import pytest

from channels.errors import BadSettings
from channels.slack.channel import SlackChannel
from channels.slack.settings import SlackSettings
from channels.testing import MemoryHost

SOCKET = {"bot_token": "xoxb-1-secret", "app_token": "xapp-1-A0APP-2-secret"}
HTTP = {"mode": "http", "bot_token": "xoxb-1-secret", "signing_secret": "secret"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "channels.slack.bot_token: missing"),
        (SOCKET | {"bot_token": "  "}, "channels.slack.bot_token: .*empty"),
        (SOCKET | {"app_token": None}, 'channels.slack.app_token: missing; with mode = "socket"'),
        (HTTP | {"signing_secret": None}, 'channels.slack.signing_secret: missing; with mode = "http"'),
        (
            SOCKET | {"bot_token": "xapp-1-secret"},
            'channels.slack.bot_token: what begins with "xapp-" belongs into app_',
        ),
        (HTTP | {"signing_secret": "xoxb-1-secret"}, "channels.slack.signing_secret: .* belongs into bot_token"),
        (SOCKET | {"mode": "rtm"}, "channels.slack.mode: Input should be 'socket' or 'http'"),
        (SOCKET | {"base_url": "slack.com/api"}, r"channels.slack.base_url: .*Web API"),
        (SOCKET | {"suggestions": ["a", "b", "c", "d", "e"]}, "channels.slack.suggestions: "),
        (SOCKET | {"suggestions": ["x" * 76]}, r"channels.slack.suggestions.0: "),
        (SOCKET | {"timeout": 60}, "channels.slack.timeout: "),
        ({"no_such": 1}, "channels.slack.no_such: no such setting; there are: mode, bot_token"),
    ],
)
def test_a_wrong_setting_is_named_and_no_secret_is_shown(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(BadSettings, match=said) as refused:
        SlackSettings.read(settings)
    assert "secret" not in str(refused.value).replace("signing_secret", "")
    assert refused.value.__context__ is None


def test_tokens_are_shown_as_stars() -> None:
    assert "secret'" not in repr(SlackSettings.read(SOCKET))


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/api", "http://127.0.0.1:9/api/"])
def test_the_address_of_the_web_api_ends_with_a_slash(url: str) -> None:
    assert SlackSettings.read(SOCKET | {"base_url": url}).base_url == "http://127.0.0.1:9/api/"


@pytest.mark.parametrize(
    ("settings", "exclusive_resource"),
    [(SOCKET, "slack:A0APP"), (SOCKET | {"app_token": "another"}, "slack"), (HTTP, None)],
)
def test_one_process_reads_a_socket_and_any_take_requests(
    settings: dict[str, Any], exclusive_resource: str | None
) -> None:
    channel = SlackChannel.from_settings(settings, MemoryHost())
    assert channel.exclusive_resource == exclusive_resource
    assert len(channel.routes()) == (1 if settings is HTTP else 0)
