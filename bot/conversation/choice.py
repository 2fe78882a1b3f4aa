"""How customers say in words which of the offered choices they mean, in English and Swedish."""

import re
from collections.abc import Sequence

from bot.conversation.words import content_words
from channels.message import Choice

#: The choice that none of the offered ones is meant: a person takes over.
NONE = "none"
#: The choice of a person, where one is offered.
HUMAN = "human"

_PLACES = {
    "first": 1, "1st": 1, "one": 1, "second": 2, "2nd": 2, "two": 2, "third": 3, "3rd": 3, "three": 3, "fourth": 4,
    "4th": 4, "four": 4, "första": 1, "ett": 1, "andra": 2, "två": 2, "tredje": 3, "tre": 3, "fjärde": 4, "fyra": 4,
}  # fmt: skip
_LAST = frozenset({"last", "sista"})
_PLACE = re.compile(
    rf"(?:i mean |i meant |jag menar )?(?:the |den |det |number |no\.? |nr\.? |nummer |option |alternativ |#)?"
    rf"(?P<place>[1-9]|{'|'.join(_PLACES)}|last|sista)[.):]?(?:,? (?:one|option|alternativet|please|tack))*"
)
_NONE = re.compile(
    r"""(?:no|nope|neither|none|nothing|nej|nä)(?:,?\ (?:of|av)\ (?:these|those|them|dem|dessa|the\ above))?
    | (?:no,?\ |nej,?\ )?(?:something|anything|someone)\ else | none\ (?:of|fits?|apply|applies)\b.*
    | not\ (?:any\ of\ )?(?:these|those|them) | (?:nej,?\ )?(?:ingen|inget|inga|ingendera)(?:\ (?:av|passar).*)?
    | (?:nej,?\ )?(?:något|nåt)\ annat""",
    re.VERBOSE,
)
_YES = re.compile(
    r"""yes|yeah|yep|yup|sure|ok(?:ay)?|please|please\ do|yes,?\ (?:please|do)|go\ ahead
    | ja|japp|jo|gärna|ja,?\ (?:tack|gärna)""",
    re.VERBOSE,
)
_NO = re.compile(r"no|nope|no,? thanks?(?: you)?|not now|not yet|nej|nej,? tack|inte nu|nä")


def read_choice(text: str, choices: Sequence[Choice]) -> str | None:
    """The id of the choice that a text names: by number, place, title's words, or as none of them; None if unclear."""
    said = _plain(text)
    if found := _PLACE.fullmatch(said):
        return _at(found["place"], choices)
    if _NONE.fullmatch(said):
        return NONE
    return _by_words(text, [choice for choice in choices if choice.id != NONE])


def agrees(text: str) -> bool:
    """Whether a text says yes and nothing else."""
    return _YES.fullmatch(_plain(text)) is not None


def declines(text: str) -> bool:
    """Whether a text says no and nothing else."""
    return _NO.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .!?”\"'")


def _at(place: str, choices: Sequence[Choice]) -> str | None:
    if place in _LAST:
        meant = [choice for choice in choices if choice.id != NONE]
        return meant[-1].id if meant else None
    number = int(place) if place.isdigit() else _PLACES[place]
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
