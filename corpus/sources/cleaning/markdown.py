import re

from corpus.sources.cleaning.characters import visible
from corpus.sources.cleaning.code import outside_code, without_code
from corpus.sources.cleaning.jekyll import Include, without_marks
from corpus.sources.cleaning.links import Resolve, full_links
from corpus.sources.cleaning.markdown_html import without_html

_TABLE_ROW = re.compile(r"^[ \t]*\|[^\n]*\|[ \t]*$", re.MULTILINE)
_PADDING = re.compile(r" {2,}|(?<=-{3})-+")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def clean_markdown(text: str, *, include: Include, resolve: Resolve) -> str:
    """A page as Markdown and nothing else: no marks of a site generator, no HTML, no link that only its site knows."""
    text = outside_code(text, lambda prose: without_marks(prose, include))
    code = without_code(text)
    text = visible(without_html(code))
    text = _TABLE_ROW.sub(lambda row: _PADDING.sub(lambda run: run[0][:1].strip("-"), row[0]), text)
    text = code.put_back(_BLANK_LINES.sub("\n\n", text)).strip("\n")
    return full_links(text, resolve).strip()
