"""What was said in a conversation, as text that people read and tests compare."""

import re
from collections.abc import Sequence

from channels.message import TranscriptLine
from tests.conversations.script import Step

#: So much of a message is told; the rest of a page is the page's.
TOLD = 230


def said(step: Step) -> list[str]:
    """The customer's side of a step, or the agent's act."""
    if "agent" in step:
        return [f"({'Alva ' + step['agent'].replace('_', ' ')})"]
    if "days" in step:
        return ["(the next day)"]
    if "presses" in step:
        return [f"Customer presses: {step['presses']}"]
    return [f"Customer: {text}" for text in (step.get("burst") or [step["says"]] if "agent_writes" not in step else [])]


def told(line: TranscriptLine) -> list[str]:
    """One message of the assistant's or the agent's, with its source and what can be chosen."""
    who = line.author_name or "Assistant"
    text = " ".join(re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", line.text).split())
    rows = [f"{who}: {text if len(text) <= TOLD else text[:TOLD].rstrip() + ' …'}"]
    if line.source:
        rows.append(f"    page: {line.source.title}")
    if line.choices:
        rows.append(f"    choices: {' | '.join(choice.label for choice in line.choices)}")
    return rows


def written(step: Step, lines: Sequence[TranscriptLine], *, opened: bool, closed: bool) -> list[str]:
    """The rows of one step."""
    rows = said(step) + [row for line in lines for row in told(line)]
    if opened:
        rows.append("    (a case waits for an agent)")
    if closed:
        rows.append("    (the case is closed)")
    return rows
