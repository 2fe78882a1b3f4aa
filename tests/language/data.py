"""The sentences and conversations that the choice of a language is measured on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from bot.conversation.language.decision import LanguageState, decide_language
from bot.conversation.language.likelihood import Detector, evidence_in
from bot.conversation.language.posterior import Hints, first_belief, likeliest, update
from bot.conversation.language_tags import SUPPORTED, group_of
from bot.conversation.text.intents import chosen_language

HERE = Path(__file__).parent
#: The languages of the bound on single sentences; Danish and Norwegian count as one.
NINE = frozenset({"en", "sv", "de", "es", "fr", "da", "nb", "it", "nl", "pt"})


#: What a sentence or conversation is for: to tune on, to measure on, or written after all was tuned.
Part = Literal["tuned", "measured", "later"]


@dataclass(frozen=True, kw_only=True)
class Sentence:
    language: str
    text: str
    part: Part


@dataclass(frozen=True, kw_only=True)
class Talk:
    hints: Hints
    #: What is said, and the language to answer in.
    turns: tuple[tuple[str, str], ...]
    part: Part


def sentences() -> Iterator[Sentence]:
    language, place = "", 0
    for line in _lines("sentences.txt"):
        if line.startswith("["):
            language, place = line.strip("[]"), 0
        else:
            place += 1
            yield Sentence(language=language, text=line, part=_part(place))


def conversations() -> Iterator[Talk]:
    yield from _conversations("conversations.txt")
    for name in ("later_conversations.txt", "misleading_conversations.txt"):
        for talk in _conversations(name):
            yield replace(talk, part="later")


def _conversations(name: str) -> Iterator[Talk]:
    blocks: list[list[str]] = []
    for line in _lines(name):
        if line.startswith("="):
            blocks.append([])
        blocks[-1].append(line)
    for place, (head, *turns) in enumerate(blocks, 1):
        locale, corpus = head.removeprefix("= ").split(" ")
        yield Talk(
            hints=Hints(locale=None if locale == "-" else locale, corpus=frozenset(corpus.split(","))),
            turns=tuple((turn.split(" | ")[1], turn.split(" | ")[0]) for turn in turns),
            part=_part(place),
        )


def detected(text: str, detector: Detector) -> str:
    """The language of a text when nothing else is known."""
    return likeliest(update(first_belief(Hints()), evidence_in(text, detector), is_first=True))[0]


def played(talk: Talk, detector: Detector) -> list[str | None]:
    """The language of a conversation after each of its turns."""
    standing, found = LanguageState(), list[str | None]()
    for text, _ in talk.turns:
        choice = decide_language(standing, evidence_in(text, detector), talk.hints, wish=chosen_language(text))
        standing = LanguageState(
            language=choice.language,
            is_pinned=choice.is_pinned,
            belief=choice.belief,
            has_asked=standing.has_asked or bool(choice.asks),
        )
        found.append(choice.language)
    return found


def sentences_right(detector: Detector, part: Part, *, among: frozenset[str] = frozenset(SUPPORTED)) -> float:
    """The share of a part's sentences in these languages whose language is detected."""
    return share_right(
        [
            (detected(each.text, detector), each.language)
            for each in sentences()
            if each.part == part and each.language in among
        ]
    )


def turns_right(detector: Detector, part: Part) -> float:
    """The share of turns of a part's conversations that are answered in the right language."""
    talks = [talk for talk in conversations() if talk.part == part]
    return share_right(
        [
            (found, expected)
            for talk in talks
            for found, (_, expected) in zip(played(talk, detector), talk.turns, strict=True)
        ]
    )


def is_right(found: str | None, expected: str) -> bool:
    return found is not None and found in group_of(expected)


def share_right(pairs: Sequence[tuple[str | None, str]]) -> float:
    return sum(is_right(found, expected) for found, expected in pairs) / len(pairs)


def _part(place: int) -> Part:
    return "tuned" if place % 2 == 1 else "measured"


def _lines(name: str) -> Iterator[str]:
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
