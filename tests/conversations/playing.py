"""Plays whole conversations in the web chat."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.conversations.judge import Heard, faults
from tests.conversations.script import Conversation
from tests.conversations.transcript import written
from tests.conversations.web_customer import WebCustomer, WebStage


@dataclass(frozen=True, kw_only=True)
class Played:
    """A conversation that was played."""

    name: str
    transcript: Sequence[str]
    #: What a program finds wrong with it, each with the step's number.
    faults: Sequence[str]


async def play(stage: WebStage, conversation: Conversation) -> Played:
    """Play a conversation from its first step to its last, by a customer of its own."""
    customer = await WebCustomer.arrives(stage, conversation)
    rows, found, has_case = list[str](), list[str](), False
    for number, step in enumerate(conversation.steps, 1):
        lines = await customer.plays(step)
        had_case, has_case = has_case, await customer.has_a_case()
        rows += written(step, lines, opened=has_case and not had_case, closed=had_case and not has_case)
        heard = Heard(lines=lines, had_case=had_case, has_case=has_case)
        for fault in faults(step, heard):
            found.append(f"{number}: {fault}")
            rows.append(f"    !! {fault}")
    return Played(name=conversation.name, transcript=rows, faults=found)
