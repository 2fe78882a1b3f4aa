"""Replies in words to offered choices, in every language we speak."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache

from bot.conversation.lexicon import LEXICONS, Lexicon, matcher, one_of, plain, plain_pattern
from bot.conversation.text.remarks import read_remark
from bot.conversation.text.search_terms import content_words
from channels.message import Choice

#: The choice that none of the offered ones is meant: a person takes over.
NONE = "none"
#: The choice of a person, where one is offered.
HUMAN = "human"
#: What a customer says of a suggestion.
SOLVED, NOT_SOLVED = "solved", "not_solved"
_THUMBS_UP, _THUMBS_DOWN = frozenset("👍✅👌🆗"), frozenset("👎❌")
#: Signs that say no more than a thank you or a smile does.
_SMALL_SIGNS = frozenset("👍👌🙏🙂😊😀😃😄🎉👏❤💪👋✅🆗🤝😁☺😉🥳💯")
#: A longer text names no choice. In characters.
LONGEST_CHOICE = 200
#: What may follow a sign and changes its colour or its look alone, or makes a key of a number.
_SHADES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u20e3]")
#: A word of fewer letters is not read as another; one that is this much like it is.
_MISTYPED, _NEARLY = 4, 0.8


def read_choice(text: str, choices: Sequence[Choice]) -> str | None:
    """The id of the choice that a text names: by number, place, title's words, or as none of them; None if unclear."""
    if len(text) > LONGEST_CHOICE:
        return None
    said = _plain(_SHADES.sub("", text))
    for pattern in _places():
        if found := pattern.fullmatch(said):
            return _at(found["place"], choices)
    if _none().fullmatch(said):
        return NONE
    titles = [choice for choice in choices if choice.id != NONE]
    return _by_words(text, titles) or _by_words(_bare(text), titles)


def _bare(text: str) -> str:
    """A text without what may stand about a choice: "yes, the delivery one" names delivery."""
    said = plain(text).casefold()
    for pattern in _about():
        said = pattern.sub(" ", said)
    return said


def is_yes(text: str) -> bool:
    """True when a text says yes and nothing else, in words or with a thumb."""
    remark = read_remark(text)
    return (remark is not None and remark.is_yes) or _is_sign(text, _THUMBS_UP)


def is_no(text: str) -> bool:
    """True when a text says no and nothing else, in words or with a thumb."""
    remark = read_remark(text)
    return (remark is not None and remark.is_no) or _is_sign(text, _THUMBS_DOWN)


def declines(text: str) -> bool:
    """True when a text says no to what was offered: as such, for now, or as nothing is needed any more."""
    remark = read_remark(text)
    return (remark is not None and remark.declines) or _is_sign(text, _THUMBS_DOWN)


def is_small_sign(text: str) -> bool:
    """True when a text is made of signs that ask nothing: a thumb, thanks, a smile."""
    return _is_sign(text, _SMALL_SIGNS)


def _is_sign(text: str, signs: frozenset[str]) -> bool:
    bare = "".join(_SHADES.sub("", text).split())
    return bool(bare) and signs.issuperset(bare)


def _plain(text: str) -> str:
    return plain(text).casefold().strip(" .!?¡¿”\"'()[]")


@cache
def _places() -> tuple[re.Pattern[str], ...]:
    return tuple(matcher(_place(each)) for each in LEXICONS)


def _place(lexicon: Lexicon) -> str:
    words = "|".join(plain(word) for word in lexicon.places)
    before, after = plain_pattern(lexicon.place_before), plain_pattern(lexicon.place_after)
    place = rf"(?P<place>[1-9]|{words}|{plain_pattern(lexicon.last)})[.):]?"
    small = rf"(?:{plain_pattern(lexicon.place_said)})"
    return rf"(?:{small}[ ,.!]+)*(?:{before})(?:(?:no|nr)?\.? ?[#(]?){place}\)?(?:[ ,.!]+(?:{after}|{small}))*"


@cache
def _about() -> tuple[re.Pattern[str], ...]:
    return tuple(
        matcher(rf"\b(?:{plain_pattern(each.place_said)}|{plain_pattern(each.place_after)})\b") for each in LEXICONS
    )


@cache
def _ordinals() -> dict[str, int]:
    """The places, by their words."""
    return {plain(word): place for each in LEXICONS for word, place in each.places.items()}


@cache
def _none() -> re.Pattern[str]:
    return matcher("|".join(one_of(each.none) for each in LEXICONS))


def _at(place: str, choices: Sequence[Choice]) -> str | None:
    number = int(place) if place.isdigit() else _ordinals().get(place)
    if number is None:  # the last
        meant = [choice for choice in choices if choice.id != NONE]
        return meant[-1].id if meant else None
    return choices[number - 1].id if number <= len(choices) else None


def _by_words(text: str, choices: Sequence[Choice]) -> str | None:
    """The one choice whose title holds all that a text says, or whose title a text holds; words may be mistyped."""
    titles = {choice.id: content_words(choice.label) for choice in choices}
    said = _spelt(content_words(text), frozenset[str]().union(*titles.values()))
    for meant in (
        [each for each, title in titles.items() if title and title == said],
        [each for each, title in titles.items() if said and said <= title],
        [each for each, title in titles.items() if len(title) > 1 and title <= said],
    ):
        if len(meant) == 1:
            return meant[0]
    return None


def _spelt(said: frozenset[str], known: frozenset[str]) -> frozenset[str]:
    """Words as titles spell them, where they are nearly the same."""
    return frozenset(
        word if word in known or len(word) < _MISTYPED else (*get_close_matches(word, known, 1, _NEARLY), word)[0]
        for word in said
    )
