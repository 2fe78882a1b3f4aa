"""The first part of a page that answers by itself, word for word."""

import re

from bot.conversation.text.procedures import procedure_in
from bot.conversation.text.questions import sentences
from bot.conversation.text.search_terms import content_words

#: A text of so many characters is read at a glance, and is not shortened.
LONGEST = 500
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)*")
_LIST = re.compile(r"(?:[-*+•]|\d{1,3}[.)])[ \t]|[ \t]{2,}\S|\t")


def short_answer(text: str, question: str) -> str:
    """The first paragraphs of a Markdown text, LONGEST characters or less where the first is not longer by itself.

    The whole text is given where what follows holds a word of the question that they do not hold.
    What is short, a procedure or holds code is given whole; a list is neither cut nor parted from what leads to it.
    """
    if len(text) <= LONGEST or _FENCE.search(text) or procedure_in(text):
        return text
    short = ""
    for part in _parts(text):
        if short and len(short) + len(part) > LONGEST:
            break
        short = f"{short}\n\n{part}" if short else part
    asked = content_words(question)
    return text if asked & content_words(text) - content_words(short) else short


def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    return next(iter(sentences(text)), "")


def _parts(text: str) -> list[str]:
    """The paragraphs of a text; a list is one with what leads to it, a heading with what follows."""
    parts: list[str] = []
    for block in _BLANK.split(text.strip()):
        belongs = parts and (_LIST.match(block) or parts[-1].endswith(":") or _is_heading(parts[-1]))
        if belongs:
            parts[-1] += f"\n\n{block}"
        else:
            parts.append(block)
    return parts


def _is_heading(part: str) -> bool:
    return part.startswith("#") and "\n" not in part
