"""The wish for a person, in every language we speak: heard as a clause of its own, anywhere in a message."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from bot.conversation.lexicon.sayings import Sayings, remarks, wishes
from bot.conversation.text.spoken import Word, words_in

#: What may stand before the wish in its clause or after it: "please", "no", "ok thanks".
_BESIDE = frozenset({"filler", "greeting", "ack", "yes", "thanks", "opener", "pause", "goodbye"})
#: So many of those may.
_MOST_BESIDE = 3
#: So many clauses of a message are heard, the first and the last of it: a wish is not buried in a long story.
_MOST_CLAUSES = 40
#: Words for a person, which are a wish when they are all that is said. A longer message is none. In words.
_PERSONS, _LONGEST_ALONE = frozenset({"human_alone", "human"}), 20


@lru_cache(maxsize=64)  # a turn's texts are read for several reasons
def wants_person(text: str) -> bool:
    """True when a clause of a message asks for a person and for nothing else, or the whole of it names one."""
    words = words_in(text)
    heard = [word.heard for word in words]
    return _is_wish(words, heard) or _is_alone(_after_no(words, heard), _PERSONS)


@lru_cache(maxsize=64)
def wishes_only(text: str, kind: Literal["forget", "bot_again"]) -> bool:
    """True when a whole message is a wish: to be forgotten, or to go on with the assistant."""
    words = words_in(text)
    return _is_alone(_after_no(words, [word.heard for word in words]), frozenset({kind}))


def _after_no(words: Sequence[Word], heard: list[str]) -> list[str]:
    """The words of a message without a no that stands apart before them."""
    for end, meanings in remarks().found_at(heard, 0) if heard else ():
        if end < len(words) and words[end].is_apart and any(kind == "no" for kind, _ in meanings):
            return heard[end:]
    return heard


def _is_wish(words: Sequence[Word], heard: list[str]) -> bool:
    clauses = [place for place, word in enumerate(words) if word.is_apart or not place]
    for place in dict.fromkeys((*clauses[:_MOST_CLAUSES], *clauses[-_MOST_CLAUSES:])):
        for start in _skipped(words, heard, place):
            for end, meanings in wishes().found_at(heard, start):
                languages = {language for kind, language in meanings if kind == "human"}
                if languages and _ends(words, heard, end, languages):
                    return True
    return False


def _skipped(words: Sequence[Word], heard: list[str], place: int) -> set[int]:
    """The places at which a clause may go on once small words before them are skipped."""
    reached = {place}
    for _ in range(_MOST_BESIDE):
        reached |= {end for start in reached for end in _small(remarks(), heard, start) if not _is_broken(words, end)}
    return {each for each in reached if each < len(heard)}


def _is_broken(words: Sequence[Word], place: int) -> bool:
    return place < len(words) and words[place].is_apart


def _ends(words: Sequence[Word], heard: list[str], place: int, languages: set[str]) -> bool:
    """True when a clause ends at a place, or goes on in one of these languages with what a person is wanted for."""
    reached = {place}
    for _ in range(_MOST_BESIDE):
        if any(end == len(heard) or words[end].is_apart or _is_tail(heard, end, languages) for end in reached):
            return True
        reached = {end for start in reached for end in _small(remarks(), heard, start)}
    return any(end == len(heard) for end in reached)


def _is_tail(heard: list[str], place: int, languages: set[str]) -> bool:
    found = wishes().found_at(heard, place)
    return any(kind == "human_tail" and spoken in languages for _, meanings in found for kind, spoken in meanings)


def _small(sayings: Sayings, heard: list[str], place: int) -> Iterator[int]:
    """The ends of the small words at a place; none where they may say no."""
    if place < len(heard):
        for end, meanings in sayings.found_at(heard, place):
            kinds = {kind for kind, _ in meanings}
            if kinds & _BESIDE and "no" not in kinds:
                yield end


def _is_alone(heard: list[str], kinds: frozenset[str]) -> bool:
    """True when a message is a saying of these kinds, with nothing but small words beside."""
    if len(heard) > _LONGEST_ALONE:
        return False
    reached, named = {0}, set[int]()
    for place in range(len(heard)):
        if place in reached:
            reached.update(_small(remarks(), heard, place))
            named.update(_wished(heard, place, kinds))
        if place in named:
            named.update(_small(remarks(), heard, place), _wished(heard, place, kinds))
    return len(heard) in named


def _wished(heard: list[str], place: int, kinds: frozenset[str]) -> Iterator[int]:
    for end, meanings in wishes().found_at(heard, place):
        if any(kind in kinds for kind, _ in meanings):
            yield end
