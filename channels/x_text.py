"""What a customer reads on X: plain text, with numbers and words where other channels have buttons."""

import re
from collections.abc import Sequence

from channels import rich
from channels.message import ActionName, Choice, Outbound, SourceCard
from channels.parts import split
from channels.plain import plain

#: Characters of one message.
LONGEST = 10_000
DID_NOT_HELP = "Didn't help? Write “no”."
REACH_A_PERSON = "Write “human” at any time to reach a person."
#: What stands for a press of the buttons that other channels show under an answer.
PRESSES: dict[str, ActionName] = {"no": "not_helped", "nope": "not_helped", "helped": "helped"}


def render(message: Outbound, *, with_hint: bool = False) -> tuple[str, ...]:
    """The texts to send, one unless it is longer than X takes; `with_hint` says how to reach a person."""
    blocks = rich.read(message.text, breaks=message.author == "agent")
    parts = split(blocks, lambda part: len(plain(part)) <= LONGEST)
    texts = [piece for part in parts for piece in cut(plain(part), LONGEST)]
    tail = "\n\n".join(_tail(message, with_hint=with_hint))
    if tail and texts and len(texts[-1]) + 2 + len(tail) <= LONGEST:
        texts[-1] = f"{texts[-1]}\n\n{tail}"
    elif tail:
        texts += cut(tail, LONGEST)
    return tuple(text for text in texts if text.strip()) or (message.text.strip() or "…",)


def read_press(text: str) -> ActionName | None:
    """The press that a text stands for, if it says no more than that."""
    return PRESSES.get(re.sub(r"[\s.!“”\"']+", " ", text).strip().casefold())


def cut(text: str, longest: int) -> list[str]:
    """A text in pieces, between lines where that is possible."""
    pieces: list[str] = []
    while len(text) > longest:
        end = text.rfind("\n", 1, longest)
        end = end if end > 0 else longest
        pieces.append(text[:end])
        text = text[end:].lstrip("\n")
    return [*pieces, text]


def _tail(message: Outbound, *, with_hint: bool) -> list[str]:
    parts = []
    if message.author == "agent" and message.author_name:
        parts.append(f"— {_line(message.author_name)}")
    if message.source:
        parts.append(_source(message.source))
    if message.choices:
        parts.append(_choices(message.choices))
    last = [DID_NOT_HELP] if message.feedback else []
    if with_hint:
        last.append(REACH_A_PERSON)
    return parts + (["\n".join(last)] if last else [])


def _choices(choices: Sequence[Choice]) -> str:
    lines = [f"{number}. {_line(choice.label)}" for number, choice in enumerate(choices, 1)]
    if len(choices) == 1:
        return "\n".join([*lines, "Reply with yes or no."])
    numbers = [str(number) for number in range(1, len(choices) + 1)]
    return "\n".join([*lines, f"Reply with {', '.join(numbers[:-1])} or {numbers[-1]}."])


def _source(source: SourceCard) -> str:
    facts = [f"From: {_line(source.title)}"]
    if source.kind == "answer":
        standing = "confirmed by the company" if source.confirmed else "not confirmed by the company"
        by = f" by {_line(source.author)}" if source.author else ""
        facts.append(f"forum answer{by}, {standing}")
    if source.updated:
        facts.append(f"{source.updated:%-d %B %Y}")
    return " · ".join(facts) + (f"\n{source.url}" if source.url else "")


def _line(text: str) -> str:
    return " ".join(text.split())
