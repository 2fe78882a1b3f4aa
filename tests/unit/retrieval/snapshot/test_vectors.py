import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.encoders.encoder import Vectors
from retrieval.errors import SnapshotDamaged
from retrieval.indexing.vector_builder import write_vectors
from retrieval.snapshot.quantizer import Quantizer
from retrieval.snapshot.vectors import VectorIndex

Halves = NDArray[np.float16]
FILES = ["vectors.npy", "vectors.faiss"]
#: More than there are, and none: the vectors are searched one by one, and in lists.
FLAT, LISTS = 10_000, 0


def around(centres: int, count: int, *, spread: float = 0.7) -> Halves:
    """Vectors of unit length that crowd around some centres, as texts crowd around topics."""
    random = np.random.default_rng(1)
    made = random.normal(size=(centres, 32))[random.integers(0, centres, count)]
    made += spread * random.normal(size=made.shape)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float16)


@pytest.fixture(scope="module")
def vectors() -> Halves:
    return around(60, 3000)


@pytest.fixture(params=[FLAT, LISTS], ids=["flat", "lists"])
def flat_most(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def question(vectors: Halves, row: int) -> Vectors:
    near = vectors[row] + 0.1 * np.random.default_rng(row).normal(size=vectors.shape[1])
    return np.asarray(near / np.linalg.norm(near), dtype=np.float32)


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


def lengthened(vectors: Halves) -> Halves:
    """The same vectors in twelve times as many dimensions."""
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(384, 384)))[0][: vectors.shape[1]]
    return np.asarray(vectors.astype(np.float32) @ turn, dtype=np.float16)


def exact(vectors: Halves, row: int) -> np.ndarray:
    """Cosines of one vector with all."""
    floats = vectors.astype(np.float32)
    return np.asarray(floats @ floats[row])


def test_few_vectors_are_searched_one_by_one(vectors: Halves, tmp_path: Path) -> None:
    report = write_vectors(vectors, tmp_path, flat_most=len(vectors))
    assert (report.kind, report.probes, report.recall) == ("flat", 0, 1.0)


def test_many_vectors_are_searched_in_lists(vectors: Halves, tmp_path: Path) -> None:
    report = write_vectors(vectors, tmp_path, flat_most=len(vectors) - 1)
    assert report.kind == "IVF219,SQ8"
    assert report.recall >= 0.99


def test_more_lists_are_looked_into_when_vectors_are_hard_to_tell_apart(tmp_path: Path) -> None:
    write = {centres: tmp_path / str(centres) for centres in (60, 3000)}
    for directory in write.values():
        directory.mkdir()
    easy, hard = (write_vectors(around(n, 3000), to, flat_most=LISTS) for n, to in write.items())
    assert easy.probes < hard.probes
    assert hard.recall >= 0.99


def test_the_lists_within_reach_are_looked_into_beside_the_first_ones(
    vectors: Halves, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.snapshot.inverted_lists.MIN_PROBES", 2)
    write_vectors(around(3000, 3000), tmp_path, flat_most=LISTS)
    index = VectorIndex(tmp_path)
    assert index.lists
    query = question(vectors, 7)
    looked_into, found = [], []
    for reach in (-1e3, index.lists.reach, 1e6):
        index.lists.reach = reach
        looked_into.append(index.lists.looked_into(query))
        found.append(index.search(query, 10)[0].sum())
    assert looked_into[0] == 2 < looked_into[1] < looked_into[2] == 219
    assert found == sorted(found)
    assert index.search(query, 10)[0] == pytest.approx(np.sort(index.at(0, 3000) @ query)[::-1][:10], abs=1e-6)


def test_lists_are_taken_over_while_little_has_changed(vectors: Halves, tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / name).mkdir()
    more = np.concatenate([vectors, around(60, 200)])
    write_vectors(vectors, tmp_path / "a", flat_most=LISTS)
    first = VectorIndex(tmp_path / "a")
    assert write_vectors(more, tmp_path / "b", flat_most=LISTS, before=first, fresh=200).is_carried
    second = VectorIndex(tmp_path / "b")
    assert first.lists
    assert second.lists
    assert np.array_equal(first.lists.centres, second.lists.centres)
    query = question(more, 3100)
    assert second.search(query, 5)[1][0] == 3100
    third = write_vectors(more, tmp_path / "c", flat_most=LISTS, before=second, fresh=200)
    assert not third.is_carried, "together these are more than a tenth"
    assert not write_vectors(vectors[:300], tmp_path / "d", flat_most=LISTS, before=first).is_carried, (
        "far too many lists"
    )


def test_vectors_that_are_not_many_are_compared_as_bytes_and_scored_exactly(tmp_path: Path) -> None:
    long = lengthened(around(60, 3000))
    report = write_vectors(long, tmp_path)
    assert (report.kind, report.probes) == ("PCA128,SQ8", 0)
    assert report.recall == 1
    query = question(long, 7)
    scores, rows = VectorIndex(tmp_path).search(query, 50)
    every = np.vecdot(long.astype(np.float32), query)
    assert rows.tolist() == np.argsort(-every, kind="stable")[:50].tolist()
    assert scores == pytest.approx(every[rows], abs=1e-6)


@given(st.integers(0, 2**32 - 1), st.sampled_from([32, 384]))
@settings(max_examples=20)
def test_distances_of_bytes_order_vectors_as_products_do(seed: int, dimensions: int) -> None:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(400, dimensions)) * np.arange(1, dimensions + 1) ** -0.7 + 0.05
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    coding = Quantizer.of(vectors)
    codes, asked = coding.stored(vectors), coding.asked(vectors[7])
    assert np.array_equal(codes, codes.astype(np.uint8))
    distances = ((codes - asked) ** 2).sum(axis=1)
    assert np.corrcoef(distances, vectors @ vectors[7])[0, 1] < -0.99
    assert distances.argmin() == 7


def test_long_vectors_are_searched_in_fewer_directions_and_scored_exactly(tmp_path: Path) -> None:
    long = lengthened(around(60, 3000))
    report = write_vectors(long, tmp_path, flat_most=LISTS)
    assert report.kind == "PCA128,IVF219,SQ8"
    assert report.recall >= 0.99
    assert (tmp_path / "vectors.faiss").stat().st_size < long.nbytes / 2
    query = question(long, 7)
    scores, rows = VectorIndex(tmp_path).search(query, 50)
    assert scores == pytest.approx(long[rows].astype(np.float32) @ query, abs=1e-6)


def test_the_recall_reported_is_the_recall_of_the_index_that_was_written(vectors: Halves, tmp_path: Path) -> None:
    report = write_vectors(vectors, tmp_path, flat_most=LISTS)
    index = VectorIndex(tmp_path)
    exact = vectors.astype(np.float32)
    shares = []
    for row in range(0, 3000, 15):
        query = question(vectors, row)
        nearest = np.argsort(-(exact @ query))[:10]
        shares.append(len(np.intersect1d(nearest, index.search(query, 10)[1])) / 10)
    assert np.mean(shares) == pytest.approx(report.recall, abs=0.02)


def test_one_processor_is_left_to_a_search_after_a_build(vectors: Halves, tmp_path: Path, flat_most: int) -> None:
    write_vectors(vectors, tmp_path, flat_most=flat_most)
    assert faiss.omp_get_max_threads() == 1


def test_the_same_vectors_make_the_same_bytes(vectors: Halves, tmp_path: Path, flat_most: int) -> None:
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        report = write_vectors(vectors, tmp_path / name, flat_most=flat_most)
        written.append([report, *((tmp_path / name / file).read_bytes() for file in FILES)])
    assert written[0] == written[1]


def test_a_vector_finds_itself_and_then_its_nearest(vectors: Halves, tmp_path: Path, flat_most: int) -> None:
    write_vectors(vectors, tmp_path, flat_most=flat_most)
    index = VectorIndex(tmp_path)
    assert len(index) == len(vectors)
    exact = vectors.astype(np.float32)
    scores, rows = index.search(exact[42], 5)
    assert (scores.dtype.name, rows.dtype.name) == ("float32", "int64")
    assert rows.tolist() == np.argsort(-(exact @ exact[42]))[:5].tolist()
    assert scores[0] == pytest.approx(1, abs=1e-3)


def test_scores_are_exact_and_descend(vectors: Halves, tmp_path: Path, flat_most: int) -> None:
    write_vectors(vectors, tmp_path, flat_most=flat_most)
    query = question(vectors, 7)
    scores, rows = VectorIndex(tmp_path).search(query, 50)
    assert len(rows) == 50
    assert scores == pytest.approx(vectors[rows].astype(np.float32) @ query, abs=1e-6)
    assert np.all(np.diff(scores) <= 0)


def test_equal_scores_are_in_the_order_of_rows(vectors: Halves, tmp_path: Path, flat_most: int) -> None:
    twice = np.concatenate([vectors, vectors[::-1]])
    write_vectors(twice, tmp_path, flat_most=flat_most)
    scores, rows = VectorIndex(tmp_path).search(question(vectors, 7), 20)
    assert np.array_equal(scores[::2], scores[1::2])
    assert np.array_equal(rows[::2] + rows[1::2], np.full(10, len(twice) - 1))
    assert np.all(rows[::2] < rows[1::2])


def test_vectors_are_kept_to_the_bit(vectors: Halves, tmp_path: Path, flat_most: int) -> None:
    write_vectors(vectors, tmp_path, flat_most=flat_most)
    index = VectorIndex(tmp_path)
    exact = vectors.astype(np.float32)
    assert np.array_equal(index.canonical, vectors)
    assert not index.canonical.flags.writeable
    assert np.array_equal(index.at(7, 3), exact[7:10])
    assert np.array_equal(index.rows(np.array([9, 2, 2])), exact[[9, 2, 2]])
    assert index.rows(np.array([], dtype=np.int64)).shape == (0, 32)
    assert (index.at(0, 1).dtype.name, index.canonical.dtype.name) == ("float32", "float16")


def test_every_finite_half_is_read_exactly(tmp_path: Path) -> None:
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = halves[np.isfinite(halves)].reshape(-1, 32)
    write_vectors(finite, tmp_path)
    read = VectorIndex(tmp_path).at(0, len(finite))
    assert np.array_equal(read.view(np.uint32), finite.astype(np.float32).view(np.uint32))


def test_what_is_kept_can_be_read_by_numpy_and_in_any_order_of_memory(vectors: Halves, tmp_path: Path) -> None:
    write_vectors(np.asfortranarray(vectors), tmp_path)
    assert np.array_equal(np.load(tmp_path / "vectors.npy"), vectors)


def test_more_than_there_is_may_be_asked_for(vectors: Halves, tmp_path: Path, flat_most: int) -> None:
    write_vectors(vectors[:3], tmp_path, flat_most=flat_most)
    _, rows = VectorIndex(tmp_path).search(vectors[0].astype(np.float32), 10)
    assert sorted(rows.tolist()) == [0, 1, 2]


def test_what_the_lists_do_not_hold_is_left_out(vectors: Halves, tmp_path: Path) -> None:
    write_vectors(vectors, tmp_path, flat_most=LISTS)
    scores, rows = VectorIndex(tmp_path).search(question(vectors, 7), 3000)
    assert 0 < len(rows) < 3000
    assert len(scores) == len(rows)
    assert rows.min() >= 0


@pytest.mark.parametrize(("room", "last"), [(20_000, "vectors.npy"), (200_000, "vectors.faiss")])
def test_a_full_disk_is_an_error_of_the_system(vectors: Halves, tmp_path: Path, room: int, last: str) -> None:
    with room_for(room), pytest.raises(OSError, match="File too large"):
        write_vectors(vectors, tmp_path)
    assert min(path.name for path in tmp_path.iterdir()) == last


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("size", [0, 10, 100, 20_000, 80_000])
def test_a_truncated_file_is_refused_by_name(
    vectors: Halves, tmp_path: Path, flat_most: int, file: str, size: int
) -> None:
    write_vectors(vectors, tmp_path, flat_most=flat_most)
    path = tmp_path / file
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(SnapshotDamaged, match=f"{path} .*Reindex, or roll back to another version"):
        VectorIndex(tmp_path)


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_refused_by_name(vectors: Halves, tmp_path: Path, file: str) -> None:
    write_vectors(vectors, tmp_path)
    (tmp_path / file).unlink()
    with pytest.raises(SnapshotDamaged, match=f"{tmp_path / file} .*Reindex"):
        VectorIndex(tmp_path)


def test_files_that_do_not_belong_together_are_refused(vectors: Halves, tmp_path: Path, flat_most: int) -> None:
    write_vectors(vectors, tmp_path, flat_most=flat_most)
    np.save(tmp_path / "vectors.npy", vectors[:-1])
    with pytest.raises(SnapshotDamaged, match=r"vectors\.faiss does not index the vectors of vectors\.npy"):
        VectorIndex(tmp_path)


@pytest.mark.parametrize("other", [np.zeros((3000, 32), dtype=np.float32), np.zeros(96_000, dtype=np.float16)])
def test_an_array_of_something_else_is_refused(vectors: Halves, tmp_path: Path, other: NDArray[np.floating]) -> None:
    write_vectors(vectors, tmp_path)
    np.save(tmp_path / "vectors.npy", other)
    with pytest.raises(SnapshotDamaged, match=r"vectors\.npy holds something else"):
        VectorIndex(tmp_path)
