"""HTML elements inside a Markdown text, said in Markdown."""

import html
import re
from collections.abc import Iterable, Iterator
from textwrap import dedent

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from corpus.sources.cleaning.code import PLACE, Code
from corpus.sources.cleaning.html import html_to_line, html_to_markdown
from corpus.sources.cleaning.html_tags import SILENT, html_tree
from corpus.sources.cleaning.html_tree import MAX_DEPTH

# A &lt; said as < would make an element of what follows.
_ENTITY = re.compile(r"&(?!lt;)(?:[a-z][a-z0-9]{1,30}|#\d{1,7}|#x[\da-f]{1,6});", re.IGNORECASE)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]", re.MULTILINE)
_ONE_LINE = re.compile(r"[ \t>]*(?:\||#{1,6}[ \t])")
_CONTAINER = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
_MARK = re.compile(r"[^>\s]")
_ITEM = re.compile(r"[-*] |1[.)] ")
_FENCE = re.compile(r"(?P<marks>`{3,}|~{3,})[ \t]*(?P<language>[\w+#.-]*)")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_SOUP = BeautifulSoup("", "html.parser")
_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "nobr"}
    | {"picture", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr"}
)
#: What stands around Markdown and says nothing itself.
_WRAPPERS = frozenset(
    {"address", "article", "aside", "center", "details", "div", "figure", "footer", "form", "header", "main", "p"}
    | {"section", *_INLINE} - {"a", "code", "img"}
)


def without_html(code: Code) -> str:
    """The text, without its code, with its HTML elements said in Markdown; what is no element stays as it is.

    An element that lays a page out leaves the Markdown in it as it is; within any other, white space is one space.
    """
    if "<" not in code.text and "&" not in code.text:
        return code.text
    said = _Said(code)
    said.add(html_tree(code.text, said.words).children, 0)
    return said.text


class _Said:
    """A text in the making."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._pieces: list[str] = []
        self._heading_level = 1
        #: What stands before the lines of the block that the text ends with, if it ends with one.
        self._below: str | None = None
        self._after_break = False

    @property
    def text(self) -> str:
        """All that was added."""
        return "".join(self._pieces)

    def words(self, written: str, *, is_code: bool, is_outside: bool) -> Iterator[NavigableString | Tag]:
        """Nodes that stand for some words in the tree of elements; code blocks within elements are elements too."""
        if is_code:
            yield NavigableString(html.unescape(self._code.put_back(written)))
            return
        before = 0
        for place in PLACE.finditer(written) if not is_outside else ():
            if place[1] == "b":
                yield NavigableString(_plain(written[before : place.start()]))
                yield _code_block(self._code.pieces[int(place[2])])
                before = place.end()
        yield NavigableString(_plain(written[before:]))

    def add(self, nodes: Iterable[PageElement], depth: int) -> None:
        """Add words and elements, in order."""
        for node in nodes:
            if isinstance(node, NavigableString):
                self._add_words(str(node))
            elif isinstance(node, Tag) and node.name not in SILENT:
                self._add_element(node, depth)

    def _add_words(self, words: str) -> None:
        if self._after_break:
            words = words.lstrip(" \t").removeprefix("\n")
        if self._below is not None:
            words = words.lstrip(" \t")
            words = f"\n{words}" if words.startswith("\n") else f"\n\n{self._below}{words}" if words else ""
        if words:
            self._pieces.append(words)
            self._after_break, self._below = False, None
            for heading in _HEADING.finditer(words):
                self._heading_level = len(heading[1])

    def _add_element(self, node: Tag, depth: int) -> None:
        is_inline = node.name in _INLINE
        if node.name == "br":
            self._add_break()
        elif node.name in _WRAPPERS and depth < MAX_DEPTH and _BLANK_LINE.search(node.get_text()):
            around = "" if is_inline else "\n\n"
            self._add_words(around)
            self.add(node.children, depth + 1)
            self._add_words(around)
        elif is_inline:
            self._add_words(html_to_line([node]))
        else:
            self._add_block(node)

    def _add_break(self) -> None:
        if _ONE_LINE.match(self._line()):
            self._add_words(" ")
        else:
            if self._pieces:
                self._pieces[-1] = self._pieces[-1].rstrip(" \t")
            self._add_words("  \n")
            self._after_break = True

    def _add_block(self, node: Tag) -> None:
        line = self._line()
        if self._below is None and _ONE_LINE.match(line):
            self._add_words(html_to_line([node], in_cell=True))
            return
        said = html_to_markdown([node], is_markdown=True, heading_level=self._heading_level)
        if not said:
            return
        before, below = "\n\n", self._below
        if below is None:
            start = _CONTAINER.match(line)
            mark = start[0] if start else ""
            below = _MARK.sub(" ", mark)
            if not line[len(mark) :]:
                # It stands first in an item, or on a line of its own, where a list may follow words directly.
                before = "" if mark.strip(" \t>") or (mark and _ITEM.match(said)) or not self._pieces else f"\n{below}"
            else:
                before = f"\n\n{below}"
        else:
            before += below
        self._pieces.append(before + said.replace("\n", f"\n{below}"))
        self._below, self._after_break = below, False

    def _line(self) -> str:
        """The last line, as far as it was said."""
        pieces: list[str] = []
        for piece in reversed(self._pieces):
            start = piece.rfind("\n") + 1
            pieces.append(piece[start:])
            if start:
                break
        return "".join(reversed(pieces))


def _code_block(written: str) -> Tag:
    """A code block as an element."""
    first, *lines = written.split("\n")
    fence = _FENCE.match(first)
    if fence is None:
        lines, language = dedent(written).split("\n"), ""
    else:
        closed = bool(lines) and lines[-1].strip(" \t>") == fence["marks"]
        lines, language = lines[:-1] if closed else lines, fence["language"]
    tag = _SOUP.new_tag("pre", attrs={"class": f"language-{language}" if language else ""})
    tag.append(NavigableString(dedent("\n".join(lines))))
    return tag


def _plain(words: str) -> str:
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]).replace("\N{NO-BREAK SPACE}", " "), words)
