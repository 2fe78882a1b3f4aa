"""Immutable versions of the index: opened with cheap checks, verified in full on demand."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from retrieval.errors import NoSnapshot, SnapshotDamaged, SnapshotError, SnapshotFormat
from retrieval.snapshot.passage_store import PassageStore
from retrieval.snapshot.space import ENCODER, MAIN, SPACES, Space, SpaceManifest

FORMAT = 7
#: What is read: in format 6, of earlier releases, sections are not told apart.
READABLE = (6, FORMAT)
CURRENT, SNAPSHOTS, MANIFEST = "CURRENT", "snapshots", "manifest.json"
#: How the snapshot before is called where a version is asked for.
PARENT = "parent"
DOCUMENTS = "documents.json"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Contents of a snapshot, and the hashes of its files."""

    format: int
    created: str
    parent: str | None
    corpus: str
    documents: int
    passages: int
    #: The main one first.
    spaces: tuple[SpaceManifest, ...]
    #: Size and SHA-256 of each file, by its path in the snapshot.
    files: dict[str, tuple[int, str]]

    def to_bytes(self) -> bytes:
        """JSON of it, as it is stored and hashed into the snapshot's name."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, directory: Path) -> Self:
        """Read a manifest and hold it against the snapshot's name, which carries its hash."""
        path = directory / MANIFEST
        try:
            stored = path.read_bytes()
        except OSError as error:
            raise SnapshotDamaged(f"{path} cannot be read: {error.strerror}. Reindex, or roll back.") from error
        if short_hash(stored) != directory.name.rpartition("-")[2]:
            raise SnapshotDamaged(f"{path} was altered: it does not match the snapshot's name. Reindex, or roll back.")
        manifest = json.loads(stored)
        if manifest["format"] not in READABLE:
            known = " and ".join(map(str, READABLE))
            what = f"{path}: format {manifest['format']}, and this release reads formats {known}"
            raise SnapshotFormat(f"{what}. Reindex with this release.")
        files = {name: (int(size), str(digest)) for name, (size, digest) in manifest.pop("files").items()}
        spaces = tuple(
            SpaceManifest(**entry | {"languages": entry["languages"] and tuple(entry["languages"])})
            for entry in manifest.pop("spaces")
        )
        return cls(**manifest, spaces=spaces, files=files)

    @property
    def main(self) -> SpaceManifest:
        """Manifest of the main space."""
        return self.spaces[0]


def space_directory(directory: Path, name: str) -> Path:
    """Directory of a space's files in a snapshot."""
    return directory if name == MAIN else directory / SPACES / name


def short_hash(manifest: bytes) -> str:
    """The piece of a snapshot's name that its manifest decides."""
    return hashlib.sha256(manifest).hexdigest()[:12]


class Snapshot:
    """One immutable version of the index, its files mapped into memory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.version = directory.name
        self.manifest = Manifest.read(directory)
        self._check_sizes()
        self.passages = PassageStore(directory)
        #: The first serves questions of which nothing else is said.
        self.spaces = tuple(Space(space_directory(directory, entry.name), entry) for entry in self.manifest.spaces)

    @property
    def main(self) -> Space:
        """The space whose files are beside the passages."""
        return self.spaces[0]

    @property
    def documents(self) -> dict[str, str]:
        """A hash of each document, by its id."""
        return dict(json.loads((self.directory / DOCUMENTS).read_bytes()))

    @property
    def created(self) -> datetime:
        """Time when it was made."""
        return datetime.fromisoformat(self.manifest.created)

    def space_of(self, encoder: str) -> Space | None:
        """The space whose vectors were made with this encoder."""
        return next((space for space in self.spaces if space.entry.encoder == encoder), None)

    def verify(self) -> None:
        """Hash every file; SnapshotDamaged names the first that was altered."""
        for name, (_, digest) in self.manifest.files.items():
            if file_hash(self.directory / name) != digest:
                raise SnapshotDamaged(f"{self.directory / name} was altered. {self._cure(name)}")

    def _check_sizes(self) -> None:
        for name, (size, _) in self.manifest.files.items():
            path = self.directory / name
            try:
                found = path.stat().st_size
            except OSError as error:
                raise SnapshotDamaged(f"{path} is missing. {self._cure(name)}") from error
            if found != size:
                raise SnapshotDamaged(f"{path} has {found} bytes instead of {size}. {self._cure(name)}")

    def _cure(self, name: str) -> str:
        """Advice for a damaged file; for one of an encoder, with the setting that it was wanted by."""
        folder = (self.directory / name).parent
        wanted = (
            entry.wanted_by
            for entry in self.manifest.spaces
            if folder == space_directory(self.directory, entry.name) / ENCODER
        )
        return f"Reindex, or roll back.{next(wanted, '')}"


def current_version(index: Path) -> str | None:
    """The version in use, or None when there is no index yet."""
    try:
        return (index / CURRENT).read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotDamaged(f"{index / CURRENT} cannot be read: {error}. Reindex.") from error


def versions(index: Path) -> list[str]:
    """The versions of an index that are there, the newest first; some may be damaged."""
    folder = index / SNAPSHOTS
    return sorted((each.name for each in folder.iterdir() if each.is_dir()), reverse=True) if folder.is_dir() else []


def parent_of(index: Path, version: str | None) -> str | None:
    """The snapshot that was in use when a version was made, as far as that can still be read."""
    if version is None:
        return None
    try:
        return Manifest.read(index / SNAPSHOTS / version).parent
    except SnapshotError:
        return None


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
