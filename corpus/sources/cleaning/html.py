"""HTML elements as Markdown: what their words say stays, and is shown as it was written."""

import re
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from markdownify import ATX, MarkdownConverter

from corpus.sources.cleaning.escaping import escape_address, escape_brackets, escape_prose
from corpus.sources.cleaning.html_tree import LineStart, plain_tree

_INLINE = frozenset({"strong", "em", "del", "sup", "sub", "q", "a"})
_TICKS = re.compile(r"`+")
_STASHED = re.compile("^(?P<before>[^\n\0]*)\0(?P<number>\\d+)\0", re.MULTILINE)
_MARKER = re.compile(r"[^>\s]")
_LINE = re.compile(r"^(?=.)", re.MULTILINE)
_BEFORE_ITEM = re.compile(r"\n\n(?=[-*] |1[.)] )")
_CLOSING_HASHES = re.compile(r"(?<=\s)(?=#+\Z)")
#: Between the cells of a row and between rows, while a table is being made.
_CELL, _ROW = "\x1f", "\x1e"
_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_NOT_RAISED = re.compile(r"[^0-9+−=()ni-]")


def html_to_markdown(
    parts: Iterable[PageElement],
    leaves_out: Callable[[Tag], bool] = lambda _: False,
    *,
    is_markdown: bool = False,
    heading_level: int = 1,
) -> str:
    """Markdown that shows what some parts of a page show, without the elements that `leaves_out` names.

    Words that look like Markdown are escaped, except with `is_markdown`, where they are Markdown. Addresses stay as
    they are written. Questions that open an answer are headings below `heading_level`, or below the last heading.
    """
    return _Converter(is_markdown=is_markdown).markdown(plain_tree(parts, leaves_out, heading_level=heading_level))


def html_to_line(parts: Iterable[PageElement], *, in_cell: bool = False) -> str:
    """Elements within a line of Markdown, said in it; with `in_cell` what is a block elsewhere keeps to the line."""
    converter = _Converter(is_markdown=True)
    if in_cell:
        return converter.convert_soup(plain_tree(parts, name="td")).removesuffix(_CELL)
    return converter.convert_soup(plain_tree(parts, name="span", is_line=True))


class _Converter(MarkdownConverter):
    """Our rules for the elements of `plain_tree`, on top of markdownify's."""

    def __init__(self, *, is_markdown: bool) -> None:
        super().__init__(heading_style=ATX)
        self._is_markdown = is_markdown
        #: What stands in code blocks, whose lines no rule may change.
        self._code: list[str] = []

    def markdown(self, tree: Tag) -> str:
        """The Markdown of a plain tree."""
        text = _tidy(self.convert_soup(tree))
        return _STASHED.sub(lambda place: self._code_block(place["before"], int(place["number"])), text)

    def process_text(self, el: NavigableString, parent_tags: AbstractSet[str] | None = None) -> str:
        """Words, escaped except in code."""
        text = str(el)
        if self._is_markdown or "_noformat" in (parent_tags or ()):
            return text
        escaped = escape_prose(text, starts_line=isinstance(el, LineStart))
        before_link = isinstance(el.next_sibling, Tag) and el.next_sibling.name == "a"
        return f"{escaped[:-1]}\\!" if before_link and escaped.endswith("!") else escaped

    def convert_strong(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """Bold."""
        return _marked(el, text, parent_tags, "**")

    def convert_em(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """Italic."""
        return _marked(el, text, parent_tags, "*")

    def convert_del(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """Words that are struck out."""
        return _marked(el, text, parent_tags, "~~")

    def convert_code(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """Code within a line."""
        del el
        return text if "_noformat" in parent_tags else _code_span(text)

    def convert_sup(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """A power keeps apart from its base; letters of an ordinal stay in line."""
        words = text.strip()
        if "_noformat" in parent_tags or not words or el.find("a"):
            return text
        if not _NOT_RAISED.search(words):
            return words.translate(_RAISED)
        is_power = not words.isalpha() or (len(words) == 1 and _before(el).isalpha())
        return (f"^{words}" if words.isalnum() else f"^({words})") if is_power else words

    def convert_sub(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """An index stays in line, apart from a number that follows."""
        del parent_tags
        return f"_{text} " if text[-1:].isdigit() and _after(el).isdigit() else text

    def convert_a(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """A link; one around several lines leaves its words."""
        words = text.strip()
        if "_noformat" in parent_tags or "a" in parent_tags or not words or "\n" in words or "\0" in words:
            return text
        before, after = _spaces(text)
        return f"{before}[{escape_brackets(words)}]({escape_address(str(el['href']))}){after}"

    def convert_img(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """A picture."""
        del text, parent_tags
        words, source = str(el["alt"]), str(el["src"])
        words = words if self._is_markdown else escape_prose(words, starts_line=False)
        if not source:
            return ""
        if source.lower().startswith("data:"):
            source = "data:"
        return f"![{escape_brackets(words)}]({escape_address(source)})"

    def convert_br(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """The end of a line, where there can be one."""
        del el, text
        return " " if "_inline" in parent_tags else "  \n"

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:  # noqa: N802  # markdownify's name
        """A heading that says something."""
        words = _CLOSING_HASHES.sub(r"\\", " ".join(text.split()))
        if "_inline" in parent_tags or not words:
            return f" {words} "
        del el
        return f"\n\n{'#' * n} {words}\n\n"

    def convert_blockquote(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """A quotation."""
        words = text.strip()
        if "_inline" in parent_tags or not words:
            return f" {words} "
        del el
        lines = (f"> {line}".rstrip() for line in words.split("\n"))
        return "\n\n{}\n\n".format("\n".join(lines))

    def convert_list(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """A list, apart from what stands around it."""
        del el
        return f" {text.strip().removesuffix(';')} " if "_inline" in parent_tags else f"\n\n{text.strip()}\n\n"

    convert_ul = convert_list
    convert_ol = convert_list

    def convert_li(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """An item with all that belongs to it below its mark."""
        words = text.strip()
        if not words:
            return ""
        if "_inline" in parent_tags:
            return f"{words}; "
        mark = f"{el['mark']} "
        inside = _LINE.sub(" " * len(mark), _BEFORE_ITEM.sub("\n", words))
        return f"{mark}{inside.lstrip()}\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """A code block."""
        lines = text.strip("\n").rstrip()
        if not lines.strip():
            return ""
        if "_inline" in parent_tags:
            return f" {_code_span(' '.join(lines.split()))} "
        ticks = "`" * max(3, 1 + max(map(len, _TICKS.findall(lines)), default=0))
        self._code.append(f"{ticks}{el['lang']}\n{lines}\n{ticks}")
        return f"\n\n\0{len(self._code) - 1}\0\n\n"

    def convert_q(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """Words in quotation marks."""
        del el, parent_tags
        return f"“{text}”"

    def convert_td(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """A cell, on one line."""
        del el, parent_tags
        return " ".join(text.replace("\\|", "|").replace("|", "\\|").split()).removesuffix(";") + _CELL

    def convert_tr(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """A row of cells."""
        del el, parent_tags
        return text + _ROW

    def convert_table(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """A table, its first row as the heading; without rows and columns in which nothing stands."""
        del el
        table = [[cell.strip() for cell in row.split(_CELL)[:-1]] for row in text.split(_ROW)]
        said = sorted({column for row in table for column, cell in enumerate(row) if cell})
        lines = [[row[column] for column in said if column < len(row)] for row in table if any(row)]
        if "_inline" in parent_tags or len(said) < 2:
            return "".join(f"\n\n{cell}\n\n" for row in lines for cell in row)
        written = [f"| {' | '.join(row)} |" for row in lines]
        return "\n\n{}\n\n".format("\n".join([written[0], "|" + " --- |" * len(said), *written[1:]]))

    def _code_block(self, before: str, number: int) -> str:
        """A code block where it stands: below the mark of its item, within its quotation."""
        below = _MARKER.sub(" ", before)
        first, *lines = self._code[number].split("\n")
        return "\n".join([before + first, *(below + line if line else below.rstrip() for line in lines)])


def _marked(el: Tag, text: str, parent_tags: AbstractSet[str], mark: str) -> str:
    """Words between marks, where marks can stand: not around several paragraphs, nor between two letters and a sign."""
    words = text.strip()
    if "_noformat" in parent_tags or el.name in parent_tags or not words or "\n\n" in words or words.startswith("!["):
        return text
    before, after = _spaces(text)
    opens = before or words[0].isalnum() or not _before(el).isalnum()
    closes = after or words[-1].isalnum() or not _after(el).isalnum()
    return f"{before}{mark}{words}{mark}{after}" if opens and closes else text


def _spaces(text: str) -> tuple[str, str]:
    """The white space before and after words."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _before(el: Tag) -> str:
    """The character before an element, if a character is."""
    words = el.previous_element
    return str(words)[-1:] if isinstance(words, NavigableString) else ""


def _after(el: Tag) -> str:
    """The character after an element, if a character is."""
    while el.next_sibling is None and el.parent is not None and el.parent.name in _INLINE:
        el = el.parent
    words = el.next_sibling
    return str(words)[:1] if isinstance(words, NavigableString) else ""


def _code_span(text: str) -> str:
    words = text.strip()
    if not words:
        return text
    longest = max(map(len, _TICKS.findall(words)), default=0)
    ticks, space = "`" * (longest + 1), " " if longest else ""
    before, after = _spaces(text)
    return f"{before}{ticks}{space}{words}{space}{ticks}{after}"


def _tidy(text: str) -> str:
    """At most one blank line between blocks, and no space before it."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            lines.append(line)
        elif lines and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
    return "\n".join(lines).strip()
