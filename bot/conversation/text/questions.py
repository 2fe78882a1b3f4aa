"""Questions of a message: one or several, and if they can be understood without the one asked before."""

import re
from collections.abc import Iterator
from functools import cache

from bot.conversation.lexicon import Lexicon, matcher, one_of, plain, plain_pattern
from bot.conversation.text.search_terms import POLARITY_WORDS, content_words, likely_lexicons, tokens

#: A longer message is a story with one question, however many question marks stand in it. In words.
LONGEST_LIST = 120
#: A message with more questions than this is one for a person to read.
MOST_QUESTIONS = 4
#: A follow-up is short. In words.
LONGEST_FOLLOW_UP = 8
#: A question that leans on a word such as "it" has at most so many of its own.
_LEANING = 2

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*")
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s+")
_ALSO = re.compile(r"also\b|dessutom\b", re.IGNORECASE)
#: Words a sentence can ask with and say nothing.
_EMPTY = content_words(
    "help possible idea ideas anyone anybody someone somebody right correct sense wrong suggestion advice explain "
    "tell know more else way ways question questions answer sätt fråga frågor svar hjälp hjälpa möjligt någon "
    "vet rätt fel mer"
)


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with its signs; a line ends one too."""
    return [found.strip() for found in _SENTENCE.findall(text) if any(map(str.isalnum, found))]


def is_question(sentence: str) -> bool:
    """True when a sentence asks something of its own, by its sign or by how it begins."""
    asks = sentence.rstrip("\"')”»“ ").endswith("?") or _ALSO.match(sentence) or _begins_like_one(sentence)
    return bool(asks) and len(tokens(sentence)) >= 3 and bool(content_words(sentence) - _EMPTY)


def questions_in(text: str) -> tuple[str, ...]:
    """The questions of a message, each with the sentences that lead to it; the whole message where there is one.

    Careful: what is taken apart wrongly is answered wrongly, and what stays together wrongly is read by a person.
    """
    whole = (text.strip(),)
    if len(text.split()) > LONGEST_LIST:
        return whole
    questions: list[list[str]] = []
    before: list[str] = []
    for sentence, asks in _pieces(text):
        before.append(sentence)
        if asks:
            questions.append(before)
            before = []
    if not 2 <= len(questions) <= MOST_QUESTIONS:
        return whole
    questions[-1] += before
    return tuple(" ".join(sentences) for sentences in questions)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The sentences of a text, those that join two questions as two; each with whether it asks something."""
    for sentence in _unnumbered(text):
        parts = _joined(sentence)
        if parts is None:
            yield sentence, is_question(sentence)
        else:
            yield parts[0], True
            yield parts[1], True


def _joined(sentence: str) -> tuple[str, str] | None:
    """The two questions that a sentence joins by an "and"; None where it asks one thing.

    What follows must begin like a question, and what comes first must ask or wish something of its own.
    """
    for lexicon in likely_lexicons(tokens(sentence)):
        for join in _joints(lexicon).finditer(sentence):
            first, second = sentence[: join.start()], sentence[join.end() :]
            if _may_be_first(first, lexicon) and _may_be_second(second, lexicon):
                return first, second
    return None


def _may_be_first(part: str, lexicon: Lexicon) -> bool:
    begun = plain(part)
    is_begun = _asks(lexicon).match(begun) or _wishes(lexicon).match(begun) or _asks_on(lexicon).match(begun)
    return is_begun is not None and len(tokens(part)) >= 2 and bool(content_words(part) - _EMPTY)


def _may_be_second(part: str, lexicon: Lexicon) -> bool:
    begun = plain(part)
    is_begun = _asks(lexicon).match(begun) or _asks_on(lexicon).match(begun)
    return is_begun is not None and len(tokens(part)) >= 3 and bool(content_words(part, asking=True) - _EMPTY)


def may_follow(question: str) -> bool:
    """True when a question may need the one before it: short, begun like a follow-up or without content of its own."""
    words = tokens(question)
    if not words or len(words) > LONGEST_FOLLOW_UP:
        return False
    spoken = likely_lexicons(words)
    if any(_opens(each).match(plain(question)) for each in spoken):
        return True
    content = content_words(question) - POLARITY_WORDS
    return not content or (len(content) <= _LEANING and any(not each.anaphora.isdisjoint(words) for each in spoken))


def _begins_like_one(sentence: str) -> bool:
    return any(_asks(each).match(plain(sentence)) for each in likely_lexicons(tokens(sentence)))


@cache
def _asks(lexicon: Lexicon) -> re.Pattern[str]:
    return matcher(rf"(?:(?:{plain_pattern(lexicon.opens)})[ ,]+)?{one_of(lexicon.asks)}\b")


@cache
def _asks_on(lexicon: Lexicon) -> re.Pattern[str]:
    """Begin of a question within a sentence: with a word that asks, or as a verb before whom it is about."""
    asking = "|".join(sorted(map(plain, lexicon.asking)))
    return matcher(rf"\W*(?:{plain_pattern(lexicon.asks_on)}|{asking})\b")


@cache
def _wishes(lexicon: Lexicon) -> re.Pattern[str]:
    return matcher(rf"\W*(?:{plain_pattern(lexicon.asks_to)})\b")


@cache
def _joints(lexicon: Lexicon) -> re.Pattern[str]:
    return matcher(rf"[ ,]+(?:{lexicon.joins})[ ,]+")


@cache
def _opens(lexicon: Lexicon) -> re.Pattern[str]:
    return matcher(rf"\W*(?:{plain_pattern(lexicon.opens)})\b")


def _unnumbered(text: str) -> list[str]:
    return [sentence for line in text.splitlines() for sentence in sentences(_NUMBERED.sub("", line))]
