import os
from datetime import timedelta
from pathlib import Path

import pytest

from corpus.document import Document
from retrieval.errors import BuildFailed, IndexBusy, NoSnapshot, SnapshotDamaged
from retrieval.indexing.reindex import reindex
from retrieval.query.live_index import LiveIndex
from retrieval.snapshot.publishing import build_directory, prune, publish
from retrieval.snapshot.snapshot import SNAPSHOTS, current_version, parent_of, versions
from retrieval.testing import HashEncoder
from tests.unit.retrieval.conftest import NOW, build_once


def test_a_snapshot_built_aside_is_used_when_it_is_put_into_use_and_no_longer_when_rolled_back(
    documents: list[Document], index: Path
) -> None:
    first = build_once(documents, index)
    live = LiveIndex(index, budget=0.1)
    later = NOW + timedelta(hours=1)
    second = reindex(documents[1:], index, HashEncoder(256), now=later, is_used=False)
    assert (second.is_new, second.removed, parent_of(index, second.version)) == (True, 1, first.version)
    assert versions(index) == [second.version, first.version]
    assert live.search("hub lamp").snapshot == first.version
    publish(index, second.version)
    assert live.search("hub lamp").snapshot == second.version
    publish(index, first.version)
    assert live.search("hub lamp").snapshot == first.version


def test_what_is_damaged_or_gone_is_not_put_into_use(documents: list[Document], index: Path) -> None:
    first = build_once(documents, index)
    second = build_once(documents[1:], index, NOW + timedelta(hours=1))
    altered = index / SNAPSHOTS / first.version / "passages.rows"
    text = altered.read_bytes()
    altered.write_bytes(text.replace(b"lamp", b"lump", 1))
    with pytest.raises(SnapshotDamaged, match=r"passages\.rows was altered"):
        publish(index, first.version)
    with pytest.raises(NoSnapshot, match="no such snapshot"):
        publish(index, "20200101T000000-0123456789ab")
    assert current_version(index) == second.version


def test_a_disk_that_refuses_leaves_the_pointer_as_it_was(documents: list[Document], index: Path) -> None:
    first = build_once(documents, index)
    second = build_once(documents[1:], index, NOW + timedelta(hours=1))
    (index / f"CURRENT.{os.getpid()}").mkdir()
    with pytest.raises(BuildFailed, match="untouched"):
        publish(index, first.version)
    assert current_version(index) == second.version


def test_old_snapshots_are_removed_but_for_the_one_in_use_and_the_one_to_roll_back_to(
    documents: list[Document], index: Path
) -> None:
    made = [build_once(documents[start:], index, NOW + timedelta(hours=start)).version for start in range(5)]
    publish(index, made[2])
    assert prune(index, 1) == [made[3], made[0]]
    assert versions(index) == [made[4], made[2], made[1]]
    assert prune(index, 1) == []
    with build_directory(index), pytest.raises(IndexBusy):
        prune(index, 1)
    assert sorted(each.name for each in index.iterdir()) == [".lock", "CURRENT", SNAPSHOTS]
