"""Patterns of wishes, choices and complaints, a language in each module; sayings that ask nothing in sayings/.

All languages are listened to at once: who writes to a Swedish company and says "danke" is understood, and a human is
called for in any of them at any moment.
"""

from bot.conversation.lexicon import da, de, en, es, fi, fr, it, nb, nl, pl, pt, sv
from bot.conversation.lexicon.lexicon import Lexicon, finder, lowered, matcher, one_of, plain, plain_pattern, words

LEXICONS = tuple(each.LEXICON for each in (en, sv, de, es, fr, da, nb, it, pt, nl, fi, pl))

__all__ = ["LEXICONS", "Lexicon", "finder", "lowered", "matcher", "one_of", "plain", "plain_pattern", "words"]
