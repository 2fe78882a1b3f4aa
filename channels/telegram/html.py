"""Blocks as the HTML that Telegram takes. Pure functions.

https://core.telegram.org/bots/api#html-style: no tag but b, i, s, a, code, pre and blockquote is used; `<`, `>` and `&`
are escaped, and quotes in an address. Code holds nothing else, and no quotation is within another.
"""

import re
from collections.abc import Collection, Sequence
from html import escape, unescape
from urllib.parse import urlsplit

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
    Style,
    TableBlock,
    Text,
)
from channels.rich_text.plain_text import numbers, plain

#: What a message may hold after its markup was read, in UTF-16 units; of more entities, Telegram drops the last.
LONGEST = 4096
MOST_ENTITIES = 100
_TAG = re.compile(r"</?(?:b|i|s|a|code|pre|blockquote)(?: href=\"[^\"]*\")?>")
_TAGS: dict[Style, str] = {"italic": "i", "strike": "s", "bold": "b"}
_OPENING = re.compile(r"<[a-z]")


def html(blocks: Sequence[Block]) -> str:
    """Everything the blocks say, as Telegram's HTML."""
    return "\n\n".join(_block(block, quoted=False) for block in blocks)


def shown(markup: str) -> str:
    """The text that is left of our HTML when Telegram has read it."""
    return unescape(_TAG.sub("", markup))


def units(text: str) -> int:
    """The length of a text as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def fits(blocks: Sequence[Block]) -> bool:
    """True when one message can hold the blocks."""
    markup = html(blocks)
    return units(shown(markup)) <= LONGEST and len(_OPENING.findall(markup)) <= MOST_ENTITIES


def pieces(text: str) -> list[str]:
    """A plain text in pieces that a message can hold, cut between lines where that is possible."""
    cut = []
    while units(text) > LONGEST:
        end = len(text.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", "ignore"))
        line = text.rfind("\n", 1, end)
        end = line if line > end // 2 else end
        cut.append(text[:end])
        text = text[end:].lstrip("\n")
    return [*cut, text]


def _text(text: str) -> str:
    return escape(text, quote=False)


def _block(block: Block, *, quoted: bool) -> str:
    match block:
        case Paragraph(inlines=inlines):
            markup = _line(inlines)
        case Heading(inlines=inlines):
            markup = _line(inlines, bold=True)
        case Listing(items=items):
            marks = numbers(block)
            markup = "\n".join(_item(mark, item, quoted=quoted) for mark, item in zip(marks, items, strict=True))
        case CodeBlock(text=code):
            markup = f"<pre>{_text(code)}</pre>"
        case Quote(blocks=blocks):
            # A quotation within another is told by its marks alone.
            inner = _text(plain((block,))) if quoted else "\n\n".join(_block(each, quoted=True) for each in blocks)
            markup = inner if quoted else f"<blockquote>{inner}</blockquote>"
        case TableBlock(rows=rows):
            markup = "\n".join(
                " | ".join(_line(cell, bold=not place) for cell in row) for place, row in enumerate(rows)
            )
        case _:
            markup = "—"
    return markup


def _item(mark: str, blocks: Sequence[Block], *, quoted: bool) -> str:
    indent = "\n" + " " * len(mark)
    inner = (
        markup if isinstance(each, CodeBlock) else markup.replace("\n", indent)
        for each in blocks
        for markup in [_block(each, quoted=quoted)]
    )
    return mark + indent.join(inner)


def _line(inlines: Sequence[Inline], *, bold: bool = False) -> str:
    return "".join(_inline(each, bold=bold) for each in inlines)


def _inline(inline: Inline, *, bold: bool) -> str:
    match inline:
        case Break():
            return "\n"
        case InlineCode(text=text):
            return f"<code>{_text(text)}</code>"
        case Link(text=text, url=url):
            return _set(_text(text) if inline.is_bare else _link(text, url), {"bold"} if bold else set())
        case Text(text=text, styles=styles):
            return _set(_text(text), styles | {"bold"} if bold else styles)


def _set(markup: str, styles: Collection[Style]) -> str:
    if not markup.strip():
        return markup
    for style, tag in _TAGS.items():
        markup = f"<{tag}>{markup}</{tag}>" if style in styles else markup
    return markup


def _link(text: str, url: str) -> str:
    """A link; Telegram drops links that are no web address or have no domain, so those are written out."""
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"} and "." in (parts.hostname or ""):
        return f'<a href="{escape(url)}">{_text(text)}</a>' if text.strip() else _text(url)
    where = re.sub(r"^(mailto|tel):", "", url)
    return _text(text) if text in {url, where} else f"{_text(text)} ({_text(where)})"
