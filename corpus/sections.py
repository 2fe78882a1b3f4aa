"""Sections: the parts of a passage that answer by themselves, each below its own headings.

What only leads elsewhere is no answer: a list of the page's own headings, a trail of links to where the page is, a line
that says to see below.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from corpus.markdown_outline import Block, Section, heading_words, outline
from corpus.passage import Passage, PassageSection

#: A text without one of these has no headings, and neither links nor lists: its structure need not be read.
_HAS_STRUCTURE = re.compile(r"^ {0,3}(?:#{1,6}(?:\s|$)|=+[ \t]*$|-+[ \t]*$|[-*+][ \t])|\]\(", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_WORD = re.compile(r"[^\W_]+")
#: A heading of a step, such as "Step 2": its first word and a number.
_STEP = re.compile(r"(\w+)[\s.:]*\d+\b")
#: Lines that send the reader on, in a few words, in the languages that help pages are mostly written in.
_SENDS_ON = re.compile(
    r"""\b(?:(?:see|watch|read|shown|described|listed|video|steps|instructions)\b.{0,40}\bbelow
    |(?:in|on)\ this\ (?:article|page|section) | table\ of\ contents | siehe\ unten | video\ unten | in\ diesem\ artikel
    |ci-dessous | dans\ cet\ article | véase\ (?:abajo|más\ abajo) | en\ este\ artículo | se\ nedan
    |i\ den\ här\ artikeln | zie\ hieronder | in\ dit\ artikel | vedi\ sotto | in\ questo\ articolo
    |veja\ abaixo | neste\ artigo)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SENT_ON = 12


def with_sections(passages: Sequence[Passage]) -> list[Passage]:
    """A document's passages, each with its sections; a passage without headings in it is one.

    Steps that have headings of their own, "Step 1", "Step 2", are one section with what they are the steps of.
    """
    roots = [outline(each.text) if _HAS_STRUCTURE.search(each.text) else None for each in passages]
    headings = (heading for each, root in zip(passages, roots, strict=True) for heading in _headings(each, root))
    names = {heading_words(heading) for heading in headings}
    return [
        replace(passage, sections=tuple(_sections(passage, root, names) if root else [_whole(passage)]))
        for passage, root in zip(passages, roots, strict=True)
    ]


def answering_passages(passage: Passage) -> list[Passage]:
    """The part of each section of a passage that may answer, as a passage of its own; without text where none may."""
    return [
        replace(passage, headings=section.headings, text=section.answering.strip(), sections=())
        for section in passage.sections
    ]


def _sections(passage: Passage, root: Section, names: Collection[str]) -> list[PassageSection]:
    found = [
        PassageSection(
            headings=(*passage.headings, *path),
            start=start,
            end=end,
            answering=_answering(blocks, names, is_first=start == 0),
        )
        for path, start, end, blocks in _stretches(root, (), 0, passage.document.title)
        if passage.text[start:end].strip()
    ]
    return found or [_whole(passage)]


def _whole(passage: Passage) -> PassageSection:
    return PassageSection(headings=passage.headings, start=0, end=len(passage.text), answering=passage.text)


def _headings(passage: Passage, root: Section | None) -> Iterator[str]:
    """The headings above a passage, its title, and those in it."""
    yield from (passage.document.title, *passage.headings)
    for inner in root.sections if root else ():
        yield from _headings_in(inner)


def _headings_in(section: Section) -> Iterator[str]:
    yield section.heading
    for inner in section.sections:
        yield from _headings_in(inner)


_Stretch = tuple[tuple[str, ...], int, int, list[Block]]


def _stretches(section: Section, path: tuple[str, ...], start: int, title: str) -> Iterator[_Stretch]:
    """The stretches of a section that begins at `start`: its own blocks, then the sections inside."""
    if _is_procedure(section.sections):
        yield path, start, start + len(section.text), [*section.blocks, *_all_blocks(section.sections)]
        return
    end = start + sum(len(block.text) for block in section.blocks)
    yield path, start, end, section.blocks
    for inner in section.sections:
        again = not path and inner.heading.casefold() == title.casefold()  # the first heading often says the title
        end += len(inner.line)
        yield from _stretches(inner, path if again else (*path, inner.heading), end, title)
        end += len(inner.text)


def _is_procedure(sections: Sequence[Section]) -> bool:
    """True where sections are the numbered steps of one procedure."""
    steps = [_STEP.match(section.heading) for section in sections]
    words = {step[1].casefold() for step in steps if step}
    return len(steps) > 1 and all(steps) and len(words) == 1


def _all_blocks(sections: Sequence[Section]) -> Iterator[Block]:
    for section in sections:
        yield from section.blocks
        yield from _all_blocks(section.sections)


def _answering(blocks: Sequence[Block], names: Collection[str], *, is_first: bool) -> str:
    """The text of these blocks without those that only lead elsewhere; a passage may begin with links to its place."""
    kept: list[str] = []
    for block in blocks:
        if _is_contents(block, names) or (is_first and not kept and _is_trail(block, names)):
            continue
        kept.append(block.text)
    return "".join(kept) if any(_WORD.search(text) for text in kept) else ""


def _is_contents(block: Block, names: Collection[str]) -> bool:
    """True for a block that only says headings of the document, or only that something stands below."""
    if block.kind == "list":
        lines = [heading_words(_LINK.sub(r"\1", line)) for line in block.text.splitlines()]
        told = [re.sub(r"^\d+ ", "", line) if line not in names else line for line in lines if line]
        return len(told) > 1 and all(line in names for line in told)
    if block.kind != "prose":
        return False
    return heading_words(block.text) in names or (
        len(_WORD.findall(block.text)) <= _SENT_ON and bool(_SENDS_ON.search(block.text))
    )


def _is_trail(block: Block, names: Collection[str]) -> bool:
    """True for a block of nothing but links and names: the way to a page, as pages have it above their text."""
    lines = [_LINK.sub("", line) for line in block.text.splitlines()] if block.kind in {"list", "prose"} else ["-x"]
    return not any(_WORD.search(line) and heading_words(line) not in names for line in lines)
