from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.document import Document
from retrieval.ranking import features
from retrieval.search import Searcher
from retrieval.snapshot import open_snapshot
from tests.unit.retrieval.conftest import build


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    from tests.unit.retrieval.conftest import make_documents

    index = tmp_path_factory.mktemp("search") / "index"
    build(make_documents(), index)
    return Searcher(open_snapshot(index), budget=0.1)


def searcher_over(documents: list[Document], index: Path) -> Searcher:
    build(documents, index)
    return Searcher(open_snapshot(index), budget=0.1)


def test_there_is_one_candidate_a_document_best_first(searcher: Searcher) -> None:
    found = searcher.search("the hub and the refund", limit=10)
    ids = [candidate.document_id for candidate in found.candidates]
    assert len(ids) == len(set(ids)) == 10
    scores = [candidate.score for candidate in found.candidates]
    assert scores == sorted(scores, reverse=True)


def test_many_phrasings_of_one_document_do_not_crowd_out_the_others(documents: list[Document], index: Path) -> None:
    crowd = replace(documents[0], questions=tuple(f"hub lamp number {n}" for n in range(500)))
    found = searcher_over([crowd, *documents[1:]], index).search("hub lamp number 7")
    assert found.candidates[0].document_id == crowd.id
    assert len(found.candidates) == 10


def test_a_document_is_found_by_its_title_alone(documents: list[Document], index: Path) -> None:
    titled = Document(id="odd", title="Quokka xylophone", text="Nothing of that here. " * 30)
    found = searcher_over([*documents, titled], index).search("quokka xylophone")
    assert found.candidates[0].document_id == "odd"
    assert found.candidates[0].dense == pytest.approx(1, abs=1e-3)


def test_the_passage_shown_is_the_one_nearest_to_the_question(documents: list[Document], index: Path) -> None:
    sections = [f"## {word}\n\n" + f"The {word} needs care. " * 60 for word in ("oven", "kettle", "toaster")]
    long = Document(id="kitchen", title="Kitchen", text="\n\n".join(sections), questions=("my toaster burns",))
    best = searcher_over([*documents, long], index).search("my toaster burns").candidates[0]
    assert best.document_id == "kitchen"
    assert "toaster" in best.text
    assert "oven" not in best.text


def test_the_customers_language_goes_first_when_it_is_nearly_as_good(documents: list[Document], index: Path) -> None:
    text = "paket frakt leverans tid post brev ombud kvitto spåra hämta skicka retur adress dörr väntan"
    swedish = Document(id="frakt.sv", title="Frakt", text=f"{text} mer", language="sv")
    english = Document(id="frakt.en", title="Frakt", text=text, language="en")
    searcher = searcher_over([*documents, english, swedish], index)
    question = f"frakt {text}"
    assert searcher.search(question).candidates[0].document_id == "frakt.en"
    assert searcher.search(question, language="sv").candidates[0].document_id == "frakt.sv"
    assert searcher.search("hub lamp", language="sv").candidates[0].language == "en", "but it is no filter"


def test_the_receipt_says_what_the_confidence_came_from(searcher: Searcher) -> None:
    found = searcher.search("how does hub go with lamp")
    assert set(found.features) == {"top", "margin", "lift", "authority"}
    assert found.features["top"] == pytest.approx(found.candidates[0].score, abs=1e-6)
    assert 0 <= found.confidence <= 1
    assert found.confidence > searcher.search("volcano").confidence


def test_the_confidence_does_not_depend_on_how_many_candidates_are_asked_for(searcher: Searcher) -> None:
    many, one = (searcher.search("hub parcel volcano", limit=limit) for limit in (20, 1))
    assert (len(many.candidates), len(one.candidates)) == (20, 1)
    assert (one.candidates[0], one.confidence, one.features) == (many.candidates[0], many.confidence, many.features)


def test_the_same_question_gives_the_same_receipt(searcher: Searcher) -> None:
    assert searcher.search("hub and garden") == searcher.search("hub and garden")


@given(st.text(max_size=3000))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_question(searcher: Searcher, text: str) -> None:
    found = searcher.search(text)
    assert len(found.candidates) == 10
    assert 0 <= found.confidence <= 1


@pytest.mark.parametrize("text", ["", " ", "😀", "\0\0", "a" * 100_000, "'; DROP TABLE units; --", "\ud800", "% * ()"])
def test_odd_questions_are_answered_quickly(searcher: Searcher, text: str) -> None:
    assert searcher.search(text).candidates


def test_a_corpus_of_one_document_can_be_searched(documents: list[Document], index: Path) -> None:
    found = searcher_over(documents[:1], index).search("hub")
    assert len(found.candidates) == 1
    assert found.threshold > 1, "too small to promise anything"


def test_features_are_top_margin_lift_and_authority() -> None:
    assert features(np.array([0.9, 0.5, 0.3], dtype=np.float32), 0.5) == pytest.approx([0.9, 0.4, 0.5, 0.5], abs=1e-6)
    assert features(np.array([0.9], dtype=np.float32), 1.0) == pytest.approx([0.9, 0.9, 0.9, 1.0], abs=1e-6)
