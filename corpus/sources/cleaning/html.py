"""HTML elements inside a Markdown file, said in Markdown."""

import re

_SPACE = re.compile(r"\s+")
_BLOCKS = "table|thead|tbody|tfoot|tr|th|td|ul|ol|li|p|div|section|details|summary|figure|figcaption"


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL | re.IGNORECASE)


def _tag(name: str) -> str:
    return rf"</?(?:{name})(?:\s[^<>]*)?/?>"


_INDENT = re.compile(rf"^[ \t]+(?=</?(?:{_BLOCKS}|h[1-6]|img|video|source)\b)", re.MULTILINE | re.IGNORECASE)
_WRAPPED = _pattern(rf"(<(?:li|p|summary|figcaption)\b[^<>]*>)((?:(?!</?(?:{_BLOCKS})\b).)*)")
_LINK = _pattern(r"""<a\s(?:[^<>]*?\s)?href\s*=\s*(["'])(?P<href>[^"'<>]*)\1[^<>]*>(?P<text>.*?)</a>""")
_IMAGE = _pattern(r"<img\b(?P<attributes>[^<>]*)>")
_ATTRIBUTE = _pattern(r"""\b(alt|src)\s*=\s*["']([^"']*)["']""")
_HEADING = _pattern(r"<h([1-6])\b[^<>]*>(?P<text>.*?)</h\1>")
_TABLE = _pattern(r"<table\b[^<>]*>(.*?)</table>")
_ROW = _pattern(r"<tr\b[^<>]*>(.*?)(?=<tr\b|\Z)")
_CELL = _pattern(r"<t[hd]\b[^<>]*>(.*?)(?=<t[hd]\b|\Z)")
_TABLE_LINE = re.compile(r"^[ \t]*\|[^\n]*<[^\n]*$", re.MULTILINE)
_BETWEEN_ITEMS = _pattern(r"\s*</li>\s*(?=<li\b)")
_BREAK = _pattern(r"[ \t]*<br\s*/?>[ \t]*\n?")
_BLOCK = _pattern(_tag(_BLOCKS))
_NUMBERED = _pattern(r"<ol\b[^<>]*>(.*?)</ol>")
_ITEM = _pattern(r"\s*<li\b[^<>]*>\s*")
_SAID = (
    (_pattern(r"<(video|iframe|script|style)\b.*?</\1\s*>"), ""),
    (_pattern(_tag("strong|b")), "**"),
    (_pattern(_tag("em|i")), "_"),
    (_pattern(_tag("code|kbd|samp")), "`"),
    (_BREAK, "  \n"),
    (_pattern(r"\s*<hr\s*/?>\s*"), "\n\n---\n\n"),
    (_ITEM, "\n- "),
    (_pattern(r"\s*</li\s*>"), ""),
    (_pattern(rf"\s*{_tag(_BLOCKS)}\s*"), "\n\n"),
    (_pattern(_tag("a|span|u|s|del|ins|small|sup|sub|mark|font|center|nobr|source|abbr|cite")), ""),
)


def html_to_markdown(text: str) -> str:
    """Markdown that says what its HTML elements said; text in angle brackets that is no element stays as it is."""
    if "<" not in text:
        return text
    text = _INDENT.sub("", text)
    text = _WRAPPED.sub(lambda block: block[1] + _one_line(block[2]), text)
    text = _LINK.sub(_link, text)
    text = _IMAGE.sub(lambda image: _image(image["attributes"]), text)
    text = _HEADING.sub(lambda heading: f"\n\n{'#' * int(heading[1])} {_one_line(heading['text'])}\n\n", text)
    text = _TABLE.sub(lambda table: f"\n\n{_rows(table[1])}\n\n", text)
    text = _TABLE_LINE.sub(lambda line: _cell(line[0]), text)
    text = _NUMBERED.sub(lambda numbered: f"\n\n{_items(numbered[1])}\n\n", text)
    for pattern, said in _SAID:
        text = pattern.sub(said, text)
    return text


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _link(link: re.Match[str]) -> str:
    return f"[{_one_line(link['text'])}]({link['href'].strip().replace(' ', '%20')})"


def _image(attributes: str) -> str:
    said = {name.lower(): value for name, value in _ATTRIBUTE.findall(attributes)}
    return f"![{said.get('alt', '')}]({said['src']})" if "src" in said else ""


def _rows(table: str) -> str:
    rows = [[_cell(_one_line(cell)) for cell in _CELL.findall(row)] for row in _ROW.findall(table)]
    lines = [f"| {' | '.join(row)} |" for row in rows if row]
    return "\n".join([*lines[:1], "|" + " --- |" * len(rows[0]), *lines[1:]]) if lines else ""


def _cell(text: str) -> str:
    """A table's cell keeps to one line, so a list in it is said with semicolons."""
    text = _BREAK.sub(" ", _BETWEEN_ITEMS.sub("; ", text))
    return _BLOCK.sub("", text).rstrip()


def _items(numbered: str) -> str:
    before, *items = _ITEM.split(numbered)
    return "\n".join([before.strip(), *(f"{number}. {item.strip()}" for number, item in enumerate(items, start=1))])
