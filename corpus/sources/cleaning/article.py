"""The article of an HTML page: where it stands, and what stands around it or is of no use in words."""

import re
from collections.abc import Callable, Sequence

from bs4 import Tag
from bs4.element import NavigableString

from corpus.sources.cleaning.characters import visible

#: Of no use in words.
_SILENT = frozenset(
    {"audio", "canvas", "embed", "head", "iframe", "input", "link", "map", "math", "meta", "nav", "noscript", "object"}
    | {"script", "source", "style", "svg", "template", "textarea", "track", "video"}
)
_NAVIGATION = re.compile(
    r"breadcrumbs?|(?:page-?)?toc|table-?of-?contents|skip-?link|sr-only|visually-hidden", re.IGNORECASE
)
_AROUND_BY_ROLE = frozenset({"navigation", "search"})
_NUMBERS_OF_LINES = frozenset({"linenos", "lineno", "line-numbers", "gutter"})
_SAYS_SOMETHING = re.compile(
    r"(?:admonition|alert|callout|caution|danger|hint|important|info|note|notice|tip|warning)(?:$|[-_])", re.IGNORECASE
)
_OPENS = re.compile(r"accordion|collaps|panel|tab|toggle|faq|answer", re.IGNORECASE)
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
#: Signs that lead from a heading to itself.
_TO_ITSELF = frozenset("#¶§🔗⚓\u200b")


class Article:
    """The parts of a page that are its article, and what stands around it.

    `parts` are elements of the page, in its order, none inside another: all `<article>`s of `<main>` (without one, of
    the body) where the heading of the page stands in them, or where they hold most of its words; else the whole of it.
    """

    def __init__(self, page: Tag) -> None:
        self._page = page
        self._whole = page.find("main") or page.find(role="main") or page.find("body") or page
        self._controlled = {
            name.removeprefix("#")
            for opener in page.find_all(["a", "button", "div", "h2", "h3", "h4", "h5", "span", "summary"])
            for name in _names(opener, "aria-controls", "data-target", "data-bs-target")
        }
        self.parts: Sequence[Tag] = self._parts()
        # By the id of an element: whether it holds nothing but choices.
        self._choices: dict[int, bool] = {}

    def is_choice(self, tag: Tag) -> bool:
        """True for one of several hidden elements that have theirs to themselves: a script shows one of them."""
        parent = tag.parent
        if parent is None or not _is_unseen(tag) or "dialog" in (tag.name, *_words(tag, "role")):
            return False
        if id(parent) not in self._choices:
            beside = [each for each in parent.children if not isinstance(each, Tag) or each.get_text(strip=True)]
            tags = [each for each in beside if isinstance(each, Tag)]
            words = any(isinstance(each, NavigableString) and each.strip() for each in beside)
            self._choices[id(parent)] = len(tags) > 1 and not words and all(map(_is_unseen, tags))
        return self._choices[id(parent)]

    @property
    def heading(self) -> str:
        """The heading of the page, where it stands above the article and not in it; else empty."""
        headings = self._page.find_all("h1", limit=2)
        if len(headings) != 1 or any(part.find("h1") for part in self.parts if part is not self._page.find("body")):
            return ""
        return " ".join(visible(headings[0].get_text()).split())

    def leaves_out(self, tag: Tag) -> bool:
        """True for an element of the parts that does not belong to the article."""
        if tag.name in _SILENT or not _AROUND_BY_ROLE.isdisjoint(_words(tag, "role")):
            return True
        if around := _AROUND.get(tag.name):
            return around(tag) or self._is_hidden(tag)
        return self._is_hidden(tag) or (_marked(tag, _NAVIGATION, whole=True) and _is_navigation(tag))

    def _parts(self) -> list[Tag]:
        articles: list[Tag] = []
        within: set[int] = set()
        for each in self._whole.find_all("article"):
            if id(each) not in within:
                articles.append(each)
                within.update(id(inner) for inner in each.find_all(["article", "h1"]))
        headings = self._whole.find_all("h1")
        if headings:
            held = all(id(heading) in within for heading in headings)
        else:
            held = 2 * sum(map(_size, articles)) > _size(self._whole)
        return articles if articles and held else [self._whole]

    def _is_hidden(self, tag: Tag) -> bool:
        """True for an element that a reader never sees; what a press opens is seen."""
        if not _is_unseen(tag) or tag.get("id") in self._controlled:
            return False
        return not _marked(tag, _OPENS) and not self.is_choice(tag)


def _is_unseen(tag: Tag) -> bool:
    """True where an element says that it is not shown."""
    hidden = tag.get("hidden")
    return (
        (hidden is not None and hidden != "until-found")
        or tag.get("aria-hidden") == "true"
        or _NOT_DISPLAYED.search(str(tag.get("style") or "")) is not None
    )


def _is_inside(tag: Tag) -> bool:
    """True where the page says that an element is part of its article."""
    return tag.find_parent(["article", "main"]) is not None


def _names(tag: Tag, *attributes: str) -> list[str]:
    return [name for attribute in attributes for name in _words(tag, attribute)]


def _words(tag: Tag, attribute: str) -> list[str]:
    value = tag.get(attribute) or ""
    return value.split() if isinstance(value, str) else list(value)


def _marked(tag: Tag, pattern: re.Pattern[str], *, whole: bool = False) -> bool:
    """True where an id, class or role of an element says what the pattern looks for."""
    names = _names(tag, "class", "id", "role")
    return any((pattern.fullmatch if whole else pattern.search)(name) for name in names)


def _is_navigation(tag: Tag) -> bool:
    return tag.name not in {"h1", "h2", "h3", "h4", "h5", "h6", "body", "main", "article"} and (
        _mostly_links(tag) or tag.find(["p", "h1", "h2", "h3", "pre", "table"]) is None
    )


def _mostly_links(tag: Tag) -> bool:
    linked = sum(len(each.get_text(strip=True)) for each in tag.find_all("a"))
    return 2 * linked > _size(tag)


def _leads_to_itself(link: Tag) -> bool:
    if not str(link.get("href") or "").startswith("#"):
        return False
    said = link.get_text().strip()
    return not said.strip("".join(_TO_ITSELF)) and link.find("img") is None


def _is_aside(tag: Tag) -> bool:
    return not (_is_inside(tag) or _marked(tag, _SAYS_SOMETHING)) or _mostly_links(tag)


def _is_control(form: Tag) -> bool:
    return form.find(["h1", "h2", "h3", "p", "ol", "ul", "table"]) is None


def _numbers_lines(cell: Tag) -> bool:
    return not _NUMBERS_OF_LINES.isdisjoint(_words(cell, "class"))


def _size(tag: Tag) -> int:
    return len(tag.get_text(strip=True))


#: For elements that may be around an article: whether one is.
_AROUND: dict[str, Callable[[Tag], bool]] = {
    "footer": lambda _: True,
    "header": lambda tag: not _is_inside(tag),
    "aside": _is_aside,
    "form": _is_control,
    "a": _leads_to_itself,
    "td": _numbers_lines,
    "th": _numbers_lines,
}
