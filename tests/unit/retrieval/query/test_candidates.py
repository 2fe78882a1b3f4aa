import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.chunking import chunk
from corpus.document import Document
from retrieval.encoders.encoder import Vectors
from retrieval.indexing.bm25_builder import write_bm25
from retrieval.indexing.topic_mining import find_topics, fit_topics
from retrieval.indexing.vector_builder import write_vectors
from retrieval.query import candidates
from retrieval.query.candidates import BY_TOPIC, WHOLE, CandidateRetriever
from retrieval.scoring.features import NEAREST
from retrieval.scoring.fusion import Floats, FusionWeights, ScoreComponents
from retrieval.snapshot.bm25 import Bm25Index
from retrieval.snapshot.embedded_texts import EmbeddedTexts, list_texts, searched_texts
from retrieval.snapshot.topics import WIDTH, Topics
from retrieval.snapshot.vectors import VectorIndex
from retrieval.testing import HashEncoder

ENCODER = HashEncoder(48)  # few dimensions, so that unlike texts are near by chance
WORDS = [f"word{letter}{other}" for letter in "abcdefgh" for other in "abcdefgh"]
WANTED = 20
SHAPES = ("articles", "faq", "threads", "mixed")
RARENESS = 1 / np.arange(1, len(WORDS) + 1)
RARENESS /= RARENESS.sum()


def made(shape: str, count: int, random: np.random.Generator) -> list[Document]:
    """Documents in no topic, in topics of their own, in topics they share with others, and some of each."""

    def said(words: int) -> str:
        return " ".join(random.choice(WORDS, words, p=RARENESS))

    documents = []
    for number in range(count):
        kind = ("faq", "threads", "threads", "articles")[number % 4] if shape == "mixed" else shape
        document = Document(id=f"d{number}", title=said(3), text=said(25))
        if kind == "faq":
            document = replace(document, questions=tuple(said(4) for _ in range(4)))
        elif kind == "threads":
            links = " ".join(
                f"https://help.example/{page}"
                for page in random.choice(max(4, count // 15), random.integers(1, 4), replace=False)
            )
            document = replace(document, kind="answer", text=f"{said(25)} {links}", questions=(said(8),))
        documents.append(document)
    return documents


def finder_over(documents: Sequence[Document], directory: Path) -> CandidateRetriever:
    directory.mkdir()
    passages = [chunk(document) for document in documents]
    units, texts = list_texts(passages)
    vectors = ENCODER.encode(texts).astype(np.float16)
    write_vectors(vectors, directory)
    write_bm25(((each[0].document.language, searched_texts(each)) for each in passages), directory)
    return CandidateRetriever(
        units=units,
        vectors=VectorIndex(directory),
        lexical=Bm25Index(directory),
        topics=fit_topics(vectors, find_topics(passages, units)),
        fusion=FusionWeights(),
    )


def exhaustive(finder: CandidateRetriever, queries: Vectors, words: str) -> Floats:
    """The score of every document, by comparing the question with all there is."""
    cosines = finder.vectors.canonical.astype(np.float32) @ queries.T
    everything = np.arange(len(finder.units.starts))
    terms = finder.lexical.terms(words, None)
    return finder.fusion.score(
        ScoreComponents(
            documents=everything,
            dense=np.maximum.reduceat(cosines, finder.units.starts, axis=0).mean(axis=1),
            lexical=finder.lexical.all_scores(terms),
            topic=finder.topics.strongest(everything, finder.topics.support(queries.mean(axis=0)))[1],
        )
    )


def assert_finds_the_best(finder: CandidateRetriever, queries: Vectors, words: str, wanted: int = WANTED) -> None:
    """The best documents with their scores, up to ties; and of no document that is named another score."""
    sought = finder.find(queries, words, None, wanted)
    found, support = sought.found, finder.topics.support(queries.mean(axis=0))
    scores, every = finder.fusion.score(found), exhaustive(finder, queries, words)
    assert len(set(found.documents.tolist())) == len(found.documents) >= min(wanted, len(every))
    assert scores == pytest.approx(every[found.documents], abs=1e-5)
    assert np.sort(scores)[::-1][:wanted] == pytest.approx(np.sort(every)[::-1][:wanted], abs=1e-5)
    assert np.array_equal(sought.topics, finder.topics.strongest(found.documents, support)[0])
    nearest = [np.sort(finder.vectors.at(0, len(finder.vectors)) @ query)[::-1][:NEAREST].mean() for query in queries]
    assert sought.near == pytest.approx(np.mean(nearest), abs=1e-5)


def asked(documents: Sequence[Document], random: np.random.Generator) -> list[tuple[Vectors, str]]:
    """Questions in one view and in two: words at random, some of a document's words, and words of no document."""
    documents = [documents[number] for number in random.integers(0, len(documents), 4)]
    questions = [
        " ".join(random.choice(WORDS, 6)),
        *(" ".join(random.permutation(re.findall(r"word\w+", each.text))[:5]) for each in documents),
        *(each.questions[0] for each in documents[:2] if each.questions),
        "nothing of it",
        "",
    ]
    both = [(ENCODER.encode([text]), text) for text in questions]
    return both + [(ENCODER.encode([text, text[:20]]), text) for text in questions]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("seed", "count"), [(0, 9), (1, 60), (2, 150), (3, 300)])
def test_what_is_found_is_the_best_of_everything(tmp_path: Path, shape: str, seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    documents = made(shape, count, random)
    finder = finder_over(documents, tmp_path / "index")
    assert count == 9 or (len(finder.topics) > 0) == (shape != "articles")
    for fusion in (FusionWeights(), FusionWeights(lexical=2, topic=0.1), FusionWeights(lexical=0.1, topic=2)):
        for queries, words in asked(documents, random):
            for wanted in (1, WANTED):
                assert_finds_the_best(replace(finder, fusion=fusion), queries, words, wanted)


def test_a_topics_documents_are_found_however_far_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a large corpus too, where not every document is weighed."""
    monkeypatch.setattr(candidates, "WHOLE", 0)
    finder = shared_topic(tmp_path, documents=1000, members=BY_TOPIC)
    query = finder.vectors.at(0, 1)
    near = replace(finder, topics=Topics.none()).find(query, "nothing", None, WANTED).found
    assert not set(near.documents.tolist()) & set(range(500, 500 + BY_TOPIC)), "they are far from the question"
    found = finder.find(query, "nothing", None, WANTED).found
    best = found.documents[np.argsort(-finder.fusion.score(found), kind="stable")[:WANTED]]
    assert set(best.tolist()) <= set(range(500, 500 + BY_TOPIC))
    assert_finds_the_best(finder, query, "nothing")


def test_of_a_topic_of_very_many_some_are_weighed_and_those_near_to_the_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "WHOLE", 0)
    finder = shared_topic(tmp_path, documents=2000, members=1000)
    query = finder.vectors.at(1200, 1)
    found = finder.find(query, "nothing", None, WANTED).found
    assert len(found.documents) <= 100 + BY_TOPIC
    assert 1200 in found.documents[finder.fusion.score(found) > 1.5]


def test_every_document_of_a_corpus_that_is_not_large_is_weighed(tmp_path: Path) -> None:
    finder = shared_topic(tmp_path, documents=WHOLE, members=WHOLE - 500)
    assert_finds_the_best(finder, finder.vectors.at(0, 1), "nothing", wanted=100)


def shared_topic(directory: Path, *, documents: int, members: int) -> CandidateRetriever:
    """Vectors at random, and one topic of the documents from 500 on that a question on document 0 or 1200 is about."""
    random = np.random.default_rng(documents)
    vectors: NDArray[np.float32] = random.normal(size=(documents, 32)).astype(np.float32)
    vectors[500 : 500 + members] -= vectors[0] * 0.3
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    write_vectors(vectors.astype(np.float16), directory)
    write_bm25(((None, [f"number {number}"]) for number in range(documents)), directory)
    weights = np.zeros((2, 33), dtype=np.float32)
    belonging = np.full((documents, WIDTH), -1, dtype=np.int32)
    belonging[500 : 500 + members, 1] = 1
    weights[1, -1] = 2
    numbers = np.arange(documents, dtype=np.int32)
    return CandidateRetriever(
        units=EmbeddedTexts.of(numbers, numbers),
        vectors=VectorIndex(directory),
        lexical=Bm25Index(directory),
        topics=Topics(weights, belonging),
        fusion=FusionWeights(topic=1),
    )
