from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import Document
from retrieval.decision import DECISIONS, DecisionSettings
from retrieval.evaluation.first_report import FirstReport, first_report
from retrieval.snapshot.page_report import FILE
from retrieval.snapshot.snapshot import open_snapshot
from tests.unit.retrieval.conftest import build, make_clear_documents


def report_on(documents: list[Document], index: Path, decisions: DecisionSettings | None = None) -> FirstReport:
    build(documents, index)
    report = first_report(open_snapshot(index), budget=0.1, decisions=decisions or DecisionSettings())
    assert report is not None
    return report


def spoilt(documents: list[Document]) -> list[Document]:
    """The same pages as somebody might have written them: a third says nothing, a third is called and says the same."""
    changed = []
    for number, document in enumerate(documents):
        if number % 3 == 0:
            changed.append(replace(document, title="Overview", text="See below.", questions=()))
        elif number % 3 == 1:
            changed.append(
                replace(document, title="Help", text="Hold the item until the part moves again.", questions=())
            )
        else:
            changed.append(document)
    return changed


def test_a_clear_corpus_is_expected_to_help(index: Path) -> None:
    report = report_on(make_clear_documents(60), index)
    assert list(report.shares) == list(DECISIONS)
    assert sum(each.share for each in report.shares.values()) == pytest.approx(1)
    for each in report.shares.values():
        assert 0 <= each.low <= each.share <= each.high <= 1
    assert report.helped is not None
    assert report.helped.share > 0.4
    assert (report.pages.pages, report.is_little) == (60, False)
    assert report.questions > 100
    assert [each.kind for each in report.advice] == ["labels"]


def test_what_a_maintainer_sets_decides_what_is_expected(index: Path) -> None:
    documents = make_clear_documents(60)
    nothing = report_on(documents, index, DecisionSettings(suggest_at=1, clarify_at=1, promised_only=True))
    assert nothing.is_little
    assert nothing.shares["escalate"].share == pytest.approx(1)
    snapshot = open_snapshot(index)
    few = first_report(snapshot, budget=0.1, unanswerable=0.1)
    many = first_report(snapshot, budget=0.1, unanswerable=0.8)
    assert few is not None
    assert many is not None
    assert few.shares["escalate"].share < many.shares["escalate"].share


def test_following_the_advice_helps(index: Path, tmp_path: Path) -> None:
    good = make_clear_documents(60)
    before = report_on(spoilt(good), index)
    named = {each.kind: set(each.examples) for each in before.advice}
    assert {"no_text", "same_title", "near_duplicate"} <= set(named)
    assert [each.gain for each in before.advice] == sorted((each.gain for each in before.advice), reverse=True)
    assert len(before.advice) <= 5
    assert named["no_text"] <= {document.id for document in good[::3]}

    written = [good[number] if number % 3 == 0 else document for number, document in enumerate(spoilt(good))]
    midway = report_on(written, tmp_path / "midway")
    after = report_on(good, tmp_path / "after")
    assert "no_text" not in {each.kind for each in midway.advice}
    assert before.pages.first < midway.pages.first < after.pages.first == after.pages.asked
    assert before.helped is not None
    assert midway.helped is not None
    assert after.helped is not None
    # Whoever asked for one of the pages that said the same saw another that said so too: less is gained by the second.
    assert before.helped.share + 0.1 < min(midway.helped.share, after.helped.share)


def test_too_few_pages_promise_nothing_and_are_no_alarm(index: Path) -> None:
    report = report_on(make_clear_documents(3)[:1], index)
    assert (report.shares, report.helped, report.is_little) == ({}, None, False)
    assert report.advice[0].kind == "too_small"


def test_a_snapshot_of_an_earlier_release_has_no_report(index: Path) -> None:
    build(make_clear_documents(30), index)
    snapshot = open_snapshot(index)
    (snapshot.directory / FILE).unlink()
    assert first_report(snapshot, budget=0.1) is None
