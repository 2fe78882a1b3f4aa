"""Plays whole conversations, and keeps what was said and what was wrong."""

from collections.abc import Sequence

from channels.message import TranscriptLine
from tests.conversations.judge import Heard, faults
from tests.conversations.platform_customer import PlatformCustomer
from tests.conversations.script import Conversation, Step
from tests.conversations.transcript import written
from tests.conversations.web_customer import WebCustomer, WebStage


class Played:
    """A conversation as it went: its transcript, and what a program finds wrong, each with the step's number."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.transcript: list[str] = []
        self.faults: list[str] = []
        self._steps = 0
        self._has_case = False

    def add(self, step: Step, lines: Sequence[TranscriptLine], *, has_case: bool) -> None:
        """Add a step and what came back; `has_case` tells whether a case is open after it."""
        heard = Heard(lines=lines, had_case=self._has_case, has_case=has_case)
        opened, closed = has_case and not self._has_case, self._has_case and not has_case
        self.transcript += written(step, lines, opened=opened, closed=closed)
        self._steps, self._has_case = self._steps + 1, has_case
        for fault in faults(step, heard):
            self.faults.append(f"{self._steps}: {fault}")
            self.transcript.append(f"    !! {fault}")

    @property
    def text(self) -> str:
        """The transcript under its name and rubric."""
        head = [f"# {self.conversation.name}", f"# {self.conversation.rubric}"]
        return "\n".join([*head, *self.transcript, ""])


async def play(stage: WebStage, conversation: Conversation) -> Played:
    """Play a conversation in the web chat, from its first step to its last, by a customer of its own."""
    customer, played = await WebCustomer.arrives(stage, conversation), Played(conversation)
    for step in conversation.steps:
        lines = await customer.plays(step)
        played.add(step, lines, has_case=await customer.has_a_case())
    return played


def play_on_platform(customer: PlatformCustomer, conversation: Conversation) -> Played:
    """Play a conversation on a messaging platform's stand-in."""
    played = Played(conversation)
    for step in conversation.steps:
        lines = customer.plays(step)
        played.add(step, lines, has_case=customer.has_a_case())
    return played
