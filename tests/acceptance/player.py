"""The dialogues of dialogues.yaml, and who plays them on a platform."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.conversation.phrases import LANGUAGES, phrases_for
from bot.testing import ScriptedPage
from channels.testing import Heard, Platform
from channels.testing.platform_contract import until
from tests.acceptance.stage import Stage

TABLE = yaml.safe_load(Path(__file__).with_name("dialogues.yaml").read_text("utf-8"))
PAGES = [ScriptedPage(**page) for page in TABLE["pages"]]
#: What says of a source which kind of page it is.
KINDS = [re.escape(phrases_for(language).say(f"source.{kind}")) for language in LANGUAGES for kind in ("help", "forum")]
#: Long enough for a burst of requests on a busy machine.
QUIET = 2.0


def dialogues(*, without: Collection[str] = ()) -> dict[str, dict[str, Any]]:
    """By their names, without those that a platform cannot express; such a name must be in the table."""
    every = {dialogue["name"]: dialogue for dialogue in TABLE["dialogues"]}
    assert len(every) == len(TABLE["dialogues"])
    assert set(without) <= set(every)
    return {name: dialogue for name, dialogue in every.items() if name not in without}


def is_burst(dialogue: dict[str, Any]) -> bool:
    return any("burst" in step for step in dialogue["steps"])


def check_texts(texts: Sequence[str], expected: Sequence[str]) -> None:
    """Each message holds its piece; none is missing or too many."""
    assert len(texts) == len(expected), texts
    for text, piece in zip(texts, expected, strict=True):
        assert piece in text


def check_case(stage: Stage, customer: str, expected: dict[str, Any] | None) -> None:
    """What waits for an agent is what the dialogue says; nothing, where it says nothing."""
    cases = stage.cases(customer)
    if expected is None:
        assert cases == []
        return
    [case] = cases
    assert case.reason == expected["reason"]
    assert case.question == expected.get("question", case.question)
    for piece in expected.get("detail", ()):
        assert case.receipt is not None
        assert piece in (case.receipt.detail or "")


class Player(ABC):
    """A customer on a platform, who plays a dialogue's steps and checks what comes back."""

    channel: str
    #: A source's title, and what stands after it in each language.
    source = re.compile(rf"^([^·\n]+?)(?: \(http\S+\))? · (?:{'|'.join(KINDS)}).*$", re.MULTILINE)
    #: Buttons that are under many messages and are no choice.
    ours: frozenset[str] = frozenset()

    def __init__(self, stage: Stage, platform: Platform, name: str) -> None:
        self._stage = stage
        self._platform = platform
        self.name = name
        self._seen = 0

    @property
    @abstractmethod
    def number(self) -> str:
        """What the platform calls the customer, as agents see it."""

    @abstractmethod
    def says_helped(self, *, helped: bool) -> None:
        """Press, or write, that the last answer helped or did not."""

    @abstractmethod
    def asks_for_a_human(self) -> None:
        """Press, or write, that a human is wanted."""

    def plays_all(self, dialogue: dict[str, Any]) -> None:
        for step in dialogue["steps"]:
            self.plays(step)
        check_case(self._stage, self.number, dialogue.get("case"))

    def plays(self, step: dict[str, Any]) -> None:
        self._acts(step)
        replies = self._hears(len(step["hears"]))
        check_texts([" ".join(reply.text.replace("’", "'").split()) for reply in replies], step["hears"])
        if "asks" in step:
            assert step["asks"] in replies[-1].text
        if "sources" in step:
            found = [title for reply in replies for title in self.source.findall(reply.text)]
            assert found == step["sources"]
        if "choices" in step:
            ours = self.ours - set(step["choices"])
            assert [label for label in replies[-1].buttons if label not in ours] == step["choices"]

    def bursts(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._platform.says(self.name, text)

    def _acts(self, step: dict[str, Any]) -> None:
        if "says" in step:
            self._platform.says(self.name, step["says"])
        if "burst" in step:
            self.bursts(step["burst"])
        if "presses" in step:
            self._platform.presses(self.name, step["presses"])
        if "helped" in step:
            self.says_helped(helped=step["helped"])
        if "human" in step:
            self.asks_for_a_human()
        if "sends_file" in step:
            self._platform.sends_file(self.name, step["sends_file"])

    def _hears(self, least: int) -> list[Heard]:
        """What came since, once nothing is owed any more."""
        until(lambda: len(self._platform.heard(self.name)) >= self._seen + least and self.is_settled())
        new = list(self._platform.heard(self.name))[self._seen :]
        self._seen += len(new)
        return new

    def is_settled(self) -> bool:
        """Whether nothing is owed, and everything that was said was heard."""
        address, heard = self._platform.address(self.name), len(self._platform.heard(self.name))
        return self._stage.is_settled(self.channel, address, heard=heard)
