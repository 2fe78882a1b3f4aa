"""The same customers on a messaging platform's stand-in, over real HTTP, with the time as it passes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from bot.conversation.case import Agent
from bot.services.index import Index
from channels.message import TranscriptLine
from channels.testing import Platform, served
from channels.testing.platform_contract import until
from channels.testing.slack.workspace import BOT_TOKEN, SIGNING_SECRET, SlackWorkspace
from channels.testing.telegram.platform import TOKEN, TelegramPlatform
from tests.acceptance.stage import Stage
from tests.conversations.script import LOCALES, VERBS, Conversation, Step

#: What these players cannot do: let days pass, and write pieces with seconds between them.
CANNOT = frozenset({"days", "burst"})


class PlatformStage:
    """The application with one platform's channel, and an agent at the desk."""

    def __init__(self, stage: Stage, platform: Platform, channel: str) -> None:
        self.stage = stage
        self.platform = platform
        self.channel = channel
        self._alva: Agent | None = None
        self._numbers = count(1)

    def arrives(self, conversation: Conversation) -> "PlatformCustomer":
        """A customer who was not here before."""
        name = f"customer{next(self._numbers)}"
        number = ""
        if isinstance(self.platform, SlackWorkspace):
            number = self.platform.chats.user(name)
            self.platform.api.locales[number] = LOCALES[conversation.language]
        elif isinstance(self.platform, TelegramPlatform):
            number = str(self.platform.api.chats.seat(name).user["id"])
            self.platform.speaks(name, conversation.language)
        return PlatformCustomer(self, name, number)

    @property
    def alva(self) -> Agent:
        """The agent, who has her account from when she is first needed."""
        if self._alva is None:
            self._alva = self.stage.run(self._enrolled())
        return self._alva

    async def _enrolled(self) -> Agent:
        agents = self.stage.app.agents
        invited = await agents.invite()
        return await agents.create(invited, name="Alva", email="alva@example.com", password="correct horse")


@contextmanager
def slack_stage(folder: Path, index: Index) -> Iterator[PlatformStage]:
    """Slack, by HTTP."""
    slack = SlackWorkspace()
    with served(slack.app) as api:
        section = {
            "bot_token": BOT_TOKEN,
            "base_url": f"{api.url}/api/",
            "mode": "http",
            "signing_secret": SIGNING_SECRET,
        }
        with _served(folder, index, "slack", section) as (stage, url):
            slack.delivers_to(lambda: url)
            yield PlatformStage(stage, slack, "slack")
    assert slack.complaints == []


@contextmanager
def telegram_stage(folder: Path, index: Index) -> Iterator[PlatformStage]:
    """Telegram, by polling."""
    telegram = TelegramPlatform()
    with served(telegram.app) as api:
        section = {"token": TOKEN, "base_url": api.url}
        with _served(folder, index, "telegram", section) as (stage, url):
            telegram.url = lambda: url
            until(lambda: "getUpdates" in telegram.api.calls)
            yield PlatformStage(stage, telegram, "telegram")
            until(lambda: not telegram.api.unanswered)
    assert telegram.complaints == []


@contextmanager
def _served(folder: Path, index: Index, channel: str, section: dict[str, Any]) -> Iterator[tuple[Stage, str]]:
    stage = Stage(folder=folder, shelf=index, channels={channel: section}, limits={channel: ()})
    with served(stage) as server:
        stage.url = server.url
        yield stage, server.url


class PlatformCustomer:
    """Plays the steps of a conversation; keeps what was said after each."""

    def __init__(self, stage: PlatformStage, name: str, number: str) -> None:
        """`number` is what the platform calls them."""
        self._stage = stage
        self._name = name
        self._number = number
        self._said = 0
        self._seen: list[TranscriptLine] = []
        self._keys = count(1)

    def plays(self, step: Step) -> Sequence[TranscriptLine]:
        """Do what the step says; give what came back, once the platform has shown as much."""
        if "says" in step:
            self._stage.platform.says(self._name, step["says"])
            self._said += 1
        else:
            self._lets_alva_act(step)
        until(self._is_settled)
        lines = self._lines()
        new = [line for line in lines[len(self._seen) :] if line.author != "customer"]
        self._seen = lines
        return new

    def has_a_case(self) -> bool:
        """Whether something of theirs is with the agents."""
        return bool(self._cases())

    def hears(self) -> list[str]:
        """All that the platform has shown them, as it reads there."""
        return [heard.text for heard in self._stage.platform.heard(self._name)]

    def _lets_alva_act(self, step: Step) -> None:
        if not (cases := self._cases()):
            return
        [case] = cases
        desk, alva = self._stage.stage.app.desk, self._stage.alva
        if "agent_writes" in step:
            key = f"{self._name}-{next(self._keys)}"
            self._stage.stage.run(desk.reply(case, alva, step["agent_writes"], key=key))
            return
        verb = VERBS[step["agent"]]
        how = {"confirmed": True} if verb == "resolve" else {}
        self._stage.stage.run(getattr(desk, verb)(case, alva, **how))

    def _cases(self) -> list[int]:
        return [case.escalation_id for case in self._stage.stage.cases(self._number)]

    def _lines(self) -> list[TranscriptLine]:
        address = self._stage.platform.address(self._name)
        return list(self._stage.stage.run(self._stage.stage.app.host.lines(self._stage.channel, address)))

    def _is_settled(self) -> bool:
        """Whether all that was said is in the transcript, nothing is owed, and the platform has shown the rest."""
        if sum(line.author == "customer" for line in self._lines()) < self._said:
            return False
        address, heard = self._stage.platform.address(self._name), len(self._stage.platform.heard(self._name))
        return self._stage.stage.is_settled(self._stage.channel, address, heard=heard)
