"""The marks that Jekyll, Liquid and kramdown leave in a Markdown file."""

import re
from collections.abc import Callable

#: Gives the text of a file that a page includes.
Include = Callable[[str], str]

_COMMENT = re.compile(r"<!--.*?-->|{%-?\s*comment\s*-?%}.*?{%-?\s*endcomment\s*-?%}", re.DOTALL)
_INCLUDE = re.compile(r"{%-?\s*include(?:_relative)?\s+(?P<name>[^\s%]+)[^%]*%}")
_INCLUDES_DEEP = 3
_TAG = re.compile(r"{%[^%\n]*(?:%(?!})[^%\n]*)*%}")
# Only the site's own variables: any other {{ name }} may be what the article is about.
_VARIABLE = re.compile(r"{{-?\s*(?:site|page|include|layout)\.[^}\n]*}}")
_CONTENTS = re.compile(r"^[ \t]*(?:[-*+]|\d+\.)[ \t][^\n]*\n[ \t]*{:toc}[ \t]*$", re.MULTILINE)
_ATTRIBUTES = re.compile(r"{:[^}\n]*}")
_ANCHOR = re.compile(r"^(#{1,6} [^\n{]*?)[ \t]*{#[^}\n]*}[ \t]*$", re.MULTILINE)


def without_marks(text: str, include: Include) -> str:
    """Markdown without tags, the site's variables, attribute lists and comments; includes are filled in."""
    text = _COMMENT.sub("", text)
    for _ in range(_INCLUDES_DEEP):
        text = _INCLUDE.sub(lambda match: include(match["name"]), text)
    for pattern in (_TAG, _VARIABLE, _CONTENTS, _ATTRIBUTES):
        text = pattern.sub("", text)
    return _ANCHOR.sub(r"\1", text)
