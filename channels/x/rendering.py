"""What a customer reads on X: plain text, with numbers and words where other channels have buttons."""

import re
from collections.abc import Sequence
from datetime import date

from babel import UnknownLocaleError
from babel.dates import format_date

from channels.message import ActionName, Choice, Outbound, SourceCard
from channels.rich_text import document
from channels.rich_text.plain_text import plain
from channels.rich_text.splitting import split
from channels.x.strings import PRESSES, Words, words_for

#: Characters of one message.
LONGEST = 10_000


def render(message: Outbound, *, locale: str | None = None, with_hint: bool = False) -> tuple[str, ...]:
    """The texts to send, one unless it is longer than X takes; `with_hint` says how to reach a person."""
    blocks = document.parse(message.text, breaks=message.author == "agent")
    parts = split(blocks, lambda part: len(plain(part)) <= LONGEST)
    texts = [piece for part in parts for piece in cut(plain(part), LONGEST)]
    tail = "\n\n".join(_tail(message, locale, with_hint=with_hint))
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


def _tail(message: Outbound, locale: str | None, *, with_hint: bool) -> list[str]:
    words = words_for(locale)
    parts = []
    if message.author == "agent" and message.author_name:
        parts.append(f"— {_line(message.author_name)}")
    if message.source:
        parts.append(_source(message.source, words, locale))
    if message.choices:
        parts.append(_choices(message.choices, words))
    last = [words.did_not_help] if message.feedback else []
    if with_hint:
        last.append(words.reach_a_person)
    return parts + (["\n".join(last)] if last else [])


def _choices(choices: Sequence[Choice], words: Words) -> str:
    lines = [f"{number}. {_line(choice.label)}" for number, choice in enumerate(choices, 1)]
    if len(choices) == 1:
        return "\n".join([*lines, words.reply_yes_or_no])
    numbers = [str(number) for number in range(1, len(choices) + 1)]
    return "\n".join([*lines, words.reply_with.format(numbers=", ".join(numbers[:-1]), last=numbers[-1])])


def _source(source: SourceCard, words: Words, locale: str | None) -> str:
    facts = [words.source.format(title=_line(source.title))]
    if source.kind == "answer":
        by = words.forum_by.format(author=_line(source.author)) if source.author else words.forum
        facts.append(f"{by}, {words.confirmed if source.confirmed else words.unconfirmed}")
    if source.updated:
        facts.append(_date(source.updated, locale))
    return " · ".join(facts) + (f"\n{source.url}" if source.url else "")


def _date(day: date, locale: str | None) -> str:
    """As it is written there; 3 March 2025 where no locale says."""
    try:
        return format_date(day, "long", locale=(locale or "en-GB").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()


def _line(text: str) -> str:
    return " ".join(text.split())
