"""Things that customers do not want done, in every language we speak: a page that does it is not what they ask for."""

import re
from collections.abc import Collection
from functools import cache

from bot.conversation.lexicon import LEXICONS, finder, lowered
from bot.conversation.text.search_terms import tokens

_CLAUSE, _WRITTEN_CLAUSE = re.compile(r"[.!?;:,\n]+"), re.compile(r"[^.!?;:,\n]+[.!?;:,\n]*")
#: Words are forms of one where they begin alike for so many letters, and for this share of the shorter.
_ALIKE, _SHARE = 4, 0.5
#: Shorter words say nothing alone.
_SHORT = 3


def unwanted_clauses(text: str) -> tuple[str, ...]:
    """The clauses of a text that say what is not to be done, in small letters without accents."""
    clauses = (" ".join(clause.split()) for clause in _CLAUSE.split(lowered(text.replace("\n", " . "))))
    return tuple(each for each in clauses if each and any(pattern.search(each) for pattern in _unwanted()))


def without_clauses(text: str, clauses: Collection[str]) -> str:
    """A text as it is written, without these clauses of it."""
    pieces = _WRITTEN_CLAUSE.findall(text)
    return " ".join(
        piece.strip() for piece in pieces if " ".join(lowered(piece).strip(" .!?;:,").split()) not in clauses
    )


def is_about(title: str, clause: str) -> bool:
    """True when a title has a word of a clause, in whichever form."""
    said = [word for word in tokens(clause) if len(word) >= _SHORT]
    return any(_are_alike(word, each) for word in tokens(lowered(title)) if len(word) >= _SHORT for each in said)


def _are_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter = min(len(one), len(other))
    same = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    return same >= _SHORT and (same == shorter or (same >= _ALIKE and same >= _SHARE * shorter))


@cache
def _unwanted() -> tuple[re.Pattern[str], ...]:
    return tuple(finder("|".join(f"(?:{pattern})" for pattern in each.unwanted)) for each in LEXICONS)
