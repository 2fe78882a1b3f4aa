"""Sayings: what customers say in so many words, by kind and language, from sayings/<language>.txt.

A file holds a heading for each kind, such as `[opener]`, and below it alternatives: one a line, or several with `|`
between; a line that begins with blanks goes on with the one before. Of an alternative, `(a|b)` is one of several,
`[a|b]` may be left out, `<n>` is a number, `<w>` any word, and `$name` what stands after `$name:` above it in the same
file. Letters are met as `plain` gives them, in small ones, without apostrophes.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.conversation.lexicon.lexicon import plain

_FOLDER = Path(__file__).with_name("sayings")
_HEADING = re.compile(r"\[(\w+)\]")
_CONTINUED = re.compile(r"\n +")
_SYMBOL = re.compile(r"[()\[\]|]|<[nw]>|[^\W_]+")
_NAMED, _NAME = re.compile(r"(\$\w+): (.+)"), re.compile(r"\$\w+")
_WORD = re.compile(r"[^\W_]+")
#: What stands for any word in an alternative, and for a number of so many digits.
_ANY, _NUMBER, _DIGITS = "<w>", "<n>", 2
#: Kinds of sayings that may be said among others; those of all other kinds ask nothing.
WISHES = frozenset({"human", "human_alone", "human_tail", "forget", "bot_again"})

#: A kind, and the language it is said in.
Meaning = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A part of an alternative as Glushkov's automaton sees it: where it may begin and end, and if it may be empty."""

    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()
    is_optional: bool = True


@dataclass
class Sayings:
    """An automaton that meets all sayings at once: each word of an alternative is a state."""

    _starts: dict[str, set[int]] = field(default_factory=dict)
    #: For each state the ways on, each by its word; states that are followed by the same have the same ones.
    _next: list[list[dict[str, set[int]]]] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _ends: dict[int, set[Meaning]] = field(default_factory=dict)

    def add(self, alternatives: str, meaning: Meaning) -> None:
        """Add a line of alternatives; ValueError where brackets do not match or an alternative may be empty."""
        symbols = _SYMBOL.findall(folded(alternatives))
        part, rest = self._choice(symbols, 0)
        if rest != len(symbols) or part.is_optional:
            raise ValueError(f"no saying: {alternatives}")
        for state in part.first:
            self._starts.setdefault(self._words[state], set()).add(state)
        for state in part.last:
            self._ends.setdefault(state, set()).add(meaning)

    def found_at(self, words: list[str], place: int) -> Iterator[tuple[int, frozenset[Meaning]]]:
        """The sayings that begin with the word at a place: where each ends, and all that it means."""
        states = self._step([self._starts], words[place])
        while states:
            place += 1
            if meanings := frozenset[Meaning]().union(*(self._ends.get(state, ()) for state in states)):
                yield place, meanings
            if place == len(words):
                return
            states = self._step((way for state in states for way in self._next[state]), words[place])

    @staticmethod
    def _step(ways: Iterable[Mapping[str, set[int]]], word: str) -> set[int]:
        written = (word, _ANY, _NUMBER) if word.isdecimal() and len(word) <= _DIGITS else (word, _ANY)
        return {state for way in ways for each in written for state in way.get(each, ())}

    def _choice(self, symbols: list[str], place: int) -> tuple[_Part, int]:
        """Read alternatives up to a closing bracket."""
        found, is_optional = list[_Part](), False
        while True:
            part, place = self._sequence(symbols, place)
            found.append(part)
            is_optional = is_optional or part.is_optional
            if place == len(symbols) or symbols[place] != "|":
                first = frozenset[int]().union(*(each.first for each in found))
                last = frozenset[int]().union(*(each.last for each in found))
                return _Part(first=first, last=last, is_optional=is_optional), place
            place += 1

    def _sequence(self, symbols: list[str], place: int) -> tuple[_Part, int]:
        """Read what follows on each other, up to the end of an alternative."""
        whole = _Part()
        while place < len(symbols) and symbols[place] not in {"|", ")", "]"}:
            part, place = self._item(symbols, place)
            way = dict[str, set[int]]()
            for state in part.first:
                way.setdefault(self._words[state], set()).add(state)
            for state in whole.last:
                self._next[state].append(way)
            whole = _Part(
                first=whole.first | part.first if whole.is_optional else whole.first,
                last=whole.last | part.last if part.is_optional else part.last,
                is_optional=whole.is_optional and part.is_optional,
            )
        return whole, place

    def _item(self, symbols: list[str], place: int) -> tuple[_Part, int]:
        opening = symbols[place]
        if opening in {"(", "["}:
            part, end = self._choice(symbols, place + 1)
            if end == len(symbols) or symbols[end] != {"(": ")", "[": "]"}[opening]:
                raise ValueError(f"a bracket is not closed: {' '.join(symbols)}")
            return (_Part(first=part.first, last=part.last) if opening == "[" else part), end + 1
        state = len(self._words)
        self._words.append(opening)
        self._next.append([])
        alone = frozenset({state})
        return _Part(first=alone, last=alone, is_optional=False), place + 1


def folded(text: str) -> str:
    """A plain text in small letters, without apostrophes: "I'm" and "im" are one word."""
    return plain(text).lower().replace("'", "")


def spoken_words(text: str) -> list[str]:
    """The words of a text as sayings meet them."""
    return _WORD.findall(folded(text))


@cache
def remarks() -> Sayings:
    """All sayings that ask nothing, of all languages; a file's mistakes are ValueErrors."""
    return _read(lambda kind: kind not in WISHES)


@cache
def wishes() -> Sayings:
    """All sayings that are wishes, of all languages."""
    return _read(lambda kind: kind in WISHES)


def _read(is_wanted: Callable[[str], bool]) -> Sayings:
    every = Sayings()
    for path in sorted(_FOLDER.glob("*.txt")):
        kind, names = "", dict[str, str]()
        for line in _CONTINUED.sub(" ", path.read_text("utf-8")).splitlines():
            if heading := _HEADING.fullmatch(line):
                kind = heading[1]
            elif named := _NAMED.fullmatch(line):
                names[named[1]] = f"({_filled(named[2], names)})"
            elif line.strip() and not line.startswith("#") and is_wanted(kind):
                every.add(_filled(line, names), (kind, path.stem))
    return every


def _filled(line: str, names: Mapping[str, str]) -> str:
    """A line with what its names stand for; KeyError where one stands for nothing yet."""
    return _NAME.sub(lambda name: names[name[0]], line)
