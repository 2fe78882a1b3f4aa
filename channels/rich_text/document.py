"""Markdown as data, so that each platform can be told it in its own markup. Pure functions, no platform."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from channels.rich_text.typed import NOT_TYPED, keep_typed

Style = Literal["bold", "italic", "strike"]
#: Addresses that lead somewhere a customer can go; any other is shown as text.
SCHEMES = ("http://", "https://", "mailto:", "tel:")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A run of characters, and how it is set."""

    text: str
    styles: frozenset[Style] = frozenset()


@dataclass(frozen=True, kw_only=True)
class InlineCode:
    """Code within a line."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link; its text is plain."""

    text: str
    url: str
    #: Whether the text is an address that somebody wrote as it stands.
    is_bare: bool = field(default=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class Break:
    """The end of a line within a paragraph."""


Inline = Text | InlineCode | Link | Break


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Lines that belong together."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading, of whatever level."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list: `start` is its first number, None for bullets."""

    items: tuple[tuple["Block", ...], ...]
    start: int | None = None


@dataclass(frozen=True, kw_only=True)
class CodeBlock:
    """Lines of code, without the last line's end."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A quotation."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A line across."""


@dataclass(frozen=True, kw_only=True)
class TableBlock:
    """Rows of cells; the first row is the heading."""

    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


Block = Paragraph | Heading | Listing | CodeBlock | Quote | Rule | TableBlock


def leads_somewhere(url: str) -> bool:
    """True for an address that a customer can go to."""
    return url.lower().startswith(SCHEMES)


def parser_of(*, as_typed: bool) -> MarkdownIt:
    """A parser of Markdown in which HTML is text; `as_typed` as `parse` has it."""
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": as_typed})
    parser.enable(["linkify", "strikethrough", "table"])
    parser.inline.ruler.disable("linkify")  # the core's rule finds the same, and this one raises at "a[http://http://"
    if as_typed:
        parser.disable(NOT_TYPED)
        parser.validateLink = leads_somewhere  # type: ignore[method-assign]  # the parser's own way to set it
        parser.core.ruler.after("inline", "keep_typed", keep_typed)
    return parser


def parse(markdown: str, *, as_typed: bool = False) -> tuple[Block, ...]:
    """The blocks of a Markdown text. HTML in it is text; an image is a link to it.

    With `as_typed`, as people mean it who type a reply: a single line break is kept, and what they hardly meant as
    markup is text, so that no character is lost of `*21*123456#`, of `- 5 degrees`, of `__init__` or of `&amp;`.
    """
    tree = SyntaxTreeNode(parser_of(as_typed=as_typed).parse(markdown))
    return tuple(_BlockReader(as_typed=as_typed).blocks(tree.children))


@dataclass(frozen=True, kw_only=True)
class _BlockReader:
    as_typed: bool

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> Iterator[Block]:
        for node in nodes:
            if (block := self._block(node)) is not None:
                yield block

    def _block(self, node: SyntaxTreeNode) -> Block | None:
        block: Block | None
        match node.type:
            case "paragraph":
                block = Paragraph(inlines=self._line(node))
            case "heading":
                block = Heading(inlines=self._line(node))
            case "bullet_list" | "ordered_list":
                start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
                block = Listing(items=tuple(tuple(self.blocks(item.children)) for item in node.children), start=start)
            case "fence" | "code_block":
                block = CodeBlock(text=node.content.removesuffix("\n"))
            case "blockquote":
                block = Quote(blocks=tuple(self.blocks(node.children)))
            case "hr":
                block = Rule()
            case "table":
                rows = (row for part in node.children for row in part.children)
                block = TableBlock(rows=tuple(tuple(self._line(cell) for cell in row.children) for row in rows))
            case _:
                block = None
        return block

    def _line(self, node: SyntaxTreeNode) -> tuple[Inline, ...]:
        inlines = (each for child in node.children for each in self._inlines(child.children, frozenset()))
        return tuple(_joined(inlines))

    def _inlines(self, nodes: Sequence[SyntaxTreeNode], styles: frozenset[Style]) -> Iterator[Inline]:
        for node in nodes:
            yield from self._inline(node, styles)

    def _inline(self, node: SyntaxTreeNode, styles: frozenset[Style]) -> Iterator[Inline]:
        match node.type:
            case "strong":
                yield from self._inlines(node.children, styles | {"bold"})
            case "s":
                yield from self._inlines(node.children, styles | {"strike"})
            case "em":
                yield from self._inlines(node.children, styles | {"italic"})
            case "code_inline":
                yield InlineCode(text=node.content)
            case "link" | "image":
                yield _link(node, styles)
            case "hardbreak":
                yield Break()
            case "softbreak":
                yield Break() if self.as_typed else Text(text=" ", styles=styles)
            case _ if node.content:
                yield Text(text=node.content, styles=styles)


def _link(node: SyntaxTreeNode, styles: frozenset[Style]) -> Inline:
    url = str(node.attrs.get("href" if node.type == "link" else "src", ""))
    text = _shown(node.children) if node.children else node.content
    if not leads_somewhere(url):
        return Text(text=text or url, styles=styles)
    return Link(text=text or url, url=url, is_bare=node.markup == "linkify")


def _shown(nodes: Sequence[SyntaxTreeNode]) -> str:
    return "".join(
        " " if node.type in {"softbreak", "hardbreak"} else _shown(node.children) if node.children else node.content
        for node in nodes
    )


def _joined(inlines: Iterator[Inline]) -> list[Inline]:
    """Neighbouring runs that are set alike as one."""
    joined: list[Inline] = []
    for each in inlines:
        last = joined[-1] if joined else None
        if isinstance(each, Text) and isinstance(last, Text) and each.styles == last.styles:
            joined[-1] = replace(last, text=last.text + each.text)
        else:
            joined.append(each)
    return joined
