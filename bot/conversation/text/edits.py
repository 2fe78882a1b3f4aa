"""Edits of a message that was answered: mended typing, or words that may ask something else."""

from bot.conversation.text.search_terms import tokens
from retrieval import stems


def only_mends(before: str, after: str) -> bool:
    """True where an edit has the same words in the same order: other signs, capitals or endings, and nothing else.

    All else is decided on anew, and told only where it comes to something else.
    """
    said, now = tokens(before), tokens(after)
    return said == now or (len(said) == len(now) and stems(" ".join(said), "en") == stems(" ".join(now), "en"))
