"""The dialogues of dialogues.yaml on X: the whole path over real HTTP, by webhook, against the stand-in."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.conversation.case import HELD
from channels.testing import served
from channels.testing.platform_contract import until
from channels.testing.x.platform import ACCOUNT, XPlatform
from tests.acceptance.player import PAGES, QUIET, Player, dialogues, is_burst
from tests.acceptance.stage import Stage, staged

#: What X has no way to express.
LEFT_OUT = {
    "an empty message is refused and the conversation goes on": "X takes no empty message",
    "a choice is taken once": "there is no old button to press again; a number written later is a new message",
    "a suggestion, yes by button, once": "so too",
}
DIALOGUES = dialogues(without=LEFT_OUT)
MANY = 1_000_000


class XStage:
    """The application with the X channel, and the platform it talks to."""

    def __init__(self, stage: Stage, platform: XPlatform) -> None:
        self.stage = stage
        self.platform = platform
        self._customers = 0

    def customer(self) -> "Customer":
        self._customers += 1
        return Customer(self, f"customer-{self._customers}")


class Stages:
    """A stage for each way in which the dialogues need one, since X tells nobody's language: the settings do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._stages: dict[tuple[str | None, float], XStage] = {}

    def stage(self, locale: str | None, quiet: float) -> XStage:
        key = (locale, quiet)
        if key not in self._stages:
            folder = self._folder / f"{locale}-{quiet}"
            folder.mkdir()
            self._stages[key] = self._open.enter_context(_staged(folder, quiet=quiet, locale=locale))
        return self._stages[key]

    def close(self) -> None:
        self._open.close()


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stages]:
    stages = Stages(tmp_path_factory.mktemp("x"))
    yield stages
    stages.close()


@contextmanager
def _staged(folder: Path, *, quiet: float = 0.0, **more: Any) -> Iterator[XStage]:
    platform = XPlatform(more.get("mode", "webhook"))
    with served(platform.app) as x:
        section = {
            "account_id": ACCOUNT,
            "base_url": x.url,
            "sends_per_15_minutes": MANY,
            "sends_per_day": MANY,
            **platform.keys.settings(),
            **more,
        }
        with staged(folder, PAGES, quiet=quiet, channels={"x": section}) as (stage, server):
            platform.url = lambda: server.url
            if more.get("mode") == "stream":
                until(lambda: platform.api.streams.count)
            yield XStage(stage, platform)
    assert platform.complaints == []


class Customer(Player):
    """X has no buttons: everything is written."""

    channel = "x"

    def __init__(self, stage: XStage, name: str) -> None:
        super().__init__(stage.stage, stage.platform, name)
        self._x = stage.platform

    @property
    def number(self) -> str:
        return self._x.customer(self.name)

    def says_helped(self, *, helped: bool) -> None:
        self._x.says(self.name, "helped" if helped else "No.")

    def asks_for_a_human(self) -> None:
        self._x.says(self.name, "human")


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES.keys())
def test_dialogue(stages: Stages, dialogue: dict[str, Any]) -> None:
    stage = stages.stage(dialogue.get("locale"), QUIET if is_burst(dialogue) else 0.0)
    stage.customer().plays_all(dialogue)


def test_a_spent_budget_is_told_to_agents_and_nothing_is_lost(tmp_path: Path) -> None:
    money = {"price_per_send": 0.02, "price_per_read": 0.01, "daily_budget": 0.06}
    with _staged(tmp_path, **money) as x:
        lucky, unlucky = x.customer(), x.customer()
        lucky.plays({"says": "How do I charge the battery?", "hears": ["Plug the charger in"]})
        lucky.plays({"says": "How do I reset the display?", "hears": ["Hold both buttons"]})
        x.platform.says("customer-2", "How do I charge the battery?")
        until(lambda: x.stage.cases(unlucky.number))
        [case] = x.stage.cases(unlucky.number)
        [held] = [line for line in case.lines if line.delivery]
        assert (case.reason, held.delivery, held.error) == ("undelivered", "pending", HELD)
        assert held.held_until is not None
        assert held.held_until - held.at > timedelta(hours=23)
        assert x.stage.cases(lucky.number) == []
        assert x.platform.heard("customer-2") == []
        assert x.platform.api.limited == 0  # X was not even asked


@pytest.mark.parametrize("mode", ["stream", "polling"])
def test_dialogue_without_a_webhook(tmp_path: Path, mode: Literal["stream", "polling"]) -> None:
    names = ("clarify, then a number", "the button says it did not help, and the offer is pressed", "a human please")
    with _staged(tmp_path, mode=mode, reads_per_15_minutes=22_500) as x:
        for name in names:
            customer = x.customer()
            for step in DIALOGUES[name]["steps"]:
                customer.plays(step)
