"""The links of a Markdown text, led to where they lead from anywhere."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.image import image
from markdown_it.rules_inline.link import link
from markdown_it.token import Token

from corpus.sources.cleaning.edits import Edit, SourceLines, edited
from corpus.sources.cleaning.escaping import escape_address

#: Gives the full address of a link's target, None when it leads nowhere outside the folder.
Resolve = Callable[[str], str | None]

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
#: Where a customer can go; no other scheme is for a link of ours.
_SCHEMES = ("http:", "https:", "mailto:", "tel:", "sms:", "ftp:", "//")


@dataclass(frozen=True, kw_only=True)
class _Span:
    """Place of a link or a picture in the text of its paragraph, and that of its words."""

    start: int
    words: int
    words_end: int
    end: int


def full_links(text: str, resolve: Resolve) -> str:
    """Markdown whose links work wherever a passage of it is shown.

    Definitions of links are brought to where they are used. Addresses that only hold on the page's own site are
    completed; where they cannot be, a link leaves its words, and a picture its words too where others stand beside it.
    """
    if "[" not in text:
        return text
    env: dict[str, Any] = {}
    tokens = _PARSER.parse(text, env)
    source = SourceLines(text)
    edits: list[Edit] = []
    for before, token in pairwise(tokens):
        if token.type == "inline" and any("span" in each.meta for each in token.children or ()):
            edits += _source_edits(token, source, resolve, is_paragraph=before.type == "paragraph_open")
    named = env.get("references", {}).items()
    again = ((each["label"], each) for each in env.get("duplicate_refs", ()))
    for label, definition in (*named, *again):
        if not label.startswith("^"):
            edits.append((*source.range(*definition["map"]), ""))
    return edited(text, edits)


class _Parser(MarkdownIt):
    """Reads links as they are written, whatever they lead to, and remembers where."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable("table")
        self.inline.ruler.at("link", _link)
        self.inline.ruler.at("image", _image)

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002  # markdown-it's name
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url


def _link(state: StateInline, silent: bool) -> bool:
    return _remembered(state, link, silent, "link_open", 1)


def _image(state: StateInline, silent: bool) -> bool:
    return _remembered(state, image, silent, "image", 2)


def _remembered(
    state: StateInline, rule: Callable[[StateInline, bool], bool], silent: bool, kind: str, opening: int
) -> bool:
    start, before = state.pos, len(state.tokens)
    if not rule(state, silent):
        return False
    if not silent:
        token = next(each for each in state.tokens[before:] if each.type == kind)
        end, state.pos = state.pos, start
        words_end = state.md.helpers.parseLinkLabel(state, start + opening - 1, disableNested=kind == "link_open")
        state.pos = end
        token.meta["span"] = _Span(start=start, words=start + opening, words_end=words_end, end=end)
    return True


_PARSER = _Parser()


def _source_edits(token: Token, source: SourceLines, resolve: Resolve, *, is_paragraph: bool) -> list[Edit]:
    """Edits to the text for the links and pictures of a paragraph, heading or cell."""
    assert token.map is not None
    changes = list(_changes(token, resolve))
    places = source.places(token.content, *token.map)
    if not places:
        return []
    if is_paragraph and not edited(token.content, changes).strip():
        return [(*source.whole(places[0], *token.map), "")]
    return [(places[start], places[end - 1] + 1, new) for start, end, new in changes]


def _changes(paragraph: Token, resolve: Resolve) -> Iterator[Edit]:
    """The same in the paragraph's own text."""
    children, text = paragraph.children or [], paragraph.content
    has_words = any(each.type in {"text", "code_inline"} and each.content.strip() for each in children)
    for place, token in enumerate(children):
        span = token.meta.get("span")
        # A footnote is no link.
        if not isinstance(span, _Span) or text.startswith("^", span.words):
            continue
        is_image = token.type == "image"
        written = str(token.attrs["src" if is_image else "href"])
        target = _target(written, resolve)
        if not has_words and not (target if is_image else _shows_picture(islice(children, place, None), resolve)):
            yield span.start, span.end, ""
        elif target is None:
            yield span.start, span.words, ""
            yield span.words_end, span.end, ""
        elif target != written or not text.startswith("](", span.words_end):
            title = str(token.attrs.get("title") or "").replace('"', "'")
            yield span.words_end, span.end, f"]({escape_address(target)}" + (f' "{title}")' if title else ")")


def _shows_picture(link: Iterable[Token], resolve: Resolve) -> bool:
    """True where a picture that can be shown stands in a link, which begins with the first of these tokens."""
    inside = takewhile(lambda token: token.type != "link_close", link)
    return any(token.type == "image" and _target(str(token.attrs["src"]), resolve) for token in inside)


def _target(written: str, resolve: Resolve) -> str | None:
    if _SCHEME.match(written):
        return written if written.lower().startswith(_SCHEMES) else None
    return resolve(written)
