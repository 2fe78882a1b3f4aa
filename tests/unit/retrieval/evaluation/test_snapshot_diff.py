from dataclasses import replace

import pytest

from retrieval.decision import Decision, DecisionSettings
from retrieval.evaluation.snapshot_diff import AnswerChange, Diff, QuestionDiff
from retrieval.indexing.document_changes import Changes
from retrieval.result import Candidate, SearchResult
from tests.unit.retrieval.conftest import candidate

_SURE: dict[Decision, tuple[float, float]] = {
    "answer": (0.9, 0.9),
    "suggest": (0.6, 0.9),
    "clarify": (0.4, 0.9),
    "escalate": (0.4, 0.4),
}


def found(decision: Decision, first: Candidate) -> SearchResult:
    confidence, among_first = _SURE[decision]
    return SearchResult(
        question="q",
        candidates=(first, candidate("second")),
        confidence=confidence,
        among_first=among_first,
        threshold=0.8,
        answerable=1.0,
        settings=DecisionSettings(suggest_at=0.5, clarify_at=0.5),
        features={},
        snapshot="s",
    )


OLD, REWORDED, OTHER = candidate("reset"), candidate("reset", text="Otherwise."), candidate("repair")


@pytest.mark.parametrize(
    ("before", "after", "became", "is_worse"),
    [
        (found("answer", OLD), found("answer", OLD), "same", False),
        (found("answer", OLD), found("answer", REWORDED), "reworded", False),
        (found("answer", OLD), found("answer", OTHER), "other", True),
        (found("answer", OLD), found("clarify", OLD), "lost", True),
        (found("answer", OLD), found("escalate", OLD), "lost", True),
        (found("escalate", OLD), found("answer", OLD), "gained", False),
        (found("escalate", OLD), found("clarify", OLD), "asked", False),
        (found("clarify", OLD), found("escalate", OLD), "asked", False),
        (found("escalate", OLD), found("escalate", OTHER), "same", False),
        (found("answer", OLD), found("suggest", OLD), "lost", True),
        (found("suggest", OLD), found("answer", OLD), "gained", False),
        (found("suggest", OLD), found("suggest", REWORDED), "same", False),
        (found("suggest", OLD), found("suggest", OTHER), "asked", False),
        (found("suggest", OLD), found("escalate", OLD), "asked", False),
    ],
)
def test_what_becomes_of_a_question(
    before: SearchResult, after: SearchResult, became: AnswerChange, is_worse: bool
) -> None:
    replayed = QuestionDiff(question="q", before=before, after=after)
    assert (replayed.became, replayed.is_worse) == (became, is_worse)


@pytest.mark.parametrize(
    ("before", "after", "expected", "is_worse"),
    [
        (found("answer", OLD), found("answer", OTHER), ("repair",), False),
        (found("answer", OLD), found("answer", OTHER), ("reset",), True),
        (found("answer", OLD), found("answer", OTHER), ("third",), False),
        (found("answer", OLD), found("escalate", OLD), ("reset",), True),
        (found("answer", OLD), found("escalate", OLD), (), False),
        (found("escalate", OLD), found("answer", OLD), (), True),
        (found("escalate", OLD), found("answer", OLD), ("reset",), False),
    ],
    ids=["mended", "broken", "as wrong", "a right one lost", "a wrong one gone", "newly wrong", "newly right"],
)
def test_who_knows_the_answer_knows_what_is_worse(
    before: SearchResult, after: SearchResult, expected: tuple[str, ...], is_worse: bool
) -> None:
    assert QuestionDiff(question="q", expected=expected, before=before, after=after).is_worse is is_worse


def test_documents_come_change_and_go() -> None:
    changes = Changes.between({"a": "1", "b": "1", "c": "1"}, {"b": "1", "c": "2", "e": "1", "d": "1"})
    assert changes == Changes(added=("d", "e"), changed=("c",), removed=("a",))


def test_a_snapshot_may_be_used_where_as_few_became_worse_as_is_tolerated() -> None:
    lost = QuestionDiff(question="q", before=found("answer", OLD), after=found("escalate", OLD))
    same = replace(lost, after=lost.before)
    diff = Diff(before="1", after="2", documents=Changes(), questions=(lost, same, same, same))
    assert (diff.may_be_used(), diff.may_be_used(0.2), diff.may_be_used(0.25)) == (False, False, True)
    assert diff.counts == {"lost": 1, "other": 0, "reworded": 0, "gained": 0, "asked": 0, "same": 3}
    assert diff.worse == [lost]
    assert replace(diff, questions=()).may_be_used(), "who has nothing to ask has nothing against it"
