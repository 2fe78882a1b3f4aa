"""Blocks as plain text, for platforms that have no markup and as the last resort of those that do."""

from collections.abc import Sequence

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

BULLET = "• "


def plain(blocks: Sequence[Block]) -> str:
    """Everything the blocks say, in their order, links with their addresses."""
    return "\n\n".join(_block(block) for block in blocks)


def plain_line(inlines: Sequence[Inline]) -> str:
    """Everything a line says."""
    return "".join(_inline(each) for each in inlines)


def numbers(listing: Listing) -> list[str]:
    """The mark before each item: a bullet, or its number."""
    if listing.start is None:
        return [BULLET] * len(listing.items)
    return [f"{listing.start + place}. " for place in range(len(listing.items))]


def _inline(inline: Inline) -> str:
    if isinstance(inline, Break):
        return "\n"
    if isinstance(inline, Link):
        return inline.text if inline.is_bare or inline.text == inline.url else f"{inline.text} ({inline.url})"
    return inline.text


def _block(block: Block) -> str:
    match block:
        case Paragraph(inlines=inlines) | Heading(inlines=inlines):
            text = plain_line(inlines)
        case Listing(items=items):
            text = "\n".join(_item(mark, item) for mark, item in zip(numbers(block), items, strict=True))
        case CodeBlock(text=code):
            text = code
        case Quote(blocks=blocks):
            text = "\n".join(f"> {line}".rstrip() for line in plain(blocks).split("\n"))
        case TableBlock(rows=rows):
            text = "\n".join(" | ".join(plain_line(cell) for cell in row) for row in rows)
        case _:
            text = "—"
    return text


def _item(mark: str, blocks: Sequence[Block]) -> str:
    lines = "\n".join(_block(block) for block in blocks).split("\n")
    return mark + f"\n{' ' * len(mark)}".join(lines)
