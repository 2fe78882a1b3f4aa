"""Predictions: what a search comes to for each question of a question file, and how often the first answer is right."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from retrieval.evaluation.atomic_write import write_all
from retrieval.questions import Question
from retrieval.result import SearchResult

#: How many ranked documents a prediction names.
RANKED = 10


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """One line of a prediction file."""

    id: str
    ranked: tuple[str, ...]
    confidence: float
    decision: Literal["answer", "clarify", "escalate"]


@dataclass(frozen=True, kw_only=True)
class Score:
    """How good predictions are. A prediction is right when its first document is expected."""

    questions: int
    #: Questions that the corpus can answer; the next three are over these.
    in_scope: int
    accuracy_at_1: float | None
    recall_at_5: float | None
    mrr_at_10: float | None
    #: Shares of all questions.
    answered: float
    clarified: float
    escalated: float
    #: Share of the answers given.
    wrong_among_answered: float | None


def predict(asked: Question, found: SearchResult) -> Prediction:
    """What a search comes to."""
    return Prediction(
        id=asked.id,
        ranked=tuple(candidate.document_id for candidate in found.candidates),
        confidence=round(found.confidence, 6),
        decision=found.verdict,
    )


def score(questions: Sequence[Question], predictions: Sequence[Prediction]) -> Score:
    """Score predictions given in the questions' order."""
    pairs = list(zip(questions, predictions, strict=True))
    ranks = [_rank(asked, given) for asked, given in pairs if asked.expected]
    answered = [(asked, given) for asked, given in pairs if given.decision == "answer"]
    wrong = sum(_rank(asked, given) != 1 for asked, given in answered)
    return Score(
        questions=len(pairs),
        in_scope=len(ranks),
        accuracy_at_1=_share(sum(rank == 1 for rank in ranks), len(ranks)),
        recall_at_5=_share(sum(rank is not None and rank <= 5 for rank in ranks), len(ranks)),
        mrr_at_10=_share(sum(1 / rank for rank in ranks if rank is not None and rank <= RANKED), len(ranks)),
        answered=len(answered) / len(pairs),
        clarified=sum(given.decision == "clarify" for _, given in pairs) / len(pairs),
        escalated=sum(given.decision == "escalate" for _, given in pairs) / len(pairs),
        wrong_among_answered=_share(wrong, len(answered)),
    )


def write_predictions(predictions: Sequence[Prediction], path: Path) -> None:
    """Write a prediction file, whole or not at all."""
    lines = (f"{json.dumps(asdict(prediction), ensure_ascii=False)}\n" for prediction in predictions)
    write_all({path: "".join(lines)})


def _rank(asked: Question, given: Prediction) -> int | None:
    return next((rank for rank, document in enumerate(given.ranked, 1) if document in asked.expected), None)


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None
