"""The structure of a Markdown text: its blocks, and the sections that its headings make."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

BlockKind = Literal["heading", "list", "item", "fence", "code", "table", "quote", "prose"]

_KINDS: dict[str, BlockKind] = {
    "heading_open": "heading",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "fence": "fence",
    "code_block": "code",
    "table_open": "table",
    "blockquote_open": "quote",
}
# A reference definition would be no block, and its line would be lost.
_PARSER = MarkdownIt("commonmark").enable("table").disable("reference")
_PARSER.core.ruler.enableOnly(["normalize", "block"])

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_MARKS = re.compile(r"(?<!\\)(?:\*\*|__|`+|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w))")


@dataclass(frozen=True, kw_only=True)
class Block:
    """Some whole lines of a text. The blocks of a text join to the text."""

    kind: BlockKind
    text: str
    #: Of a heading, 1 to 6; else 0.
    level: int = 0
    #: Of a heading, its words without marks; else empty.
    heading: str = ""
    #: Of a list, what it is made of; they join to its text.
    items: tuple["Block", ...] = ()


@dataclass(kw_only=True)
class Section:
    """A heading with what stands below it: its own blocks, then the sections inside. The root has no heading."""

    heading: str = ""
    level: int = 0
    blocks: list[Block] = field(default_factory=list)
    sections: list["Section"] = field(default_factory=list)
    #: The heading as it was written.
    line: str = ""

    @property
    def text(self) -> str:
        """All below the heading, as it was written."""
        return "".join([block.text for block in self.blocks] + [inner.line + inner.text for inner in self.sections])


def blocks(text: str) -> list[Block]:
    """The top-level blocks of a text, in order; blank lines belong to the block before."""
    tokens = _PARSER.parse(text)
    lines = text_lines(text)
    tops = [index for index, token in enumerate(tokens) if token.level == 0 and token.nesting >= 0 and token.map]
    found = []
    for index, (start, end) in zip(tops, _spans(tokens, tops, 0, len(lines)), strict=True):
        kind = _KINDS.get(tokens[index].type, "prose")
        found.append(
            Block(
                kind=kind,
                text="".join(lines[start:end]),
                level=int(tokens[index].tag[1]) if kind == "heading" else 0,
                heading=_plain(tokens[index + 1].content) if kind == "heading" else "",
                items=_items(tokens, index, lines, start, end) if kind == "list" else (),
            )
        )
    return found


def text_lines(text: str) -> list[str]:
    """The lines of a text as Markdown counts them, each with its end."""
    return _LINE.findall(text)


def outline(text: str) -> Section:
    """A text as a tree of sections. A heading with nothing below it is a block of the section before it."""
    open_sections = [Section()]
    found = blocks(text)
    for block, after in zip_longest(found, found[1:]):
        if not block.heading or after is None or 0 < after.level <= block.level:
            open_sections[-1].blocks.append(block)
            continue
        while open_sections[-1].level >= block.level:
            open_sections.pop()
        section = Section(heading=block.heading, level=block.level, line=block.text)
        open_sections[-1].sections.append(section)
        open_sections.append(section)
    return open_sections[0]


def heading_words(heading: str) -> str:
    """A heading without what is no difference: marks, signs and capitals."""
    return " ".join(re.findall(r"\w+", _plain(heading).casefold()))


def _spans(tokens: Sequence[Token], chosen: Sequence[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """From each chosen token's first line to the next one's, the first from `start`, the last to `end`."""
    starts = [start, *(_first_line(tokens[index]) for index in chosen[1:])]
    return zip(starts, [*starts[1:], end], strict=True) if chosen else iter(())


def _items(tokens: Sequence[Token], opening: int, lines: Sequence[str], start: int, end: int) -> tuple[Block, ...]:
    chosen = []
    for index in range(opening + 1, len(tokens)):
        if tokens[index].level == 0:
            break
        if tokens[index].level == 1 and tokens[index].type == "list_item_open":
            chosen.append(index)
    return tuple(
        Block(kind="item", text="".join(lines[first:last])) for first, last in _spans(tokens, chosen, start, end)
    )


def _first_line(token: Token) -> int:
    assert token.map is not None
    return token.map[0]


def _plain(heading: str) -> str:
    return " ".join(html.unescape(_MARKS.sub("", _LINK.sub(r"\1", heading))).split())
