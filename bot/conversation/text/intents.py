"""Intents of messages, as far as their words alone tell, in every language we speak.

A remark or a wish must cover a whole message, so that "hi, how do I reset it" is a question; only the wish for a person
is heard anywhere in a message.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Literal

from bot.conversation.lexicon import LEXICONS, Lexicon, matcher, one_of, plain, plain_pattern
from bot.conversation.text.complaints import says_wrong
from bot.conversation.text.human_wish import wants_person, wishes_only
from bot.conversation.text.remarks import RemarkKind, read_remark
from corpus.language_tags import canonical_code

#: What a message is for: a wish, a remark of some kind, a question, or nothing.
Intent = Literal[
    "human",
    "forget",
    "bot_again",
    "greeting",
    "thanks",
    "goodbye",
    "opener",
    "presence",
    "how_are_you",
    "bot",
    "ack",
    "pause",
    "never_mind",
    "solved",
    "tried",
    "question",
    "empty",
]
#: What remarks are for that mean more only after something else was said: a yes, a no, a word about steps.
_ALONE: Mapping[RemarkKind, Intent] = {
    "solved": "solved",
    "tried": "tried",
    "never_mind": "never_mind",
    "pause": "pause",
    "bot": "bot",
    "opener": "opener",
    "presence": "presence",
    "how_are_you": "how_are_you",
    "goodbye": "goodbye",
    "thanks": "thanks",
    "greeting": "greeting",
}


@lru_cache(maxsize=64)  # a turn's texts are read for several reasons
def read_intent(text: str) -> Intent:
    """Read the intent of a customer's message, as far as words alone tell; anything else is a question."""
    message = plain(text)
    if not any(character.isalnum() for character in message):
        return "empty"
    if _forget().fullmatch(message) or wishes_only(text, "forget"):
        return "forget"
    if wishes_only(text, "bot_again"):
        return "bot_again"
    if says_wrong(text):
        return "human" if wants_person(text) else "question"
    remark = read_remark(text)
    if remark is None or remark.kind is None:
        return "human" if wants_person(text) else "question"
    return _ALONE.get(remark.kind, "ack")


def small_talk_languages(text: str) -> frozenset[str]:
    """The languages in which a whole message is a remark; none where it does more, or none of it."""
    remark = read_remark(text)
    return remark.languages if remark else frozenset()


def asks_for_next(text: str) -> bool:
    """True when a message asks for the next of several steps, and nothing else."""
    remark = read_remark(text)
    return remark is not None and remark.step == "step_next"


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
def _forget() -> re.Pattern[str]:
    return _covering(_politely(one_of(each.forget), each) for each in LEXICONS)


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


def _politely(pattern: str, lexicon: Lexicon) -> str:
    return rf"{pattern}(?:[ ,.!?]+(?:{plain_pattern(lexicon.polite)}))*"


def _covering(patterns: Iterable[str]) -> re.Pattern[str]:
    return matcher(rf"\W*{_any(patterns)}\W*")


def _any(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


#: What is said when nothing is wanted any more.
_WANTS_NOTHING = frozenset({"thanks", "goodbye", "ack", "solved", "never_mind", "empty"})


def wants_answer(text: str) -> bool:
    """True when a message should not be the last word: it is more than a thank-you, a goodbye or a nod."""
    return read_intent(text) not in _WANTS_NOTHING
