import json
import mmap
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import Passage
from retrieval.arrays import open_memmap
from retrieval.errors import SnapshotDamaged
from retrieval.result import Candidate

ROWS, OFFSETS = "passages.rows", "passages.offsets.npy"
_DECODER = json.JSONDecoder()


def write_passages(passages: Iterable[Passage], directory: Path) -> None:
    """Write for each passage a row: a line of JSON, and below it its text as it is; and where each row begins.

    A text is most of a row, and would take longer to be read from JSON than all else there.
    """
    offsets = [0]
    with (directory / ROWS).open("wb") as rows:
        for passage in passages:
            row = f"{json.dumps(_facts(passage), ensure_ascii=False)}\n{passage.text}\n".encode()
            rows.write(row)
            offsets.append(offsets[-1] + len(row))
    np.save(directory / OFFSETS, np.array(offsets, dtype=np.int64))


class PassageStore:
    """The passages of a snapshot, read one row at a time and never as a whole."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / ROWS
        self._offsets: NDArray[np.int64] = open_memmap(directory / OFFSETS)
        with self._path.open("rb") as rows:
            self._bytes = mmap.mmap(rows.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def candidate(self, row: int, section: int = -1, **scores: Any) -> Candidate:
        """The passage in a row, as a candidate with these scores, for one of its sections or for all of it."""
        start, end = self._offsets[row : row + 2].tolist()
        try:
            content = self._bytes[start:end].decode()
            stored: dict[str, Any]
            stored, line = _DECODER.raw_decode(content)
            stored["headings"] = tuple(stored["headings"])
            stored["updated"] = date.fromisoformat(stored["updated"]) if stored["updated"] else None
            sections = stored.pop("sections", ())
            if section >= 0:
                start, end, headings = sections[section]
                scores |= {"section": tuple(headings), "span": (start, end)}
            return Candidate(text=content[line + 1 : -1], **stored, **scores)
        except (LookupError, ValueError, TypeError) as error:
            raise SnapshotDamaged(f"{self._path}: row {row} cannot be read. Reindex, or roll back.") from error

    def documents(self) -> Iterator[Candidate]:
        """The documents, each by its first passage, in the order in which they were indexed; with scores of 0."""
        before = None
        for row in range(len(self)):
            first = self.candidate(row, score=0.0)
            if first.document_id != before:
                before = first.document_id
                yield first


def _facts(passage: Passage) -> dict[str, Any]:
    document = passage.document
    return {
        "document_id": document.id,
        "passage_id": passage.id,
        "title": document.title,
        "headings": passage.headings,
        "kind": document.kind,
        "url": document.url,
        "language": document.language,
        "updated": document.updated.isoformat() if document.updated else None,
        "author": document.author,
        "confirmed": document.confirmed,
        "authority": document.authority,
        "sections": [(section.start, section.end, section.headings) for section in passage.sections],
    }
