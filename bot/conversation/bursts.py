"""Bursts: what is likely not all of a message waits longer for its rest than what is whole."""

import re

from bot.conversation.text.intents import read_intent
from bot.conversation.text.questions import is_question
from bot.conversation.text.remarks import read_remark
from bot.conversation.text.search_terms import content_words, tokens

#: Messages that lead to something: more is about to come.
_LEADS_ON = frozenset({"greeting", "opener", "presence", "how_are_you", "question"})
#: Signs with which somebody who writes on leaves off.
_GOES_ON = (",", ":", ";", "-", "–", "—", "…", "...", "&", "+", "(")
_ENDS = ("?", "!", "？", "！")
_CLAUSE = re.compile(r"[,.;:!?\n]\s+")
#: A question of so many words is whole without its sign. In words.
WHOLE_QUESTION = 12


def is_unfinished(text: str, *, follows: bool = False) -> bool:
    """True where a message is likely a piece of one: an opener, a few words, a trailing comma, no question in it yet.

    What ends with its sign, and what wants nothing more ("thanks", "yes", a number, a wish for a person), is whole. Who
    `follows` on a piece of their own writes in pieces: then only a sign ends it.
    """
    said = text.rstrip().rstrip("\"')”»“ ")
    words = tokens(said)
    if not words or said.endswith(_ENDS):
        return False
    clauses = [each for each in _CLAUSE.split(said) if each]
    if said.endswith(_GOES_ON) or follows:
        return said.endswith(_GOES_ON) or not (said.endswith(".") and any(map(is_question, clauses)))
    if words[0].isdecimal() or not (read_intent(text) in _LEADS_ON or _is_filler(text)):
        return False
    if said.endswith("."):
        return not any(map(is_question, clauses))
    last = clauses[-1]
    return not (is_question(last) and len(tokens(last)) >= WHOLE_QUESTION and bool(content_words(words[-1])))


def _is_filler(text: str) -> bool:
    """True for words that only stand beside others: "it", "I"."""
    remark = read_remark(text)
    return remark is not None and remark.kind == "filler"
