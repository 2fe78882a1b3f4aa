"""Putting a snapshot into use: written aside, made durable, renamed, and only then pointed at."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import BuildFailed, IndexBusy
from retrieval.snapshot import CURRENT, MANIFEST, SNAPSHOTS, Manifest, name_piece

_ASIDE = ".building"
_LOCK = ".lock"


@contextmanager
def building(index: Path) -> Iterator[Path]:
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


def publish(index: Path, aside: Path, manifest: Manifest, stamp: str) -> str:
    """Make what was written aside the snapshot in use, and return its version."""
    stored = manifest.to_bytes()
    (aside / MANIFEST).write_bytes(stored)
    version = f"{stamp}-{name_piece(stored)}"
    for path in [*aside.rglob("*"), aside]:
        _sync(path)
    snapshots = index / SNAPSHOTS
    snapshots.mkdir(exist_ok=True)
    aside.rename(snapshots / version)
    _sync(snapshots)
    point_at(index, version)
    return version


def point_at(index: Path, version: str) -> None:
    """Swap the pointer to the version in use, atomically."""
    pointer = index / f"{CURRENT}.new"
    pointer.write_text(f"{version}\n", "utf-8")
    _sync(pointer)
    pointer.replace(index / CURRENT)
    _sync(index)


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
