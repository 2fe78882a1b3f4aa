"""Predictions: what a search comes to for each question of a question file, and how often the first answer is right."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.decision import Decision
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
    decision: Decision
    #: The documents that the customer gets to see, best first; of a hand-over, those that are shown beside it.
    offered: tuple[str, ...] = ()
    #: What stands above the part of the first page that answers: its heading, or the title; None without a page.
    section: str | None = None


@dataclass(frozen=True, kw_only=True)
class Score:
    """Quality of predictions, as shares 0 to 1. A prediction is right when its first document is expected."""

    questions: int
    #: Questions that the corpus can answer; the next three are over these.
    in_scope: int
    accuracy_at_1: float | None
    recall_at_5: float | None
    mrr_at_10: float | None
    #: Shares of all questions.
    answered: float
    suggested: float
    clarified: float
    escalated: float
    #: Share of the answers given.
    wrong_among_answered: float | None
    #: Shares of the questions in scope whose page the customer got to see: answered, suggested or among the choices;
    #: and answered or suggested, without a choice to make.
    helped: float | None
    helped_at_once: float | None
    #: Share of the suggestions that are another page than the right one, and of the choices that do not hold it.
    bothered: float | None
    in_vain: float | None
    #: Share of the hand-overs in scope that show the page beside the person.
    beside_hand_over: float | None
    #: Share of the questions out of scope that get an answer or a suggestion.
    claimed_out_of_scope: float | None
    #: Share of the right first documents whose passage stands under the heading that the question file names.
    right_section: float | None


def predict(asked: Question, found: SearchResult) -> Prediction:
    """Turn a search for a question into a prediction."""
    return Prediction(
        id=asked.id,
        ranked=tuple(candidate.document_id for candidate in found.candidates),
        confidence=round(found.confidence, 6),
        decision=found.decision,
        offered=tuple(candidate.document_id for candidate in found.offered),
        section=found.candidates[0].heading if found.candidates else None,
    )


def score(questions: Sequence[Question], predictions: Sequence[Prediction]) -> Score:
    """Score predictions given in the questions' order."""
    pairs = list(zip(questions, predictions, strict=True))
    ranks = [_rank(asked, given) for asked, given in pairs if asked.expected]
    answered = [(asked, given) for asked, given in pairs if given.decision == "answer"]
    wrong = sum(_rank(asked, given) != 1 for asked, given in answered)
    sections = [(asked.section, given.section) for asked, given in pairs if asked.section and _rank(asked, given) == 1]
    return Score(
        questions=len(pairs),
        in_scope=len(ranks),
        accuracy_at_1=_share(sum(rank == 1 for rank in ranks), len(ranks)),
        recall_at_5=_share(sum(rank is not None and rank <= 5 for rank in ranks), len(ranks)),
        mrr_at_10=_share(sum(1 / rank for rank in ranks if rank is not None and rank <= RANKED), len(ranks)),
        answered=len(answered) / len(pairs),
        suggested=sum(given.decision == "suggest" for _, given in pairs) / len(pairs),
        clarified=sum(given.decision == "clarify" for _, given in pairs) / len(pairs),
        escalated=sum(given.decision == "escalate" for _, given in pairs) / len(pairs),
        wrong_among_answered=_share(wrong, len(answered)),
        **_use(pairs),
        right_section=_share(sum(_same(*each) for each in sections), len(sections)),
    )


def _use(pairs: Sequence[tuple[Question, Prediction]]) -> dict[str, float | None]:
    """Shares that tell what customers get of it, by the pages that they see; None where there is nothing to tell."""

    def of(*decisions: Decision) -> list[tuple[Question, Prediction]]:
        return [(asked, given) for asked, given in pairs if given.decision in decisions]

    def holding(those: Sequence[tuple[Question, Prediction]]) -> int:
        return sum(not set(asked.expected).isdisjoint(given.offered) for asked, given in those)

    def missing(those: Sequence[tuple[Question, Prediction]]) -> float | None:
        return _share(len(those) - holding(those), len(those))

    in_scope = sum(bool(asked.expected) for asked, _ in pairs)
    handed_over = [(asked, given) for asked, given in of("escalate") if asked.expected]
    claimed = sum(not asked.expected for asked, _ in of("answer", "suggest"))
    return {
        "helped": _share(holding(of("answer", "suggest", "clarify")), in_scope),
        "helped_at_once": _share(holding(of("answer", "suggest")), in_scope),
        "bothered": missing(of("suggest")),
        "in_vain": missing(of("clarify")),
        "beside_hand_over": _share(holding(handed_over), len(handed_over)),
        "claimed_out_of_scope": _share(claimed, len(pairs) - in_scope),
    }


def _same(expected: str, shown: str | None) -> bool:
    """True when two headings have the same words, whatever their capitals and marks."""
    return re.findall(r"\w+", expected.casefold()) == re.findall(r"\w+", (shown or "").casefold())


def write_predictions(predictions: Sequence[Prediction], path: Path) -> None:
    """Write a prediction file, whole or not at all."""
    lines = (f"{json.dumps(asdict(prediction), ensure_ascii=False)}\n" for prediction in predictions)
    write_all({path: "".join(lines)})


def _rank(asked: Question, given: Prediction) -> int | None:
    return next((rank for rank, document in enumerate(given.ranked, 1) if document in asked.expected), None)


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None
