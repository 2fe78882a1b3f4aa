"""The marks that Jekyll, Liquid and kramdown leave in a Markdown file."""

import re
from collections.abc import Callable, Iterator

from corpus.sources.cleaning.edits import edited

#: Gives the text of a file that a page includes.
Include = Callable[[str], str]

_INCLUDES_DEEP = 3
_TAG = re.compile(r"-?\s*(?P<name>\w+)(?:\s+(?P<what>[^\s%]+))?")
# Only the site's own variables: any other {{ name }} may be what the article is about.
_VARIABLE = re.compile(r"-?\s*(?:site|page|include|layout)\.")
_CONTENTS = re.compile(r"^[ \t]*(?:[-*+]|\d+\.)[ \t][^\n]*\n[ \t]*{:toc}[ \t]*$", re.MULTILINE)
_ANCHOR = re.compile(r"^(?P<heading>#{1,6} [^\n{]*){#[^}\n]*}[ \t]*$", re.MULTILINE)


def without_marks(text: str, include: Include) -> str:
    """Markdown without tags, the site's variables, attribute lists and comments; includes are filled in."""
    text = _without_comments(text)
    for _ in range(_INCLUDES_DEEP):
        text = edited(
            text, ((start, end, include(what)) for start, end, name, what in _tags(text) if name in _INCLUDES)
        )
    text = edited(text, ((start, end, "") for start, end, _, _ in _tags(text)))
    variables = (place for place in _between(text, "{{", "}}") if _VARIABLE.match(text, place[0] + 2))
    text = _CONTENTS.sub("", edited(text, ((start, end, "") for start, end in variables)))
    text = edited(text, ((start, end, "") for start, end in _between(text, "{:", "}")))
    return _ANCHOR.sub(lambda anchor: anchor["heading"].rstrip(), text)


_INCLUDES = frozenset({"include", "include_relative"})


def _without_comments(text: str) -> str:
    text = edited(text, ((start, end, "") for start, end in _between(text, "<!--", "-->", lines=True)))
    comments, opened = [], None
    for start, end, name, _ in _tags(text):
        if name == "comment" and opened is None:
            opened = start
        elif name == "endcomment" and opened is not None:
            comments.append((opened, end, ""))
            opened = None
    return edited(text, comments)


def _tags(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Each Liquid tag: where it begins and ends, its name and the first word after it."""
    for start, end in _between(text, "{%", "%}"):
        tag = _TAG.match(text, start + 2, end - 2)
        yield start, end, tag["name"] if tag else "", (tag["what"] or "") if tag else ""


def _between(text: str, opening: str, closing: str, *, lines: bool = False) -> Iterator[tuple[int, int]]:
    """Start and end of each mark, on one line unless `lines`; each part of the text is looked at once."""
    start, end, line_end = text.find(opening), -1, -1
    while start >= 0:
        inside = start + len(opening)
        if end < inside:
            end = text.find(closing, inside)
            if end < 0:
                return
        if not lines and line_end < inside:
            line_end = text.find("\n", inside) % (len(text) + 1)
        if lines or end < line_end:
            yield start, end + len(closing)
            inside = end + len(closing)
        start = text.find(opening, inside)
