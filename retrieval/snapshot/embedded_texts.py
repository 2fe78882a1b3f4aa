from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.chunking import ChunkSize, chunk, is_whole
from corpus.passage import Passage
from retrieval.arrays import open_memmap
from retrieval.snapshot.document_table import unique_titles

FILE, BOUNDS = "units.npy", "units.bounds.npy"
#: What stands instead of a passage's row for a unit that is searched but not shown.
PHRASING, TITLE = -1, -2
#: What is shown may be longer than what an encoder reads, about 220 tokens: a passage is embedded in views of this.
WINDOW = ChunkSize(full=900, hard=1800)


@dataclass(frozen=True, kw_only=True)
class EmbeddedTexts:
    """What is embedded, one vector each: for each document the views of its passages, its title, its known phrasings.

    Arrays of int32, one entry a unit: the number of its document, and the row of its passage, or TITLE or PHRASING.
    """

    document: NDArray[np.int32]
    passage: NDArray[np.int32]
    #: The first unit of each document, and at the end how many units there are; int32 [documents + 1].
    bounds: NDArray[np.int32]

    @classmethod
    def of(cls, document: NDArray[np.int32], passage: NDArray[np.int32]) -> Self:
        """Units in the order of their documents, each of which has some."""
        bounds = np.append(np.flatnonzero(np.diff(document, prepend=-1)), len(document)).astype(np.int32)
        return cls(document=document, passage=passage, bounds=bounds)

    @property
    def starts(self) -> NDArray[np.int32]:
        """The first unit of each document, int32 [documents]."""
        return self.bounds[:-1]

    def views_of(self, document: int) -> tuple[int, NDArray[np.int32]]:
        """The views of a document's passages: the first unit, and the row of each one's passage."""
        start, end = self.bounds[document : document + 2].tolist()
        rows = self.passage[start:end]
        return start, rows[rows >= 0]

    def rows_of(self, documents: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """All units of these documents: where each one's begin among them, int64 [documents], and the units, int64."""
        first = self.bounds[documents]
        counts = self.bounds[documents + 1] - first
        ends = np.cumsum(counts)
        return ends - counts, np.repeat(first - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)

    def save(self, directory: Path) -> None:
        """Write the arrays."""
        np.save(directory / FILE, np.stack([self.document, self.passage]))
        np.save(directory / BOUNDS, self.bounds)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map the arrays that were saved."""
        document, passage = open_memmap(directory / FILE)
        return cls(document=document, passage=passage, bounds=open_memmap(directory / BOUNDS))


def list_texts(
    documents: Sequence[Sequence[Passage]], rows: Sequence[int] | None = None
) -> tuple[EmbeddedTexts, list[str]]:
    """The units of a corpus, given each document's passages, and the texts to embed for them.

    `rows` are those of each document's first passage, where these are not all documents that were written.
    """
    layout = _Layout()
    for number, (passages, first) in enumerate(zip(documents, rows or first_rows(documents), strict=True)):
        for row, passage in enumerate(passages, first):
            layout.add(number, row, [view.embedded for view in windows(passage)])
        document = passages[0].document
        layout.add(number, TITLE, [document.title] if document.title.strip() else [])
        layout.add(number, PHRASING, document.questions)
    return layout.units


def lay_out_whole(
    documents: Sequence[Sequence[Passage]], pages: Sequence[int], rows: Sequence[int] | None = None
) -> tuple[EmbeddedTexts, list[str]]:
    """As `list_texts`, without units for titles: for encoders to which any short text is near any question.

    A title stands above its text, unless several `pages` have it: then it tells none of them.
    """
    own = unique_titles([passages[0].document.title for passages in documents], pages)
    layout = _Layout()
    for number, (passages, first) in enumerate(zip(documents, rows or first_rows(documents), strict=True)):
        for row, passage in enumerate(passages, first):
            shown = windows(passage)
            untitled = [replace(view, document=replace(view.document, title="")) for view in shown]
            layout.add(number, row, [view.embedded for view in (shown if number in own else untitled)])
        layout.add(number, PHRASING, passages[0].document.questions)
    return layout.units


def first_rows(documents: Sequence[Sequence[Passage]]) -> list[int]:
    """The row of each document's first passage, where all passages are written one after the other."""
    return [0, *accumulate(map(len, documents))][:-1]


class _Layout:
    def __init__(self) -> None:
        self._texts: list[str] = []
        self._numbers: list[tuple[int, int]] = []

    def add(self, number: int, passage: int, texts: Sequence[str]) -> None:
        self._texts += texts
        self._numbers += [(number, passage)] * len(texts)

    @property
    def units(self) -> tuple[EmbeddedTexts, list[str]]:
        array = np.array(self._numbers, dtype=np.int32).reshape(-1, 2)
        return EmbeddedTexts.of(array[:, 0].copy(), array[:, 1].copy()), self._texts


def searched_texts(passages: Sequence[Passage]) -> list[str]:
    """What keyword search finds a document by: each passage with its headings; its title with its phrasings."""
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
