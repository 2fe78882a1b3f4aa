"""What stands on the buttons under an answer: words of the catalogues, in the conversation's language as it is now."""

from functools import lru_cache

from bot.conversation.language.codes import spoken_to
from bot.conversation.phrases import phrases_for
from channels.message import Labels


@lru_cache(maxsize=256)
def labels(language: str | None, locale: str | None) -> Labels:
    """For a conversation of that language, with a customer of that locale."""
    return phrases_for(spoken_to(language, locale)).labels()
