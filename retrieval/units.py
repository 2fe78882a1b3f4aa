from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.passage import Passage
from corpus.split import Capacity, split

FILE = "units.npy"
#: What stands instead of a passage's row for a unit that is searched but not shown.
PHRASING, TITLE = -1, -2
#: What is shown may be longer than what an encoder reads, about 220 tokens: a passage is embedded in views of this.
VIEW = Capacity(full=900, hard=1800)


@dataclass(frozen=True, kw_only=True)
class Units:
    """What is embedded, one vector each: for each document the views of its passages, its title, its known phrasings.

    Arrays of int32, one entry a unit: the number of its document, and the row of its passage, or TITLE or PHRASING.
    """

    document: NDArray[np.int32]
    passage: NDArray[np.int32]

    @property
    def starts(self) -> NDArray[np.int64]:
        """The first unit of each document, int64 [documents]."""
        return np.flatnonzero(np.diff(self.document, prepend=-1))

    def views_of(self, document: int) -> tuple[int, NDArray[np.int32]]:
        """The views of a document's passages: the first unit, and the row of each one's passage."""
        # Of the array's own type: otherwise all of it would be converted for each document.
        start, end = np.searchsorted(self.document, np.array([document, document + 1], dtype=np.int32))
        rows = self.passage[start:end]
        return int(start), rows[rows >= 0]

    def save(self, directory: Path) -> None:
        """Write both arrays."""
        np.save(directory / FILE, np.stack([self.document, self.passage]))

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map the arrays that were saved."""
        document, passage = np.load(directory / FILE, mmap_mode="r")
        return cls(document=document, passage=passage)


def lay_out(documents: Sequence[Sequence[Passage]]) -> tuple[Units, list[str]]:
    """The units of a corpus, given each document's passages, and the texts to embed for them."""
    texts: list[str] = []
    numbers: list[tuple[int, int]] = []
    row = 0
    for number, passages in enumerate(documents):
        for passage in passages:
            shown = views(passage)
            texts += [view.embedded for view in shown]
            numbers += [(number, row)] * len(shown)
            row += 1
        document = passages[0].document
        if document.title.strip():
            texts.append(document.title)
            numbers.append((number, TITLE))
        texts += document.questions
        numbers += [(number, PHRASING)] * len(document.questions)
    array = np.array(numbers, dtype=np.int32).reshape(-1, 2)
    return Units(document=array[:, 0].copy(), passage=array[:, 1].copy()), texts


def views(passage: Passage) -> list[Passage]:
    """The pieces of a passage that are embedded, each with the headings above it."""
    pieces = split(replace(passage.document, text=passage.text), capacity=VIEW)
    return [replace(piece, headings=(*passage.headings, *piece.headings)) for piece in pieces]
