import html
import re
from collections.abc import Callable

from corpus.sources.cleaning.html import html_to_markdown
from corpus.sources.cleaning.jekyll import Include, without_marks
from corpus.sources.cleaning.links import Resolve, full_links

_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:[^\n]*\n)*?(?:[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)[^\n]+?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE,
)
_STASHED = re.compile("\0(\\d+)\0")
_TABLE_ROW = re.compile(r"^[ \t]*\|[^\n]*\|[ \t]*$", re.MULTILINE)
_PADDING = re.compile(r" {2,}|(?<=-{3})-+")
# A &lt; said as < would make an element of what follows.
_ENTITY = re.compile(r"&(?!lt;)[a-z]+;", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def clean_markdown(text: str, *, include: Include, resolve: Resolve) -> str:
    """A page as Markdown and nothing else: no marks of a site generator, no HTML, no link that only its site knows."""

    def cleaned(prose: str) -> str:
        prose = html_to_markdown(without_marks(prose, include))
        prose = _ENTITY.sub(lambda entity: html.unescape(entity[0]).replace("\N{NO-BREAK SPACE}", " "), prose)
        prose = _TABLE_ROW.sub(lambda row: _PADDING.sub(lambda run: run[0][:1].strip("-"), row[0]), prose)
        return _BLANK_LINES.sub("\n\n", full_links(prose, resolve))

    return _outside_code(text, cleaned).strip()


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    code: list[str] = []

    def stash(match: re.Match[str]) -> str:
        code.append(match[0])
        return f"\0{len(code) - 1}\0"

    prose = _CODE.sub(stash, text.replace("\0", "") + "\n")
    return _STASHED.sub(lambda match: code[int(match[1])], change(prose))
