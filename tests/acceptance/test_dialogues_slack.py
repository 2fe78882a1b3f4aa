"""The dialogues of dialogues.yaml in Slack: the whole path over real HTTP and WebSockets, against the stand-in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.conversation.phrases import LANGUAGES, phrases_for
from channels.testing import Fate, served
from channels.testing.platform_contract import until
from channels.testing.slack.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackWorkspace
from tests.acceptance.player import PAGES, QUIET, Player, dialogues, is_burst
from tests.acceptance.stage import Stage, staged

#: What Slack has no way to express.
LEFT_OUT = {"an empty message is refused and the conversation goes on": "Slack takes no empty message"}
DIALOGUES = dialogues(without=LEFT_OUT)
BY_SOCKET = {"app_token": APP_TOKEN, "ping_interval": 1}
BY_HTTP = {"mode": "http", "signing_secret": SIGNING_SECRET}
LABELS = phrases_for("en").labels()
#: Buttons under answers, in every language.
OURS = frozenset(label for language in LANGUAGES for label in astuple(phrases_for(language).labels()))


class SlackStage:
    """The application with the Slack channel, and the workspace it is in."""

    def __init__(self, stage: Stage, slack: SlackWorkspace) -> None:
        self.stage = stage
        self.slack = slack
        self._numbers = count(1)

    def customer(self, locale: str | None = None) -> "Customer":
        return Customer(self, f"customer{next(self._numbers)}", locale)


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


class Customer(Player):
    """Writes direct messages, and presses what is under the answers."""

    channel = "slack"
    ours = OURS

    def __init__(self, stage: SlackStage, name: str, locale: str | None) -> None:
        super().__init__(stage.stage, stage.slack, name)
        self._slack = stage.slack
        if locale:
            self._slack.api.locales[self.number] = locale

    @property
    def number(self) -> str:
        return self._slack.chats.user(self.name)

    def says_helped(self, *, helped: bool) -> None:
        self._slack.presses(self.name, LABELS.helped if helped else LABELS.not_helped)

    def asks_for_a_human(self) -> None:
        self._slack.presses(self.name, LABELS.human)


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES.keys())
def test_dialogue(request: pytest.FixtureRequest, dialogue: dict[str, Any]) -> None:
    stage: SlackStage = request.getfixturevalue("patient_stage" if is_burst(dialogue) else "slack_stage")
    stage.customer(dialogue.get("locale")).plays_all(dialogue)


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
    dialogue = DIALOGUES[name]
    socket_stage.customer(dialogue.get("locale")).plays_all(dialogue)


def test_the_buttons_speak_the_customers_language(slack_stage: SlackStage) -> None:
    customer = slack_stage.customer("sv-SE")
    customer.plays({"says": "Hur laddar jag batteriet?", "hears": ["Stäng av cykeln"]})

    [heard] = slack_stage.slack.heard(customer.name)
    assert heard.buttons == ("Det hjälpte", "Det hjälpte inte", "Prata med en människa")
    slack_stage.slack.presses(customer.name, "Prata med en människa")
    until(lambda: slack_stage.stage.cases(customer.number))


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
    until(lambda: slack_stage.stage.is_settled("slack", f"C1/{thread}", heard=2))
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
    until(deleted.is_settled)
    assert slack.heard(deleted.name) == []


def test_what_slack_refuses_for_good_goes_to_an_agent(slack_stage: SlackStage) -> None:
    customer = slack_stage.customer()
    slack_stage.slack.fails_next(Fate(name="blocked"))
    slack_stage.slack.says(customer.name, "How do I reset the display?")
    until(lambda: slack_stage.stage.cases(customer.number))

    [case] = slack_stage.stage.cases(customer.number)
    assert case.reason == "undelivered"
