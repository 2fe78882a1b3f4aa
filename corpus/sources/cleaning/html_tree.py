"""An HTML tree made plain: the few elements that Markdown has, one after the other, without what a page leaves out."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from corpus.sources.cleaning.characters import visible
from corpus.sources.cleaning.html_tables import caption, is_layout, rows

#: How deep elements are read, and how deep lists: what stands deeper is read as the words that it holds.
MAX_DEPTH = 60
MAX_LIST_DEPTH = 8

_INLINE = {
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("i", "em"), "em"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("del", "s", "strike"), "del"),
    **{name: name for name in ("sup", "sub", "q")},
}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = {
    **dict.fromkeys(("address", "article", "aside", "body", "center", "dd", "details", "dialog", "div", "dl"), "div"),
    **dict.fromkeys(("fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "html"), "div"),
    "legend": "div",
    "main": "div",
    "section": "div",
    "p": "p",
    "blockquote": "blockquote",
}
_LISTS = {"ol": "ol", "ul": "ul", "menu": "ul", "dir": "ul"}
#: What stands before each item; lists that follow each other take turns, or they would be one.
_MARKS = {"ul": ("-", "*"), "ol": (".", ")")}
#: A line of words: an element in it is part of it.
_LINES = frozenset({"p", "td", "a", *_HEADINGS, *_INLINE.values()})
_SPACE = re.compile(r"\s+")
_LANGUAGE = re.compile(r"(?:lang|language|highlight-source|brush)[-:]\s*([\w+#.-]{1,20})", re.IGNORECASE)
_SOURCES = ("data-original-src", "data-src", "data-lazy-src", "src")
_MAX_OPTIONS = 8
_MAX_DIGITS = 7


class LineStart(NavigableString):
    """Words before which none stand on their line."""


def plain_tree(
    parts: Iterable[PageElement],
    leaves_out: Callable[[Tag], bool] = lambda _: False,
    *,
    name: str = "div",
    is_line: bool = False,
    heading_level: int = 1,
) -> Tag:
    """The elements that Markdown has, of some parts of a page, in one element; without those that `leaves_out` names.

    `strong`, `em`, `del`, `code`, `sup`, `sub`, `q`, `a` with `href`, `img` with `src` and `alt`, `br`, `hr`, `p`,
    `div`, headings, `blockquote`, `ul` and `ol` of nothing but `li`, each with its `mark`; `pre` of nothing but text,
    with the `lang` of its code; `table` of `tr` of `td`, none of which spans others. White space is one space, except
    in `pre`; with `is_line` it is kept at both ends, since words stand there.
    """
    tree = _Tree(leaves_out, name, starts_line=not is_line, heading_level=heading_level)
    tree.fill(tree.root, parts, 0)
    tree.end(is_line=is_line)
    return tree.root


class _Tree:
    def __init__(self, leaves_out: Callable[[Tag], bool], name: str, *, starts_line: bool, heading_level: int) -> None:
        self._soup = BeautifulSoup("", "html.parser")
        self._leaves_out = leaves_out
        #: Not yet written into the tree.
        self._words: list[str] = []
        self._starts_line = starts_line
        self._heading_level = heading_level
        self._list_depth = 0
        #: The list that nothing stands after yet.
        self._list_before: Tag | None = None
        self.root: Tag = self._soup.new_tag(name)
        self._rules: dict[str, Callable[[Tag, Tag, int], None]] = {
            **dict.fromkeys(_HEADINGS, self._add_heading),
            **dict.fromkeys(("br", "hr"), self._add_break),
            **dict.fromkeys(("button", "summary"), self._add_opener),
            **dict.fromkeys(("pre", "listing", "xmp"), self._add_code),
            **dict.fromkeys(_LISTS, self._add_list),
            "a": self._add_link,
            "dt": self._add_term,
            "img": self._add_image,
            "li": self._add_stray_item,
            "select": self._add_options,
            "table": self._add_table,
        }

    def fill(self, into: Tag, nodes: Iterable[PageElement], depth: int) -> None:
        """Append what `nodes` hold to an element of the new tree."""
        for node in nodes:
            if isinstance(node, Tag):
                if not self._leaves_out(node):
                    self._add(into, node, depth + 1)
            elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
                self._words.append(str(node))

    def end(self, *, is_line: bool) -> None:
        """Nothing follows, or only on the same line."""
        self._write(self.root, ends_line=not is_line)

    @contextmanager
    def _block(self, into: Tag, name: str, **attributes: str) -> Iterator[Tag]:
        """A new element that stands on lines of its own, to be filled."""
        self._write(into, ends_line=True)
        tag = self._soup.new_tag(name, attrs=attributes)
        into.append(tag)
        yield tag
        self._write(tag, ends_line=True)

    def _add(self, into: Tag, node: Tag, depth: int) -> None:
        name = node.name
        if depth > MAX_DEPTH:
            self._words.append(f" {node.get_text(' ')} ")
        elif name in self._rules:
            self._rules[name](into, node, depth)
        elif name in _INLINE:
            self._add_inline(into, _INLINE[name], node, depth)
        elif name in _BLOCKS or ("-" in name and not _is_in_line(into, node)):
            self._add_block(into, _BLOCKS.get(name, "div"), node, depth)
        else:
            if self._words and _is_hidden_choice(node):
                self._words.append(" / ")  # a script would show one of them
            self.fill(into, node.children, depth)

    def _write(self, into: Tag, *, ends_line: bool = False) -> None:
        words = visible(_SPACE.sub(" ", "".join(self._words)))
        self._words.clear()
        words = words.lstrip() if self._starts_line else words
        words = words.rstrip() if ends_line else words
        if words:
            self._list_before = None
            into.append(LineStart(words) if self._starts_line else NavigableString(words))
        self._starts_line = ends_line or (self._starts_line and not words)

    def _add_block(self, into: Tag, name: str, node: Tag, depth: int) -> None:
        with self._block(into, name) as tag:
            self.fill(tag, node.children, depth)

    def _add_inline(self, into: Tag, name: str, node: Tag, depth: int, **attributes: str) -> None:
        self._write(into)
        before = _last(into)
        if before is None or before.name != name or name == "a":
            before = self._soup.new_tag(name, attrs=attributes)
            into.append(before)
        self.fill(before, node.children, depth)  # two that touch would be misread, so they are one
        self._write(before)

    def _add_break(self, into: Tag, node: Tag, _: int) -> None:
        self._write(into, ends_line=True)
        into.append(self._soup.new_tag(node.name))
        self._list_before = self._list_before if node.name == "br" else None

    def _add_image(self, into: Tag, node: Tag, _: int) -> None:
        source = next((str(node[name]) for name in _SOURCES if node.get(name)), "")
        words = _SPACE.sub(" ", visible(str(node.get("alt") or ""))).strip()
        self._write(into)
        into.append(self._soup.new_tag("img", attrs={"src": source.strip(), "alt": words}))
        self._starts_line = False
        self._list_before = None

    def _add_link(self, into: Tag, node: Tag, depth: int) -> None:
        href = str(node.get("href") or "").strip()
        if href:
            self._add_inline(into, "a", node, depth, href=href)
        else:
            self.fill(into, node.children, depth)

    def _add_heading(self, into: Tag, node: Tag, depth: int) -> None:
        self._heading_level = int(node.name[1])
        self._add_block(into, node.name, node, depth)

    def _add_opener(self, into: Tag, node: Tag, depth: int) -> None:
        """In a line its words; what opens an answer is the heading of it, and any other button is nothing."""
        if node.name == "button" and _is_in_line(into, node):
            self.fill(into, node.children, depth)
        elif node.name == "summary" or _opens_answer(node):
            self._add_block(into, f"h{min(self._heading_level + 1, 6)}", node, depth)

    def _add_term(self, into: Tag, node: Tag, depth: int) -> None:
        with self._block(into, "p") as tag:
            self._add_inline(tag, "strong", node, depth)

    def _add_options(self, _: Tag, node: Tag, __: int) -> None:
        options = [option.get_text(" ", strip=True) for option in node.find_all("option", limit=_MAX_OPTIONS + 1)]
        if len(options) <= _MAX_OPTIONS:
            self._words.append(f" {' / '.join(options)} ")

    def _add_code(self, into: Tag, node: Tag, _: int) -> None:
        inner = node.find("code")
        classes = [*node.get_attribute_list("class"), *(inner.get_attribute_list("class") if inner else [])]
        language = _LANGUAGE.search(" ".join(filter(None, classes)))
        with self._block(into, "pre", lang=language[1] if language else "") as tag:
            tag.append(NavigableString(_code(node)))
        self._list_before = None

    def _add_list(self, into: Tag, node: Tag, depth: int) -> None:
        name = _LISTS[node.name]
        if self._list_depth == MAX_LIST_DEPTH:
            self._add_block(into, "div", node, depth)
            return
        self._write(into, ends_line=True)
        number, mark, before = _number(node.get("start"), 1), _MARKS[name][0], self._list_before
        if before is not None and before.name == name:
            goes_on = name == "ol" and before["next"] == str(number)
            mark = next(each for each in _MARKS[name] if goes_on == (each == before["mark"]))
        tag = self._soup.new_tag(name, attrs={"mark": mark})
        into.append(tag)
        self._list_depth += 1
        self._add_items(tag, node.children, number, depth)
        self._list_depth -= 1
        self._list_before = tag

    def _add_items(self, into: Tag, nodes: Iterable[PageElement], number: int, depth: int) -> None:
        """The items of a list; what stands between them belongs to the one before."""
        for node in nodes:
            found = node if isinstance(node, Tag) and node.name == "li" else None
            if (isinstance(node, NavigableString) and not node.strip()) or (found and self._leaves_out(found)):
                continue
            item = _last(into)
            if found or item is None:
                mark = str(into["mark"])
                item = self._soup.new_tag("li", attrs={"mark": f"{number}{mark}" if into.name == "ol" else mark})
                into.append(item)
                number += 1
            self._starts_line, self._list_before = True, None
            self.fill(item, found.children if found else [node], depth)
            self._write(item, ends_line=True)
        into["next"] = str(number)

    def _add_stray_item(self, into: Tag, node: Tag, depth: int) -> None:
        self._write(into, ends_line=True)
        before = _last(into)
        if before is None or before.name != "ul":
            before = self._soup.new_tag("ul", attrs={"mark": _MARKS["ul"][0]})
            into.append(before)
        self._add_items(before, [node], 1, depth)

    def _add_table(self, into: Tag, node: Tag, depth: int) -> None:
        if said := caption(node):
            with self._block(into, "p"):
                self._words.append(said)
        kept = [[cell for cell in row if cell is None or not self._leaves_out(cell)] for row in rows(node)]
        if is_layout(node):
            for cell in (each for row in kept for each in row if each):
                self._add_block(into, "div", cell, depth)
            return
        with self._block(into, "table") as table:
            for row in kept:
                line = self._soup.new_tag("tr")
                table.append(line)
                for each in row:
                    with self._block(line, "td") as cell:
                        self.fill(cell, each.children if each else (), depth)


def _last(tag: Tag) -> Tag | None:
    """The last of what an element holds, if that is an element."""
    last = tag.contents[-1] if tag.contents else None
    return last if isinstance(last, Tag) else None


def _is_in_line(into: Tag, node: Tag) -> bool:
    """True where an element stands among words."""
    return into.name in _LINES or any(
        isinstance(beside, NavigableString) and bool(beside.strip())
        for beside in (node.previous_sibling, node.next_sibling)
    )


def _is_hidden_choice(node: Tag) -> bool:
    """True where words that are hidden follow others that are: they are choices, or they would have been left out."""
    before = node.find_previous_sibling() if node.has_attr("hidden") else None
    return before is not None and before.has_attr("hidden")


def _opens_answer(button: Tag) -> bool:
    said = button.get_text(" ", strip=True)
    return bool(said) and (button.has_attr("aria-expanded") or button.has_attr("aria-controls") or said[-1] in "?？؟")


def _code(node: Tag) -> str:
    """The text of code, lines that are elements or end in a break on lines of their own."""
    pieces = []
    for each in node.descendants:
        if isinstance(each, Tag):
            pieces.append("\n" if each.name == "br" else "")
        elif isinstance(each, NavigableString) and not isinstance(each, PreformattedString):
            pieces.append(str(each))
    return visible("".join(pieces))


def _number(said: object, otherwise: int) -> int:
    """The first number of a list."""
    text = str(said or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MAX_DIGITS else otherwise
