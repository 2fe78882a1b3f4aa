from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Document, Kind
from retrieval.encoders.encoder import Vectors
from retrieval.indexing.holdout import run_holdout
from retrieval.indexing.synthetic_questions import (
    MOST,
    SyntheticQuestion,
    TrainingCorpus,
    cross_lingual_copy,
    synthetic_questions_of,
)
from retrieval.query.searcher import Searcher
from retrieval.snapshot.embedded_texts import TITLE
from retrieval.snapshot.snapshot import open_snapshot
from retrieval.testing import HashEncoder
from tests.unit.retrieval.conftest import build, corpus_of

ENCODER = HashEncoder(512)


def asked_of(corpus: TrainingCorpus, sort: str) -> list[SyntheticQuestion]:
    return [each for each in synthetic_questions_of(corpus, ENCODER) if each.sort == sort]


def dense_of(corpus: TrainingCorpus, questions: Sequence[SyntheticQuestion]) -> list[dict[int, float]]:
    """How near each document is said to be, for each question."""
    found = run_holdout(corpus, questions).known.found
    rows = zip(found.documents.tolist(), found.dense.tolist(), strict=True)
    return [dict(zip(*row, strict=True)) for row in rows]


def distinct_words() -> Iterator[str]:
    """Words that the encoder takes for different ones."""
    taken: set[int] = set()
    for number in count():
        place = int(np.abs(ENCODER.encode([f"word{number}"])[0]).argmax())
        if place not in taken:
            taken.add(place)
            yield f"word{number}"


def unlike(documents: int) -> list[Document]:
    """Documents whose title, text and four phrasings have no word in common with each other or with another."""
    words = distinct_words()
    return [
        Document(
            id=f"d{number}",
            title=f"{next(words)} {next(words)}",
            text=f"{next(words)} {next(words)} {next(words)}",
            questions=tuple(f"{next(words)} {next(words)}" for _ in range(4)),
        )
        for number in range(documents)
    ]


def thread(number: int, page: str) -> Document:
    return Document(
        id=f"t{number}",
        title=f"case{number} of {page}",
        text=f"See https://help.example/{page} number{number}.",
        kind="answer",
        questions=(f"tell{number} me",),
    )


@pytest.fixture
def threads(tmp_path: Path) -> TrainingCorpus:
    documents = [thread(number, ("reset", "refund", "pairing")[number % 3]) for number in range(24)]
    return corpus_of(documents, tmp_path / "threads", ENCODER)


def test_every_phrasing_and_title_is_asked(tmp_path: Path) -> None:
    documents = unlike(6)
    corpus = corpus_of(documents, tmp_path / "corpus", ENCODER)
    for sort, expected in (
        ("phrasings", [question for document in documents for question in document.questions]),
        ("titles", [document.title for document in documents]),
        ("threads", []),
    ):
        assert [corpus.texts[each.unit] for each in asked_of(corpus, sort)] == expected
    numbers = [each.document for each in asked_of(corpus, "titles")]
    assert numbers == list(range(len(documents)))


def test_a_question_is_not_found_by_itself(tmp_path: Path) -> None:
    """Nothing but the question itself has its words: whatever says that its document is right has seen it there."""
    corpus = corpus_of(unlike(12), tmp_path / "corpus", ENCODER)
    assert corpus.examples.count == 12, "each document is a topic, which must not have learned it either"
    for sort in ("phrasings", "titles"):
        questions = asked_of(corpus, sort)
        for each in questions:
            own = corpus.texts[each.unit]
            assert not any(own in text for text in each.rest or ())
            assert each.dense < 0.1
        rehearsal = run_holdout(corpus, questions).known
        assert rehearsal.right.any(axis=1).sum() >= len(questions)
        right = rehearsal.found.at(rehearsal.right)
        assert right.dense.max() < 0.1
        assert right.lexical.max() == 0
        assert right.topic.max() < 0.5


def test_a_phrasing_is_found_by_the_title_the_text_and_the_other_phrasings(tmp_path: Path) -> None:
    by_title = Document(id="title", title="reset the hub", text="Text.", questions=("reset the hub now", "other"))
    by_text = Document(id="text", title="Title", text="reset the lamp", questions=("reset the lamp now", "another"))
    by_other = Document(id="other", title="Name", text="Words.", questions=("reset the door now", "reset the door"))
    corpus = corpus_of([by_title, by_text, by_other], tmp_path / "corpus", ENCODER)
    asked = {corpus.texts[each.unit]: each for each in asked_of(corpus, "phrasings")}
    for thing, least in (("hub", 0.86), ("lamp", 0.7), ("door", 0.86)):
        each = asked[f"reset the {thing} now"]
        assert any(f"reset the {thing}" in text for text in each.rest or ())
        assert each.dense == pytest.approx(1, abs=1 - least)
        assert each.dense < 0.99


@pytest.mark.parametrize("again", ["Reset the  HUB now", "reset the hub now"])
def test_a_phrasing_that_says_the_same_is_held_out_with_it(tmp_path: Path, again: str) -> None:
    twice = Document(id="a", title="Name", text="Words.", questions=("reset the hub now", again, "something else"))
    corpus = corpus_of([twice, *unlike(2)], tmp_path / "corpus", ENCODER)
    asked = [each for each in asked_of(corpus, "phrasings") if each.document == 0]
    assert [each.text for each in asked] == ["reset the hub now", "something else"]
    assert asked[0].dense < 0.1
    assert not any("hub" in text.casefold() for text in asked[0].rest or ())


def test_a_phrasing_that_is_the_title_is_nobodys_wording(tmp_path: Path) -> None:
    named = Document(id="a", title="Reset the hub", text="Words.", questions=("reset the  hub", "something else"))
    corpus = corpus_of([named, *unlike(2)], tmp_path / "corpus", ENCODER)
    assert {each.text for each in asked_of(corpus, "phrasings") if each.document == 0} == {"something else"}
    title = asked_of(corpus, "titles")[0]
    assert title.dense < 0.1
    assert not any("hub" in text.casefold() for text in title.rest or ())


def test_a_phrasing_of_two_documents_is_held_out_of_both_and_both_are_right(tmp_path: Path) -> None:
    one, other = (
        Document(id=name, title=f"name {name}", text="Words.", questions=("reset the hub now", f"else {name}"))
        for name in ("one", "other")
    )
    corpus = corpus_of([one, other, *unlike(4)], tmp_path / "corpus", ENCODER)
    (asked,) = [each for each in asked_of(corpus, "phrasings") if each.text == "reset the hub now"]
    assert list(asked.twins) == [1]
    rehearsal = run_holdout(corpus, [asked])
    right = rehearsal.known.found.documents[0][rehearsal.known.right[0]]
    assert sorted(right.tolist()) == [0, 1]
    assert rehearsal.known.found.dense[0][rehearsal.known.right[0]].max() < 0.1
    assert rehearsal.known.found.lexical[0][rehearsal.known.right[0]].max() == 0


def test_titles_compete_with_no_other_titles(tmp_path: Path) -> None:
    documents = [replace(document, title=f"the same but {place}") for place, document in enumerate(unlike(8))]
    corpus = corpus_of(documents, tmp_path / "corpus", ENCODER)
    questions = asked_of(corpus, "titles")
    for each, dense in zip(questions, dense_of(corpus, questions), strict=False):
        for number in set(range(len(documents))) - {each.document}:
            units = np.flatnonzero((corpus.units.document == number) & (corpus.units.passage != TITLE))
            assert dense[number] == pytest.approx(corpus.nearness(units, each.vector).max(), abs=1e-3)
            titles = np.flatnonzero((corpus.units.document == number) & (corpus.units.passage == TITLE))
            assert dense[number] < corpus.nearness(titles, each.vector).max()


def test_a_threads_question_is_found_by_the_other_threads_of_its_topic_only(threads: TrainingCorpus) -> None:
    questions = asked_of(threads, "threads")
    assert sorted(each.document for each in questions) == list(range(24))
    rehearsal = run_holdout(threads, questions).known
    for row, each in enumerate(questions):
        own = rehearsal.found.documents[row] == each.document
        assert own.sum() == 1
        found = rehearsal.found
        assert (found.dense[row][own], found.lexical[row][own], found.topic[row][own]) == (-1, 0, 0)
        right = set(found.documents[row][rehearsal.right[row]].tolist())
        assert right == {number for number in range(24) if number % 3 == each.document % 3} - {each.document}


def test_a_large_forum_does_not_outvote_the_help_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.indexing.synthetic_questions.MOST", 5)
    documents = [*unlike(9), *(thread(number, ("reset", "refund")[number % 2]) for number in range(20))]
    corpus = corpus_of(documents, tmp_path / "corpus", ENCODER)
    for sort, articles, answers in (("phrasings", 5, 5), ("threads", 0, 5), ("titles", 5, 5)):
        kinds = [corpus.documents[each.document][0].document.kind for each in asked_of(corpus, sort)]
        assert (kinds.count("article"), kinds.count("answer")) == (articles, answers)


def test_the_same_seed_asks_the_same_and_another_asks_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.indexing.synthetic_questions.MOST", 10)
    corpus = corpus_of(unlike(16), tmp_path / "corpus", ENCODER)
    one, again, other = (
        [each.unit for each in synthetic_questions_of(corpus, ENCODER, seed=seed)] for seed in (1, 1, 2)
    )
    assert one == again != other


def test_documents_of_a_few_words_can_be_searched_but_nothing_is_promised(
    documents: list[Document], index: Path
) -> None:
    bare = [
        replace(document, title="", text=" ".join(document.text.split()[:5]), questions=()) for document in documents
    ]
    report = build(bare, index)
    assert report.is_calibrated is False
    found = Searcher(open_snapshot(index), budget=0.2).search(bare[5].text)
    assert found.candidates[0].document_id == bare[5].id
    assert found.threshold == 0.9, "an answer has to be twice as sure as the budget asks"


def test_where_nobody_worded_a_question_some_words_of_the_title_are_asked(tmp_path: Path) -> None:
    bare = [replace(document, title=f"{document.title} more words", questions=()) for document in unlike(10)]
    worded = [replace(document, id=f"faq{document.id}", kind="faq") for document in unlike(10)]
    corpus = corpus_of([*bare, *worded], tmp_path / "corpus", ENCODER)
    shortened = asked_of(corpus, "shortened")
    assert sorted(each.document for each in shortened) == list(range(10)), "the others have phrasings"
    for each in shortened:
        title = corpus.documents[each.document][0].document.title.split()
        assert 2 <= len(each.text.split()) < len(title)
        assert [word for word in title if word in each.text.split()] == each.text.split()
    found = run_holdout(corpus, shortened).known
    assert found.found.dense[found.right].min() > 0.3, "the title is not held out"


def test_where_a_title_is_short_or_another_pages_too_a_sentence_is_shortened(tmp_path: Path) -> None:
    said = "Short. Hold the first lamp until its light is blue.\nNo."
    short = Document(id="short", title="Lamps", text=said)
    shared = [Document(id=f"d{number}", title="What is new in it", text=said) for number in range(2)]
    silent = Document(id="silent", title="Lamps again", text="Too short.")
    corpus = corpus_of([short, *shared, silent], tmp_path / "corpus", ENCODER)
    asked = {corpus.documents[each.document][0].document.id: each.text for each in asked_of(corpus, "shortened")}
    assert set(asked) == {"short", "d0", "d1"}
    for text in asked.values():
        assert set(text.split()) < {"Hold", "the", "first", "lamp", "until", "its", "light", "is", "blue."}


def test_titles_of_several_pages_are_not_asked(tmp_path: Path) -> None:
    pages = [Document(id=f"d{number}", title="What is new in it", text=f"Text {number}.") for number in range(3)]
    own = Document(id="own", title="How to hold a lamp", text="Text.")
    corpus = corpus_of([*pages, own], tmp_path / "corpus", ENCODER)
    assert [each.document for each in asked_of(corpus, "titles")] == [3]


def test_labelled_questions_are_all_asked_and_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.indexing.synthetic_questions.MOST", 5)
    documents = unlike(12)
    labelled = {document.questions[0] for document in documents}
    corpus = corpus_of(documents, tmp_path / "corpus", ENCODER)
    asked = synthetic_questions_of(corpus, ENCODER, labelled=labelled)
    assert {each.text for each in asked if each.sort == "labels"} == labelled
    assert sum(each.sort == "phrasings" for each in asked) == 5


def test_a_question_on_a_topic_held_out_finds_nothing_of_it_and_nothing_is_right(threads: TrainingCorpus) -> None:
    questions = asked_of(threads, "threads")
    rehearsal = run_holdout(threads, questions)
    assert not rehearsal.strange.right.any()
    for row, each in enumerate(questions):
        about = rehearsal.strange.found.documents[row] % 3 == each.document % 3
        found = rehearsal.strange.found
        assert (found.dense[row][about] == -1).all()
        assert (found.lexical[row][about] == 0).all()
        assert (found.topic[row][about] == 0).all()
    assert (rehearsal.strange.near < rehearsal.known.near).all()


def test_a_foreigner_has_the_names_and_numbers_of_a_question_in_common() -> None:
    vector = np.zeros(1, dtype=np.float32)
    question = SyntheticQuestion(
        sort="phrasings", unit=0, document=0, text="Does the Hub 2 talk to Zigbee", vector=vector
    )
    assert cross_lingual_copy(question).text == "seoD eht Hub 2 klat ot Zigbee"


class TwoSided(HashEncoder):
    """Encodes questions unlike texts."""

    is_symmetric = False

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return -self.encode(texts)


def test_where_questions_are_encoded_apart_so_are_those_of_the_corpus(tmp_path: Path) -> None:
    encoder = TwoSided(512)
    corpus = corpus_of([phrased("hub", "my hub is dead", "no light on it")], tmp_path / "corpus", encoder)
    asked = [each for each in synthetic_questions_of(corpus, encoder) if each.sort == "phrasings"]
    assert asked
    for each in asked:
        assert np.array_equal(each.vector, encoder.encode_questions([each.text])[0])


def test_each_kind_of_document_is_asked_its_share_of_shortened_titles(tmp_path: Path) -> None:
    counts: dict[Kind, int] = {"article": MOST + 30, "faq": 20}
    documents = [
        Document(id=f"{kind}{number}", title=f"All about the {kind} number {number}", text="Text.", kind=kind)
        for kind, count in counts.items()
        for number in range(count)
    ]
    corpus = corpus_of(documents, tmp_path / "corpus", ENCODER)
    asked = [corpus.kinds[each.document] for each in asked_of(corpus, "shortened")]
    assert (asked.count("article"), asked.count("faq")) == (MOST, 20)


def phrased(name: str, *questions: str) -> Document:
    return Document(id=name, title=f"About the {name}", text=f"Press the {name}.", questions=questions)


def test_where_many_languages_meet_every_document_is_asked_by_a_shortened_title(tmp_path: Path) -> None:
    documents = [phrased("hub", "my hub is dead"), phrased("lamp")]
    corpus = replace(corpus_of(documents, tmp_path / "corpus", ENCODER), is_mixed=True)
    assert sorted(each.document for each in asked_of(corpus, "shortened")) == [0, 1]
