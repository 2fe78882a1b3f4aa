from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.chunking import chunk
from corpus.document import Document
from retrieval.encoders.encoder import Vectors
from retrieval.errors import SnapshotDamaged
from retrieval.indexing.linear_svm import fit_one_against_rest
from retrieval.indexing.topic_mining import FOLDS, MOST, MOST_WORDINGS, Examples, find_topics, fit_topics
from retrieval.snapshot.embedded_texts import TITLE, list_texts
from retrieval.snapshot.topics import WIDTH, Topics
from retrieval.testing import HashEncoder

COST = 2.0


def found_in(documents: Sequence[Document]) -> Examples:
    passages = [chunk(document) for document in documents]
    return find_topics(passages, list_texts(passages)[0])


def texts_of(documents: Sequence[Document]) -> list[str]:
    return list_texts([chunk(document) for document in documents])[1]


def faq(name: str, count: int = 3) -> Document:
    questions = tuple(f"{name} wording {number}" for number in range(count))
    return Document(id=name, title=name, text=f"All about {name}.", questions=questions)


def thread(number: int, *cites: str) -> Document:
    links = " and ".join(f"[this](https://help.example/{page})" for page in cites)
    return Document(
        id=f"t{number}",
        title=f"Thread {number}",
        text=f"See {links}.",
        kind="answer",
        questions=(f"What about {' '.join(cites)}, case {number}?",),
    )


def members_of(examples: Examples) -> list[list[int]]:
    """The documents of each topic."""
    return [sorted(np.flatnonzero((examples.members == topic).any(axis=1)).tolist()) for topic in range(examples.count)]


def test_a_document_with_several_phrasings_is_a_topic_of_its_wordings() -> None:
    documents = [faq("hub"), faq("lamp", 5), Document(id="plain", title="Plain", text="One phrasing.")]
    examples = found_in(documents)
    assert (examples.count, examples.note) == (2, "")
    assert members_of(examples) == [[1], [0]], "the one with most wordings first"
    assert examples.members.shape == (3, WIDTH)
    texts = texts_of(documents)
    wordings = [{texts[unit] for unit in examples.units[examples.topics == topic]} for topic in (0, 1)]
    assert wordings == [{"lamp", *documents[1].questions}, {"hub", *documents[0].questions}]


def test_a_title_and_one_phrasing_are_too_few_to_be_a_topic() -> None:
    examples = found_in([faq("hub", 2), faq("lamp", 2), faq("router", 1)])
    assert members_of(examples) == [[0], [1]], "a title and two are enough"


def test_what_other_documents_are_called_is_learned_as_no_topic() -> None:
    bare = Document(id="bare", title="", text="Untitled text.")
    documents = [faq("hub"), faq("lamp"), Document(id="plain", title="Plain", text="Text."), bare]
    examples = found_in(documents)
    texts = texts_of(documents)
    assert {texts[unit] for unit in examples.units[examples.topics == -1]} == {"Plain", "Untitled text."}


def test_a_page_that_several_threads_cite_is_a_topic_of_those_threads() -> None:
    documents = [thread(n, "reset") for n in range(4)] + [thread(n, "refund") for n in range(4, 7)]
    examples = found_in([*documents, thread(7, "unrelated"), thread(8)])
    assert members_of(examples) == [[0, 1, 2, 3], [4, 5, 6]]
    texts = texts_of(documents)
    assert {texts[unit] for unit in examples.units[examples.topics == 1]} == {
        text for document in documents[4:] for text in (document.title, *document.questions)
    }


def test_the_document_whose_address_is_the_cited_page_belongs_to_its_topic() -> None:
    article = Document(id="a", title="Refunds", text="Money back.", url="https://www.help.example/en/refund?x=1#y")
    documents = [*(thread(n, "refund") for n in range(3)), *(thread(n, "reset") for n in range(3, 6)), article]
    examples = found_in(documents)
    assert members_of(examples) == [[0, 1, 2, 6], [3, 4, 5]]
    texts = texts_of(documents)
    assert "Refunds" not in {texts[unit] for unit in examples.units}, "its title is no wording: nobody asked it"


def test_an_article_that_cites_a_page_says_nothing_of_what_was_asked() -> None:
    articles = [replace(thread(n, "reset"), kind="article") for n in range(5)]
    assert found_in(articles).count == 0


def test_several_answers_of_one_thread_are_no_topic() -> None:
    answers = [replace(thread(n, "reset"), title="The same thread") for n in range(5)]
    examples = found_in([*answers, *(thread(n, "refund") for n in range(5, 9)), faq("hub")])
    assert members_of(examples) == [[5, 6, 7, 8], [9]]


def test_a_thread_that_kept_no_question_apart_is_worded_by_how_it_begins() -> None:
    documents = [replace(thread(n, "reset"), questions=()) for n in range(3)]
    examples = found_in([*documents, faq("hub")])
    texts = texts_of([*documents, faq("hub")])
    topic = members_of(examples).index([0, 1, 2])
    assert [texts[unit] for unit in examples.units[examples.topics == topic]] == [
        f"{document.title}\n{document.text}" for document in documents
    ]


def test_a_document_keeps_its_largest_topics() -> None:
    pages = [f"page{n}" for n in range(WIDTH + 2)]
    documents = [thread(0, *pages)]
    for place, page in enumerate(pages):
        documents += [thread(100 * (place + 1) + n, page) for n in range(3 + place)]
    examples = found_in(documents)
    assert examples.count == len(pages)
    assert examples.members[0].tolist() == list(range(WIDTH)), "topics are numbered from the largest on"


def test_no_topics_are_learned_where_there_is_only_one_and_it_says_why() -> None:
    examples = found_in([faq("hub"), Document(id="plain", title="Plain", text="Text.")])
    assert (examples.count, len(examples.units)) == (0, 0)
    assert (examples.members == -1).all()
    assert "too few documents with 3 wordings or pages that 3 threads cite" in examples.note


def test_no_topics_are_learned_where_they_hold_few_of_the_documents_and_it_says_how_few() -> None:
    plain = [Document(id=f"plain-{n}", title=f"Plain {n}", text="Text.") for n in range(9)]
    assert found_in([faq("hub"), faq("lamp"), *plain[:2]]).count == 2, "half of them is enough"
    examples = found_in([faq("hub"), faq("lamp"), *plain[:3]])
    assert examples.count == 0
    assert "only 40% of the documents belong to one (at least 50%)" in examples.note


def test_no_topics_are_learned_where_they_are_too_many_and_it_says_how_many() -> None:
    documents = [faq(f"subject {n}") for n in range(MOST + 1)]
    assert found_in(documents[:-1]).count == MOST
    examples = found_in(documents)
    assert examples.count == 0
    assert f"{MOST + 1} are too many to tell apart" in examples.note


def test_of_very_many_wordings_some_are_learned_from_evenly() -> None:
    documents = [faq("hub", 5 * MOST_WORDINGS), faq("lamp")]
    examples = found_in(documents)
    of_hub = examples.units[examples.topics == 0]
    assert len(of_hub) == MOST_WORDINGS
    assert np.diff(of_hub).max() <= 6, "the first, the last and every fifth or so between"
    assert of_hub[-1] - of_hub[0] == 5 * MOST_WORDINGS


def test_all_of_a_thread_is_dealt_to_one_part_and_the_wordings_of_one_document_to_several() -> None:
    threads = [thread(n, "reset") for n in range(7)]
    documents = [*threads, faq("hub", 20)]
    examples = found_in(documents)
    units = list_texts([chunk(document) for document in documents])[0]
    of = units.document[examples.units]
    for number in range(len(threads)):
        assert len(set(examples.folds[of == number].tolist())) == 1
    assert set(examples.folds[of == len(threads)].tolist()) == set(range(FOLDS))
    assert set(examples.folds[of < len(threads)].tolist()) == set(range(FOLDS))


def test_a_title_is_a_unit_of_its_own() -> None:
    units, texts = list_texts([chunk(faq("hub"))])
    assert [text for text, row in zip(texts, units.passage, strict=True) if row == TITLE] == ["hub"]


def clusters(
    count: int, classes: int, dimensions: int, seed: int, spread: float = 0.5
) -> tuple[Vectors, NDArray[np.int64]]:
    """Unit vectors around a centre for each class, and around none for class -1."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(classes + 1, dimensions))
    numbers = random.integers(-1, classes, size=count)
    made = centres[numbers] + random.normal(scale=spread * dimensions**0.25, size=(count, dimensions))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32), numbers


def gradient(weights: NDArray[np.float32], vectors: Vectors, classes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of |w|² / 2 + C Σ max(0, 1 - y (w·x))², for every class against the rest; x ends in 1."""
    design = np.column_stack([vectors, np.ones(len(vectors))]).astype(np.float64)
    w = weights.astype(np.float64).T
    sides = np.where(classes[:, None] == np.arange(w.shape[1]), 1.0, -1.0)
    short = np.maximum(1 - sides * (design @ w), 0) * sides
    return np.asarray(w - 2 * COST * design.T @ short)


SHAPES = [(300, 5, 16, 0.5), (60, 20, 64, 0.3), (1000, 3, 8, 1.0)]


@pytest.mark.parametrize(("count", "classes", "dimensions", "spread"), SHAPES)
def test_the_fit_ends_where_the_gradient_of_its_loss_is_nought(
    count: int, classes: int, dimensions: int, spread: float
) -> None:
    vectors, numbers = clusters(count, classes, dimensions, seed=count, spread=spread)
    fitted = fit_one_against_rest(vectors, numbers, classes, cost=COST, tolerance=1e-6)
    assert fitted.shape == (classes, dimensions + 1)
    assert fitted.dtype == np.float32
    # The loss is strongly convex with constant 1: no weight is farther from the best one than the gradient is long.
    assert np.linalg.norm(gradient(fitted, vectors, numbers), axis=0).max() < 0.02
    assert np.linalg.norm(gradient(fitted * 1.02, vectors, numbers), axis=0).max() > 0.2, "and nowhere near it"
    soon = fit_one_against_rest(vectors, numbers, classes, cost=COST)
    assert np.abs(soon - fitted).max() < 0.02 * np.abs(fitted).max(), "what a reindex takes is near enough"


@pytest.mark.parametrize("seed", [1, 2])
def test_the_fit_decides_as_liblinear_does(seed: int) -> None:
    svm = pytest.importorskip("sklearn.svm")
    vectors, numbers = clusters(400, 6, 24, seed)
    random = np.random.default_rng(seed + 10)
    new = random.normal(size=(200, 24)).astype(np.float32)
    new /= np.linalg.norm(new, axis=1, keepdims=True)
    model = svm.LinearSVC(C=COST, random_state=0, tol=1e-6, max_iter=100_000).fit(vectors, numbers)
    theirs = model.decision_function(new)[:, 1:]  # -1 is a class to it, and its first
    for tolerance, near in ((1e-6, 2e-3), (1e-4, 0.1)):
        ours = fit_one_against_rest(vectors, numbers, 6, cost=COST, tolerance=tolerance)
        assert new @ ours[:, :-1].T + ours[:, -1] == pytest.approx(theirs, abs=near)


def test_classes_that_lie_apart_are_all_told() -> None:
    vectors, numbers = clusters(200, 4, 32, seed=3, spread=0.1)
    sides = vectors @ (fitted := fit_one_against_rest(vectors, numbers, 4))[:, :-1].T + fitted[:, -1]
    assert ((sides > 0) == (numbers[:, None] == np.arange(4))).all()


def test_the_fit_is_the_same_each_time() -> None:
    vectors, numbers = clusters(300, 5, 16, seed=4)
    assert np.array_equal(fit_one_against_rest(vectors, numbers, 5), fit_one_against_rest(vectors, numbers, 5))


SUBJECTS = ("hub", "lamp", "router")


@pytest.fixture
def documents() -> list[Document]:
    return [
        *(faq(subject, 6) for subject in SUBJECTS),
        *(thread(n, "refund") for n in range(4)),
        Document(id="plain", title="Volcano", text="Text."),
    ]


def learned(documents: Sequence[Document]) -> Topics:
    return fit_topics(HashEncoder(128).encode(texts_of(documents)), found_in(documents))


def support_for(topics: Topics, text: str) -> NDArray[np.float32]:
    return topics.support(HashEncoder(128).encode([text])[0])


def test_a_question_has_most_support_for_its_topic_and_none_for_what_it_is_not_about(documents: list[Document]) -> None:
    topics = learned(documents)
    assert len(topics) == 4
    for number, subject in enumerate(SUBJECTS):
        support = support_for(topics, f"{subject} wording anew")
        (own,) = {topic for topic in topics.of(np.array([number]))[0].tolist() if topic >= 0}
        assert int(np.argmax(support)) == own
        assert support[own] > 1, "on its side of the boundary"
    shared = topics.of(np.array([3, 4, 5, 6]))
    assert len(set(shared[:, 0].tolist())) == 1
    assert int(np.argmax(support_for(topics, "what about refund, case 99?"))) == shared[0, 0]


def test_support_is_never_negative_and_there_is_none_for_no_topic(documents: list[Document]) -> None:
    topics = learned(documents)
    for text in ("Volcano", "hub wording anew", "what about refund"):
        support = support_for(topics, text)
        assert support.shape == (4,)
        assert support.dtype == np.float32
        assert support.min() >= 0
        assert (support.max() > 1) == (text != "Volcano"), "a question on no subject lies outside all of them"
        strongest, best = topics.strongest(np.array([7]), support)
        assert (strongest.tolist(), best.tolist()) == ([-1], [0]), "a document in no topic has none"


def test_of_its_topics_a_document_has_the_strongest() -> None:
    documents = [thread(0, "reset", "refund"), *(thread(n, "reset") for n in (1, 2, 3))]
    documents += [thread(n, "refund") for n in (4, 5, 6, 7)]
    topics = learned(documents)
    refund, reset = 0, 1
    for support in ([0.2, 0.9], [0.9, 0.2], [0.0, 0.1]):
        found, best = topics.strongest(np.array([5, 0, 2]), np.array(support, dtype=np.float32))
        assert found.tolist() == [refund, int(np.argmax(support)), reset]
        assert best == pytest.approx([support[refund], max(support), support[reset]])


def test_the_documents_of_the_best_topics_are_named(documents: list[Document]) -> None:
    topics = learned(documents)
    assert topics.documents(support_for(topics, "lamp wording anew"), 1).tolist() == [1]
    assert topics.documents(support_for(topics, "what about refund, case 99?"), 4).tolist() == [3, 4, 5, 6]
    support = np.zeros(len(topics), dtype=np.float32)
    assert topics.documents(support, 100).tolist() == [], "no topic has support"


def test_documents_of_the_better_topic_go_first_and_no_more_are_named_than_asked_for() -> None:
    random = np.random.default_rng(5)
    members = np.full((300, WIDTH), -1, dtype=np.int32)
    for row in members:
        own = random.choice(40, random.integers(0, WIDTH + 1), replace=False)
        row[: len(own)] = own
    topics = Topics(np.zeros((41, 3), dtype=np.float32), members)  # the last has no documents
    for most in (1, 7, 50, 1000):
        support = np.maximum(random.normal(size=41), 0).astype(np.float32)
        best = [topic for topic in np.argsort(-support).tolist() if support[topic] > 0]
        expected = [number for topic in best for number in np.flatnonzero((members == topic).any(axis=1)).tolist()]
        assert topics.documents(support, most).tolist() == expected[:most]


def test_a_few_wordings_are_told_by_the_nearest_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.indexing.topic_mining.WORDINGS", 6)
    worded = [
        Document(id=f"d{number}", title=f"title {number}", text="text", questions=tuple(map(str, range(count))))
        for number, count in enumerate((5, 5, 4))
    ]
    assert (found_in(worded).members >= 0).any(axis=1).tolist() == [True, True, False]


def test_what_is_left_out_is_not_learned_from(documents: list[Document]) -> None:
    examples = found_in(documents)
    vectors = HashEncoder(128).encode(texts_of(documents))
    for part in range(FOLDS):
        changed = vectors.copy()
        changed[examples.units[examples.folds == part]] = 7
        query = HashEncoder(128).encode(["hub wording"])[0]
        one, other = (fit_topics(each, examples, examples.folds != part).support(query) for each in (vectors, changed))
        assert np.array_equal(one, other)
        assert not np.array_equal(one, fit_topics(changed, examples).support(query))


def test_topics_are_learned_from_halves_as_they_are_stored(documents: list[Document]) -> None:
    vectors = HashEncoder(128).encode(texts_of(documents))
    query = HashEncoder(128).encode(["hub wording"])[0]
    halves = fit_topics(vectors.astype(np.float16), found_in(documents)).support(query)
    assert halves == pytest.approx(fit_topics(vectors, found_in(documents)).support(query), abs=0.01)


def test_what_is_saved_is_loaded_the_same(documents: list[Document], tmp_path: Path) -> None:
    topics = learned(documents)
    topics.save(tmp_path)
    again = Topics.load(tmp_path)
    everything = np.arange(len(documents))
    assert len(again) == len(topics)
    assert np.array_equal(again.of(everything), topics.of(everything))
    support = support_for(topics, "hub wording anew")
    assert np.array_equal(support_for(again, "hub wording anew"), support)
    assert np.array_equal(again.documents(support, 9), topics.documents(support, 9))


def test_no_topics_are_saved_and_loaded_as_none(tmp_path: Path) -> None:
    plain = [Document(id=f"plain-{n}", title=f"Plain {n}", text="Text.") for n in range(3)]
    learned(plain).save(tmp_path)
    topics = Topics.load(tmp_path)
    assert len(topics) == 0
    for none in (topics, Topics.none()):
        support = support_for(none, "anything")
        assert support.tolist() == []
        assert none.of(np.array([0, 2])).tolist() == [[-1] * WIDTH] * 2
        found, best = none.strongest(np.array([0, 2]), support)
        assert (found.tolist(), best.tolist()) == ([-1, -1], [0.0, 0.0])
        assert none.documents(support, 3).tolist() == []


@pytest.mark.parametrize("file", ["topics.npy", "topics.members.npy"])
@pytest.mark.parametrize("content", [None, b"", b"nonsense", "half"])
def test_a_damaged_file_is_refused(
    documents: list[Document], tmp_path: Path, file: str, content: bytes | str | None
) -> None:
    learned(documents).save(tmp_path)
    stored = (tmp_path / file).read_bytes()
    if content is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_bytes(content if isinstance(content, bytes) else stored[: len(stored) // 2])
    with pytest.raises(SnapshotDamaged, match=str(tmp_path)):
        Topics.load(tmp_path)
