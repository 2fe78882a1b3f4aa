from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Document
from retrieval.confidence import Calibration
from retrieval.fusion import Fusion
from retrieval.learning import Learned, learn
from retrieval.testing import HashEncoder
from retrieval.topics import Topics
from tests.unit.retrieval.conftest import corpus_of

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


def learned_from(documents: list[Document], directory: Path) -> Learned:
    return learn(corpus_of(documents, directory, ENCODER), ENCODER, directory, today=TODAY)


def test_keywords_weigh_more_in_a_corpus_where_they_help_than_where_they_mislead(tmp_path: Path) -> None:
    helping = learned_from(documents_asked(keywords_help=True), tmp_path / "helping").fusion.lexical
    misleading = learned_from(documents_asked(keywords_help=False), tmp_path / "misleading").fusion.lexical
    assert misleading <= Fusion.lexical < helping


def test_the_same_corpus_teaches_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.pseudo.MOST", 30)  # so that a sample is asked
    documents = documents_asked(keywords_help=True)
    one, two = (learned_from(documents, tmp_path / name) for name in ("one", "two"))
    assert one == two
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes(), path


def test_what_was_learned_is_written(tmp_path: Path) -> None:
    learned = learned_from(documents_asked(keywords_help=True), tmp_path / "corpus")
    assert Fusion.load(tmp_path / "corpus") == learned.fusion
    assert Calibration.load(tmp_path / "corpus") == learned.calibration
    assert len(Topics.load(tmp_path / "corpus")) == learned.topics == COUNT
    assert learned.calibration.fitted_at == "2026-03-02"
