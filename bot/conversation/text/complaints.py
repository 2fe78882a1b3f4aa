"""Judgments on the help itself, in all languages: that it was none or enough, and anger about it."""

import re
from functools import cache

from bot.conversation.lexicon import LEXICONS, Lexicon, finder, lowered, matcher, one_of, plain, plain_pattern
from bot.conversation.text.remarks import read_remark
from bot.conversation.text.search_terms import tokens

#: Words that turn anger around where they stand before it in its clause, or within it; so many characters are read.
_NOT_WITHIN = frozenset({"not", "inte", "ikke", "nicht", "niet"})
_NOT_BEFORE = _NOT_WITHIN | {
    "no",
    "non",
    "nao",
    "ne",
    "n",
    "nie",
    "sorry",
    "ursakta",
    "entschuldigung",
    "perdon",
    "desole",
}
_BEFORE, _LAST_CLAUSE = 40, re.compile(r"[^.!?;:,\n]*$")
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
    said = lowered(text)
    return any(not _is_denied(said, found) for found in _anger().finditer(said)) or _shouts(text)


def _is_denied(said: str, anger: re.Match[str]) -> bool:
    """True when words of anger are said not to hold, or no longer: "I'm not angry", "I was angry yesterday"."""
    clause = _LAST_CLAUSE.search(said, max(0, anger.start() - _BEFORE), anger.start())
    before = tokens(clause[0]) if clause else []
    return not (_NOT_BEFORE.isdisjoint(before) and _NOT_WITHIN.isdisjoint(tokens(anger[0])))


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
    return "!" in text and sum(map(str.isupper, letters)) >= 0.9 * len(letters)
