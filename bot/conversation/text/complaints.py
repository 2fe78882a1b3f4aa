"""Judgments on the help itself, in all languages: that it was none or enough, and anger about it."""

import re
from functools import cache

from bot.conversation.lexicon import LEXICONS, Lexicon, finder, lowered, matcher, one_of, plain, plain_pattern
from bot.conversation.text.remarks import read_remark

#: Words and letters from which on capitals are shouting and no abbreviation.
_SHOUTED_WORDS, _SHOUTED_LETTERS = 3, 12


def says_wrong(sentence: str) -> bool:
    """True when a sentence says that an answer was wrong or no help, and nothing else."""
    said = plain(sentence)
    return any(pattern.fullmatch(said) for pattern in _denials())


def says_solved(sentence: str) -> bool:
    """True when a sentence says that the help settled the matter, perhaps with a yes or thanks, and nothing else."""
    remark = read_remark(sentence)
    return remark is not None and remark.kind == "solved"


def is_angry(text: str) -> bool:
    """True when somebody insults, shouts or complains about the help they get, anywhere in a text."""
    return _anger().search(lowered(text)) is not None or _shouts(text)


def without_anger(text: str) -> str:
    """Strip a text of the words that only upset people write; gives small letters without accents."""
    return " ".join(_anger().sub(" ", lowered(text)).split())


@cache
def _denials() -> tuple[re.Pattern[str], ...]:
    return tuple(matcher(_denial(each)) for each in LEXICONS)


def _denial(lexicon: Lexicon) -> str:
    before, after = plain_pattern(lexicon.denies_before), plain_pattern(lexicon.denies_after)
    return rf"\W*(?:(?:{before})[ ,.]+)*{one_of(lexicon.denies)}(?: (?:{after}))*\W*"


@cache
def _anger() -> re.Pattern[str]:
    return finder(rf"\b(?:{'|'.join(one_of(each.upset) for each in LEXICONS)})(?!\w)")


def _shouts(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    words = [word for word in text.split() if sum(map(str.isalpha, word)) > 1]
    if len(words) < _SHOUTED_WORDS or len(letters) < _SHOUTED_LETTERS:
        return False
    return sum(map(str.isupper, letters)) >= 0.9 * len(letters)
