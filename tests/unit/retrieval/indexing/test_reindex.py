import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from corpus.document import Document
from retrieval.encoders.encoder import Progress, Vectors
from retrieval.encoders.names import USUAL_ENCODER
from retrieval.errors import BuildFailed, IndexBusy
from retrieval.indexing.reindex import reindex
from retrieval.query.searcher import Searcher
from retrieval.result import SearchResult
from retrieval.snapshot.publishing import build_directory
from retrieval.snapshot.snapshot import current_version, open_snapshot
from retrieval.testing import HashEncoder
from tests.unit.retrieval.conftest import NOW, build, make_documents, make_taught


def test_a_snapshot_answers_with_the_document_word_for_word(documents: list[Document], index: Path) -> None:
    wanted = replace(documents[7], updated=date(2026, 1, 2), author="Sanna", confirmed=True, authority=0.75)
    report = build([*documents[:7], wanted, *documents[8:]], index)
    assert (report.is_new, report.documents, report.units) == (True, len(documents), 3 * len(documents))
    snapshot = open_snapshot(index)
    assert snapshot.version == report.version
    snapshot.verify()
    best = Searcher(snapshot, budget=0.05).search(wanted.questions[0]).candidates[0]
    assert (best.document_id, best.text, best.url) == (wanted.id, wanted.text, wanted.url)
    assert (best.updated, best.author, best.confirmed, best.authority) == (date(2026, 1, 2), "Sanna", True, 0.75)


def test_an_unchanged_corpus_makes_no_new_snapshot(documents: list[Document], index: Path) -> None:
    first = build(documents, index)
    again = build(documents, index, NOW + timedelta(days=1))
    assert (again.is_new, again.version) == (False, first.version)
    changed = build([replace(documents[0], text="Something else."), *documents[1:]], index, NOW + timedelta(days=1))
    assert changed.is_new
    assert open_snapshot(index).manifest.parent == first.version
    assert open_snapshot(index, first.version).version == first.version, "the old one is still there"


def test_the_same_corpus_makes_the_same_files(documents: list[Document], tmp_path: Path) -> None:
    for name in ("one", "two"):
        build(documents, tmp_path / name)
    one, two = (open_snapshot(tmp_path / name).manifest for name in ("one", "two"))
    assert one.files == two.files


QUESTIONS = ("how does hub go with lamp", "my parcel and the refund", "hub", "something new", "volcano", "")


def receipts(index: Path) -> list[SearchResult]:
    """What is found for some questions, but for the version that it is found in."""
    searcher = Searcher(open_snapshot(index), budget=0.1)
    return [replace(searcher.search(question, limit=20), snapshot="") for question in QUESTIONS]


def test_the_same_corpus_is_described_and_found_the_same(tmp_path: Path) -> None:
    build(make_taught()[1:], tmp_path / "one")
    build(make_taught(), tmp_path / "one", NOW + timedelta(hours=1))
    build(make_taught(), tmp_path / "two", NOW + timedelta(hours=2))
    one, two = (open_snapshot(tmp_path / name).manifest for name in ("one", "two"))
    assert (one.created, one.parent) != (two.created, two.parent)
    assert replace(one, created="", parent=None) == replace(two, created="", parent=None)
    assert receipts(tmp_path / "one") == receipts(tmp_path / "two")


def test_a_corpus_that_came_bit_by_bit_is_found_as_one_that_came_at_once(tmp_path: Path) -> None:
    documents = make_taught()
    changed = [replace(document, text=f"{document.text} Or else the door.") for document in documents[5:9]]
    states = (documents[:30], documents[10:], [*changed, *documents[20:35]], [*documents[:5], *changed, *documents[9:]])
    reports = [build(state, tmp_path / "one", NOW + timedelta(days=number)) for number, state in enumerate(states)]
    report = reports[-1]
    assert 0 < report.carried < report.units
    assert report.topics > 0
    build(states[-1], tmp_path / "two")
    assert receipts(tmp_path / "one") == receipts(tmp_path / "two")


def test_progress_counts_every_text(documents: list[Document], index: Path) -> None:
    heard: list[tuple[int, int]] = []
    reindex(documents, index, HashEncoder(), now=NOW, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (3 * len(documents), 3 * len(documents))


class Counting(HashEncoder):
    """Remembers the texts it embedded."""

    def __init__(self) -> None:
        super().__init__(256)
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        self.texts += texts
        return super().encode(texts, progress=progress)


def test_only_what_changed_is_embedded_again(documents: list[Document], index: Path) -> None:
    build(documents, index)
    changed = replace(documents[4], text="It is all different now.")
    added = Document(id="added", title="Added", text="Something new.")
    encoder = Counting()
    report = reindex([*documents[:4], changed, *documents[6:], added], index, encoder, now=NOW + timedelta(days=1))
    pseudo = {document.title for document in documents} | {added.title}
    embedded = [text for text in encoder.texts if "\n" in text and text.partition("\n")[0] in pseudo]
    assert set(embedded) == {"Added\nSomething new.", f"{changed.title}\nIt is all different now."}
    assert (report.added, report.changed, report.removed) == (1, 1, 1)
    assert report.carried == report.units - 3
    whole = index.with_name("whole")
    build([*documents[:4], changed, *documents[6:], added], whole, NOW + timedelta(days=1))
    assert open_snapshot(index).manifest.files == open_snapshot(whole).manifest.files, "as if built from nothing"


def test_a_stopped_build_goes_on_where_it_was(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.encoders.embedding_cache._CHUNK", 10)
    documents = make_documents(40)

    def stop(done: int, _total: int) -> None:
        if done > 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(documents, index, Counting(), now=NOW, progress=stop)
    (scratch,) = index.glob(".embedded-*")
    scratch.write_bytes(scratch.read_bytes()[:-7])  # the last record was cut off by the stop
    report = reindex(documents, index, Counting(), now=NOW)
    assert report.carried == 29
    assert not scratch.exists()
    assert open_snapshot(index).manifest.files == _files_of_one_go(documents, index.with_name("one-go"))


def _files_of_one_go(documents: list[Document], index: Path) -> dict[str, tuple[int, str]]:
    build(documents, index)
    return open_snapshot(index).manifest.files


def test_equal_texts_are_embedded_once(index: Path) -> None:
    twins = [Document(id=f"twin-{n}", title="Twin", text="The same text.") for n in range(3)]
    encoder = Counting()
    reindex(twins, index, encoder, now=NOW)
    assert encoder.texts.count("Twin\nThe same text.") == 1


def test_nothing_to_index_is_said(index: Path) -> None:
    with pytest.raises(BuildFailed, match="no documents"):
        build([], index)


def test_of_two_builds_at_once_the_second_is_told_who_builds(documents: list[Document], index: Path) -> None:
    with build_directory(index), pytest.raises(IndexBusy, match=f"process {os.getpid()}"):
        build(documents, index)
    build(documents, index)


def test_what_a_killed_build_left_is_removed_by_the_next(documents: list[Document], index: Path) -> None:
    (index / ".building" / "encoder").mkdir(parents=True)
    (index / ".building" / "vectors.faiss").write_bytes(b"half")
    build(documents, index)
    assert not (index / ".building").exists()


def test_a_full_disk_leaves_the_old_snapshot_in_use(documents: list[Document], index: Path) -> None:
    first = build(documents, index)
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails with an error, as on a full disk
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, most))
    try:
        with pytest.raises((BuildFailed, RuntimeError), match="The index in use is untouched"):
            build([*documents[1:], replace(documents[0], text="word " * 50_000)], index)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
        signal.signal(signal.SIGXFSZ, handler)
    assert current_version(index) == first.version
    assert not (index / ".building").exists()
    open_snapshot(index).verify()


KILLED = """
import sys
from pathlib import Path
from retrieval.testing import HashEncoder
from tests.unit.retrieval.conftest import NOW, make_documents
from retrieval.indexing.reindex import reindex

class Slow(HashEncoder):
    def encode(self, texts, *, progress=None):
        print("embedding", flush=True)
        sys.stdin.read()
        return super().encode(texts, progress=progress)

reindex(make_documents(30), Path(sys.argv[1]), Slow(256), now=NOW)
"""


def test_a_build_that_is_killed_leaves_the_old_snapshot_in_use(documents: list[Document], index: Path) -> None:
    first = build(documents, index)
    root = Path(__file__).parents[4]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(index)], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "embedding\n"
    process.kill()
    process.wait()
    process.stdout.close()
    process.stdin.close()
    assert open_snapshot(index).version == first.version
    assert build(documents[1:], index).is_new, "and the lock is free"


class Renamed(HashEncoder):
    """The same vectors by another name."""

    name = "/models/moved"


class Other(HashEncoder):
    """Other vectors."""

    name, fingerprint = "another/model", "hash-other"


def test_a_snapshot_says_which_encoder_it_needs_and_another_makes_it_anew(
    documents: list[Document], index: Path
) -> None:
    first = build(documents, index)
    assert open_snapshot(index).manifest.main.encoder_name == USUAL_ENCODER
    renamed = reindex(documents, index, Renamed(256), now=NOW + timedelta(hours=1))
    assert (renamed.is_new, renamed.carried) == (True, renamed.units), "the same vectors are not made again"
    assert open_snapshot(index).manifest.main.encoder_name == "/models/moved"
    other = reindex(documents, index, Other(256), now=NOW + timedelta(hours=2))
    assert (other.is_new, other.carried) == (True, 0)
    assert other.encoders == {"main": "hash."}
    assert not reindex(documents, index, Other(256), now=NOW + timedelta(hours=3)).is_new
    assert open_snapshot(index, first.version).main.encoder_name == USUAL_ENCODER


def test_one_encoder_for_english_and_all_other_languages_makes_one_space(index: Path) -> None:
    documents = make_documents(20)
    swedish = [replace(document, id=f"{document.id}.sv", language="sv") for document in documents]
    report = reindex([*documents, *swedish], index, HashEncoder(256), multilingual=HashEncoder(256), now=NOW)
    [space] = open_snapshot(index).manifest.spaces
    assert (space.name, space.is_mixed, space.documents) == ("main", True, 40)
    assert list(report.encoders) == ["main"]
    again = reindex([*documents, *swedish], index, HashEncoder(256), multilingual=HashEncoder(256), now=NOW)
    assert not again.is_new
