"""Passages: the pieces of a document that are embedded and shown.

A text that fits in one passage is one, with its headings in it: that is how its author laid it out, and how it reads
best. One that does not is taken apart along its headings, and the same rule holds for each section: if it fits, it
is one passage, with the headings inside it in its text and those above it in `headings`, where they are embedded and
shown as the way to it. Only what is left too long is cut between blocks.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent

from semantic_text_splitter import MarkdownSplitter, TextSplitter

from corpus.document import Document
from corpus.markdown_outline import Block, Section, outline, text_lines
from corpus.passage import Passage

Length = Callable[[str], int]

_LEAD_IN = re.compile(r":[*_]*\s*\Z")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_SENTENCE = re.compile(r".+?(?:[.!?…][)\]\"'*_”’»]{0,3}\s+(?=[^\sa-z])|[。！？]|\Z)", re.DOTALL)
_LEADING_BLANK_LINES = re.compile(r"\A(?:[ \t]*[\r\n]+)+")


@dataclass(frozen=True, kw_only=True)
class ChunkSize:
    """The length that a passage may have, in the units that `length` counts; by default in characters."""

    #: What an encoder reads, about 220 tokens; title and headings count.
    full: int = 900
    #: What a list, a table, a quotation or a code block may reach before it is cut.
    hard: int = 1800

    def __post_init__(self) -> None:
        if not 1 < self.full <= self.hard:
            raise ValueError(f"ChunkSize(full={self.full}, hard={self.hard}): write 1 < full <= hard")


DEFAULT_CAPACITY = ChunkSize()


def chunk(document: Document, *, capacity: ChunkSize = DEFAULT_CAPACITY, length: Length = len) -> list[Passage]:
    """The passages of a document, in order; together they hold all its text, word for word.

    A list, a table, a quotation or a code block up to `capacity.hard` is never cut. A longer list is cut between
    items, a longer table or code block between lines, with its head (and closing fence) said again in each piece. A
    paragraph that ends in a colon stays with what it introduces. Only a paragraph, item or line that is too long by
    itself is cut inside, between sentences where there are any.
    """
    splitting = _Chunker(title=document.title, capacity=capacity, length=length)
    if splitting.fits(document.text):  # then nobody needs to know how it is laid out
        shown = _shown(document.text)
        return [Passage(document=document, number=0, headings=(), text=shown)] if shown else []
    found = splitting.passages(outline(document.text), ())
    return [
        Passage(document=document, number=number, headings=headings, text=text)
        for number, (headings, text) in enumerate(found)
    ]


def is_whole(text: str, title: str, *, capacity: ChunkSize = DEFAULT_CAPACITY, length: Length = len) -> bool:
    """True where a document of this text and title is a single passage."""
    return _Chunker(title=title, capacity=capacity, length=length).fits(text)


@dataclass(frozen=True, kw_only=True)
class _Chunker:
    title: str
    capacity: ChunkSize
    length: Length

    def passages(self, section: Section, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
        """The headings and the text of each passage of a section."""
        room = self.room(path)
        whole = self.size(section.text) <= room
        for text in (section.text,) if whole else self.packed(section.blocks, room, self.capacity.hard):
            if shown := _shown(text):
                yield path, shown
        for inner in () if whole else section.sections:
            # The first heading often says the title again.
            again = not path and inner.heading.casefold() == self.title.casefold()
            yield from self.passages(inner, path if again else (*path, inner.heading))

    def fits(self, text: str) -> bool:
        """True where a whole text is one passage."""
        return self.size(text) <= self.room(())

    def room(self, path: tuple[str, ...]) -> int:
        """The length that title and headings leave for the text; half of it at least, however long they are."""
        return max(self.capacity.full - self.length(" › ".join((self.title, *path))), self.capacity.full // 2)

    def size(self, text: str) -> int:
        """The length of a text as it will be shown."""
        return self.length(text.strip())

    def packed(self, found: Sequence[Block], room: int, hard: int) -> Iterator[str]:
        """Blocks joined as long as they fit."""
        current = ""
        # Counting tokens takes time, and a whole is never longer than its parts: what fits by the sum fits.
        taken = 0
        for unit in self.units(found, room, hard):
            taken += self.length(unit.text)
            if taken <= room or self.size(current + unit.text) <= room:
                current += unit.text
                continue
            yield current
            if self.size(unit.text) <= (room if unit.kind == "prose" else hard):
                current = unit.text
            else:
                *pieces, current = self.cut(unit, room, hard)
                yield from pieces
            taken = self.length(current)
        yield current

    def units(self, found: Sequence[Block], room: int, hard: int) -> Iterator[Block]:
        """Pieces that should not be cut: blocks, each with its lead-in, and for a list that is too long its items."""
        parts = (
            part
            for block in found
            for part in (block.items if block.items and self.size(block.text) > hard else (block,))
        )
        lead_in = Block(kind="prose", text="")
        for part in parts:
            joined = Block(kind=part.kind, text=lead_in.text + part.text)
            if lead_in.text and self.size(joined.text) > (room if part.kind == "prose" else hard):
                yield lead_in
                joined = part
            lead_in = Block(kind="prose", text="")
            if part.kind == "prose" and _LEAD_IN.search(part.text):
                lead_in = joined
            else:
                yield joined
        yield lead_in

    def cut(self, unit: Block, room: int, hard: int) -> list[str]:
        """One unit that is too long, in pieces."""
        head, lines, tail = _frame(unit)
        frame = self.length(head + tail)
        if head and frame <= room // 2:
            bodies = self.packed([Block(kind="code", text=line) for line in lines], room - frame, hard - frame)
            return [f"{head}{_ended(body)}{tail}" for body in bodies if body.strip()]
        if unit.kind == "prose":
            parts = [Block(kind="prose", text=part) for part in _sentences(unit.text)]
            if len(parts) > 1:
                return list(self.packed(parts, room, hard))
        if unit.kind in {"prose", "fence", "code", "table"}:
            return TextSplitter.from_callback(self.length, room, trim=False).chunks(unit.text)
        chunks = MarkdownSplitter.from_callback(self.length, room, trim=False).chunks(unit.text)
        # Inside an item a piece is indented, and alone it would be read as code.
        return [dedent(chunk).lstrip() for chunk in chunks]


def _shown(text: str) -> str:
    """Without blank lines around it."""
    return _LEADING_BLANK_LINES.sub("", text).rstrip()


def _sentences(text: str) -> list[str]:
    """The sentences of a paragraph, or where it is one, its lines."""
    sentences = _SENTENCE.findall(text)
    return sentences if len(sentences) > 1 else text_lines(text)


def _frame(block: Block) -> tuple[str, list[str], str]:
    """The head of each piece of a code block or table, the lines between, and its end."""
    lines = text_lines(block.text.rstrip())
    if block.kind == "table":
        return "".join(lines[:2]), lines[2:], "\n"
    fence = _FENCE.match(lines[0]) if block.kind == "fence" else None
    if fence is None or len(lines) == 1:
        return "", [], ""
    closed = lines[-1].strip().startswith(fence[1]) and not lines[-1].strip(" \t`~")
    return lines[0], lines[1:-1] if closed else lines[1:], f"{fence[0]}\n\n"


def _ended(body: str) -> str:
    return body if body.endswith(("\n", "\r")) else body + "\n"
