import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder import Vectors
from retrieval.errors import SnapshotDamaged
from retrieval.vectors import VectorIndex, write_vectors


@pytest.fixture
def vectors() -> Vectors:
    made = np.random.default_rng(1).normal(size=(500, 32)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond this: the write fails with an error, as on a full disk."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
        signal.signal(signal.SIGXFSZ, handler)


def test_a_vector_finds_itself_and_then_its_nearest(vectors: Vectors, tmp_path: Path) -> None:
    write_vectors(vectors, tmp_path / "v")
    index = VectorIndex(tmp_path / "v")
    assert len(index) == len(vectors)
    assert np.array_equal(index.at(7, 3), vectors[7:10])
    scores, rows = index.search(vectors[42], 5)
    assert rows.tolist() == np.argsort(-(vectors @ vectors[42]))[:5].tolist()
    assert scores[0] == pytest.approx(1, abs=1e-5)


def test_more_than_there_is_may_be_asked_for(vectors: Vectors, tmp_path: Path) -> None:
    write_vectors(vectors[:3], tmp_path / "v")
    _, rows = VectorIndex(tmp_path / "v").search(vectors[0], 10)
    assert sorted(rows.tolist()) == [0, 1, 2]


def test_a_full_disk_is_an_error_of_the_system(vectors: Vectors, tmp_path: Path) -> None:
    with room_for(20_000), pytest.raises(OSError, match="File too large"):
        write_vectors(vectors, tmp_path / "v")


@pytest.mark.parametrize("size", [0, 10, 20_000])
def test_a_truncated_file_is_refused_by_name(vectors: Vectors, tmp_path: Path, size: int) -> None:
    write_vectors(vectors, tmp_path / "v")
    content = (tmp_path / "v").read_bytes()
    (tmp_path / "v").write_bytes(content[:size])
    with pytest.raises(SnapshotDamaged, match=str(tmp_path / "v")):
        VectorIndex(tmp_path / "v")
