"""The receipt of a question whose outcome is worth a look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.report.results import QuestionResult
from retrieval.result import Candidate
from retrieval.scoring.features import FEATURES

#: How many candidates a receipt names, and how much it shows of the first.
NAMED = 5
LINES, LETTERS = 4, 320


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A document that answers the question; without a title when the snapshot lacks it."""

    document_id: str
    title: str | None


@dataclass(frozen=True, kw_only=True)
class RankedDocument:
    """A document that was found, with its scores."""

    document_id: str
    title: str
    url: str | None
    kind: str
    is_expected: bool
    score: float
    dense: float
    lexical: float
    topic: float


@dataclass(frozen=True, kw_only=True)
class FeaturePercentile:
    """A feature of a search, and the share of all questions in which it is lower."""

    name: str
    value: float
    above: float


@dataclass(frozen=True, kw_only=True)
class Example:
    """A question, what the bot made of it, and why."""

    id: str
    question: str
    language: str | None
    decision: str
    confidence: float
    among_first: float
    threshold: float
    #: The place of the first expected document, from 1; None when it was not found, or when there is none.
    place: int | None
    expected: tuple[Expected, ...]
    #: The first lines of the first document's passage.
    excerpt: str
    candidates: tuple[RankedDocument, ...]
    features: tuple[FeaturePercentile, ...]


def cases(
    outcomes: Sequence[QuestionResult], expected: Mapping[str, Candidate], signals: NDArray[np.float64]
) -> list[Example]:
    """Receipts, the surest first; `signals` are the features of all questions, [n, FEATURES], to compare with."""
    columns = np.sort(signals, axis=0)
    ranked = sorted(outcomes, key=lambda outcome: -outcome.found.confidence)
    return [_case(outcome, expected, columns) for outcome in ranked]


def excerpt(text: str) -> str:
    """The first lines of a passage that say something, shortened between words."""
    lines = [line for line in text.splitlines() if line.strip()]
    shown = "\n".join(lines[:LINES])
    if len(shown) > LETTERS:
        shown = shown[:LETTERS].rsplit(maxsplit=1)[0]
    return shown if len(shown) == len("\n".join(lines)) else f"{shown} …"


def _case(outcome: QuestionResult, expected: Mapping[str, Candidate], columns: NDArray[np.float64]) -> Example:
    asked, found = outcome.asked, outcome.found
    return Example(
        id=asked.id,
        question=asked.question,
        language=asked.language,
        decision=found.decision,
        confidence=found.confidence,
        among_first=found.among_first,
        threshold=found.threshold,
        place=outcome.place,
        expected=tuple(
            Expected(document_id=name, title=expected[name].title if name in expected else None)
            for name in asked.expected
        ),
        excerpt=excerpt(found.candidates[0].text) if found.candidates else "",
        candidates=tuple(_ranked(candidate, asked.expected) for candidate in found.candidates[:NAMED]),
        features=tuple(
            FeaturePercentile(
                name=name,
                value=found.features[name],
                above=float(np.searchsorted(columns[:, number], found.features[name]) / len(columns)),
            )
            for number, name in enumerate(FEATURES)
        ),
    )


def _ranked(candidate: Candidate, expected: Sequence[str]) -> RankedDocument:
    return RankedDocument(
        document_id=candidate.document_id,
        title=candidate.title,
        url=candidate.url,
        kind=candidate.kind,
        is_expected=candidate.document_id in expected,
        score=candidate.score,
        dense=candidate.dense,
        lexical=candidate.lexical,
        topic=candidate.topic,
    )
