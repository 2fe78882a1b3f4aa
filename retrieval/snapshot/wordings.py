"""The documents that are called, or known to be asked for, by just the words of a question."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from corpus import Passage
from retrieval.arrays import open_memmap
from retrieval.errors import SnapshotDamaged
from retrieval.tokenizer import words

FILE: Final = "wordings.npy"


@dataclass(frozen=True, kw_only=True)
class Wordings:
    """Titles and known phrasings by the hash of their words: uint64 [n, 2], hash and number of the document, in order.

    Capitals, punctuation and spaces make no difference.
    """

    table: NDArray[np.uint64]

    @classmethod
    def of(cls, documents: Sequence[Sequence[Passage]]) -> Self:
        """Of documents, each by its passages: their known phrasings, and the titles that name one of a language."""
        pages = [passages[0].document for passages in documents]
        titled = Counter((_hash(page.title), page.language) for page in pages)
        rows = {(_hash(page.title), n) for n, page in enumerate(pages) if titled[_hash(page.title), page.language] == 1}
        rows |= {(_hash(wording), number) for number, page in enumerate(pages) for wording in page.questions}
        table = sorted(row for row in rows if row[0])
        return cls(table=np.array(table, dtype=np.uint64).reshape(-1, 2))

    def documents(self, question: str) -> NDArray[np.int64]:
        """The numbers of the documents that have just these words, int64 [n], in order."""
        key = np.uint64(_hash(question))
        first, last = (np.searchsorted(self.table[:, 0], key, side=side) for side in ("left", "right"))
        return self.table[first:last, 1].astype(np.int64) if key else np.empty(0, dtype=np.int64)

    def save(self, directory: Path) -> None:
        """Write it into an existing directory."""
        np.save(directory / FILE, self.table)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map what was saved; empty in a snapshot of an earlier release. SnapshotDamaged where it cannot be read."""
        if not (directory / FILE).exists():
            return cls(table=np.empty((0, 2), dtype=np.uint64))
        try:
            return cls(table=open_memmap(directory / FILE))
        except (OSError, EOFError, ValueError) as error:
            raise SnapshotDamaged(f"{directory / FILE}: {error}. Reindex, or roll back to another version.") from error


def _hash(text: str) -> int:
    """A number for the words of a text; 0 for a text without any."""
    said = " ".join(words(text))
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "little") if said else 0
