"""The dialogues of dialogues.yaml in Slack: the whole path over real HTTP and WebSockets, against the stand-in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import structlog
import yaml

from bot.testing import Page
from channels.slack_words import WORDS
from channels.testing import Fate, Heard, served
from channels.testing.platform_contract import until
from channels.testing.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackWorkspace
from tests.acceptance.stage import Stage, staged

TABLE = yaml.safe_load(Path(__file__).with_name("dialogues.yaml").read_text("utf-8"))
PAGES = [Page(**page) for page in TABLE["pages"]]
#: What Slack has no way to express.
LEFT_OUT = {"an empty message is refused and the conversation goes on": "Slack takes no empty message"}
DIALOGUES = {each["name"]: each for each in TABLE["dialogues"] if each["name"] not in LEFT_OUT}
BY_SOCKET = {"app_token": APP_TOKEN, "ping_interval": 1}
BY_HTTP = {"mode": "http", "signing_secret": SIGNING_SECRET}
QUIET = 2.0
EN = WORDS["en"]


class SlackStage:
    """The application with the Slack channel, and the workspace it is in."""

    def __init__(self, stage: Stage, slack: SlackWorkspace) -> None:
        self.stage = stage
        self.slack = slack
        self._numbers = count(1)

    def customer(self, locale: str | None = None) -> "Customer":
        return Customer(self, f"customer{next(self._numbers)}", locale)

    def is_settled(self, address: str, heard: int) -> bool:
        """Whether nothing is owed in a conversation in which so much was heard."""
        host = self.stage.app.host
        if self.stage.run(host.status("slack", address)).pending:
            return False
        said = [line for line in self.stage.run(host.lines("slack", address)) if line.author != "customer"]
        return len(said) == heard


@pytest.fixture(scope="module")
def slack_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackStage]:
    with _staged(tmp_path_factory.mktemp("slack"), BY_HTTP) as stage:
        yield stage


@pytest.fixture(scope="module")
def socket_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackStage]:
    with _staged(tmp_path_factory.mktemp("slack-socket"), BY_SOCKET) as stage:
        yield stage


@pytest.fixture(scope="module")
def patient_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackStage]:
    with _staged(tmp_path_factory.mktemp("patient-slack"), BY_HTTP, quiet=QUIET) as stage:
        yield stage


@contextmanager
def _staged(folder: Path, settings: dict[str, Any], *, quiet: float = 0.0) -> Iterator[SlackStage]:
    slack = SlackWorkspace()
    with served(slack.app) as platform:
        section = {"bot_token": BOT_TOKEN, "base_url": f"{platform.url}/api/", **settings}
        with staged(folder, PAGES, quiet=quiet, channels={"slack": section}, limits={"slack": ()}) as (stage, server):
            if settings.get("mode") == "http":
                slack.delivers_to(lambda: server.url)
            yield SlackStage(stage, slack)
    assert slack.complaints == []


class Customer:
    """Plays a dialogue's steps in direct messages and checks what comes back."""

    def __init__(self, stage: SlackStage, name: str, locale: str | None) -> None:
        self._stage = stage
        self._slack = stage.slack
        self.name = name
        self._seen = 0
        if locale:
            self._slack.api.locales[self.user] = locale

    @property
    def user(self) -> str:
        return self._slack.chats.user(self.name)

    def plays(self, step: dict[str, Any]) -> None:
        self._acts(step)
        replies = self._hears(len(step["hears"]))
        texts = [" ".join(reply.text.replace("’", "'").split()) for reply in replies]
        assert len(texts) == len(step["hears"]), texts
        for text, piece in zip(texts, step["hears"], strict=True):
            assert piece in text
        if "sources" in step:
            found = [re.findall(r"^Source: (.+?) · ", reply.text, re.MULTILINE) for reply in replies]
            assert [title for each in found for title in each] == step["sources"]
        if "choices" in step:
            ours = {EN.helped, EN.not_helped, EN.human}
            assert [label for label in replies[-1].buttons if label not in ours] == step["choices"]

    def _acts(self, step: dict[str, Any]) -> None:
        if "says" in step:
            self._slack.says(self.name, step["says"])
        for text in step.get("burst", ()):
            self._slack.says(self.name, text)
        if "presses" in step:
            self._slack.presses(self.name, step["presses"])
        if "helped" in step:
            self._slack.presses(self.name, EN.helped if step["helped"] else EN.not_helped)
        if "human" in step:
            self._slack.presses(self.name, EN.human)
        if "sends_file" in step:
            self._slack.sends_file(self.name, step["sends_file"])

    def _hears(self, least: int) -> list[Heard]:
        """What came since, once nothing is owed any more."""
        address = self._slack.address(self.name)

        def is_all() -> bool:
            heard = len(self._slack.heard(self.name))
            return heard >= self._seen + least and self._stage.is_settled(address, heard)

        until(is_all)
        new = list(self._slack.heard(self.name))[self._seen :]
        self._seen += len(new)
        return new


def _plays(stage: SlackStage, dialogue: dict[str, Any]) -> None:
    customer = stage.customer(dialogue.get("locale"))
    for step in dialogue["steps"]:
        customer.plays(step)
    cases, expected = stage.stage.cases(customer.user), dialogue.get("case")
    if expected is None:
        assert cases == []
        return
    [case] = cases
    assert case.reason == expected["reason"]
    assert case.question == expected.get("question", case.question)
    for piece in expected.get("detail", ()):
        assert case.receipt is not None
        assert piece in (case.receipt.detail or "")


def test_what_is_left_out_is_in_the_table() -> None:
    assert set(LEFT_OUT) <= {dialogue["name"] for dialogue in TABLE["dialogues"]}


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES.keys())
def test_dialogue(request: pytest.FixtureRequest, dialogue: dict[str, Any]) -> None:
    is_burst = any("burst" in step for step in dialogue["steps"])
    _plays(request.getfixturevalue("patient_stage" if is_burst else "slack_stage"), dialogue)


@pytest.mark.parametrize(
    "name",
    [
        "clarify, then a button",
        "the button says it did not help, and the offer is pressed",
        "a human by the button",
        "a file without words",
        "Swedish question, Swedish page",
    ],
)
def test_dialogue_over_socket_mode(socket_stage: SlackStage, name: str) -> None:
    _plays(socket_stage, DIALOGUES[name])


def test_a_channel_thread_stays_with_the_bot_without_a_new_mention(slack_stage: SlackStage) -> None:
    slack = slack_stage.slack
    slack.writes("ada", "C1", "Lunch?")
    thread = slack.mentions("ada", "C1", "how do I switch alerts on?")
    until(lambda: len(slack.heard_in("C1", thread)) == 1)
    slack.writes("ada", "C1", "and with a watch?", thread=thread)
    until(lambda: len(slack.heard_in("C1", thread)) == 2)
    other = slack.writes("bo", "C1", "is the display frozen?")
    slack.writes("bo", "C1", "it is", thread=other)

    first, second = slack.heard_in("C1")
    assert "Choose Alerts in the app" in first.text
    assert "A watch buzzes" in second.text
    until(lambda: slack_stage.is_settled(f"C1/{thread}", 2))
    assert len(slack.heard_in("C1")) == 2


@pytest.mark.parametrize("settings", [BY_HTTP, BY_SOCKET], ids=["http", "socket"])
def test_a_thread_is_still_known_after_a_restart(tmp_path: Path, settings: dict[str, Any]) -> None:
    slack = SlackWorkspace()
    with served(slack.app) as platform:
        section = {"bot_token": BOT_TOKEN, "base_url": f"{platform.url}/api/", **settings}
        with staged(tmp_path, PAGES, channels={"slack": section}, limits={"slack": ()}) as (_, server):
            if settings is BY_HTTP:
                slack.delivers_to(lambda: server.url)
            thread = slack.mentions("ada", "C1", "how do I switch alerts on?")
            until(lambda: len(slack.heard_in("C1", thread)) == 1)
            server.stop()
            server.start()
            slack.writes("ada", "C1", "and with a watch?", thread=thread)
            until(lambda: len(slack.heard_in("C1", thread)) == 2)
    assert slack.complaints == []


def test_a_connection_that_does_not_come_back_is_made_anew(tmp_path: Path) -> None:
    with _staged(tmp_path, BY_SOCKET | {"ping_interval": 0.1}) as stage, structlog.testing.capture_logs() as logs:
        until(lambda: stage.slack.sockets.living(0.1))
        stage.slack.api.refuses["apps.connections.open"] = "internal_error"
        stage.slack.sockets.breaks_off()
        until(lambda: any(log["event"] == "channel_failed" for log in logs))
        stage.slack.api.refuses.clear()
        stage.customer().plays({"says": "How do I reset the display?", "hears": ["Hold both buttons"]})


def test_edited_and_deleted_messages_change_what_is_answered(patient_stage: SlackStage) -> None:
    slack = patient_stage.slack
    edited, deleted = patient_stage.customer(), patient_stage.customer()
    message = slack.says(edited.name, "How do I charge the battery?")
    slack.edits(edited.name, message, "How do I reset the display?")
    message = slack.says(deleted.name, "How do I charge the battery?")
    slack.deletes(deleted.name, message)
    until(lambda: slack.heard(edited.name))

    [heard] = slack.heard(edited.name)
    assert "Hold both buttons" in heard.text
    until(lambda: patient_stage.is_settled(slack.address(deleted.name), 0))
    assert slack.heard(deleted.name) == []


def test_what_slack_refuses_for_good_goes_to_an_agent(slack_stage: SlackStage) -> None:
    customer = slack_stage.customer()
    slack_stage.slack.fails_next(Fate(name="blocked"))
    slack_stage.slack.says(customer.name, "How do I reset the display?")
    until(lambda: slack_stage.stage.cases(customer.user))

    [case] = slack_stage.stage.cases(customer.user)
    assert case.reason == "undelivered"
