"""The sections of documents: which passage each one is in, and the words of what stands above it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus import Passage
from retrieval.arrays import Floats, Ints, open_memmap
from retrieval.errors import SnapshotDamaged
from retrieval.snapshot.bm25 import Bm25Index, word_hash

FILES = {name: f"sections.{name}.npy" for name in ("places", "bounds", "words", "weights")}


@dataclass(frozen=True, kw_only=True)
class SectionTable:
    """Places and heading words of each section, in the order of documents and passages."""

    #: The row of its passage, and its number there; int32 [sections, 2].
    places: NDArray[np.int32]
    #: Where the words of each section's heading begin, and at the end how many there are; int64 [sections + 1].
    bounds: Ints
    #: Those words, as hashes, and what each weighs in keyword search; uint64 and float32 [words].
    words: NDArray[np.uint64]
    weights: Floats

    @classmethod
    def of(cls, documents: Sequence[Sequence[Passage]], rows: Sequence[int], lexical: Bm25Index) -> Self:
        """Read them off the passages of documents; `rows` are those of each document's first passage.

        What has no heading of its own has no words: the title stands above all sections, and tells none of them.
        """
        places: list[tuple[int, int]] = []
        weighed: list[dict[str, float]] = []
        for passages, first in zip(documents, rows, strict=True):
            for row, passage in enumerate(passages, first):
                for number, section in enumerate(passage.sections):
                    heading = section.headings[-1] if section.headings else ""
                    places.append((row, number))
                    weighed.append(lexical.term_weights(heading, passage.document.language))
        return cls(
            places=np.array(places, dtype=np.int32).reshape(-1, 2),
            bounds=np.cumsum([0, *map(len, weighed)], dtype=np.int64),
            words=np.array([word_hash(word) for each in weighed for word in each], dtype=np.uint64),
            weights=np.array([weight for each in weighed for weight in each.values()], dtype=np.float32),
        )

    @classmethod
    def none(cls) -> Self:
        """No sections, of any document."""
        return cls(
            places=np.empty((0, 2), dtype=np.int32),
            bounds=np.zeros(1, dtype=np.int64),
            words=np.empty(0, dtype=np.uint64),
            weights=np.empty(0, dtype=np.float32),
        )

    def in_common(self, sections: Ints, asked: Mapping[str, float]) -> tuple[Floats, Floats]:
        """Weight of the words that the headings of sections and a question have in common, float32 [n] each, 0 to 1.

        As a share of what those of either weigh (Jaccard), and of those of the question.
        """
        starts = self.bounds[sections]
        counts = self.bounds[sections + 1] - starts
        ends = np.cumsum(counts)
        rows = np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)
        wanted = np.array([word_hash(word) for word in asked], dtype=np.uint64)
        weights = self.weights[rows]
        held = np.where(np.isin(self.words[rows], wanted), weights, 0)
        of = np.repeat(np.arange(len(sections)), counts)
        total, common = (np.bincount(of, each, minlength=len(sections)) for each in (weights, held))
        of_question = max(sum(asked.values()), 1e-9)
        shares = common / (total + of_question - common), common / of_question
        return shares[0].astype(np.float32), shares[1].astype(np.float32)

    def save(self, directory: Path) -> None:
        """Write the arrays."""
        for name, file in FILES.items():
            np.save(directory / file, getattr(self, name))

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map what was saved; no sections where a snapshot of format 6 has none."""
        if not any((directory / file).exists() for file in FILES.values()):
            return cls.none()
        try:
            return cls(**{name: open_memmap(directory / file) for name, file in FILES.items()})
        except (OSError, EOFError, ValueError) as error:
            raise SnapshotDamaged(f"{directory}: {error}. Reindex, or roll back to another version.") from error
