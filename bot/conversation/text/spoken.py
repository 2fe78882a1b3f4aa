"""The words of a message as sayings meet them, and where its clauses begin."""

import re
from dataclasses import dataclass

from bot.conversation.lexicon import plain
from bot.conversation.lexicon.sayings import folded

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of a message: as it is written, as sayings meet it, and if a sign stands before it."""

    said: str
    heard: str
    is_apart: bool = False


def words_in(text: str) -> list[Word]:
    """The words of a text; those joined by a hyphen are several."""
    message, end, found = plain(text), 0, list[Word]()
    for match in _WORD.finditer(message):
        is_apart = not message[end : match.start()].isspace()
        for place, said in enumerate(match[0].split("-")):
            found.append(Word(said=said, heard=folded(said), is_apart=is_apart and not place))
        end = match.end()
    return found
