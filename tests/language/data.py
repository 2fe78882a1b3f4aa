"""The sentences and conversations that the choice of a language is measured on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.conversation.language.belief import Hints, after, first_belief, likeliest
from bot.conversation.language.codes import group_of
from bot.conversation.language.evidence import Detector, evidence_in
from bot.conversation.language.settle import Standing, settle
from bot.conversation.language.wish import chosen_language

HERE = Path(__file__).parent
#: The languages of the bound on single sentences; Danish and Norwegian count as one.
NINE = frozenset({"en", "sv", "de", "es", "fr", "da", "nb", "it", "nl", "pt"})


@dataclass(frozen=True, kw_only=True)
class Sentence:
    language: str
    text: str
    is_for_tuning: bool


@dataclass(frozen=True, kw_only=True)
class Talk:
    hints: Hints
    #: What is said, and the language to answer in.
    turns: tuple[tuple[str, str], ...]
    is_for_tuning: bool


def sentences() -> Iterator[Sentence]:
    language, place = "", 0
    for line in _lines("sentences.txt"):
        if line.startswith("["):
            language, place = line.strip("[]"), 0
        else:
            place += 1
            yield Sentence(language=language, text=line, is_for_tuning=place % 2 == 1)


def conversations() -> Iterator[Talk]:
    blocks: list[list[str]] = []
    for line in _lines("conversations.txt"):
        if line.startswith("="):
            blocks.append([])
        blocks[-1].append(line)
    for place, (head, *turns) in enumerate(blocks, 1):
        locale, corpus = head.removeprefix("= ").split(" ")
        yield Talk(
            hints=Hints(locale=None if locale == "-" else locale, corpus=frozenset(corpus.split(","))),
            turns=tuple((turn.split(" | ")[1], turn.split(" | ")[0]) for turn in turns),
            is_for_tuning=place % 2 == 1,
        )


def detected(text: str, detector: Detector) -> str:
    """The language of a text when nothing else is known."""
    return likeliest(after(first_belief(Hints()), evidence_in(text, detector), is_first=True))[0]


def played(talk: Talk, detector: Detector) -> list[str | None]:
    """The language of a conversation after each of its turns."""
    standing, found = Standing(), list[str | None]()
    for text, _ in talk.turns:
        choice = settle(standing, evidence_in(text, detector), talk.hints, wish=chosen_language(text))
        standing = Standing(
            language=choice.language,
            is_pinned=choice.is_pinned,
            belief=choice.belief,
            has_asked=standing.has_asked or bool(choice.asks),
        )
        found.append(choice.language)
    return found


def is_right(found: str | None, expected: str) -> bool:
    return found is not None and found in group_of(expected)


def share_right(pairs: Sequence[tuple[str | None, str]]) -> float:
    return sum(is_right(found, expected) for found, expected in pairs) / len(pairs)


def _lines(name: str) -> Iterator[str]:
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
