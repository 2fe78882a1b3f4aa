"""Messages as texts for X: plain text, with numbers and words where other channels have buttons."""

import re
from collections.abc import Sequence

from channels.message import ActionName, Choice, Labels, Outbound
from channels.rich_text import document
from channels.rich_text.plain_text import plain
from channels.rich_text.splitting import split

#: Characters of one message.
LONGEST = 10_000


def render(message: Outbound, *, with_hint: bool = False) -> tuple[str, ...]:
    """The texts to send, one unless it is longer than X takes; `with_hint` says how to reach a person."""
    blocks = document.parse(message.unfolded, as_typed=message.author == "agent")
    parts = split(blocks, lambda part: len(plain(part)) <= LONGEST)
    texts = [piece for part in parts for piece in cut(plain(part), LONGEST)]
    tail = "\n\n".join(_tail(message, with_hint=with_hint))
    if tail and texts and len(texts[-1]) + 2 + len(tail) <= LONGEST:
        texts[-1] = f"{texts[-1]}\n\n{tail}"
    elif tail:
        texts += cut(tail, LONGEST)
    return tuple(text for text in texts if text.strip()) or (message.text.strip() or "…",)


def read_press(text: str, labels: Labels) -> ActionName | None:
    """The press that a text stands for, if it says no more than a word that was asked for."""
    presses: dict[str, ActionName] = {_word(labels.helped): "helped", _word(labels.no): "not_helped"}
    return presses.get(_word(text))


def _word(text: str) -> str:
    return re.sub(r"[\s.!“”„«»‘’\"']+", " ", text).strip().casefold()


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
    labels = message.labels
    parts = []
    if message.author == "agent" and message.author_name:
        parts.append(f"— {_line(message.author_name)}")
    if message.source:
        parts.append("\n".join(filter(None, (message.source.line, message.source.url))))
    if message.choices:
        parts.append("\n".join(filter(None, (message.question, _choices(message.choices, labels)))))
    last = [labels.write_no] if message.feedback else []
    if with_hint:
        last.append(labels.write_human)
    return parts + (["\n".join(last)] if last else [])


def _choices(choices: Sequence[Choice], labels: Labels) -> str:
    lines = [f"{number}. {_line(choice.label)}" for number, choice in enumerate(choices, 1)]
    return "\n".join([*lines, labels.write_yes_or_no if len(choices) == 1 else labels.write_number])


def _line(text: str) -> str:
    return " ".join(text.split())
