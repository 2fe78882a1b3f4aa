from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document
from retrieval.errors import SnapshotDamaged
from retrieval.mapped import mapped

FILES = {name: f"documents.{name}.npy" for name in ("language", "authority", "title")}


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """What ranking must know of every document, one entry each."""

    #: ISO 639-1 code, or empty.
    language: NDArray[np.bytes_]
    #: 0 to 1, float32.
    authority: NDArray[np.float32]
    #: The same number for answers of the same title, which are those of one thread; int32.
    title: NDArray[np.int32]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Self:
        """Read them off the documents.

        Only forum answers have a title in common: pages of the same name are about different things.
        """
        names: dict[str, int] = {}
        # No title begins with a space, so that none is taken for an id.
        titles = [_thread(document) or f" {document.id}" for document in documents]
        return cls(
            language=np.array([(document.language or "").encode() for document in documents], dtype="S2"),
            authority=np.array([document.authority for document in documents], dtype=np.float32),
            title=np.array([names.setdefault(title, len(names)) for title in titles], dtype=np.int32),
        )

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that documents say they are in."""
        return frozenset(language.decode() for language in np.unique(self.language).tolist() if language)

    def is_foreign(self, documents: NDArray[np.int64], language: str) -> NDArray[np.bool_]:
        """Which of these documents say that they are in another language."""
        languages = self.language[documents]
        return np.asarray((languages != b"") & (languages != language.encode()))

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map what was saved."""
        try:
            return cls(**{name: mapped(directory / file) for name, file in FILES.items()})
        except (OSError, EOFError, ValueError) as error:
            raise SnapshotDamaged(f"{directory}: {error}. Reindex, or roll back to another version.") from error

    def save(self, directory: Path) -> None:
        """Write the arrays."""
        for name, file in FILES.items():
            np.save(directory / file, getattr(self, name))


def _thread(document: Document) -> str:
    return " ".join(document.title.casefold().split()) if document.kind == "answer" else ""
