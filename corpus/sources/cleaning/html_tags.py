"""The HTML elements in a Markdown text, as a tree: what is no element, or is never closed, stays words."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

VOID = frozenset({"br", "hr", "img", "input", "source", "track", "wbr"})
#: Of no use in words, with all that stands in them.
SILENT = frozenset({"audio", "iframe", "noscript", "script", "style", "svg", "template", "textarea", "video"})
#: Elements that may end without being closed, and what follows that ends them.
_ENDED_BY = {
    "p": frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "ul", "ol", "table", "div", "h1", "h2", "h3", "h4"}),
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "th": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "tr": frozenset({"tr", "tbody", "tfoot"}),
    "thead": frozenset({"tbody", "tfoot"}),
    "tbody": frozenset({"tbody", "tfoot"}),
    "tfoot": frozenset({"tbody"}),
    "option": frozenset({"option"}),
}
_KNOWN = frozenset(
    {*VOID, *SILENT, *_ENDED_BY, "a", "abbr", "address", "article", "aside", "b", "blockquote", "button", "caption"}
    | {"center", "cite", "code", "del", "details", "dfn", "div", "dl", "em", "figcaption", "figure", "font", "footer"}
    | {"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "i", "ins", "kbd", "label", "main", "mark", "menu", "nav"}
    | {"nobr", "ol", "picture", "pre", "q", "s", "samp", "section", "select", "small", "span", "strike", "strong"}
    | {"sub", "summary", "sup", "table", "tt", "u", "ul", "var"}
)
# A tag ends before the next one begins, so that no text is read twice.
_TAG = re.compile(r"""<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<rest>(?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""")
_ATTRIBUTE = re.compile(r"""(?<![^\s"'/])([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


#: How many elements may stand in each other.
_MAX_DEPTH = 100
_CODE = frozenset({"code", "kbd", "pre", "samp", "tt"})


class Words(Protocol):
    """Says what some words are in the tree."""

    def __call__(self, written: str, *, is_code: bool, is_outside: bool) -> Iterable[NavigableString | Tag]:
        """Nodes that stand for them: in an element for code, outside of all elements, or in any other element."""
        ...


@dataclass(kw_only=True)
class _Place:
    """Effect of a tag: it ends so many of the open elements, and may open one."""

    name: str
    ends: int = 0
    opens: bool = False


def html_tree(text: str, words: Words) -> Tag:
    """The elements and the words of a text, in one `div`."""
    soup = BeautifulSoup("", "html.parser")
    open_tags, written, codes = [soup.new_tag("div")], 0, [False]
    tags = [tag for tag in _TAG.finditer(text) if tag["name"].lower() in _KNOWN]

    def add_words(end: int) -> None:
        for each in words(text[written:end], is_code=codes[-1], is_outside=len(open_tags) == 1):
            open_tags[-1].append(each)

    for tag, place in zip(tags, _places(tags), strict=True):
        add_words(tag.start())
        written = tag.end()
        del open_tags[len(open_tags) - place.ends :], codes[len(codes) - place.ends :]
        if place.opens:
            element = open_tags[-1]
            if len(open_tags) < _MAX_DEPTH:  # deeper ones are none
                element = soup.new_tag(place.name, attrs=_attributes(tag["rest"]))
                open_tags[-1].append(element)
            if not _is_void(tag):
                open_tags.append(element)
                codes.append(codes[-1] or place.name in _CODE)
    add_words(len(text))
    return open_tags[0]


def _places(tags: Sequence[re.Match[str]]) -> list[_Place]:
    places = [_Place(name=tag["name"].lower()) for tag in tags]
    # The elements that are open, and how many of each name.
    still_open: list[_Place] = []
    names: Counter[str] = Counter()
    for tag, place in zip(tags, places, strict=True):
        if tag["end"]:
            if names[place.name]:
                _end(place, still_open, names)
            continue
        while still_open and place.name in _ENDED_BY.get(still_open[-1].name, ()):
            names[still_open.pop().name] -= 1
            place.ends += 1
        place.opens = True
        if not _is_void(tag):
            still_open.append(place)
            names[place.name] += 1
    for never_closed in still_open:
        never_closed.opens = False
    return places


def _end(place: _Place, still_open: list[_Place], names: Counter[str]) -> None:
    """End the last element of a name, with those inside; those that should have been closed are none."""
    while True:
        last = still_open.pop()
        names[last.name] -= 1
        last.opens = last.name == place.name or last.name in _ENDED_BY
        place.ends += last.opens
        if last.name == place.name:
            return


def _is_void(tag: re.Match[str]) -> bool:
    return tag["name"].lower() in VOID or tag["rest"].rstrip().endswith("/")


def _attributes(written: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(written):
        value = next((group for group in attribute.groups()[1:] if group is not None), "")
        found.setdefault(attribute[1].lower(), html.unescape(value))
    return found
