import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from corpus.document import Document
from retrieval.errors import NoSnapshot
from retrieval.live import LiveIndex
from retrieval.snapshot import SNAPSHOTS
from tests.unit.retrieval.conftest import NOW, build


def test_a_server_moves_to_the_new_snapshot_by_itself(documents: list[Document], index: Path) -> None:
    first = build(documents, index)
    live = LiveIndex(index, budget=0.1)
    assert live.search("hub lamp").snapshot == first.version
    second = build(documents[1:], index, NOW + timedelta(hours=1))
    assert live.search("hub lamp").snapshot == second.version


def test_a_damaged_new_snapshot_leaves_the_old_one_in_use(
    documents: list[Document], index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = build(documents, index)
    live = LiveIndex(index, budget=0.1)
    second = build(documents[1:], index, NOW + timedelta(hours=1))
    (index / SNAPSHOTS / second.version / "units.npy").write_bytes(b"")
    for _ in range(2):
        assert live.search("hub lamp").snapshot == first.version
    assert capsys.readouterr().out.count("snapshot_refused") == 1, "said once, not for every question"


def test_no_question_is_dropped_while_snapshots_change(documents: list[Document], index: Path) -> None:
    build(documents, index)
    live = LiveIndex(index, budget=0.1)
    stop, seen, errors = threading.Event(), set(), []

    def ask() -> None:
        while not stop.is_set():
            try:
                seen.add(live.search("hub lamp").snapshot)
            except Exception as error:  # noqa: BLE001  # whatever it is, it was a dropped question
                errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    changed = [
        build([replace(documents[0], text=f"Text {n}."), *documents[1:]], index, NOW + timedelta(hours=n)).version
        for n in range(1, 4)
    ]
    while changed[-1] not in seen and not errors:
        pass
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []


def test_without_an_index_the_server_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot):
        LiveIndex(tmp_path, budget=0.1)
