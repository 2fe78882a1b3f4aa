from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.conversation.receipt import Receipt
from bot.errors import InvalidState
from bot.services.replay import replay
from bot.store.records.receipts import receipt_to_json
from corpus.document import Document
from retrieval.indexing.reindex import reindex
from retrieval.query.searcher import Searcher
from retrieval.snapshot.snapshot import open_snapshot
from retrieval.testing import HashEncoder

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
QUESTION = "how do I pair the lamp number 7"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    documents = [
        Document(
            id=f"d{number}",
            title=f"Pair lamp number {number}",
            text=f"Press the lamp {number} twice.",
            questions=(f"lamp {number} pair how", f"pairing {number}"),
        )
        for number in range(40)
    ]
    reindex(documents, tmp_path / "index", HashEncoder(128), now=NOW)
    return tmp_path / "index"


@pytest.fixture
def receipt(index: Path) -> Receipt:
    searcher = Searcher(open_snapshot(index), budget=0.1, unanswerable=0.37)
    found = searcher.search(QUESTION, language="en")
    return Receipt(
        decision="answer",
        question=QUESTION,
        searched=QUESTION,
        language="en",
        confidence=found.confidence,
        among_first=found.among_first,
        threshold=found.threshold,
        unanswerable=found.unanswerable,
        snapshot=found.snapshot,
        candidates=found.candidates[:5],
        features=found.features,
    )


def test_a_decision_comes_out_the_same_to_the_bit(receipt: Receipt, index: Path) -> None:
    assert 0 < (receipt.confidence or 0) < 1
    assert replay(receipt, index) == []


def test_what_is_recorded_survives_the_store(receipt: Receipt) -> None:
    body = receipt_to_json(receipt)
    assert (body["unanswerable"], body["language"]) == (0.37, "en")


def test_what_comes_out_differently_is_named(receipt: Receipt, index: Path) -> None:
    (line,) = replay(replace(receipt, confidence=0.5), index)
    assert line.startswith("confidence was 0.5, and is 0.")
    swapped = (receipt.candidates[1], receipt.candidates[0], *receipt.candidates[2:])
    assert len(replay(replace(receipt, candidates=swapped), index)) == 2
    lines = replay(replace(receipt, unanswerable=0.1), index)
    assert [line.split()[0] for line in lines] == ["confidence", "among_first"]


def test_another_snapshot_in_use_changes_nothing(receipt: Receipt, index: Path) -> None:
    reindex([Document(id="x", title="X", text="Y")], index, HashEncoder(128), now=NOW.replace(hour=11))
    assert replay(receipt, index) == []


def test_what_cannot_be_done_again_is_said(receipt: Receipt, index: Path) -> None:
    with pytest.raises(InvalidState, match="Nothing was searched"):
        replay(replace(receipt, searched=None), index)
    with pytest.raises(InvalidState, match="no longer there"):
        replay(replace(receipt, snapshot="20200101T000000-000000000000"), index)
