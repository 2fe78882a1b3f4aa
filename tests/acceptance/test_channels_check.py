"""`answerdesk channels check slack`, as a maintainer runs it, against the stand-in."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from channels.slack.setup_check import SCOPES
from channels.testing import served
from channels.testing.slack.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackWorkspace

MAIN = "from bot.cli import main; main()"


@pytest.fixture
def slack() -> SlackWorkspace:
    slack = SlackWorkspace()
    slack.api.scopes = set(SCOPES)
    return slack


@pytest.fixture
def url(slack: SlackWorkspace) -> Iterator[str]:
    with served(slack.app) as server:
        yield f"{server.url}/api/"


def checked(folder: Path, section: dict[str, Any], *options: str, name: str = "slack") -> tuple[int, str, str]:
    config = folder / "answerdesk.toml"
    settings = "\n".join(f"{key} = {json.dumps(value)}" for key, value in section.items())
    config.write_text(f"[channels.slack]\n{settings}\n[channels.web]\n", "utf-8")
    command = [sys.executable, "-c", MAIN, "channels", "check", name, "--config", str(config), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def by_socket(url: str, **more: Any) -> dict[str, Any]:
    return {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "base_url": url, **more}


def test_all_is_well(tmp_path: Path, url: str) -> None:
    code, said, _ = checked(tmp_path, by_socket(url))
    assert code == 0
    assert said.splitlines() == [
        "ok  The bot is @helpbot in Stand-in.",
        "ok  It has all rights it needs.",
        "ok  Slack opens connections for Socket Mode.",
    ]


def test_by_http_it_says_what_slack_itself_tells(tmp_path: Path, url: str) -> None:
    section = {"mode": "http", "bot_token": BOT_TOKEN, "signing_secret": SIGNING_SECRET, "base_url": url}
    code, said, _ = checked(tmp_path, section)
    assert code == 0
    assert "/webhooks/slack" in said


def test_what_is_missing_is_named_with_its_cure(tmp_path: Path, url: str, slack: SlackWorkspace) -> None:
    slack.api.scopes = set(SCOPES) - {"im:history", "users:read"}
    code, said, _ = checked(tmp_path, by_socket(url, agent_view=True))
    assert code == 1
    assert "!!  Rights are missing: im:history (to read direct messages), users:read" in said
    assert "assistant:write (to show suggestions)" in said
    assert "reinstall the app" in said


def test_wrong_tokens_are_told_apart(tmp_path: Path, url: str) -> None:
    code, said, _ = checked(tmp_path, by_socket(url) | {"bot_token": "xoxb-0", "app_token": "xapp-0"}, "--json")
    found = json.loads(said)
    assert code == 1
    assert [each["ok"] for each in found] == [False, False]
    assert "bot_token: invalid_auth" in found[0]["what"]
    assert "connections:write" in found[1]["cure"]


def test_what_no_other_token_would_change_is_not_put_down_to_the_token(tmp_path: Path, url: str) -> None:
    code, said, _ = checked(tmp_path, by_socket(f"{url}elsewhere/"), "--json")
    found = json.loads(said)
    assert code == 1
    assert [each["what"] for each in found] == ["Slack did not answer as it should: status 404."] * 2
    assert all("base_url" in each["cure"] and "token" not in each["cure"] for each in found)


def test_a_platform_that_is_away_is_told(tmp_path: Path) -> None:
    code, said, _ = checked(tmp_path, by_socket("http://127.0.0.1:9/api/"))
    assert code == 1
    assert "Slack was not reached" in said


@pytest.mark.parametrize(
    ("section", "name", "named"),
    [
        ({"bot_token": "xoxb-0"}, "slack", "channels.slack.app_token"),
        ({"bot_token": "xoxb-0"}, "telegraph", "channels.telegraph"),
        ({"bot_token": "xoxb-0"}, "web", "channels.web"),
    ],
)
def test_what_cannot_be_checked_is_one_line(tmp_path: Path, section: dict[str, Any], name: str, named: str) -> None:
    code, said, told = checked(tmp_path, section, name=name)
    assert (code, said) == (2, "")
    assert len(told.splitlines()) == 1
    assert named in told
