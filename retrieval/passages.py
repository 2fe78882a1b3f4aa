import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from corpus.passage import Passage
from retrieval.errors import SnapshotDamaged
from retrieval.mapped import mapped
from retrieval.search import Candidate

ROWS, OFFSETS = "passages.jsonl", "passages.offsets.npy"


def write_passages(passages: Iterable[Passage], directory: Path) -> None:
    """Write one JSON object a line, and where each line begins."""
    offsets = [0]
    with (directory / ROWS).open("wb") as rows:
        for passage in passages:
            rows.write(json.dumps(_row(passage), ensure_ascii=False).encode() + b"\n")
            offsets.append(rows.tell())
    np.save(directory / OFFSETS, np.array(offsets, dtype=np.int64))


class PassageRows:
    """The passages of a snapshot, read one row at a time and never as a whole."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / ROWS
        self._offsets = mapped(directory / OFFSETS)
        self._bytes = np.asarray(np.memmap(self._path, dtype=np.uint8, mode="r"))

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def candidate(self, row: int, **scores: Any) -> Candidate:
        """The passage in a row, as a candidate with these scores."""
        start, end = self._offsets[row : row + 2]
        try:
            stored: dict[str, Any] = json.loads(self._bytes[start:end].tobytes())
            stored["headings"] = tuple(stored["headings"])
            stored["updated"] = date.fromisoformat(stored["updated"]) if stored["updated"] else None
            return Candidate(**stored, **scores)
        except (ValueError, TypeError, KeyError) as error:
            raise SnapshotDamaged(f"{self._path}: row {row} cannot be read. Reindex, or roll back.") from error


def _row(passage: Passage) -> dict[str, Any]:
    document = passage.document
    return {
        "document_id": document.id,
        "passage_id": passage.id,
        "title": document.title,
        "headings": passage.headings,
        "text": passage.text,
        "kind": document.kind,
        "url": document.url,
        "language": document.language,
        "updated": document.updated.isoformat() if document.updated else None,
        "author": document.author,
        "confirmed": document.confirmed,
        "authority": document.authority,
    }
