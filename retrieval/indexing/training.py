from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Self

import numpy as np

from retrieval.encoders.encoder import Encoder
from retrieval.encoders.unrelated import unrelated_cosine
from retrieval.indexing.fusion_training import drop_topics_if_harmful, fit_fusion_weights
from retrieval.indexing.holdout import HoldoutResults, run_holdout, run_labelled
from retrieval.indexing.synthetic_questions import (
    FREE_ENOUGH,
    SORTS,
    SyntheticQuestion,
    TrainingCorpus,
    cross_lingual_copy,
    synthetic_questions_of,
)
from retrieval.indexing.topic_mining import fit_topics
from retrieval.scoring.calibration import AnyCalibration, Calibration, LabelledSearches, calibrate
from retrieval.scoring.fusion import FusionWeights
from retrieval.snapshot.space import Space
from retrieval.snapshot.topics import Topics

#: The sorts of questions that people have worded.
WORDED: Final = ("labels", "phrasings", "threads")
#: How many questions made from the corpus a customer's own question counts for.
LABEL_WEIGHT: Final = 5.0
#: With fewer labelled questions than this, their share of unanswerable ones says nothing.
_ENOUGH: Final = 50


@dataclass(frozen=True, kw_only=True)
class TrainingReport:
    """Result of learning from a corpus; all of it is in the snapshot too, but for the note on what was not learned."""

    calibration: AnyCalibration
    fusion: FusionWeights
    topics: int
    note: str = ""

    @classmethod
    def of(cls, space: Space) -> Self:
        """Report on a space that is loaded; it has no note."""
        return cls(calibration=space.calibration, fusion=space.fusion, topics=len(space.topics))


@dataclass(frozen=True, kw_only=True)
class RelevanceJudgment:
    """Judgment of somebody on a document that was found for a customer's question."""

    question: str
    #: The document's id; None when nothing in the corpus answers the question.
    document: str | None
    #: Whether the document answers it.
    is_right: bool
    #: How many questions made from the corpus it counts for.
    weight: float


@dataclass(frozen=True, kw_only=True)
class CustomerQuestions:
    """Questions of customers, as the maintainer knows them: texts that documents answer, and texts that none does."""

    answered: frozenset[str] = frozenset()
    unanswered: Sequence[str] = ()
    verdicts: Sequence[RelevanceJudgment] = ()

    @property
    def unanswerable(self) -> float | None:
        """The share that nothing answers, if there are enough questions to tell."""
        count = len(self.answered) + len(self.unanswered)
        return len(self.unanswered) / count if count >= _ENOUGH else None

    @property
    def judged(self) -> Sequence[RelevanceJudgment]:
        """The verdicts, and one on each question that nothing answers."""
        nothing = [
            RelevanceJudgment(question=question, document=None, is_right=True, weight=LABEL_WEIGHT)
            for question in self.unanswered
        ]
        return [*nothing, *self.verdicts]


def train(
    corpus: TrainingCorpus,
    encoder: Encoder,
    directory: Path,
    *,
    today: date,
    asked: CustomerQuestions | None = None,
    foreign: Path | None = None,
) -> TrainingReport:
    """Learn from a corpus its topics, how to weigh a search, and how sure to be of it; all of it is written.

    Into `foreign`, where it is given, goes the same for questions in languages that no document is in.
    """
    asked = asked or CustomerQuestions()
    topics = fit_topics(corpus.vectors, corpus.examples)
    topics.save(directory)
    questions = synthetic_questions_of(corpus, encoder, labelled=asked.answered)
    unrelated = unrelated_cosine(encoder)
    if foreign is not None:
        _learn_foreign(corpus, questions, foreign, today=today, asked=asked, unrelated=unrelated)
    rehearsal = run_holdout(corpus, questions)
    fusion = _weights(rehearsal)
    fusion.save(directory)
    judged = _examples(rehearsal, fusion)
    if asked.judged:
        judged = judged.and_these(_verdicts(asked.judged, corpus, encoder, topics, fusion))
    calibration = _calibrated(judged, rehearsal, asked, today, unrelated)
    calibration.save(directory)
    return TrainingReport(
        calibration=calibration, fusion=fusion, topics=corpus.examples.count, note=corpus.examples.note
    )


def _learn_foreign(
    corpus: TrainingCorpus,
    questions: Sequence[SyntheticQuestion],
    directory: Path,
    *,
    today: date,
    asked: CustomerQuestions,
    unrelated: float,
) -> None:
    """Learn how sure to be of searches in languages that no document is in.

    The corpus's own questions are asked once more, without the words that another language does not have. How much the
    few that are left count beside the vectors cannot be learned from them: it stays what served many corpora.
    """
    rehearsal = run_holdout(corpus, [cross_lingual_copy(each) for each in questions])
    fusion = FusionWeights()
    fusion.save(directory)
    _calibrated(_examples(rehearsal, fusion), rehearsal, asked, today, unrelated).save(directory)


def _calibrated(
    judged: LabelledSearches, rehearsal: HoldoutResults, asked: CustomerQuestions, today: date, unrelated: float
) -> Calibration:
    sorts = rehearsal.sorts.tolist()
    of_people = sum(sorts.count(sort) for sort in WORDED)
    return calibrate(
        judged,
        worded=of_people / max(1, len(sorts) - sorts.count("titles")),
        unrelated=unrelated,
        fitted_on={sort: sorts.count(sort) for sort in SORTS if sort in sorts and sort != "titles"}
        | ({"verdicts": len(asked.verdicts)} if asked.verdicts else {})
        | {"unanswerable": int((~judged.answerable).sum())},
        fitted_at=today.isoformat(),
        unanswerable=asked.unanswerable,
    )


def _weights(rehearsal: HoldoutResults) -> FusionWeights:
    """Weights learned from phrasings and threads, and from titles only if those are few."""
    free = np.isin(rehearsal.sorts, WORDED)
    told = rehearsal.known.at(free if free.sum() >= FREE_ENOUGH else rehearsal.sorts != "shortened")
    # Documents that nobody worded a question for are in no topic, and must not be pushed aside by those that are.
    asked = rehearsal.known.at(rehearsal.sorts != "titles") if free.any() else told
    return drop_topics_if_harmful(fit_fusion_weights(told.found, told.right), asked.found, asked.right)


def _verdicts(
    verdicts: Sequence[RelevanceJudgment],
    corpus: TrainingCorpus,
    encoder: Encoder,
    topics: Topics,
    fusion: FusionWeights,
) -> LabelledSearches:
    """Searches for the questions of verdicts, with nothing held out.

    That a document does not answer a question says something only if it still comes first; documents that are gone
    say nothing.
    """
    numbers = {passages[0].document.id: number for number, passages in enumerate(corpus.documents)}
    said = [each for each in verdicts if each.document is None or each.document in numbers]
    right = [[numbers[each.document]] if each.document else [] for each in said]
    vectors = encoder.encode_questions([each.question for each in said])
    features, places = run_labelled(corpus, [each.question for each in said], vectors, right, topics).judged(fusion)
    is_right = np.array([each.is_right for each in said], dtype=np.bool_)
    told = np.logical_or(is_right, places == 0)
    return LabelledSearches(
        features=features,
        places=np.where(is_right, places, -1),
        answerable=np.array([each.document is not None for each in said], dtype=np.bool_),
        weight=np.array([each.weight for each in said]),
        is_customers=np.ones(len(said), dtype=np.bool_),
    ).at(told)


def _examples(rehearsal: HoldoutResults, fusion: FusionWeights) -> LabelledSearches:
    """Each question as the corpus answers it, and as one that it cannot answer; titles alone are nobody's question."""
    chosen = rehearsal.sorts != "titles"
    known, places = rehearsal.known.at(chosen).judged(fusion)
    strange, nowhere = rehearsal.strange.at(chosen).judged(fusion)
    is_label = rehearsal.sorts[chosen] == "labels"
    weight = np.where(is_label, LABEL_WEIGHT, 1.0)
    return LabelledSearches(
        features=np.concatenate([known, strange]),
        places=np.concatenate([places, nowhere]),
        answerable=np.repeat([True, False], len(weight)),
        weight=np.tile(weight, 2),
        is_customers=np.concatenate([is_label, np.zeros(len(weight), dtype=np.bool_)]),
    )
