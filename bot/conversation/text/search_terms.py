"""The words of a message that carry what it is about, in every language we speak."""

import re
from collections.abc import Sequence

from bot.conversation.lexicon import LEXICONS, Lexicon
from retrieval import stems

_WORD = re.compile(r"\w+")
#: Words that turn a meaning around: two questions that differ in one of them are never the same.
POLARITY_WORDS = frozenset(stems(" ".join(word for each in LEXICONS for word in each.negations), "en"))
#: English and Swedish, which sentences of few words are taken for.
_OWN = LEXICONS[:2]
#: Share of their words that two questions have in common if they are nearly the same.
NEARLY_ALL = 0.75


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, in their order."""
    return _WORD.findall(text.casefold())


def content_words(text: str, *, asking: bool = False, language: str = "en") -> frozenset[str]:
    """The stems of the words that carry what a text is about, by a language's endings.

    With `asking` also the words that ask.
    """
    said = tokens(text)
    left_out = frozenset[str]().union(*(_left_out(each, asking=asking) for each in likely_lexicons(said)))
    return frozenset(stems(" ".join(word for word in said if word not in left_out), language))


def likely_lexicons(words: Sequence[str]) -> tuple[Lexicon, ...]:
    """The language most of the words that hold the sentence together are from; the house's own two where none has more.

    For this alone: which language a conversation is in is decided with more than one sentence.
    """
    held = [sum(word in each.function or word in each.asking for word in words) for each in LEXICONS]
    most = max(held[len(_OWN) :])
    return _OWN if most <= max(held[: len(_OWN)]) else (LEXICONS[held.index(most)],)


def _left_out(lexicon: Lexicon, *, asking: bool) -> frozenset[str]:
    return lexicon.function if asking else lexicon.function | lexicon.asking


def is_same_question(one: str, other: str, *, share: float = NEARLY_ALL) -> bool:
    """True when two questions have that share of the words that carry meaning, of all they have together."""
    ours, theirs = content_words(one, asking=True), content_words(other, asking=True)
    if not ours or not theirs:
        return tokens(one) == tokens(other)
    if ours & POLARITY_WORDS != theirs & POLARITY_WORDS:
        return False
    return len(ours & theirs) >= share * len(ours | theirs)
