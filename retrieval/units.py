from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.passage import Passage

FILE = "units.npy"


@dataclass(frozen=True, kw_only=True)
class Units:
    """What is embedded, one vector each: a document's passages, then its known phrasings, document after document.

    Arrays of int32, one entry a unit: the number of its document, and the row of its passage, or -1 for a phrasing.
    """

    document: NDArray[np.int32]
    passage: NDArray[np.int32]

    @property
    def starts(self) -> NDArray[np.int64]:
        """The first unit of each document, int64 [documents]."""
        return np.flatnonzero(np.diff(self.document, prepend=-1))

    def passages_of(self, document: int) -> tuple[int, int, int]:
        """A document's passages: the first unit, how many there are, and the first one's row."""
        start, end = np.searchsorted(self.document, [document, document + 1])
        count = int(np.count_nonzero(self.passage[start:end] >= 0))
        return int(start), count, int(self.passage[start])

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
        texts += [passage.embedded for passage in passages]
        numbers += [(number, row + place) for place in range(len(passages))]
        row += len(passages)
        questions = passages[0].document.questions
        texts += questions
        numbers += [(number, -1)] * len(questions)
    array = np.array(numbers, dtype=np.int32).reshape(-1, 2)
    return Units(document=array[:, 0].copy(), passage=array[:, 1].copy()), texts
