"""Immutable versions of the index: opened with cheap checks, verified in full on demand."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.confidence import Calibration
from retrieval.documents import DocumentFacts
from retrieval.embedding import KEYS, Keys
from retrieval.encoder import Encoder, Vectors, describe, open_encoder
from retrieval.errors import EncoderMismatch, NoSnapshot, SnapshotDamaged, SnapshotFormat
from retrieval.finding import Finder
from retrieval.fusion import Fusion
from retrieval.lexical import LexicalIndex
from retrieval.passages import PassageRows
from retrieval.topics import Topics
from retrieval.units import Units
from retrieval.vectors import VectorIndex

FORMAT = 5
CURRENT, SNAPSHOTS, MANIFEST = "CURRENT", "snapshots", "manifest.json"
#: How the snapshot before is called where a version is asked for.
PARENT = "parent"
ENCODER, DOCUMENTS = "encoder", "documents.json"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a snapshot is made of."""

    format: int
    created: str
    parent: str | None
    encoder: str
    corpus: str
    #: How the vectors are searched, how many lists are looked into, and the share of the ten nearest that this finds.
    index: str
    probes: int
    recall: float
    #: The snapshot whose lists were taken over, with what has changed; None when they were made of these vectors alone.
    centres: str | None
    documents: int
    passages: int
    units: int
    #: Size and SHA-256 of each file, by its path in the snapshot.
    files: dict[str, tuple[int, str]]

    def to_bytes(self) -> bytes:
        """As it is stored, and hashed into the snapshot's name."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, directory: Path) -> Self:
        """Read a manifest and hold it against the snapshot's name, which carries its hash."""
        path = directory / MANIFEST
        try:
            stored = path.read_bytes()
        except OSError as error:
            raise SnapshotDamaged(f"{path} cannot be read: {error.strerror}. Reindex, or roll back.") from error
        if name_piece(stored) != directory.name.rpartition("-")[2]:
            raise SnapshotDamaged(f"{path} was altered: it does not match the snapshot's name. Reindex, or roll back.")
        manifest = json.loads(stored)
        if manifest["format"] != FORMAT:
            what = f"{path}: format {manifest['format']}, and this release reads format {FORMAT}"
            raise SnapshotFormat(f"{what}. Reindex with this release.")
        files = {name: (int(size), str(digest)) for name, (size, digest) in manifest.pop("files").items()}
        return cls(**manifest, files=files)


def name_piece(manifest: bytes) -> str:
    """The piece of a snapshot's name that its manifest decides."""
    return hashlib.sha256(manifest).hexdigest()[:12]


class Snapshot:
    """One immutable version of the index, its files mapped into memory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.version = directory.name
        self.manifest = Manifest.read(directory)
        self._check_sizes()
        if describe(directory / ENCODER)["fingerprint"] != self.manifest.encoder:
            raise EncoderMismatch(
                f"{directory / ENCODER}: this is not the encoder the vectors were made with. Reindex, or roll back."
            )
        self.units = Units.load(directory)
        self.facts = DocumentFacts.load(directory)
        self.passages = PassageRows(directory)
        self.vectors = VectorIndex(directory)
        self.lexical = LexicalIndex(directory)
        self.topics = Topics.load(directory)
        self.fusion = Fusion.load(directory)
        self.calibration = Calibration.load(directory)

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder the vectors were made with."""
        return open_encoder(self.directory / ENCODER)

    @property
    def documents(self) -> dict[str, str]:
        """A hash of each document, by its id."""
        return dict(json.loads((self.directory / DOCUMENTS).read_bytes()))

    @property
    def created(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.manifest.created)

    def finder(self, *, lexical: bool = True, topics: bool = True) -> Finder:
        """What searches it; keywords or topics can be left out of account."""
        return Finder(
            units=self.units,
            vectors=self.vectors,
            lexical=self.lexical,
            topics=self.topics if topics else Topics.none(),
            fusion=self.fusion if lexical else replace(self.fusion, lexical=0.0),
        )

    def nearest_passages(self, query: Vectors, documents: NDArray[np.int64]) -> list[int]:
        """The row of each document's passage that is nearest to a query [dimensions]."""
        starts, units = self.units.rows_of(documents)
        rows = self.units.passage[units]
        nearest = rows[starts]  # views come first, and most documents are one passage
        several = np.flatnonzero(np.maximum.reduceat(rows, starts) != nearest)
        for place in several.tolist():
            start, shown = self.units.views_of(int(documents[place]))
            nearest[place] = shown[np.argmax(self.vectors.at(start, len(shown)) @ query)]
        found: list[int] = nearest.tolist()
        return found

    def embedded(self, encoder: str) -> tuple[Keys, NDArray[np.float16]] | None:
        """Keys and vectors of its texts, if they were made with this encoder."""
        if encoder != self.manifest.encoder:
            return None
        return np.load(self.directory / KEYS), self.vectors.canonical

    def verify(self) -> None:
        """Hash every file; SnapshotDamaged names the first that was altered."""
        for name, (_, digest) in self.manifest.files.items():
            if file_hash(self.directory / name) != digest:
                raise SnapshotDamaged(f"{self.directory / name} was altered. Reindex, or roll back.")

    def _check_sizes(self) -> None:
        for name, (size, _) in self.manifest.files.items():
            path = self.directory / name
            try:
                found = path.stat().st_size
            except OSError as error:
                raise SnapshotDamaged(f"{path} is missing. Reindex, or roll back.") from error
            if found != size:
                raise SnapshotDamaged(f"{path} has {found} bytes instead of {size}. Reindex, or roll back.")


def current_version(index: Path) -> str | None:
    """The version in use, or None when there is no index yet."""
    try:
        return (index / CURRENT).read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotDamaged(f"{index / CURRENT} cannot be read: {error}. Reindex.") from error


def open_snapshot(index: Path, version: str | None = None) -> Snapshot:
    """Open a version, or the one in use; NoSnapshot, SnapshotDamaged, SnapshotFormat, EncoderMismatch."""
    version = version or current_version(index)
    if version is None:
        raise NoSnapshot(f"{index}: there is no index here. Make one with: answerdesk reindex --index {index}")
    directory = index / SNAPSHOTS / version
    if not directory.is_dir():
        raise NoSnapshot(f"{directory}: there is no such snapshot. Reindex, or roll back to one that exists.")
    return Snapshot(directory)


def open_other(snapshot: Snapshot, version: str) -> Snapshot:
    """Open another version of the same index; "parent" is the one that a snapshot was made after."""
    wanted = snapshot.manifest.parent if version == PARENT else version
    if not wanted:
        what = (
            "it is the first of its index, so that it has no parent" if version else "which other version is not said"
        )
        raise NoSnapshot(f"{snapshot.directory}: {what}. Name one of {snapshot.directory.parent}.")
    return open_snapshot(snapshot.directory.parent.parent, wanted)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_entries(directory: Path) -> dict[str, tuple[int, str]]:
    """Size and hash of every file of a snapshot that is being written."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): (path.stat().st_size, file_hash(path)) for path in files}


def encoded(value: Any) -> bytes:
    """A value as bytes that are the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
