"""Pages as a reader is shown them: a piece of each, cut into numbered sentences."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval.result import Candidate

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+")
_NUMBER = re.compile(r"\s*(?:\d+|[^\W\d_])\.")
_BLOCK_END = re.compile(r"\n[ \t]*\n")
_LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")


@dataclass(frozen=True, kw_only=True)
class OfferedPage:
    """A page that may be chosen."""

    id: str
    title: str
    #: Word for word, each without line breaks; numbered from 1 in this order.
    sentences: tuple[str, ...]


def sentence_spans(text: str, start: int, end: int, *, most: int) -> list[tuple[int, int]]:
    """Find the spans of the sentences in a piece of a text: none goes over the end of a line, none is a mere "1.".

    Those of the first so many characters, to the end of their line.
    """
    spans = []
    place = start
    for line in text[start:end].splitlines(keepends=True):
        cuts = [found for found in _SENTENCE_END.finditer(line) if not _NUMBER.fullmatch(line[: found.start()])]
        for begin, stop in zip([0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), None], strict=True):
            piece = line[begin:stop]
            if piece.strip():
                left = place + begin + len(piece) - len(piece.lstrip())
                spans.append((left, left + len(piece.strip())))
        place += len(line)
        if place - start > most:
            break
    return spans


def _shown(candidate: Candidate, characters: int) -> list[tuple[int, int]]:
    """Spans of the sentences that are shown of a candidate: of the part that answers, as many as fit, one at least."""
    start, end = candidate.span or (0, len(candidate.text))
    spans = sentence_spans(candidate.text, start, end, most=characters)
    fitting = [span for span in spans if span[1] - start <= characters]
    return fitting or [(begin, min(stop, begin + characters)) for begin, stop in spans[:1]]


def offered_pages(candidates: Sequence[Candidate], *, characters: int) -> tuple[OfferedPage, ...]:
    """The candidates as pages to choose from, at most so many characters of each."""
    return tuple(
        OfferedPage(
            id=each.document_id,
            title=" › ".join(dict.fromkeys([each.title, *(each.section or each.headings)]))[:characters],
            sentences=tuple(" ".join(each.text[slice(*span)].split()) for span in _shown(each, characters)),
        )
        for each in candidates
    )


def shuffled(pages: Sequence[OfferedPage], question: str) -> tuple[OfferedPage, ...]:
    """The pages in an order that is the same for the same question and tells nothing of their ranking.

    Who takes the first has taken any; who is turned by places is turned at random.
    """

    def key(page: OfferedPage) -> bytes:
        return hashlib.blake2b(f"{question}\0{page.id}".encode("utf-8", "replace"), digest_size=8).digest()

    return tuple(sorted(pages, key=key))


def led_by(candidate: Candidate, numbers: Sequence[int], *, characters: int) -> Candidate:
    """The candidate led by what holds these of its shown sentences: whole paragraphs and lists, word for word."""
    spans = _shown(candidate, characters)
    chosen = [spans[number - 1] for number in numbers if 1 <= number <= len(spans)]
    if not chosen:
        return candidate
    start, end = candidate.span or (0, len(candidate.text))
    first, last = min(chosen)[0], max(stop for _, stop in chosen)
    blocks = [block for block in _blocks(candidate.text, start, end) if block[0] < last and block[1] > first]
    if not blocks:
        return candidate
    return replace(candidate, span=(blocks[0][0], blocks[-1][1]), section_leads=True)


def _blocks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Paragraphs, and lists as a whole with the line that introduces them."""
    edges = [start, *(start + found.end() for found in _BLOCK_END.finditer(text[start:end])), end]
    blocks: list[tuple[int, int]] = []
    for begin, stop in pairwise(edges):
        if not text[begin:stop].strip():
            continue
        before = text[slice(*blocks[-1])].rstrip() if blocks else ""
        is_list = _LIST_ITEM.match(text[begin:stop]) is not None
        follows = is_list or text[begin:stop].startswith((" ", "\t"))
        if blocks and follows and (before.endswith(":") or _has_item(before)):
            blocks[-1] = (blocks[-1][0], stop)
        else:
            blocks.append((begin, stop))
    return blocks


def _has_item(block: str) -> bool:
    return any(_LIST_ITEM.match(line) for line in block.splitlines())
