"""Fits the weights that every corpus starts with: python -m tests.benchmarks.shipped_weights NAME=INDEX=QUESTIONS ...

Each corpus counts the same, however many questions it has. Its questions are asked as customers ask them; each that it
can answer is asked once more as if the pages that answer it were not there, so that every corpus has questions near to
it that nothing answers. Printed are, for each corpus, how well the weights of all the others judge it, and then the
weights of all.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.decision import BESIDE, CHOICES
from retrieval.evaluation.metrics import auroc, calibration_error, reliability
from retrieval.evaluation.predictions import RANKED
from retrieval.query.searcher import Searcher
from retrieval.questions import Question, read_questions
from retrieval.result import Candidate, SearchResult
from retrieval.scoring.calibration import Calibration
from retrieval.scoring.features import features
from retrieval.scoring.logistic import fit_nonnegative, sigmoid
from retrieval.scoring.shipped_weights import Weights
from retrieval.snapshot.snapshot import open_snapshot

Floats = NDArray[np.float64]

#: The least share of unanswerable questions in each corpus, made up by those whose pages are taken away.
UNANSWERABLE: Final = 0.15
#: For how many questions a corpus counts.
WORTH: Final = 1000 / 8
#: Which of the first documents is to be right.
WITHIN: Final = {"first": 1, "beside": BESIDE, "choices": CHOICES}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A corpus's questions: comparable features [n, KNOWN] and [n, LEAD], and what they came to [n]."""

    known: Floats
    lead: Floats
    #: The place of the first right document; RANKED where none is, or none is there.
    place: NDArray[np.int64]
    is_answerable: NDArray[np.bool_]
    #: Asked as if its pages were not there.
    is_bereft: NDArray[np.bool_]

    @classmethod
    def of(cls, index: Path, questions: Path) -> Self:
        """Ask an index the questions of a file."""
        searcher = Searcher(open_snapshot(index), budget=0.05)
        rows = [row for each in read_questions(questions) for row in _ask(searcher, each)]
        known, lead, place, answerable, bereft = zip(*rows, strict=True)
        return cls(
            known=np.array(known),
            lead=np.array(lead),
            place=np.array(place),
            is_answerable=np.array(answerable),
            is_bereft=np.array(bereft),
        )

    @property
    def weight(self) -> Floats:
        """How much each question counts, [n]; all together WORTH."""
        weight = np.where(self.is_bereft, 0.0, 1 / (~self.is_bereft).sum())
        missing = UNANSWERABLE - weight[~self.is_answerable].sum()
        if missing > 0:
            weight[self.is_bereft] = missing / (1 - UNANSWERABLE) / self.is_bereft.sum()
        scaled: Floats = weight * WORTH / weight.sum()
        return scaled


def _ask(searcher: Searcher, asked: Question) -> list[tuple[list[float], list[float], int, bool, bool]]:
    found = searcher.search(asked.question, language=asked.language, limit=RANKED)
    if found.way is None:
        return []
    calibration = searcher.ways[found.way.removesuffix("+")].calibration
    if not isinstance(calibration, Calibration):
        raise SystemExit(f"{searcher.snapshot.directory}: indexed by an earlier release. Reindex.")
    ids = [candidate.document_id for candidate in found.candidates]
    place = next((number for number, name in enumerate(ids) if name in asked.expected), RANKED)
    rows = [(*calibration.scale.comparable(list(found.features.values())), place, bool(asked.expected), False)]
    if asked.expected:
        others = [each for each in found.candidates if each.document_id not in asked.expected]
        without = calibration.scale.comparable(_features(found, others))
        rows.append((*without, RANKED, False, True))
    return rows


def _features(found: SearchResult, candidates: Sequence[Candidate]) -> tuple[float, ...]:
    scores = np.array([each.score for each in candidates] or [0.0], dtype=np.float32)
    first = candidates[0] if candidates else replace(found.candidates[0], dense=0.0, lexical=0.0, topic=0.0)
    return features(scores, first.dense, first.lexical, first.topic, found.features["near"])


def fit(corpora: Sequence[Asked]) -> Weights:
    """The weights of several corpora's questions."""
    known, lead, place, answerable, weight = (
        np.concatenate([getattr(each, name) for each in corpora])
        for name in ("known", "lead", "place", "is_answerable", "weight")
    )
    inside = np.concatenate([np.where(each.is_answerable, WORTH / each.is_answerable.sum(), 0.0) for each in corpora])
    return Weights(
        known=tuple(fit_nonnegative(known, answerable, weight).round(4).tolist()),
        **{
            name: tuple(
                fit_nonnegative(lead[inside > 0], place[inside > 0] < most, inside[inside > 0]).round(4).tolist()
            )
            for name, most in WITHIN.items()
        },
    )


def confidence(weights: Weights, asked: Asked) -> Floats:
    """The confidence in the first document, [n], for the questions that were really asked."""
    real = ~asked.is_bereft
    answerable = sigmoid(asked.known[real] @ np.array(weights.known[:-1]) + weights.known[-1])
    first: Floats = answerable * sigmoid(asked.lead[real] @ np.array(weights.first[:-1]) + weights.first[-1])
    return first


def main(corpora: Sequence[str]) -> None:
    """Fit, judge each corpus by the others, and print all of it."""
    asked: dict[str, Asked] = {}
    for each in corpora:
        name, index, questions = each.split("=")
        asked[name] = Asked.of(Path(index), Path(questions))
    for name, one in asked.items():
        sure = confidence(fit([other for other in asked.values() if other is not one]), one)
        right = one.place[~one.is_bereft] == 0
        error = calibration_error(reliability(sure, right))
        print(f"{name:24} right {right.mean():.3f}  AUROC {auroc(sure, right) or 0:.3f}  calibration error {error:.3f}")
    print(fit(list(asked.values())))
    spread = {
        name: np.concatenate([getattr(each, name) for each in asked.values()]).std(axis=0).round(4).tolist()
        for name in ("known", "lead")
    }
    print(f"SPREADS = {spread}")


if __name__ == "__main__":
    main(sys.argv[1:])
