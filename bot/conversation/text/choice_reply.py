"""Replies in words to offered choices, in every language we speak."""

import re
from collections.abc import Sequence
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
#: What may follow a sign and changes its colour or its look alone.
_SHADES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\\s]")


def read_choice(text: str, choices: Sequence[Choice]) -> str | None:
    """The id of the choice that a text names: by number, place, title's words, or as none of them; None if unclear."""
    said = _plain(text)
    for pattern in _places():
        if found := pattern.fullmatch(said):
            return _at(found["place"], choices)
    if _none().fullmatch(said):
        return NONE
    return _by_words(text, [choice for choice in choices if choice.id != NONE])


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
    bare = _SHADES.sub("", text)
    return bool(bare) and signs.issuperset(bare)


def _plain(text: str) -> str:
    return plain(text).casefold().strip(" .!?¡¿”\"'")


@cache
def _places() -> tuple[re.Pattern[str], ...]:
    return tuple(matcher(_place(each)) for each in LEXICONS)


def _place(lexicon: Lexicon) -> str:
    words = "|".join(plain(word) for word in lexicon.places)
    before, after = plain_pattern(lexicon.place_before), plain_pattern(lexicon.place_after)
    place = rf"(?P<place>[1-9]|{words}|{plain_pattern(lexicon.last)})[.):]?"
    return rf"(?:{before})(?:(?:no|nr)?\.? ?#?){place}(?:,? (?:{after}))*"


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
    """The one choice whose title holds all that a text says, or whose title a text holds."""
    said = content_words(text)
    titles = {choice.id: content_words(choice.label) for choice in choices}
    for meant in (
        [each for each, title in titles.items() if title and title == said],
        [each for each, title in titles.items() if said and said <= title],
        [each for each, title in titles.items() if len(title) > 1 and title <= said],
    ):
        if len(meant) == 1:
            return meant[0]
    return None
