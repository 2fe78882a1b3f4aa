import pytest

from bot.cli.ask import _lines
from retrieval.decision import DecisionSettings
from retrieval.result import SearchResult
from tests.unit.retrieval.conftest import candidate

PAGES = tuple(candidate(name, title=name.capitalize(), text=f"Text of {name}.") for name in ("lids", "care", "opening"))


@pytest.mark.parametrize(
    ("confidence", "beside", "among", "first", "holds"),
    [
        (0.95, 0.95, 0.95, "Text of lids.", "— Lids"),
        (0.6, 0.7, 0.8, "Not sure enough to answer plainly; it would suggest:", "Text of lids."),
        (0.3, 0.4, 0.7, "Not sure enough to answer; it would ask: ", "  3. Opening"),
        (0.2, 0.3, 0.4, "Not sure enough to answer: a person would get this. It would show beside:", "  2. Care"),
        (0.1, 0.1, 0.2, "Not sure enough to answer: a person would get this. The nearest is:", "Text of lids."),
    ],
)
def test_each_decision_says_what_a_customer_would_see(
    *, confidence: float, beside: float, among: float, first: str, holds: str
) -> None:
    found = SearchResult(
        question="lids",
        candidates=PAGES,
        confidence=confidence,
        among_beside=beside,
        among_first=among,
        threshold=0.9,
        settings=DecisionSettings(suggest_at=0.5, clarify_at=0.5, beside_at=0.25),
        features={"score": 0.5},
        snapshot="s",
    )
    lines = _lines(found, why=False)
    assert lines[0].startswith(first)
    assert any(line.startswith(holds) for line in lines)
    why = _lines(found, why=True)
    assert why[: len(lines)] == lines
    assert "1. Lids" in "\n".join(why[len(lines) :])
