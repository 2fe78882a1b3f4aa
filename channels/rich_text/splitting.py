"""Cutting a long text into messages that a platform takes, where a reader would cut it. Pure functions."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from channels.rich_text.document import (
    Block,
    Break,
    CodeBlock,
    Heading,
    Inline,
    Link,
    Listing,
    Paragraph,
    Quote,
    TableBlock,
)

Fits = Callable[[Sequence[Block]], bool]
_FitsOne = Callable[[Block], bool]
#: The longest beginning of a block that fits, and what is left of it; nothing, where it cannot be cut so.
_Cut = tuple[Block, tuple[Block, ...]] | None
#: After what a line is best cut, best first.
_CUTS = ("\n", ". ", "? ", "! ", "; ", ", ", " ")
#: A cut that leaves less than this share of what would fit is not worth a sentence's end.
_WORTH = 0.5


def split(blocks: Sequence[Block], fits: Fits) -> tuple[tuple[Block, ...], ...]:
    """The blocks in parts that fit: cut between blocks, else between items, lines, sentences, words, characters.

    Numbers of a list go on in the next part. A link is never cut: one that does not fit alone is a part that is too
    long. Nothing is lost but the spaces and line ends where a cut is made.
    """
    parts: list[tuple[Block, ...]] = []
    part: tuple[Block, ...] = ()
    rest = list(blocks)
    while rest:
        block = rest.pop(0)
        if fits((*part, block)):
            part = (*part, block)
            continue
        # A block that fits alone is not torn apart to fill the part before it.
        cut = None if part and fits((block,)) else _cut(block, _after(part, fits))
        if cut:
            parts.append((*part, cut[0]))
            rest[:0] = cut[1]
        elif part:
            parts.append(part)
            rest.insert(0, block)
        else:
            parts.append((block,))
        part = ()
    return (*parts, part) if part else tuple(parts)


def _after(part: tuple[Block, ...], fits: Fits) -> _FitsOne:
    return lambda block: fits((*part, block))


def _cut(block: Block, fits: _FitsOne) -> _Cut:
    match block:
        case Paragraph(inlines=inlines) | Heading(inlines=inlines):
            line = _cut_line(inlines, lambda line: fits(replace(block, inlines=line)))
            return (replace(block, inlines=line[0]), (replace(block, inlines=line[1]),)) if line else None
        case Listing():
            return _cut_list(block, fits)
        case CodeBlock(text=code):
            size = _cut_text(code, lambda text: fits(CodeBlock(text=text)), ("\n",))
            return (CodeBlock(text=code[:size].removesuffix("\n")), (CodeBlock(text=code[size:]),)) if size else None
        case Quote(blocks=inner):
            parts = split(inner, lambda blocks: fits(Quote(blocks=tuple(blocks))))
            first, left = Quote(blocks=parts[0]), tuple(each for part in parts[1:] for each in part)
            return (first, (Quote(blocks=left),)) if left and fits(first) else None
        case TableBlock(rows=rows):
            size = _most(len(rows) - 1, lambda count: fits(TableBlock(rows=rows[:count])))
            return (TableBlock(rows=rows[:size]), (TableBlock(rows=rows[size:]),)) if size else None
        case _:
            return None


def _cut_list(block: Listing, fits: _FitsOne) -> _Cut:
    def following(size: int) -> tuple[Listing, ...]:
        start = block.start + size if block.start is not None else None
        return (Listing(items=block.items[size:], start=start),) if block.items[size:] else ()

    if size := _most(len(block.items) - 1, lambda count: fits(replace(block, items=block.items[:count]))):
        return replace(block, items=block.items[:size]), following(size)
    if not block.items:
        return None
    parts = split(block.items[0], lambda inner: fits(replace(block, items=(tuple(inner),))))
    first = replace(block, items=parts[:1])
    # What is left of a long item goes on without its mark.
    left = tuple(each for part in parts[1:] for each in part)
    return (first, (*left, *following(1))) if left and fits(first) else None


def _cut_line(
    inlines: tuple[Inline, ...], fits: Callable[[tuple[Inline, ...]], bool]
) -> tuple[tuple[Inline, ...], tuple[Inline, ...]] | None:
    whole = _most(len(inlines) - 1, lambda count: fits(inlines[:count]))
    following = inlines[whole]
    if not isinstance(following, Link | Break):
        size = _cut_text(following.text, lambda text: fits((*inlines[:whole], replace(following, text=text))), _CUTS)
        if size:
            first = replace(following, text=following.text[:size].rstrip(" \n"))
            left = replace(following, text=following.text[size:].lstrip(" \n"))
            kept, rest = (first,) if first.text else (), (left,) if left.text else ()
            before, after = (*inlines[:whole], *kept), (*rest, *inlines[whole + 1 :])
            return (before, after) if before and after else None
    if not whole:
        return None
    after = inlines[whole + 1 :] if isinstance(following, Break) else inlines[whole:]
    return (inlines[:whole], after) if after else None


def _cut_text(text: str, fits: Callable[[str], bool], cuts: Sequence[str]) -> int:
    """The number of characters to take: as many as fit, back to the best place for a cut."""
    most = _most(len(text) - 1, lambda count: fits(text[:count]))
    for cut in cuts:
        place = text.rfind(cut, 0, most)
        if place >= most * _WORTH:
            return place + len(cut)
    return most


def _most(highest: int, fits: Callable[[int], bool]) -> int:
    """The largest count up to `highest` that fits, zero if none does; what fits, fits with fewer."""
    lowest = 0
    while lowest < highest:
        middle = (lowest + highest + 1) // 2
        lowest, highest = (middle, highest) if fits(middle) else (lowest, middle - 1)
    return lowest
