"""The code in a Markdown text, set aside while the rest of it is changed."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from markdown_it import MarkdownIt

from corpus.markdown_outline import text_lines

#: Two signs that no text holds, since Unicode has no meaning for them.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_SIGNS = re.compile(f"[{_OPEN}{_CLOSE}]")
PLACE = re.compile(f"{_OPEN}([bs])(\\d+){_CLOSE}")
_PARSER = MarkdownIt("commonmark").enable("table").disable("reference")
_PARSER.core.ruler.enableOnly(["normalize", "block"])
_TICKS = re.compile(r"(?<!\\)(?P<slashes>\\*)(?P<ticks>`+)")


@dataclass(frozen=True, kw_only=True)
class Code:
    """A text without its code: a sign stands where each piece of it was."""

    text: str
    pieces: Sequence[str]

    def put_back(self, text: str) -> str:
        """A text with the code where the signs are."""
        return PLACE.sub(lambda place: self.pieces[int(place[2])], text)


def without_code(text: str) -> Code:
    """A Markdown text whose code blocks and code within lines are set aside."""
    text = _SIGNS.sub("", text)
    pieces: list[str] = []
    kept, written = [], 0
    for kind, start, end in sorted(_spans(text), key=lambda span: span[1]):
        if start >= written:
            kept += [text[written:start], f"{_OPEN}{kind}{len(pieces)}{_CLOSE}"]
            pieces.append(text[start:end])
            written = end
    return Code(text="".join([*kept, text[written:]]), pieces=pieces)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """A Markdown text of which all but the code is changed."""
    code = without_code(text)
    return code.put_back(change(code.text))


def _spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each piece of code: "b", a block without the mark of its item, or "s", within a line."""
    lines = text_lines(text)
    starts = list(accumulate(map(len, lines), initial=0))
    for token in _PARSER.parse(text):
        if token.map is None or token.nesting:
            continue
        first, last = token.map[0], min(token.map[1], len(lines))
        start, end = starts[first], starts[last]
        if token.type in {"fence", "code_block"}:
            mark = token.markup or token.content.partition("\n")[0]
            before = lines[first].find(mark)
            is_indented = token.type == "code_block" and not lines[first][:before].strip()
            yield "b", start if is_indented else start + before, start + len(text[start:end].rstrip())
        elif token.type in {"inline", "html_block"}:
            yield from (("s", start + opening, start + closing) for opening, closing in _spans_in(text[start:end]))


def _spans_in(line: str) -> Iterator[tuple[int, int]]:
    """Start and end of code in a paragraph: from some ticks to the next that are as many."""
    runs = list(_TICKS.finditer(line))
    places: dict[int, list[int]] = {}
    for place, run in enumerate(runs):
        places.setdefault(len(run["ticks"]), []).append(place)
    following = 0
    for place, run in enumerate(runs):
        # Outside of code a backslash takes the first tick.
        escaped = len(run["slashes"]) % 2
        same = places.get(len(run["ticks"]) - escaped, [])
        after = bisect_right(same, place)
        if place >= following and after < len(same):
            following = same[after] + 1
            yield run.start("ticks") + escaped, runs[same[after]].end()
