from datetime import timedelta
from pathlib import Path

import pytest

from corpus.document import Document
from retrieval.errors import MalformedQuestions
from retrieval.indexing.labelled_questions import MOST_TAUGHT, add_phrasings
from retrieval.query.searcher import Searcher
from retrieval.questions import Question
from retrieval.snapshot.snapshot import open_snapshot
from tests.unit.retrieval.conftest import NOW, build_once


def asked(question: str, *expected: str) -> Question:
    return Question(id=f"q-{question[:10]}", question=question, expected=expected)


def test_a_labelled_question_becomes_a_known_phrasing_of_what_answers_it(documents: list[Document]) -> None:
    first, second = documents[3], documents[5]
    result = add_phrasings(documents, [asked("it blinks red", first.id, second.id), asked("red light", first.id)])
    assert [document.id for document in result] == [document.id for document in documents]
    assert result[3].questions == (*first.questions, "it blinks red", "red light")
    assert result[5].questions == (*second.questions, "it blinks red")
    untaught = [document for place, document in enumerate(documents) if place not in {3, 5}]
    assert [document for place, document in enumerate(result) if place not in {3, 5}] == untaught
    assert documents[3] == first, "what was given is not changed"


def test_a_phrasing_that_is_known_already_is_not_doubled(documents: list[Document]) -> None:
    known = documents[0].questions[0]
    result = add_phrasings(documents, [asked(known, documents[0].id), asked("new", documents[0].id, documents[0].id)])
    assert result[0].questions == (known, "new")


def test_of_many_right_documents_the_first_few_are_taught(documents: list[Document]) -> None:
    result = add_phrasings(documents, [asked("anything at all", *(document.id for document in reversed(documents)))])
    learned = [document.id for document in result if "anything at all" in document.questions]
    assert learned == [document.id for document in documents[-MOST_TAUGHT:]]


@pytest.mark.parametrize("question", [asked("volcano"), asked("", "hub-lamp"), asked(" \n", "hub-lamp")])
def test_what_nothing_answers_and_what_says_nothing_teaches_nothing(
    documents: list[Document], question: Question
) -> None:
    assert documents[0].id == "hub-lamp"
    assert add_phrasings(documents, [question]) == documents


def test_an_expected_document_that_does_not_exist_is_named_with_its_question(documents: list[Document]) -> None:
    question = Question(id="case-17", question="why", expected=(documents[0].id, "no-such-article"))
    with pytest.raises(MalformedQuestions, match=r"'case-17' expects 'no-such-article'.*Mend the question file"):
        add_phrasings(documents, [question])


def test_a_reindex_with_labelled_questions_changes_what_is_found(documents: list[Document], index: Path) -> None:
    question, wanted = "the quokka hums at midnight", documents[11]
    build_once(documents, index)
    before = Searcher(open_snapshot(index), budget=0.1).search(question).candidates[0]
    assert before.document_id != wanted.id
    report = build_once(add_phrasings(documents, [asked(question, wanted.id)]), index, NOW + timedelta(days=1))
    assert (report.is_new, report.changed) == (True, 1)
    after = Searcher(open_snapshot(index), budget=0.1).search(question).candidates[0]
    assert after.document_id == wanted.id
    assert after.dense == pytest.approx(1, abs=1e-3)
    assert after.text == wanted.text, "the question is searched and not shown"
