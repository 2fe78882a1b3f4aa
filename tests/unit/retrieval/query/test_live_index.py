import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from corpus.document import Document
from retrieval.decision import DecisionSettings
from retrieval.errors import NoSnapshot
from retrieval.query.live_index import EVERY, LiveIndex
from retrieval.query.searcher import Searcher
from retrieval.snapshot.snapshot import SNAPSHOTS, open_snapshot
from tests.unit.retrieval.conftest import NOW, build, make_clear_documents


def test_a_server_moves_to_the_new_snapshot_by_itself(documents: list[Document], index: Path) -> None:
    first = build(documents, index)
    live = LiveIndex(index, budget=0.1)
    assert live.search("hub lamp").snapshot == first.version
    second = build(documents[1:], index, NOW + timedelta(hours=1))
    assert live.search("hub lamp").snapshot == second.version


def test_what_a_maintainer_calls_worth_showing_holds_in_every_snapshot(documents: list[Document], index: Path) -> None:
    build(documents, index)
    nothing = DecisionSettings(suggest_at=1, clarify_at=1, beside_at=1)
    everything = DecisionSettings(suggest_at=0, clarify_at=0, beside_at=0)
    live = {each: LiveIndex(index, budget=0.0001, decisions=each) for each in (nothing, everything)}
    build(documents[1:], index, NOW + timedelta(hours=1))
    decided = {each: index.search("hub with a spark") for each, index in live.items()}
    assert {each: found.settings for each, found in decided.items()} == {each: each for each in live}
    assert (decided[nothing].decision, decided[nothing].offered) == ("escalate", ())
    assert decided[everything].decision == "suggest"


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


def ask_all(live: LiveIndex, documents: list[Document]) -> None:
    for document in documents:
        live.search(document.questions[0].replace("my", "the"))


@pytest.fixture
def clear_documents() -> list[Document]:
    return make_clear_documents()


def test_how_customers_ask_is_learned_from_what_they_ask(clear_documents: list[Document], index: Path) -> None:
    build(clear_documents, index)
    live = LiveIndex(index, budget=0.1, unanswerable=0.3)
    assert (live.traffic.questions, live.traffic.unanswerable) == (0, 0.3)
    ask_all(live, clear_documents[: EVERY - 1])
    assert live.traffic.questions == 0
    before = live.search("one more").threshold
    assert live.traffic.questions == EVERY
    after = live.search("one more")
    assert (after.unanswerable, after.shift) == (live.traffic.unanswerable, live.traffic.shift)
    assert after.unanswerable != 0.3
    assert after.threshold != before


def test_questions_asked_before_the_server_started_count_too(clear_documents: list[Document], index: Path) -> None:
    report = build(clear_documents, index)
    one, other = LiveIndex(index, budget=0.1), LiveIndex(index, budget=0.1)
    asked = [(document.questions[0], None, one.search(document.questions[0]).features) for document in clear_documents]
    other.remember([*asked, ("from an older program", None, {"top": 1.0})], report.version)
    assert other.traffic.questions == len(clear_documents)
    other.remember(asked, "another snapshot")
    assert other.traffic.questions == len(clear_documents)


def test_a_new_snapshot_is_asked_the_last_questions_again(clear_documents: list[Document], index: Path) -> None:
    build(clear_documents, index)
    live = LiveIndex(index, budget=0.1)
    ask_all(live, clear_documents)
    assert live.traffic.questions
    second = build(clear_documents[1:], index, NOW + timedelta(hours=1))
    assert live.search("hub lamp").snapshot == second.version
    assert live.traffic.questions == len(clear_documents)
    fresh = Searcher(open_snapshot(index), budget=0.1)
    expected = [fresh.search(document.questions[0].replace("my", "the")).features for document in clear_documents]
    assert [features for *_, features in live._asked][: len(clear_documents)] == expected
