"""Remarks: whole messages that ask nothing of the pages, in every language we speak.

A remark is one only if nothing else of content remains: "great, thanks" is one, "great lamp" is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, get_args

from bot.conversation.lexicon import LEXICONS
from bot.conversation.lexicon import words as words_of
from bot.conversation.lexicon.sayings import Meaning, remarks
from bot.conversation.text.spoken import Word, words_in

#: What a remark says; of several, the first of this order counts.
RemarkKind = Literal[
    "solved",
    "tried",
    "never_mind",
    "pause",
    "bot",
    "opener",
    "presence",
    "how_are_you",
    "goodbye",
    "thanks",
    "greeting",
    "step_number",
    "step_first",
    "step_last",
    "step_back",
    "step_here",
    "step_next",
    "ack",
    "no",
    "yes",
    "filler",
]
#: A longer message is never a remark. In words.
LONGEST_REMARK = 24
#: So long a word is none of ours. In characters, with what stands after it.
_LONGEST_WORD = 24
_ORDER: Mapping[str, int] = {kind: place for place, kind in enumerate(get_args(RemarkKind))}
#: Kinds that may end with a question mark.
_ASKING = frozenset({"opener", "presence", "how_are_you", "bot", "greeting", "never_mind", "goodbye"})
_STEPS = frozenset(kind for kind in get_args(RemarkKind) if kind.startswith("step_"))
#: Languages in which the word that says no is the one that turns a sentence around, and what it may turn around.
_NEGATED_BY_NO = frozenset({"es", "it", "pt", "pl", "fi"})
_DENIABLE = frozenset({"ack", "yes", "tried"})
#: What may be said to somebody by name, of one or two words.
_TO_SOMEBODY, _LONGEST_NAME = frozenset({"greeting", "thanks", "goodbye"}), 2
_NAME = re.compile(r"[A-Z][^\W\d_'-]*[a-z][^\W\d_]*(?:['-][^\W\d_]+)*|[A-Z]['-][A-Z][^\W\d_]+")


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A message that is made of sayings alone."""

    #: For each of its sayings, all that it may mean.
    meanings: tuple[frozenset[RemarkKind], ...]
    #: The languages in which the whole of it is said; none where it mixes them.
    languages: frozenset[str]
    asks: bool = False
    #: The last number in it.
    number: int | None = None

    @property
    def kinds(self) -> frozenset[RemarkKind]:
        """All that its sayings may mean."""
        return frozenset[RemarkKind]().union(*self.meanings)

    @property
    def kind(self) -> RemarkKind | None:
        """Kind of the whole message; None where it asks and its sayings do not, so that it is a question after all."""
        kind = min((_meant(each) for each in self.meanings), key=_ORDER.__getitem__)
        return None if self.asks and kind not in _ASKING else kind

    @property
    def is_yes(self) -> bool:
        """True when it says yes, and nothing against it."""
        says_no = any("no" in each for each in self.meanings)
        return not (self.asks or says_no) and self._is_only(frozenset({"yes"}), {"ack", "thanks"})

    @property
    def is_no(self) -> bool:
        """True when it says no, and nothing against it."""
        return not self.asks and self._is_only(frozenset({"no"}), {"thanks", "ack"})

    @property
    def declines(self) -> bool:
        """True when it says no to what is offered: as such, for now, or as nothing is needed any more."""
        return not self.asks and self._is_only(frozenset({"no", "pause", "never_mind"}), {"thanks", "ack"})

    @property
    def step(self) -> RemarkKind | None:
        """The place in a procedure that is wished for, where nothing else but a yes or thanks is said."""
        if not self._is_only(_STEPS, {"ack", "yes", "thanks"}):
            return None
        return min((kind for kind in self.kinds if kind in _STEPS), key=_ORDER.__getitem__)

    def _is_only(self, kinds: frozenset[RemarkKind], others: set[RemarkKind]) -> bool:
        allowed = {*kinds, *others, "filler"}
        return any(each & kinds for each in self.meanings) and all(each & allowed for each in self.meanings)


def _meant(meanings: frozenset[RemarkKind]) -> RemarkKind:
    """The likeliest of what a saying may mean: who says "ciao" or "hej hej" arrives."""
    return "greeting" if "greeting" in meanings else min(meanings, key=_ORDER.__getitem__)


@dataclass(frozen=True, kw_only=True)
class _Way:
    """The sayings that lead to a place in a message, as few as there can be."""

    meanings: tuple[frozenset[Meaning], ...] = ()
    #: How many words of a name end it.
    names: int = 0


@lru_cache(maxsize=64)  # a turn's texts are read for several reasons
def read_remark(text: str) -> Remark | None:
    """Read a message as a remark; None where any word of it is of content."""
    if len(text) > LONGEST_REMARK * _LONGEST_WORD:
        return None
    words = words_in(text)
    if not 0 < len(words) <= LONGEST_REMARK:
        return None
    asks = "?" in text or "\uff1f" in text
    way = _way(words, asks=asks)
    if way is None:
        return None
    spoken = [frozenset(language for _, language in each) for each in way.meanings]
    numbers = [int(word.heard) for word in words if word.heard.isdecimal()]
    return Remark(
        meanings=tuple(frozenset(_KINDS[kind] for kind, _ in each) for each in way.meanings),
        languages=frozenset.intersection(*spoken),
        asks=asks,
        number=numbers[-1] if numbers else None,
    )


def says_goodbye(text: str) -> bool:
    """True when a remark may be a goodbye, though it is a greeting where nothing was said before: "ciao"."""
    remark = read_remark(text)
    return remark is not None and "goodbye" in remark.kinds


_KINDS: Mapping[str, RemarkKind] = {kind: kind for kind in get_args(RemarkKind)}


def _way(words: list[Word], *, asks: bool) -> _Way | None:
    """The fewest sayings that a message is made of, with the names of those it is said to between them."""
    heard = [word.heard for word in words]
    ways: list[_Way | None] = [_Way(), *([None] * len(words))]
    for place, word in enumerate(words):
        way = ways[place]
        if way is None:
            continue
        for end, meanings in remarks().found_at(heard, place):
            before = ways[end]
            is_fewer = before is None or before.names or len(before.meanings) > len(way.meanings) + 1
            if is_fewer and (word.is_apart or not _is_negated(way, meanings)):
                ways[end] = _Way(meanings=(*way.meanings, meanings))
        if ways[place + 1] is None and not asks and _may_be_named(way) and _is_name(word.said):
            ways[place + 1] = _Way(meanings=way.meanings, names=way.names + 1)
    return ways[-1]


def _is_negated(way: _Way, meanings: frozenset[Meaning]) -> bool:
    """True when a saying and the one before it are one sentence of the opposite sense: "no funciona"."""
    if not way.meanings or way.names:
        return False
    before, kinds = way.meanings[-1], {kind for kind, _ in meanings}
    earlier = {kind for kind, _ in before}
    if "no" in earlier and kinds & {"solved", "opener"}:
        return True
    if "solved" in earlier and "no" in kinds:
        return True
    negating = {language for kind, language in before if kind == "no" and language in _NEGATED_BY_NO}
    return any(language in negating and kind in _DENIABLE for kind, language in meanings)


def _may_be_named(way: _Way) -> bool:
    if not way.meanings or way.names >= _LONGEST_NAME:
        return False
    return any(kind in _TO_SOMEBODY for kind, _ in way.meanings[-1])


def _is_name(word: str) -> bool:
    """True when a word may be a name: it has a capital, is no shout and begins no sentence that goes on."""
    return _NAME.fullmatch(word) is not None and word.lower() not in _openers()


@cache
def _openers() -> frozenset[str]:
    return frozenset[str]().union(*(words_of(each.openers) for each in LEXICONS))
