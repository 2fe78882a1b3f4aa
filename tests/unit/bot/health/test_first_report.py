from pathlib import Path

import pytest

from bot.cli.serve import warn_of_little
from bot.health.first_report import ADVICE, DECISIONS, check_answering, expected, report_lines
from bot.settings import Settings
from retrieval import Decision
from retrieval.evaluation.first_report import Advice, Estimate, FirstReport, PageCounts
from tests.unit.retrieval.conftest import build, make_clear_documents

LITTLE = {"suggest_at": 1, "clarify_at": 1, "promised_only": True}
MUCH = {"suggest_at": 0.1, "in_scope_at": 0.1}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build(make_clear_documents(40), tmp_path / "index")
    return tmp_path / "index"


def report(**shares: float) -> FirstReport:
    decisions: tuple[Decision, ...] = ("answer", "suggest", "clarify", "escalate")
    given = {name: Estimate(share=shares[name], low=0, high=1) for name in decisions}
    advice = (
        Advice(kind="same_title", count=3, gain=0.1, examples=("a", "b")),
        Advice(kind="labels", count=45, gain=0),
    )
    return FirstReport(
        snapshot="s",
        pages=PageCounts(pages=9, asked=8, first=6, among=7),
        questions=20,
        unanswerable=0.2,
        shares=given,
        helped=Estimate(share=0.5, low=0.4, high=0.6),
        advice=advice,
    )


def test_the_report_is_told_in_plain_words() -> None:
    lines = report_lines(report(answer=0.2, suggest=0.4, clarify=0.1, escalate=0.3))
    assert lines[0] == "Found by a sentence of their own: 6 of 8 pages first, 7 among the first three."
    assert "  suggested    40% (0% to 100%)" in lines
    assert "  Of those that have an answer, 50% (40% to 60%) see its page before a person." in lines
    assert lines[-2].startswith("  1. Pages that are called the same as another: 3. Give each")
    assert lines[-2].endswith("(a, b)")
    assert lines[-1].startswith("  2. Label 45 more")


def test_little_is_said_by_the_doctor_and_at_the_start_and_what_would_help(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings.read(index=index, budget=0.1, decisions=MUCH)
    found = expected(settings)
    assert found is not None
    assert not found.is_little
    assert all(each.ok for each in check_answering(settings))
    warn_of_little(settings)
    assert capsys.readouterr().out == ""

    strict = Settings.read(index=index, budget=0.1, decisions=LITTLE)
    first, *others = check_answering(strict)
    assert (first.subject, first.ok) == ("answering", False)
    assert first.message.startswith("Hardly any question will be answered or get a suggestion: 0% of them")
    assert (first.remedy or "").startswith("Label 22 more of customers’ questions")
    assert all(each.ok for each in others)
    warn_of_little(strict)
    told = capsys.readouterr().out
    assert told.startswith(f"Note: {first.message}")
    assert f"  1. {first.remedy}" in told


def test_without_an_index_there_is_nothing_to_expect(tmp_path: Path) -> None:
    settings = Settings.read(index=tmp_path / "nowhere")
    assert expected(settings) is None
    assert list(check_answering(settings)) == []


@pytest.mark.parametrize("text", [*ADVICE.values(), *DECISIONS.values()])
def test_every_text_takes_its_count(text: str) -> None:
    assert "%" not in text % {"count": 7}
