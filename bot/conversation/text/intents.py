"""The small social intents, in every language we speak.

A pattern must cover a whole message, so that "hi, how do I reset it" is a question; only the wish for a person is
heard anywhere in a message.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Literal

from bot.conversation.lexicon import LEXICONS, Lexicon, finder, lowered, matcher, one_of, plain, plain_pattern
from corpus.language_tags import canonical_code

Intent = Literal["human", "greeting", "thanks", "goodbye", "forget", "question", "empty"]

#: Whom somebody thanks: one or two words with a capital, as in "Anna-Lena Ek", and nothing is asked after them.
_CAPITAL, _SMALL, _LETTER = r"(?-i:[^\W\d_a-z])", r"(?-i:[a-z])", r"(?:[^\W\d_]|['-])"


@lru_cache(maxsize=64)  # a turn's texts are read for several reasons
def read_intent(text: str) -> Intent:
    """Read the intent of a customer's message, as far as words alone tell; anything else is a question."""
    message = plain(text)
    if not any(character.isalnum() for character in message):
        return "empty"
    small = lowered(text)
    if any(pattern.search(small) for pattern in _wants_person()):
        return "human"
    for name, pattern in _whole().items():
        if pattern.fullmatch(message):
            return name
    return "question"


@lru_cache(maxsize=64)
def small_talk_languages(text: str) -> frozenset[str]:
    """The languages in which a whole message greets, thanks or says goodbye; none where it does more, or none of it."""
    intent, message = read_intent(text), plain(text)
    if intent not in {"greeting", "thanks", "goodbye"}:
        return frozenset()
    return frozenset(language for language, patterns in _small_talk().items() if patterns[intent].fullmatch(message))


def asks_for_next(text: str) -> bool:
    """True when a message asks for the next of several steps, and nothing else."""
    return _next_step().fullmatch(plain(text)) is not None


def asks_for_steps(text: str) -> bool:
    """True when a message asks for one step at a time, and nothing else."""
    return _step_by_step().fullmatch(plain(text)) is not None


def chosen_language(text: str) -> str | None:
    """The language that a whole message chooses: "svenska, tack", "in English please", "/language sv"."""
    message = plain(text)
    if found := _COMMAND.fullmatch(message):
        return _named(found[1])
    for pattern in _language_choices():
        if found := pattern.fullmatch(message):
            return found.lastgroup
    return None


_COMMAND = re.compile(
    r"/(?:language|lang|sprache|idioma|langue|sprog|språk|sprak|lingua|taal|kieli|jezyk) (\S+)", re.IGNORECASE
)


def _named(name: str) -> str | None:
    """The language of a code or a name."""
    code = canonical_code(name.casefold()[:2]) if _CODE.fullmatch(name) else ""
    if any(lexicon.language == code for lexicon in LEXICONS):
        return code
    return chosen_language(name) if not name.startswith("/") else None


_CODE = re.compile(r"[a-z]{2}(?:[-_]\w+)?", re.IGNORECASE)


@cache
def _wants_person() -> tuple[re.Pattern[str], ...]:
    whole = _any(rf"{one_of(each.person)}(?:[ ,.!?]+(?:{plain_pattern(each.polite)}))*" for each in LEXICONS)
    return (finder(rf"^\W*{whole}\W*$"), *(finder(one_of(each.wants)) for each in LEXICONS))


@cache
def _whole() -> dict[Intent, re.Pattern[str]]:
    return {
        "greeting": _covering(one_of(each.greeting) for each in LEXICONS),
        "thanks": _covering(_thanks(each) for each in LEXICONS),
        "goodbye": _covering(one_of(each.goodbye) for each in LEXICONS),
        "forget": _covering(_politely(one_of(each.forget), each) for each in LEXICONS),
    }


@cache
def _small_talk() -> dict[str, dict[Intent, re.Pattern[str]]]:
    return {
        each.language: {
            "greeting": _covering([one_of(each.greeting)]),
            "thanks": _covering([_thanks(each)]),
            "goodbye": _covering([one_of(each.goodbye)]),
        }
        for each in LEXICONS
    }


@cache
def _next_step() -> re.Pattern[str]:
    return _covering(_politely(one_of(each.following), each) for each in LEXICONS)


@cache
def _step_by_step() -> re.Pattern[str]:
    return _covering(_politely(one_of(each.stepwise), each) for each in LEXICONS)


@cache
def _language_choices() -> tuple[re.Pattern[str], ...]:
    """A pattern for each language somebody may ask in; its group says for which."""
    own = {each.language: plain_pattern(each.names[each.language]) for each in LEXICONS}
    patterns = []
    for each in LEXICONS:
        names = "|".join(f"(?P<{code}>{own[code]}|{plain_pattern(name)})" for code, name in each.names.items())
        before, after = plain_pattern(each.names_before), plain_pattern(each.names_after)
        # A name's group must close last: `lastgroup` tells it.
        patterns.append(matcher(rf"\W*(?:(?:{before})[ :]+)?(?:{names})(?:[ ,.!?]+(?:{after}))*\W*"))
    return tuple(patterns)


def _name(lexicon: Lexicon) -> str:
    """One word that may be a name, in a plain text."""
    openers = "|".join(plain(word) for word in lexicon.openers.split())
    return rf"(?!(?:{openers})(?![\w'-])){_CAPITAL}(?={_LETTER}*{_SMALL}){_LETTER}{{1,19}}"


def _thanks(lexicon: Lexicon) -> str:
    much = rf"(?:,? (?:{plain_pattern(lexicon.much)}))*"
    name = _name(lexicon)
    thanked = rf"(?:(?!.*\?)[, ]+{name}(?: {name})?[,!]?{much})?"
    return rf"(?:(?:{plain_pattern(lexicon.intensifiers)})[ ,!.]*)?{one_of(lexicon.thanks)}{much}{thanked}"


def _politely(pattern: str, lexicon: Lexicon) -> str:
    return rf"{pattern}(?:[ ,.!?]+(?:{plain_pattern(lexicon.polite)}))*"


def _covering(patterns: Iterable[str]) -> re.Pattern[str]:
    return matcher(rf"\W*{_any(patterns)}\W*")


def _any(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"
