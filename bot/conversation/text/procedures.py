"""Procedures: texts of numbered steps."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt

#: A procedure of fewer steps is read at a glance.
FEWEST = 4
_MARK = re.compile(r"[ \t]*\d{1,9}[.)](?:[ \t]+|\Z)")
_PARSER = MarkdownIt("commonmark").enable("table").disable("reference")
_PARSER.core.ruler.enableOnly(["normalize", "block"])


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """A text of numbered steps, with what stands around them."""

    before: str
    steps: tuple[str, ...]
    after: str


def procedure_in(text: str) -> Procedure | None:
    """The procedure in a Markdown text: the only one of its numbered lists that has four steps or more, else None.

    A list that goes on with the next number after a paragraph is one; what stands between belongs to the step before.
    Numbers are counted from the first, as they are shown: "1. 1. 1." are three steps. Lists within a step are its own.
    """
    lines = text.strip("\n").split("\n")
    long = [each for each in numbered_lists("\n".join(lines)) if len(each) > FEWEST]
    if len(long) != 1:
        return None
    *starts, end = long[0]
    steps = (_step(lines[first:last]) for first, last in zip(starts, [*starts[1:], end], strict=True))
    return Procedure(before=_joined(lines[: starts[0]]), steps=tuple(steps), after=_joined(lines[end:]))


def numbered_lists(text: str) -> list[list[int]]:
    """The lines where items begin, of each list numbered from 1 that stands in nothing else, and the line after it."""
    lists: list[list[int]] = []
    goes_on = False
    for token in _PARSER.parse(text):
        if token.map is None or token.level > 1:
            continue
        if token.type == "ordered_list_open":
            start = int(token.attrs.get("start", 1))
            goes_on = start == 1 or (bool(lists) and start == len(lists[-1]))
            if start == 1:
                lists.append([token.map[1]])
            elif goes_on:
                lists[-1][-1] = token.map[1]
        elif token.level == 0:
            goes_on = False
        elif token.type == "list_item_open" and goes_on:
            lists[-1].insert(-1, token.map[0])
    return lists


def _step(lines: Sequence[str]) -> str:
    """The text of an item, without its number and as far to the left as it goes."""
    mark = _MARK.match(lines[0])
    width = mark.end() if mark else 0
    return _joined([lines[0][width:], *(line[min(width, len(line) - len(line.lstrip())) :] for line in lines[1:])])


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip()
