from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus import ChunkSize, Passage, chunk
from corpus.chunking import is_whole
from corpus.sections import answering_passages
from retrieval.arrays import open_memmap
from retrieval.snapshot.document_table import unique_titles

FILE, BOUNDS = "units.npy", "units.bounds.npy"
#: What stands instead of a passage's row for a unit that is searched but not shown.
PHRASING, TITLE = -1, -2
#: What is shown may be longer than what an encoder reads, about 220 tokens: a passage is embedded in views of this.
WINDOW = ChunkSize(full=900, hard=1800)
#: The pieces of a page's sections, embedded beside its windows: what one of them says is lost in a window of several.
PIECE = ChunkSize(full=300, hard=600)


@dataclass(frozen=True, kw_only=True)
class EmbeddedTexts:
    """Units, one vector each: windows of each document's passages, pieces of its sections, its title and phrasings.

    Arrays of int32, one entry a unit: the number of its document, and the row of its passage, or TITLE or PHRASING.
    """

    document: NDArray[np.int32]
    passage: NDArray[np.int32]
    #: The number of its section among those of all documents; -1 for what is of several, or of none.
    section: NDArray[np.int32]
    #: The first unit of each document, and at the end how many units there are; int32 [documents + 1].
    bounds: NDArray[np.int32]

    @classmethod
    def of(
        cls, document: NDArray[np.int32], passage: NDArray[np.int32], section: NDArray[np.int32] | None = None
    ) -> Self:
        """Units in the order of their documents, each of which has some; without sections, of none."""
        bounds = np.append(np.flatnonzero(np.diff(document, prepend=-1)), len(document)).astype(np.int32)
        section = np.full(len(document), -1, dtype=np.int32) if section is None else section
        return cls(document=document, passage=passage, section=section, bounds=bounds)

    @property
    def starts(self) -> NDArray[np.int32]:
        """The first unit of each document, int32 [documents]."""
        return self.bounds[:-1]

    def rows_of(self, documents: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """All units of these documents: where each one's begin among them, int64 [documents], and the units, int64."""
        first = self.bounds[documents]
        counts = self.bounds[documents + 1] - first
        ends = np.cumsum(counts)
        return ends - counts, np.repeat(first - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)

    def save(self, directory: Path) -> None:
        """Write the arrays."""
        np.save(directory / FILE, np.stack([self.document, self.passage, self.section]))
        np.save(directory / BOUNDS, self.bounds)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map the arrays that were saved."""
        document, passage, *more = open_memmap(directory / FILE)
        section = more[0] if more else np.full(len(document), -1, dtype=np.int32)  # as format 6 has it
        return cls(document=document, passage=passage, section=section, bounds=open_memmap(directory / BOUNDS))


def list_texts(
    documents: Sequence[Sequence[Passage]], rows: Sequence[int] | None = None
) -> tuple[EmbeddedTexts, list[str]]:
    """The units of a corpus, given each document's passages, and the texts to embed for them.

    `rows` are those of each document's first passage, where these are not all documents that were written.
    """
    layout = _Layout()
    section = 0
    for number, (passages, first) in enumerate(zip(documents, rows or first_rows(documents), strict=True)):
        for row, passage in enumerate(passages, first):
            shown = windows(passage)
            found = pieces(passage)
            is_whole_section = len(passage.sections) == len(shown) == 1 and not any(found)
            layout.add(number, row, [view.embedded for view in shown], section=section if is_whole_section else -1)
            for place, texts in enumerate(found, section):
                layout.add(number, row, [piece.embedded for piece in texts], section=place)
            section += len(passage.sections)
        document = passages[0].document
        layout.add(number, TITLE, [document.title] if document.title.strip() else [])
        layout.add(number, PHRASING, document.questions)
    return layout.units


def lay_out_whole(
    documents: Sequence[Sequence[Passage]], pages: Sequence[int], rows: Sequence[int] | None = None
) -> tuple[EmbeddedTexts, list[str]]:
    """As `list_texts`, without units for titles: for encoders to which any short text is near any question.

    A title stands above its text, unless several `pages` have it: then it tells none of them. Each section of a page is
    embedded by itself, and once: these encoders take longer.
    """
    own = unique_titles([passages[0].document.title for passages in documents], pages)
    layout = _Layout()
    section = 0
    for number, (passages, first) in enumerate(zip(documents, rows or first_rows(documents), strict=True)):
        for row, passage in enumerate(passages, first):
            for place, part in _answering(passage):
                shown = windows(part)
                untitled = [replace(view, document=replace(view.document, title="")) for view in shown]
                texts = [view.embedded for view in (shown if number in own else untitled)]
                layout.add(number, row, texts, section=section + place if place >= 0 else -1)
            section += len(passage.sections)
        layout.add(number, PHRASING, passages[0].document.questions)
    return layout.units


def first_rows(documents: Sequence[Sequence[Passage]]) -> list[int]:
    """The row of each document's first passage, where all passages are written one after the other."""
    return [0, *accumulate(map(len, documents))][:-1]


class _Layout:
    def __init__(self) -> None:
        self._texts: list[str] = []
        self._numbers: list[tuple[int, int, int]] = []

    def add(self, number: int, passage: int, texts: Sequence[str], *, section: int = -1) -> None:
        self._texts += texts
        self._numbers += [(number, passage, section)] * len(texts)

    @property
    def units(self) -> tuple[EmbeddedTexts, list[str]]:
        document, passage, section = np.array(self._numbers, dtype=np.int32).reshape(-1, 3).T.copy()
        return EmbeddedTexts.of(document, passage, section), self._texts


def searched_texts(passages: Sequence[Passage]) -> list[str]:
    """Texts that keyword search finds a document by: each passage with its headings; its title with its phrasings."""
    document = passages[0].document
    names = name_text(document.title, document.questions)
    return [*(passage.embedded for passage in passages), *([names] if names else [])]


def name_text(title: str, questions: Sequence[str]) -> str:
    """All the names of a document together: a word counts once for each that has it."""
    return "\n".join(filter(None, (title.strip(), *questions)))


def windows(passage: Passage) -> list[Passage]:
    """The pieces of a passage that are embedded, each with the headings above it."""
    if is_whole(passage.text, passage.document.title, capacity=WINDOW):
        return [passage]
    pieces = chunk(replace(passage.document, text=passage.text), capacity=WINDOW)
    return [replace(piece, headings=(*passage.headings, *piece.headings)) for piece in pieces]


def pieces(passage: Passage) -> list[list[Passage]]:
    """For each section of a page's passage the pieces of it that are embedded too, each with the headings above it.

    None where they would say what the only window says; and none of forum answers, of which one says one thing.
    """
    if passage.document.kind == "answer" or not passage.sections:
        return [[] for _ in passage.sections]
    found = [_pieces_of(part) for part in answering_passages(passage)]
    is_one = len(found) == 1 and len(found[0]) <= 1 and passage.text.strip() == passage.sections[0].answering.strip()
    return [[]] if is_one else found


def _pieces_of(part: Passage) -> list[Passage]:
    cut = chunk(replace(part.document, title="", text=part.text), capacity=PIECE) if part.text else []
    return [replace(part, text=piece.text, headings=(*part.headings, *piece.headings)) for piece in cut]


def _answering(passage: Passage) -> list[tuple[int, Passage]]:
    """Parts of a passage to embed by themselves, with their sections; the whole where nothing in it may answer."""
    if passage.document.kind == "answer":
        return [(0 if len(passage.sections) == 1 else -1, passage)]
    parts = [(number, part) for number, part in enumerate(answering_passages(passage)) if part.text]
    return parts or [(-1, passage)]
