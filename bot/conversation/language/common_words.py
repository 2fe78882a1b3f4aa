"""The words that hold sentences together, by language: they tell languages apart where a few letters cannot."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("common_words.txt")
_HEADING = re.compile(r"\[(\w+)\]")
_JOINT = re.compile(r"['-]")


@cache
def common_words() -> Mapping[str, frozenset[str]]:
    """Each common word in lower case, with its accents and without, and the languages that have it."""
    found: dict[str, set[str]] = {}
    language = ""
    for line in _FILE.read_text("utf-8").splitlines():
        if heading := _HEADING.fullmatch(line):
            language = heading[1]
        elif not line.startswith("#"):
            for word in line.casefold().split():
                for written in (word, _without_accents(word)):
                    found.setdefault(written, set()).add(language)
    return {word: frozenset(languages) for word, languages in found.items()}


def _without_accents(word: str) -> str:
    """As somebody in a hurry writes it: "varfor", "que"."""
    apart = unicodedata.normalize("NFD", word.replace("ø", "o").replace("æ", "ae").replace("ł", "l"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def speakers(words: Sequence[str]) -> list[frozenset[str]]:
    """For each common word among these, the languages that have it; "dov'è" is one word where it is known, else two."""
    known, found = common_words(), list[frozenset[str]]()
    for word in words:
        parts = [word] if word in known else _JOINT.split(word)
        found.extend(known[part] for part in parts if part in known)
    return found
