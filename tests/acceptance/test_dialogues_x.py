"""The dialogues of dialogues.yaml on X: the whole path over real HTTP, by webhook, against the stand-in."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from bot.desk.case import HELD
from bot.testing import Page
from channels.testing import Heard, served
from channels.testing.platform_contract import until
from channels.testing.x import ACCOUNT, XPlatform
from tests.acceptance.stage import Stage, staged

TABLE = yaml.safe_load(Path(__file__).with_name("dialogues.yaml").read_text("utf-8"))
PAGES = [Page(**page) for page in TABLE["pages"]]
#: What X has no way to express.
LEFT_OUT = {
    "an empty message is refused and the conversation goes on": "X takes no empty message",
    "a choice is taken once": "there is no old button to press again; a number written later is a new message",
}
DIALOGUES = {each["name"]: each for each in TABLE["dialogues"] if each["name"] not in LEFT_OUT}
MANY = 1_000_000
QUIET = 2.0


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


class Customer:
    """Plays a dialogue's steps and checks what comes back."""

    def __init__(self, stage: XStage, name: str) -> None:
        self._stage = stage.stage
        self._x = stage.platform
        self._name = name
        self._seen = 0

    @property
    def number(self) -> str:
        return self._x.customer(self._name)

    def plays(self, step: dict[str, Any]) -> None:
        self._acts(step)
        replies = self._hears(len(step["hears"]))
        texts = [" ".join(reply.text.replace("’", "'").split()) for reply in replies]
        assert len(texts) == len(step["hears"]), texts
        for text, piece in zip(texts, step["hears"], strict=True):
            assert piece in text
        if "sources" in step:
            found = [
                title
                for reply in replies
                for title in re.findall(r"^(?:From|Från): ([^·\n]+?)(?: ·.*)?$", reply.text, re.MULTILINE)
            ]
            assert found == step["sources"]
        if "choices" in step:
            assert list(replies[-1].buttons) == step["choices"]

    def _acts(self, step: dict[str, Any]) -> None:
        for text in [step["says"]] if "says" in step else step.get("burst", ()):
            self._x.says(self._name, text)
        if "presses" in step:
            self._x.presses(self._name, step["presses"])
        if "helped" in step:
            self._x.says(self._name, "helped" if step["helped"] else "No.")
        if "human" in step:
            self._x.says(self._name, "human")
        if "sends_file" in step:
            self._x.sends_file(self._name, step["sends_file"])

    def _hears(self, count: int) -> list[Heard]:
        """What came since, once nothing is owed any more."""
        until(lambda: len(self._x.heard(self._name)) >= self._seen + count and self._is_settled())
        new = list(self._x.heard(self._name))[self._seen :]
        self._seen += len(new)
        return new

    def _is_settled(self) -> bool:
        host, address = self._stage.app.host, self._x.address(self._name)
        if self._stage.run(host.status("x", address)).pending:
            return False
        said = [line for line in self._stage.run(host.lines("x", address)) if line.author != "customer"]
        return len(said) == len(self._x.heard(self._name))


def test_what_is_left_out_is_in_the_table() -> None:
    assert set(LEFT_OUT) <= {dialogue["name"] for dialogue in TABLE["dialogues"]}


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES.keys())
def test_dialogue(stages: Stages, dialogue: dict[str, Any]) -> None:
    is_burst = any("burst" in step for step in dialogue["steps"])
    stage = stages.stage(dialogue.get("locale"), QUIET if is_burst else 0.0)
    customer = stage.customer()
    for step in dialogue["steps"]:
        customer.plays(step)
    cases, expected = stage.stage.cases(customer.number), dialogue.get("case")
    if expected is None:
        assert cases == []
        return
    [case] = cases
    assert case.reason == expected["reason"]
    assert case.question == expected.get("question", case.question)
    for piece in expected.get("detail", ()):
        assert case.receipt is not None
        assert piece in (case.receipt.detail or "")


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
