from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.passage import Passage
from corpus.split import Capacity, split
from retrieval.mapped import mapped

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

    def rows_of(self, documents: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """All units of these documents: where each one's begin among them, int64 [documents], and the units, int64."""
        # Of the array's own type: otherwise all of it would be converted.
        wanted = documents.astype(np.int32)
        first = np.searchsorted(self.document, wanted)
        counts = np.searchsorted(self.document, wanted, side="right") - first
        ends = np.cumsum(counts)
        return ends - counts, np.repeat(first - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)

    def save(self, directory: Path) -> None:
        """Write both arrays."""
        np.save(directory / FILE, np.stack([self.document, self.passage]))

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map the arrays that were saved."""
        document, passage = mapped(directory / FILE)
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


def searched_texts(passages: Sequence[Passage]) -> list[str]:
    """What keyword search finds a document by: each passage with its headings; its title with its phrasings."""
    document = passages[0].document
    names = name_text(document.title, document.questions)
    return [*(passage.embedded for passage in passages), *([names] if names else [])]


def name_text(title: str, questions: Sequence[str]) -> str:
    """All the names of a document together: a word counts once for each that has it."""
    return "\n".join(filter(None, (title.strip(), *questions)))


def views(passage: Passage) -> list[Passage]:
    """The pieces of a passage that are embedded, each with the headings above it."""
    pieces = split(replace(passage.document, text=passage.text), capacity=VIEW)
    return [replace(piece, headings=(*passage.headings, *piece.headings)) for piece in pieces]
