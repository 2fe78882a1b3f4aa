"""The part of a page that answers by itself, word for word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.conversation.text.procedures import numbered_lists, procedure_in
from bot.conversation.text.questions import sentences
from bot.conversation.text.search_terms import content_words

#: A text of so many characters is read at a glance, and is not shortened.
LONGEST = 500
#: So little more is read faster than unfolded.
LEAST_LEFT = 120
_LINE_END = re.compile(r"\r\n?|\n")
_PARSER = MarkdownIt("commonmark").enable("table").disable("reference")
_PARSER.core.ruler.enableOnly(["normalize", "block"])
_CODE = frozenset({"fence", "code_block"})

_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？")

Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class HeadingLine:
    """A heading of a text: its level from 1, the line it begins on from 0, and whether nothing stands below it."""

    level: int
    line: int
    is_last: bool


def short_answer(text: str, question: str, section: Span | None = None) -> tuple[Span, ...]:
    """The parts of a Markdown text that answer first, each by its begin and end; all of it where it is short.

    It is the section that answers, where that is known, with its heading below the page's first paragraph where there
    is room for both. Of a longer one it is the first paragraphs, LONGEST characters or less where the first is not
    longer by itself; but all of it where what follows holds a word of the question that they do not hold. No list, code
    or procedure is cut, and none is parted from what leads to it.
    """
    whole = (0, len(text))
    if len(text) <= LONGEST:
        return (whole,)
    start, end = _stripped(text, section or whole)
    if start == end or _cuts_a_list(text, start, end):
        return (whole,)
    start, end = _stripped(text, (start, start + _first_paragraphs(text[start:end], question)))
    opening, begins = _opening(text, start)
    parts = ((0, opening), (begins, end)) if opening and opening + end - begins <= LONGEST else ((start, end),)
    left = len(text) - sum(last - first for first, last in parts)
    return parts if left >= LEAST_LEFT else (whole,)


def _opening(text: str, start: int) -> Span:
    """The end of the page's first paragraph, and where the heading of the section begins that starts at `start`.

    The end is 0 where no sentence opens the page, or nothing stands between it and the heading.
    """
    tops = [each for each in _PARSER.parse(text[:start]) if each.level == 0 and each.map and each.nesting >= 0]
    if len(tops) < 2 or tops[0].type != "paragraph_open" or tops[-1].type != "heading_open":
        return 0, start
    lines = [*_line_starts(text[:start]), start]
    first, last = tops[0].map, tops[-1].map
    assert first is not None
    assert last is not None
    paragraph = text[: lines[min(first[1], len(lines) - 1)]].rstrip()
    is_sentence = paragraph.endswith(_SENTENCE_ENDS)
    return (len(paragraph) if is_sentence else 0), lines[last[0]]


def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    return next(iter(sentences(text)), "")


def headings_of(text: str) -> list[HeadingLine]:
    """The headings of a Markdown text that stand in nothing else, in their order."""
    tops = [token for token in _PARSER.parse(text) if token.level == 0 and token.map and token.nesting >= 0]
    return [
        HeadingLine(level=int(token.tag[1]), line=token.map[0], is_last=token is tops[-1])
        for token in tops
        if token.type == "heading_open" and token.map
    ]


def _stripped(text: str, span: Span) -> Span:
    """The span without blank lines at its beginning, and without any blanks at its end."""
    start, end = span
    end = start + len(text[start:end].rstrip())
    blank = re.match(r"(?:[ \t]*(?:\r\n?|\n))*", text[start:end])
    return start + (blank.end() if blank else 0), end


def _first_paragraphs(part: str, question: str) -> int:
    """The length of the first paragraphs that answer by themselves."""
    tokens = _PARSER.parse(part)
    if len(part) <= LONGEST or procedure_in(part) or any(token.type in _CODE for token in tokens):
        return len(part)
    cuts = list(_cuts(part, tokens))
    end = next((cut for cut in reversed(cuts) if cut <= LONGEST), cuts[0] if cuts else len(part))
    missing = content_words(question) & content_words(part) - content_words(part[:end])
    return len(part) if missing else end


def _cuts(part: str, tokens: list[Token]) -> Iterator[int]:
    """The places where a text can be cut: before a block that is no list, and follows on no heading and on no colon."""
    lines = _line_starts(part)
    steps = [(each[0], each[-1]) for each in numbered_lists(part)]
    before = None
    for token in tokens:
        if token.level or token.map is None or token.nesting < 0:
            continue
        line = token.map[0]
        is_list = token.type in {"bullet_list_open", "ordered_list_open"}
        is_within = any(first < line < last for first, last in steps)
        leads = before == "heading_open" or part[: lines[line]].rstrip().endswith(":")
        if before is not None and not (is_list or is_within or leads):
            yield len(part[: lines[line]].rstrip())
        before = token.type


def _cuts_a_list(text: str, start: int, end: int) -> bool:
    """True where a numbered list, which may go on below other headings, stands on both sides of an end."""
    lines = [*_line_starts(text), len(text)]
    lists = [(lines[each[0]], lines[min(each[-1], len(lines) - 1)]) for each in numbered_lists(text)]
    return any(first < edge < len(text[:last].rstrip()) for first, last in lists for edge in (start, end))


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in _LINE_END.finditer(text))]
