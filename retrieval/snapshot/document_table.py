from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus import Document
from retrieval.arrays import open_memmap
from retrieval.errors import SnapshotDamaged

FILES = {name: f"documents.{name}.npy" for name in ("language", "authority", "title")}


@dataclass(frozen=True, kw_only=True)
class DocumentTable:
    """Facts about every document that ranking needs, one entry each."""

    #: ISO 639-1 code, or empty.
    language: NDArray[np.bytes_]
    #: 0 to 1, float32.
    authority: NDArray[np.float32]
    #: The same number for answers of the same title, which are those of one thread, and for translations; int32.
    title: NDArray[np.int32]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Self:
        """Read them off the documents.

        Only forum answers have a title in common: pages of the same name are about different things. A page has its
        own in common with its translations.
        """
        names: dict[str, int] = {}
        originals = {document.id: document.translation_of for document in documents}
        # No title begins with a space, so that none is taken for an id.
        titles = [_thread(document) or f" {_original(document.id, originals)}" for document in documents]
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
        """Mark those of these documents that say that they are in another language, bool [n]."""
        languages = self.language[documents]
        return np.asarray((languages != b"") & (languages != language.encode()))

    @cached_property
    def _versions(self) -> dict[tuple[int, bytes], int]:
        """The document of each title in each language, of titles that documents of several languages have."""
        told = np.flatnonzero(self.language != b"")
        titles, languages = self.title[told].tolist(), self.language[told].tolist()
        first: dict[int, bytes] = {}
        several = {
            title
            for title, language in zip(titles, languages, strict=True)
            if first.setdefault(title, language) != language
        }
        found: dict[tuple[int, bytes], int] = {}
        for number, title, language in zip(told.tolist(), titles, languages, strict=True):
            if title in several:
                found.setdefault((title, language), number)
        return found

    def in_language(self, documents: NDArray[np.int64], language: str) -> NDArray[np.int64]:
        """These documents, each foreign one as its translation into a language where there is one."""
        if not self._versions:
            return documents
        told = documents.copy()
        for place in np.flatnonzero(self.is_foreign(documents, language)).tolist():
            number = int(documents[place])
            told[place] = self._versions.get((int(self.title[number]), language.encode()), number)
        return told

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map what was saved."""
        try:
            return cls(**{name: open_memmap(directory / file) for name, file in FILES.items()})
        except (OSError, EOFError, ValueError) as error:
            raise SnapshotDamaged(f"{directory}: {error}. Reindex, or roll back to another version.") from error

    def save(self, directory: Path) -> None:
        """Write the arrays."""
        for name, file in FILES.items():
            np.save(directory / file, getattr(self, name))


def unique_titles(titles: Sequence[str], pages: Sequence[int]) -> set[int]:
    """The places of titles that no other page has; those of one page have the same number among `pages`."""
    named: dict[str, set[int]] = {}
    words = [" ".join(title.casefold().split()) for title in titles]
    for title, page in zip(words, pages, strict=True):
        named.setdefault(title, set()).add(page)
    return {place for place, title in enumerate(words) if title and len(named[title]) == 1}


def _original(document: str, originals: Mapping[str, str | None]) -> str:
    """The document that this one translates, through translations of translations; itself where it is one."""
    seen = [document]
    while (before := originals.get(seen[-1])) and before not in seen:
        seen.append(before)
    return min(seen) if originals.get(seen[-1]) else seen[-1]


def _thread(document: Document) -> str:
    return " ".join(document.title.casefold().split()) if document.kind == "answer" else ""
