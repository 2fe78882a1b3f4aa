from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Document
from retrieval.indexing.training import CustomerQuestions, RelevanceJudgment, TrainingReport, train
from retrieval.scoring.calibration import Calibration, load_calibration
from retrieval.scoring.fusion import FusionWeights
from retrieval.snapshot.topics import Topics
from retrieval.testing import HashEncoder
from tests.unit.retrieval.conftest import corpus_of, make_clear_documents

ENCODER = HashEncoder(256)
TODAY = date(2026, 3, 2)
COUNT = 40


def documents_asked(*, keywords_help: bool, seed: int = 3) -> list[Document]:
    """Documents of common words and two rare ones of their own, and phrasings by which they are hard to find.

    Where keywords help, these have a rare word of the document among common ones of any; where they mislead, they have
    common words of the document and the rare ones of another.
    """
    random = np.random.default_rng(seed)
    common = [f"common{number}" for number in range(24)]
    rare = [[f"rare{number}", f"scarce{number}"] for number in range(COUNT)]
    texts = [random.choice(common, 8, replace=False).tolist() for _ in range(COUNT)]

    def asked(number: int) -> list[str]:
        if keywords_help:
            return [*random.choice(common, 6, replace=False), rare[number][0]]
        return [*random.choice(texts[number], 4, replace=False), *rare[random.integers(COUNT)]]

    return [
        Document(
            id=f"d{number}",
            title=" ".join(text[:2]),
            text=" ".join(text + rare[number]),
            questions=(" ".join(asked(number)), " ".join(asked(number))),
        )
        for number, text in enumerate(texts)
    ]


def learned_from(documents: list[Document], directory: Path) -> TrainingReport:
    return train(corpus_of(documents, directory, ENCODER), ENCODER, directory, today=TODAY)


def test_keywords_weigh_more_in_a_corpus_where_they_help_than_where_they_mislead(tmp_path: Path) -> None:
    helping = learned_from(documents_asked(keywords_help=True), tmp_path / "helping").fusion.lexical
    misleading = learned_from(documents_asked(keywords_help=False), tmp_path / "misleading").fusion.lexical
    assert misleading <= FusionWeights.lexical < helping


def test_the_same_corpus_teaches_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.indexing.synthetic_questions.MOST", 30)  # so that a sample is asked
    documents = documents_asked(keywords_help=True)
    one, two = (learned_from(documents, tmp_path / name) for name in ("one", "two"))
    assert one == two
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes(), path


def test_what_was_learned_is_written(tmp_path: Path) -> None:
    learned = learned_from(documents_asked(keywords_help=True), tmp_path / "corpus")
    assert FusionWeights.load(tmp_path / "corpus") == learned.fusion
    assert load_calibration(tmp_path / "corpus") == learned.calibration
    assert len(Topics.load(tmp_path / "corpus")) == learned.topics == COUNT
    assert learned.calibration.fitted_at == "2026-03-02"


def calibration_of(learned: TrainingReport) -> Calibration:
    """What was fitted just now, not by an earlier release."""
    assert isinstance(learned.calibration, Calibration)
    return learned.calibration


def outcome(learned: TrainingReport) -> tuple[int, int, int]:
    """How many questions of the evidence are answered rightly, wrongly, and by nothing."""
    told = calibration_of(learned).evidence[:, 5].astype(int).tolist()
    return told.count(2), told.count(1), told.count(0)


def test_what_people_said_of_answers_is_evidence_as_far_as_it_still_tells_something(tmp_path: Path) -> None:
    documents = make_clear_documents(40)
    asked = [f"please help with item{number} and part{number}" for number in range(4)]
    verdicts = [
        RelevanceJudgment(question=asked[0], document=documents[0].id, is_right=True, weight=2.0),
        RelevanceJudgment(question=asked[1], document=documents[1].id, is_right=False, weight=2.0),
        RelevanceJudgment(
            question=asked[2], document=documents[3].id, is_right=False, weight=2.0
        ),  # it does not come first
        RelevanceJudgment(question=asked[3], document="gone", is_right=True, weight=2.0),
        RelevanceJudgment(question="something else entirely", document=None, is_right=True, weight=4.0),
    ]
    plain, told = (
        train(corpus_of(documents, tmp_path / name, ENCODER), ENCODER, tmp_path / name, today=TODAY, asked=each)
        for name, each in (("plain", CustomerQuestions()), ("told", CustomerQuestions(verdicts=verdicts)))
    )
    before, after = outcome(plain), outcome(told)
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1, 1]
    assert sorted(calibration_of(told).evidence[-3:, 4].tolist()) == [2.0, 2.0, 4.0]
    assert told.calibration.fitted_on["verdicts"] == 5


def test_questions_that_nothing_answers_count_as_what_a_corpus_does_not_know(tmp_path: Path) -> None:
    documents = make_clear_documents(40)
    unanswered = [f"a question about thing{number}" for number in range(30)]
    answered = frozenset(document.questions[0] for document in documents)
    corpus = corpus_of(documents, tmp_path / "corpus", ENCODER)
    learned = train(
        corpus,
        ENCODER,
        tmp_path / "corpus",
        today=TODAY,
        asked=CustomerQuestions(answered=answered, unanswered=unanswered),
    )
    assert learned.calibration.fitted_on["labels"] == 40
    assert calibration_of(learned).labelled_unanswerable == 30 / 70
    assert (calibration_of(learned).evidence[-30:, 5] == 0).all()
    assert (calibration_of(learned).evidence[:, 6] > 0).sum() == 70, "what customers asked, and nothing made from it"
