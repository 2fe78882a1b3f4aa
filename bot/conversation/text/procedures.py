"""Procedures: texts of numbered steps."""

import re
from dataclasses import dataclass

#: A procedure of fewer steps is read at a glance.
FEWEST = 4
_ITEM = re.compile(r" {0,3}(?P<number>\d{1,3})[.)][ \t]+(?P<text>\S.*)")
_INDENTED = re.compile(r"[ \t]{2,}|\t")


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """A text of numbered steps, with what stands around them."""

    before: str
    steps: tuple[str, ...]
    after: str


def procedure_in(text: str) -> Procedure | None:
    """The procedure that a text is: one list numbered from 1, of four steps or more; None for anything else."""
    if re.search(r"^(?:```|~~~)", text, re.MULTILINE):
        return None
    before: list[str] = []
    steps: list[list[str]] = []
    after: list[str] = []
    for line in text.strip().splitlines():
        item = _ITEM.fullmatch(line)
        if item and not after and int(item["number"]) == len(steps) + 1:
            steps.append([item["text"]])
        elif item:
            return None  # another list: which one is meant?
        elif not steps:
            before.append(line)
        elif after or (line.strip() and not steps[-1][-1].strip() and not _INDENTED.match(line)):
            after.append(line)
        else:
            steps[-1].append(_INDENTED.sub("", line, count=1))
    if len(steps) < FEWEST:
        return None
    return Procedure(before=_joined(before), steps=tuple(map(_joined, steps)), after=_joined(after))


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip()
