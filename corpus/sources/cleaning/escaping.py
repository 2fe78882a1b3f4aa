"""Prose as Markdown that is shown as it was written: what would be taken for markup is escaped, and nothing else."""

import re

#: A backslash counts before punctuation only; a mark that stands between spaces, and a _ within a word, is none.
_MARK = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~]|\Z)|`|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|\](?=[(\[:])|<(?=[A-Za-z/!?])"""
    r"""|&(?=\#?[0-9A-Za-z]{1,32};)"""
)
#: Made of a mark that only counts at the start of a line: a heading, an item, a quotation, a rule, a fence.
_LINE_START = re.compile(r"(?P<space>\s*)(?P<number>\d{1,9}(?=[.)](?:\s|\Z)))?(?P<mark>[-+#>=~.)])")
_MARK_AT_START = re.compile(r"\#{1,6}(?:\s|\Z)|[-+](?:\s|\Z)|>|=+\s*\Z|-{2,}\s*\Z|~{3}")
_ADDRESS = {" ": "%20", "<": "%3C", ">": "%3E", "\n": "", "\r": "", "\t": "", "\\": "%5C"}
_BRACKET = re.compile(r"(?<!\\)[\[\]]")


def escape_prose(text: str, *, starts_line: bool) -> str:
    """Markdown that shows `text`, one line of prose, as it is; `starts_line` where no words stand before it."""
    escaped = _MARK.sub(lambda mark: f"\\{mark[0]}", text)
    return _escape_line_start(escaped) if starts_line else escaped


def escape_brackets(text: str) -> str:
    """Markdown for a link's words: brackets in it that are not in pairs are escaped."""
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket[0] == "[" else -1
        if depth < 0:
            break
    return text if depth == 0 else _BRACKET.sub(lambda bracket: f"\\{bracket[0]}", text)


def escape_address(href: str) -> str:
    """An address as the target of a link: nothing in it ends the link."""
    written = "".join(_ADDRESS.get(character, character) for character in href)
    depth = 0
    for character in written:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
    return written if depth == 0 else written.replace("(", "%28").replace(")", "%29")


def _escape_line_start(text: str) -> str:
    start = _LINE_START.match(text)
    if start is None:
        return text
    place = start.start("mark")
    is_item = start["number"] is not None and start["mark"] in ".)"
    return f"{text[:place]}\\{text[place:]}" if is_item or _MARK_AT_START.match(text, place) else text
