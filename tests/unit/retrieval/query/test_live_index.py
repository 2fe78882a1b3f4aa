import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from corpus.document import Document
from retrieval.decision import DecisionSettings
from retrieval.errors import NoSnapshot
from retrieval.query.caution import QUORUM, careful
from retrieval.query.live_index import LiveIndex
from retrieval.result import SearchResult
from retrieval.snapshot.snapshot import SNAPSHOTS
from tests.unit.retrieval.conftest import NOW, build_once, make_clear_documents


def test_a_server_moves_to_the_new_snapshot_by_itself(documents: list[Document], index: Path) -> None:
    first = build_once(documents, index)
    live = LiveIndex(index, budget=0.1)
    assert live.search("hub lamp").snapshot == first.version
    second = build_once(documents[1:], index, NOW + timedelta(hours=1))
    assert live.search("hub lamp").snapshot == second.version


def test_what_a_maintainer_calls_worth_showing_holds_in_every_snapshot(documents: list[Document], index: Path) -> None:
    build_once(documents, index)
    nothing = DecisionSettings(suggest_at=1, clarify_at=1, beside_at=1)
    everything = DecisionSettings(suggest_at=0, clarify_at=0, in_scope_at=0, beside_at=0)
    live = {each: LiveIndex(index, budget=0.0001, decisions=each) for each in (nothing, everything)}
    build_once(documents[1:], index, NOW + timedelta(hours=1))
    decided = {each: index.search("hub with a spark") for each, index in live.items()}
    assert {each: found.settings for each, found in decided.items()} == {each: each for each in live}
    assert (decided[nothing].decision, decided[nothing].offered) == ("escalate", ())
    assert decided[everything].decision == "suggest"


def test_a_damaged_new_snapshot_leaves_the_old_one_in_use(
    documents: list[Document], index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = build_once(documents, index)
    live = LiveIndex(index, budget=0.1)
    second = build_once(documents[1:], index, NOW + timedelta(hours=1))
    (index / SNAPSHOTS / second.version / "units.npy").write_bytes(b"")
    for _ in range(2):
        assert live.search("hub lamp").snapshot == first.version
    assert capsys.readouterr().out.count("snapshot_refused") == 1, "said once, not for every question"


def test_no_question_is_dropped_while_snapshots_change(documents: list[Document], index: Path) -> None:
    build_once(documents, index)
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
        build_once([replace(documents[0], text=f"Text {n}."), *documents[1:]], index, NOW + timedelta(hours=n)).version
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


#: Ten customers' remarks and matters that no help centre is about.
JUNK = ("lol", "asdf qwer zxcv", "great", "who won the match", "what is a minor chord", "1111", "buy cheap watches")


def decided(live: LiveIndex, documents: Sequence[Document]) -> list[SearchResult]:
    """Fifty known questions, each worded otherwise than the documents know it."""
    return [live.search(document.questions[0].replace("my", "the")) for document in documents[:50]]


def unknown(number: int) -> str:
    """A question in the words of the documents that none of them answers."""
    return f"does not work again part{number % 120} with item{(number + 7) % 120} gone"


@pytest.fixture
def clear_documents() -> list[Document]:
    return make_clear_documents()


def test_nothing_that_strangers_write_changes_what_is_decided(clear_documents: list[Document], index: Path) -> None:
    build_once(clear_documents, index)
    live = LiveIndex(index, budget=0.1)
    before = decided(live, clear_documents)
    assert sum(each.decision in {"answer", "suggest"} for each in before) > 25
    floods = [live.search(text) for text in (*JUNK, *(unknown(number) for number in range(20)))]
    for number in range(5_000):
        customer = f"customer{number % 300}" if number % 10 else f"address{number % 3}"
        live.count_question(floods[number % len(floods)], customer=customer)
    for _ in range(500):
        live.search("great, thanks")  # a remark: asked perhaps, and never counted
    assert decided(live, clear_documents) == before
    assert decided(LiveIndex(index, budget=0.1), clear_documents) == before


def test_what_is_far_from_the_documents_is_no_reason_to_be_careful(
    clear_documents: list[Document], index: Path
) -> None:
    build_once(clear_documents, index)
    live = LiveIndex(index, budget=0.1)
    far = [live.search(text) for text in JUNK]
    for number in range(5 * QUORUM):
        live.count_question(far[number % len(far)], customer=f"customer{number}")
    assert live.caution == 0


def test_many_customers_who_ask_what_nobody_wrote_make_it_careful_step_by_step_and_it_recovers(
    clear_documents: list[Document], index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_once(clear_documents, index)
    live = LiveIndex(index, budget=0.1)
    usual = live.search("my item3 is broken").threshold
    near = replace(live.search(unknown(3)), answerable=0.3)
    thresholds = []
    for number in range(1_000):
        live.count_question(near, customer=f"customer{number}")
        thresholds.append(live.search("my item3 is broken").threshold if number % 100 == 99 else usual)
    assert live.caution == 1_000 // QUORUM
    assert capsys.readouterr().out.count("caution_changed") == 1_000 // QUORUM
    assert sorted(set(thresholds)) == pytest.approx([usual, *(careful(usual, step) for step in (1, 2))])
    again = LiveIndex(index, budget=0.1)
    assert again.caution == live.caution, "as before after a restart"
    known = replace(near, answerable=0.9)
    for number in range(3 * QUORUM):
        again.count_question(known, customer=f"customer{number}")
    assert (again.caution, again.search("my item3 is broken").threshold) == (0, usual)


def test_one_customer_has_one_vote(clear_documents: list[Document], index: Path) -> None:
    build_once(clear_documents, index)
    live = LiveIndex(index, budget=0.1)
    near = replace(live.search(unknown(3)), answerable=0.3)
    for _ in range(10 * QUORUM):
        live.count_question(near, customer="the same")
    assert live.caution == 0


def test_what_is_frozen_stays(clear_documents: list[Document], index: Path) -> None:
    build_once(clear_documents, index)
    live = LiveIndex(index, budget=0.1, is_frozen=True)
    near = replace(live.search(unknown(3)), answerable=0.3)
    for number in range(2 * QUORUM):
        live.count_question(near, customer=f"customer{number}")
    assert live.caution == 0


def test_a_new_snapshot_is_as_careful_as_usual(clear_documents: list[Document], index: Path) -> None:
    build_once(clear_documents, index)
    live = LiveIndex(index, budget=0.1)
    near = replace(live.search(unknown(3)), answerable=0.3)
    for number in range(QUORUM):
        live.count_question(near, customer=f"customer{number}")
    assert live.caution == 1
    build_once(clear_documents[1:], index, NOW + timedelta(hours=1))
    live.search("hub lamp")
    assert live.caution == 0
