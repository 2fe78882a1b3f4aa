"""Putting a snapshot into use: written aside, made durable, renamed, and only then pointed at; and back again."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import BuildFailed, IndexBusy
from retrieval.snapshot.snapshot import (
    CURRENT,
    MANIFEST,
    SNAPSHOTS,
    Manifest,
    current_version,
    open_snapshot,
    parent_of,
    short_hash,
    versions,
)

_ASIDE = ".building"
_LOCK = ".lock"


@contextmanager
def build_directory(index: Path) -> Iterator[Path]:
    """Hold the index and give an empty folder to write in; whatever is left there at the end is removed.

    IndexBusy when another process builds; BuildFailed when the disk refuses. The snapshot in use is never touched.
    """
    aside = index / _ASIDE
    try:
        index.mkdir(parents=True, exist_ok=True)
        with (index / _LOCK).open("a+") as lock:
            _hold(lock.fileno(), index)
            _sign(lock.fileno())
            try:
                shutil.rmtree(aside, ignore_errors=True)  # of a process that was killed
                aside.mkdir()
                yield aside
            finally:
                shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        what = f"{error.filename or index}: {error.strerror or error}"
        raise BuildFailed(f"{what}. The index in use is untouched; mend this and reindex.") from error


def commit_snapshot(index: Path, aside: Path, manifest: Manifest, stamp: str) -> str:
    """Make what was written aside a snapshot of the index, and return its version."""
    stored = manifest.to_bytes()
    (aside / MANIFEST).write_bytes(stored)
    version = f"{stamp}-{short_hash(stored)}"
    for path in [*aside.rglob("*"), aside]:
        _sync(path)
    snapshots = index / SNAPSHOTS
    snapshots.mkdir(exist_ok=True)
    aside.rename(snapshots / version)
    _sync(snapshots)
    return version


def publish(index: Path, version: str) -> None:
    """Use a snapshot that is there, newer or older; one that is damaged or gone is refused, and nothing changes."""
    open_snapshot(index, version).verify()
    try:
        set_current(index, version)
    except OSError as error:
        what = f"{error.filename or index}: {error.strerror or error}"
        raise BuildFailed(f"{what}. The index in use is untouched; mend this and try again.") from error


def set_current(index: Path, version: str) -> None:
    """Swap the pointer to the version in use, atomically."""
    pointer = index / f"{CURRENT}.{os.getpid()}"
    try:
        pointer.write_text(f"{version}\n", "utf-8")
        _sync(pointer)
        pointer.replace(index / CURRENT)
    finally:
        pointer.unlink(missing_ok=True)
    _sync(index)


def prune(index: Path, keep_newest: int) -> list[str]:
    """Remove all snapshots but so many of the newest, the one in use and the one before it; return what is gone.

    IndexBusy while another process builds: it may carry vectors over from one of them.
    """
    with build_directory(index):
        used = current_version(index)
        kept = {used, parent_of(index, used), *versions(index)[:keep_newest]}
        gone = [version for version in versions(index) if version not in kept]
        for version in gone:
            folder = index / SNAPSHOTS / version
            leaving = index / _ASIDE / version
            folder.rename(leaving)  # so that nobody finds half of it
            shutil.rmtree(leaving)
    return gone


def _hold(lock: int, index: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(lock, 20, 0).decode() or "unknown"
        raise IndexBusy(f"{index}: process {holder} is building here. Wait for it, or use another --index.") from error


def _sign(lock: int) -> None:
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
