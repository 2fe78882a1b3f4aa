"""The report of an evaluation, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from retrieval.evaluation.metrics import (
    Bin,
    Point,
    auroc,
    best_within_budget,
    calibration_error,
    reliability,
    risk_coverage,
)
from retrieval.evaluation.predictions import Score
from retrieval.evaluation.report import prose
from retrieval.evaluation.report.comparison import Comparison
from retrieval.evaluation.report.examples import Example, cases
from retrieval.evaluation.report.results import DecisionCounts, QuestionResult, Table, decision_counts, tables
from retrieval.result import Candidate
from retrieval.scoring.features import FEATURES
from retrieval.scoring.thresholds import CONFIDENCE_LEVEL, upper_bound
from retrieval.snapshot.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Report:
    """Results of a question file on a snapshot."""

    headline: str
    asked_at: str
    #: The question file's name and the snapshot's version.
    question_file: str
    snapshot: str
    budget: float
    #: The confidence that an answer needs; above 1 when nothing may be answered.
    threshold: float
    score: Score
    answers: int
    wrong_answers: int
    #: The largest share of wrong answers that these questions leave likely, with `certainty`; None without answers.
    wrong_at_most: float | None
    certainty: float
    curve: tuple[Point, ...]
    #: What would have been answered most within the budget, had the outcomes been known.
    hindsight: Point | None
    calibration_error: float | None
    reliability: tuple[Bin, ...]
    #: Areas under curves: the chance that the confidence tells a right first document from a wrong one, and a question
    #: that the documents answer from one that they do not; None where there is only one sort.
    auroc_right: float | None
    auroc_in_scope: float | None
    #: Surest first.
    wrong: tuple[Example, ...]
    missed: tuple[Example, ...]
    clarified: tuple[Example, ...]
    #: Choices that held an expected document.
    clarified_right: int
    #: Suggestions of another document than an expected one.
    suggested_wrong: tuple[Example, ...]
    decisions: tuple[DecisionCounts, ...]
    tables: tuple[Table, ...]
    against: Comparison | None


def make_report(
    outcomes: Sequence[QuestionResult],
    score: Score,
    snapshot: Snapshot,
    *,
    budget: float,
    threshold: float,
    question_file: str,
    now: datetime,
    against: Comparison | None = None,
) -> Report:
    """Draw up the report of questions that were asked of a snapshot."""
    expected = passages_of(snapshot, {name for outcome in outcomes for name in outcome.asked.expected})
    confidence = np.array([outcome.found.confidence for outcome in outcomes])
    right = np.array([outcome.is_right for outcome in outcomes])
    signals = np.array([[outcome.found.features[name] for name in FEATURES] for outcome in outcomes])
    curve, bins = risk_coverage(confidence, right), reliability(confidence, right)
    answers = sum(outcome.is_answered for outcome in outcomes)
    wrong = [outcome for outcome in outcomes if outcome.is_wrong]
    clarified = [outcome for outcome in outcomes if outcome.found.decision == "clarify"]
    suggested = [outcome for outcome in outcomes if outcome.found.decision == "suggest" and not outcome.is_right]
    return Report(
        headline=prose.headline(
            score,
            budget=budget,
            threshold=threshold,
            is_calibrated=any(space.calibration.is_calibrated for space in snapshot.spaces),
        ),
        asked_at=now.isoformat(timespec="seconds"),
        question_file=question_file,
        snapshot=snapshot.version,
        budget=budget,
        threshold=threshold,
        score=score,
        answers=answers,
        wrong_answers=len(wrong),
        wrong_at_most=upper_bound(wrong=len(wrong), answered=answers) if answers else None,
        certainty=CONFIDENCE_LEVEL,
        curve=tuple(curve),
        hindsight=best_within_budget(curve, budget),
        calibration_error=calibration_error(bins),
        reliability=tuple(bins),
        auroc_right=auroc(confidence, right),
        auroc_in_scope=auroc(confidence, np.array([bool(outcome.asked.expected) for outcome in outcomes])),
        wrong=tuple(cases(wrong, expected, signals)),
        missed=tuple(cases([outcome for outcome in outcomes if outcome.is_missed], expected, signals)),
        clarified=tuple(cases(clarified, expected, signals)),
        clarified_right=sum(outcome.is_offered for outcome in clarified),
        suggested_wrong=tuple(cases(suggested, expected, signals)),
        decisions=decision_counts(outcomes),
        tables=tables(outcomes, expected),
        against=against,
    )


def passages_of(snapshot: Snapshot, documents: set[str]) -> dict[str, Candidate]:
    """The first passage of each of these documents, as far as the snapshot has them; reads them in turn."""
    found: dict[str, Candidate] = {}
    for row in range(len(snapshot.passages)):
        if len(found) == len(documents):
            break
        passage = snapshot.passages.candidate(row, score=0.0)
        if passage.document_id in documents:
            found.setdefault(passage.document_id, passage)
    return found
