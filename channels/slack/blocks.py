"""Markdown as Slack's rich text. Pure functions.

Rich text is structure, not markup: a text is shown as it is, whatever characters it has, so that nothing needs escaping
and nobody can be called by it. See https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from channels.rich_text.document import (
    Block,
    Break,
    CodeBlock,
    Heading,
    Inline,
    InlineCode,
    Link,
    Listing,
    Paragraph,
    Quote,
    Rule,
    TableBlock,
    Text,
)
from channels.rich_text.plain_text import plain, plain_line

Json = dict[str, Any]
#: Addresses that a link of Slack's may have; the others are shown as text.
_LINKED = ("http://", "https://", "mailto:")
#: Longer ones are shown as text, which can be cut.
_LONGEST_LINK = 3000
#: Slack indents no further.
_DEEPEST = 8


def blocks_of(blocks: Sequence[Block]) -> list[Json]:
    """Blocks of Block Kit: one of rich text for all that stands between two rules."""
    made: list[Json] = []
    for each in _elements(blocks):
        if each["type"] == "divider":
            made.append(each)
        elif made and made[-1]["type"] == "rich_text":
            made[-1]["elements"].append(each)
        else:
            made.append({"type": "rich_text", "elements": [each]})
    return made


def with_linkable_urls(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with every link that Slack would not take as text."""
    return tuple(_linkable(block) for block in blocks)


def section(inlines: Iterable[Inline]) -> Json:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": [_inline(each) for each in inlines if not _is_empty(each)]}


def _linkable(block: Block) -> Block:
    match block:
        case Paragraph(inlines=inlines) | Heading(inlines=inlines):
            return replace(block, inlines=_linkable_line(inlines))
        case Listing(items=items):
            return replace(block, items=tuple(with_linkable_urls(item) for item in items))
        case Quote(blocks=inner):
            return replace(block, blocks=with_linkable_urls(inner))
        case _:
            return block


def _linkable_line(inlines: Sequence[Inline]) -> tuple[Inline, ...]:
    return tuple(
        Text(text=plain_line([each])) if isinstance(each, Link) and not _is_linked(each) else each for each in inlines
    )


def _is_linked(link: Link) -> bool:
    return link.url.lower().startswith(_LINKED) and max(len(link.url), len(link.text)) <= _LONGEST_LINK


def _is_empty(inline: Inline) -> bool:
    return not isinstance(inline, Break) and not inline.text


def _inline(inline: Inline) -> Json:
    match inline:
        case Text(text=text, styles=styles):
            style = dict.fromkeys(sorted(styles), True)
            return {"type": "text", "text": text} | ({"style": style} if style else {})
        case InlineCode(text=text):
            return {"type": "text", "text": text, "style": {"code": True}}
        case Link(text=text, url=url):
            return {"type": "link", "url": url} | ({"text": text} if text != url else {})
        case _:
            return {"type": "text", "text": "\n"}


def _elements(blocks: Sequence[Block]) -> Iterator[Json]:
    for place, block in enumerate(blocks):
        parts = list(_block(block, 0))
        if place + 1 < len(blocks) and parts and parts[-1]["type"] == "rich_text_section":
            # Slack sets a section right below the one before it; an empty line keeps paragraphs apart.
            parts[-1]["elements"].append({"type": "text", "text": "\n"})
        yield from parts


def _block(block: Block, depth: int) -> Iterator[Json]:
    match block:
        case Paragraph(inlines=inlines):
            yield from _line(inlines)
        case Heading(inlines=inlines):
            yield from _line(_bold(inlines))
        case Listing():
            yield from _list(block, depth)
        case CodeBlock(text=code):
            yield from _preformatted(code)
        case Quote(blocks=inner):
            if line := list(_quoted(inner)):
                yield {"type": "rich_text_quote", "elements": line}
        case Rule():
            yield {"type": "divider"}
        case TableBlock(rows=rows):
            yield from _preformatted(_grid(rows))


def _line(inlines: Sequence[Inline]) -> Iterator[Json]:
    made = section(inlines)
    if made["elements"]:
        yield made


def _preformatted(text: str) -> Iterator[Json]:
    if text:
        yield {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}


def _bold(inlines: Sequence[Inline]) -> list[Inline]:
    return [replace(each, styles=each.styles | {"bold"}) if isinstance(each, Text) else each for each in inlines]


def _list(listing: Listing, depth: int) -> Iterator[Json]:
    """Items as Slack has them, one line of text each; what else an item holds stands between, and the numbers go on."""
    run: list[Json] = []
    begins = 0
    for place, item in enumerate(listing.items):
        lines, others = _divided(item)
        run.append(section(lines) if lines else section([Text(text=" ")]))
        if others:
            yield _run(listing, run, begins, depth)
            run, begins = [], place + 1
            for each in others:
                # A rule within an item cannot be one: it would end the list.
                yield from _line([Text(text="—")]) if isinstance(each, Rule) else _block(each, depth + 1)
    if run:
        yield _run(listing, run, begins, depth)


def _run(listing: Listing, items: list[Json], begins: int, depth: int) -> Json:
    made: Json = {
        "type": "rich_text_list",
        "style": "bullet" if listing.start is None else "ordered",
        "indent": min(depth, _DEEPEST),
        "elements": items,
    }
    offset = begins + (listing.start or 1) - 1
    return made | ({"offset": offset} if listing.start is not None and offset > 0 else {})


def _divided(item: Sequence[Block]) -> tuple[list[Inline], list[Block]]:
    """The paragraphs an item begins with, as one line of inlines, and the blocks after them."""
    lines: list[Inline] = []
    for place, block in enumerate(item):
        if not isinstance(block, Paragraph | Heading):
            return lines, list(item[place:])
        if lines:
            lines += [Break(), Break()]
        lines += _bold(block.inlines) if isinstance(block, Heading) else block.inlines
    return lines, []


def _quoted(blocks: Sequence[Block]) -> Iterator[Json]:
    """A quote holds only text: whatever else is in it is told in words."""
    for place, block in enumerate(blocks):
        if place:
            yield {"type": "text", "text": "\n\n"}
        if isinstance(block, Paragraph | Heading):
            yield from section(block.inlines)["elements"]
        elif text := plain([block]):
            yield {"type": "text", "text": text}


def _grid(rows: Sequence[Sequence[Sequence[Inline]]]) -> str:
    """A table in letters of one width."""
    cells = [[plain_line(cell).replace("\n", " ") for cell in row] for row in rows]
    columns = max((len(row) for row in cells), default=0)
    widths = [max((len(row[place]) for row in cells if place < len(row)), default=0) for place in range(columns)]
    lines = (" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in cells)
    return "\n".join(line.rstrip() for line in lines)
