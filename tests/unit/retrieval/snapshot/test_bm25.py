import math
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.errors import SnapshotDamaged
from retrieval.indexing import bm25_builder
from retrieval.indexing.bm25_builder import write_bm25
from retrieval.snapshot import bm25
from retrieval.snapshot.bm25 import DIRECTORY, Bm25Index
from retrieval.tokenizer import stems

Texts = tuple[str | None, Sequence[str]]

#: Two documents of one text, one of two, one of none, and one more; mean length of the five texts is 12 / 5.
SMALL: list[Texts] = [
    (None, ["hub hub lamp"]),
    (None, ["lamp router"]),
    (None, ["router router router", "hub lamp"]),
    (None, []),
    (None, ["socket lamp"]),
]
EVERY = np.arange(len(SMALL))
ARRAYS = ("scores", "rows", "columns", "words", "numbers", "starts", "common", "bits")
FILES = (*(f"{name}.npy" for name in ARRAYS), "facts.json")


def indexed(documents: Sequence[Texts], directory: Path) -> Bm25Index:
    directory.mkdir(exist_ok=True)
    write_bm25(documents, directory)
    return Bm25Index(directory)


@pytest.fixture
def small(tmp_path: Path) -> Bm25Index:
    return indexed(SMALL, tmp_path)


def many(seed: int = 0, count: int = 300) -> list[Texts]:
    """Documents of 0 to 3 texts in words of which some are common and some are rare."""
    random = np.random.default_rng(seed)

    def text() -> str:
        return " ".join(f"w{n}" for n in random.zipf(1.3, size=random.integers(0, 12)) % 500)

    return [(None, [text() for _ in range(random.integers(0, 4))]) for _ in range(count)]


def test_a_score_is_that_of_the_formula_worked_by_hand(small: Bm25Index) -> None:
    # Kamphuis et al., table 1, row 3: idf = ln(1 + (N - n + 0.5) / (n + 0.5)), tf / (tf + k1 (1 - b + b L / mean L)).
    rare, common = math.log(1 + 3.5 / 2.5), math.log(1 + 1.5 / 4.5)  # "hub" is in 2 texts of 5, "lamp" in 4
    norm_of_three, norm_of_two = 1.2 * (0.25 + 0.75 * 3 / 2.4), 1.2 * (0.25 + 0.75 * 2 / 2.4)
    first = rare * 2 / (2 + norm_of_three) + common * 1 / (1 + norm_of_three)
    third = rare * 1 / (1 + norm_of_two) + common * 1 / (1 + norm_of_two)
    lamp_only = common * 1 / (1 + norm_of_two)
    scores = small.scores(small.terms("hub lamp", None), EVERY)
    expected = np.array([first, lamp_only, third, 0, lamp_only]) / (rare + common)
    assert scores == pytest.approx(expected, abs=1e-6)
    assert scores.dtype == np.float32


def test_a_word_that_no_document_has_lowers_every_score(small: Bm25Index) -> None:
    known = small.all_scores(small.terms("hub lamp", None))
    rare, common, absent = math.log(1 + 3.5 / 2.5), math.log(1 + 1.5 / 4.5), math.log(1 + 5.5 / 0.5)
    less = small.all_scores(small.terms("hub lamp volcano", None))
    assert less == pytest.approx(known * (rare + common) / (rare + common + absent), abs=1e-6)
    assert less[0] < known[0]


def test_a_word_said_twice_counts_once(small: Bm25Index) -> None:
    once, twice = (small.all_scores(small.terms(text, None)) for text in ("hub lamp", "Hub lamp, HUB!"))
    assert np.array_equal(once, twice)


def test_a_document_scores_as_its_best_text_and_not_as_their_sum(tmp_path: Path) -> None:
    index = indexed([(None, ["hub", "lamp"]), (None, ["lamp"]), (None, ["hub lamp"])], tmp_path)
    scores = index.all_scores(index.terms("hub lamp", None))
    lamp = index.all_scores(index.terms("lamp", None))
    assert lamp[0] == lamp[1], "another text takes nothing from it"
    assert scores[2] > scores[0] > scores[1] > 0


def test_words_are_reduced_to_stems_by_the_rules_of_the_language(tmp_path: Path) -> None:
    assert stems("Resetting the lamps", "en") == ["reset", "the", "lamp"]
    assert stems("Die Lampen leuchten", "de") == ["die", "lamp", "leucht"]
    assert stems("lamporna lyser", "sv") == ["lamp", "lys"]
    assert stems("лампы", "ru") == stems("лампа", "ru")
    index = indexed([("en", ["connect the lamps"]), ("de", ["die Lampen verbinden"])], tmp_path)
    english, german = index.all_scores(index.terms("connected lamp", "en"))
    assert english > german
    assert index.all_scores(index.terms("Lampe", "de"))[1] > 0


@pytest.mark.parametrize("language", [None, "", "xx", "zh"])
def test_words_of_a_language_without_rules_stay_as_they_are(language: str | None) -> None:
    assert stems("Resetting the LAMPS, now!", language) == ["resetting", "the", "lamps", "now"]


def test_a_word_is_the_same_however_its_characters_are_composed() -> None:
    assert stems("CAFE\u0301", None) == stems("café", None) == ["café"]
    assert stems("ﬁlter", None) == stems("filter", None)  # a ligature
    assert stems("STRASSE", None) == stems("Straße", None)


def test_marks_on_letters_do_not_end_a_word() -> None:
    assert stems("हिन्दी में", None) == ["हिन्दी", "में"]
    assert stems("தமிழ் மொழி।", None) == ["தமிழ்", "மொழி"]
    assert stems("खोजना", "hi") == stems("खोज", "hi") == ["खोज"]


def test_scores_lie_between_0_and_1_and_reach_neither_more_nor_less(tmp_path: Path) -> None:
    documents = [(None, ["hub"] * 3), (None, ["hub " * 1000]), *many()]
    index = indexed(documents, tmp_path)
    for question in ("hub", "hub w1 w2 w3", "w1", "w7 w7 w7", "nothing"):
        scores = index.all_scores(index.terms(question, None))
        assert scores.min() >= 0
        assert scores.max() <= 1
    assert index.all_scores(index.terms("nothing", None)).tolist() == [0.0] * len(documents)


@pytest.mark.parametrize("entries", [0, 40, 8192], ids=["each by itself", "some together", "all together"])
@given(
    words=st.lists(st.integers(0, 600), max_size=15),
    chosen=st.lists(st.integers(0, 299), max_size=40),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_some_documents_score_as_they_do_among_all(
    large: Bm25Index, with_bits: Bm25Index, entries: int, words: Sequence[int], chosen: Sequence[int]
) -> None:
    text, documents = " ".join(f"w{n}" for n in words), np.array(chosen, dtype=np.int64)
    every = large.all_scores(large.terms(text, None))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bm25, "READ", 0)
        patch.setattr(bm25, "_ENTRIES", entries)
        for index in (large, with_bits):
            terms = index.terms(text, None)
            assert terms.every is None
            assert index.scores(terms, documents) == pytest.approx(every[documents], abs=1e-6)
            assert index.all_scores(terms) == pytest.approx(every, abs=1e-6)


def test_common_words_have_bits_and_others_have_none(with_bits: Bm25Index, large: Bm25Index) -> None:
    common = [f"w{n}" for n in range(500) if with_bits._common.keys() & with_bits.terms(f"w{n}", None).columns]
    assert {"w1", "w2"} <= set(common)
    assert "w499" not in common
    assert not large._common, "words with few entries need none"


@pytest.fixture(scope="module")
def with_bits(tmp_path_factory: pytest.TempPathFactory) -> Bm25Index:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bm25_builder, "READ", 0)
        return indexed(many(), tmp_path_factory.mktemp("bits"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Bm25Index:
    return indexed(many(), tmp_path_factory.mktemp("lexical"))


def test_an_indexed_text_scores_the_same_as_one_that_is_not(large: Bm25Index) -> None:
    for question in ("w1 w2 w3", "w9 w40 w1 nothing", "w499", "nothing"):
        terms = large.terms(question, None)
        outside = [max((large.score_text(terms, text, None) for text in texts), default=0) for _, texts in many()]
        assert large.all_scores(terms) == pytest.approx(np.array(outside), abs=1e-6)


def test_an_indexed_text_scores_the_same_as_one_that_is_not_in_a_language_with_stems(tmp_path: Path) -> None:
    texts = ["Resetting the lamps", "The lamp and the hubs", "Parcels"]
    index = indexed([("en", [text]) for text in texts], tmp_path)
    terms = index.terms("reset my lamp's hub", "en")
    outside = [index.score_text(terms, text, "en") for text in texts]
    assert index.all_scores(terms) == pytest.approx(np.array(outside), abs=1e-6)
    assert min(outside[:2]) > 0


def test_the_documents_with_the_rarest_words_are_found(small: Bm25Index) -> None:
    assert small.best(small.terms("socket", None), 3).tolist() == [4]
    assert small.best(small.terms("hub", None), 3).tolist() == [0, 2]
    assert small.best(small.terms("socket lamp", None), 1).tolist() == [4]
    assert small.best(small.terms("volcano", None), 3).tolist() == []


def test_no_more_documents_are_found_than_asked_for_and_they_are_the_best(large: Bm25Index) -> None:
    terms = large.terms("w3 w40 w77 w250", None)
    scores = large.all_scores(terms)
    found = large.best(terms, 10)
    # A document may be found by several of its texts, so there may be fewer.
    assert 5 <= len(found) <= 10
    left = np.setdiff1d(np.arange(len(scores)), found)
    assert scores[found].min() >= scores[left].max() - 1e-6


def test_a_word_that_very_many_texts_hold_finds_none_but_adds_to_what_others_find(tmp_path: Path) -> None:
    documents: list[Texts] = [(None, [f"the w{number}"]) for number in range(8_300)]
    index = indexed(documents, tmp_path)
    assert index.best(index.terms("the", None), 10).tolist() == []
    terms = index.terms("the w41", None)
    assert index.best(terms, 10).tolist() == [41]
    without = index.terms("w41", None)
    assert index.scores(terms, np.array([41]))[0] * terms.total > index.scores(without, np.array([41]))[0] * (
        without.total
    )


def test_documents_without_texts_score_nothing_wherever_they_stand(tmp_path: Path) -> None:
    documents: list[Texts] = [(None, []), (None, ["hub"]), (None, []), (None, []), (None, ["hub lamp"]), (None, [])]
    index = indexed(documents, tmp_path)
    terms = index.terms("hub", None)
    scores = index.all_scores(terms)
    assert (scores > 0).tolist() == [False, True, False, False, True, False]
    for order in ([0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [5], [0, 0], [3, 4, 5], [1, 5, 1]):
        assert index.scores(terms, np.array(order)) == pytest.approx(scores[order])
    assert index.best(terms, 5).tolist() == [1, 4]


@pytest.mark.parametrize("documents", [[], [(None, [])], [(None, ["", "😀 !"]), (None, [])]])
def test_a_corpus_without_words_can_be_asked(documents: list[Texts], tmp_path: Path) -> None:
    index = indexed(documents, tmp_path)
    terms = index.terms("hub lamp", None)
    assert index.all_scores(terms).tolist() == [0.0] * len(documents)
    assert index.scores(terms, np.arange(len(documents))).tolist() == [0.0] * len(documents)
    assert index.best(terms, 5).tolist() == []
    assert index.score_text(terms, "hub", None) >= 0


ODD = ["", " ", "😀👩‍👩‍👧", "\ud800\udfff", "\0\x01\xff\xfe", "a" * 50_000, "'; DROP TABLE words; --", "hub " * 20_000]


@pytest.mark.parametrize("question", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("language", [None, "en", "ar"])
def test_odd_questions_and_texts_have_scores(small: Bm25Index, question: str, language: str | None) -> None:
    terms = small.terms(question, language)
    scores = small.all_scores(terms)
    assert np.isfinite(scores).all()
    assert scores.max() <= 1
    assert 0 <= small.score_text(terms, question, language) <= 1
    assert np.array_equal(small.scores(terms, EVERY), scores)


@given(st.text(max_size=200), st.sampled_from([None, "en", "de", "hi", "ja"]))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_text_is_a_question(large: Bm25Index, question: str, language: str | None) -> None:
    terms = large.terms(question, language)
    assert 0 <= large.all_scores(terms).max() <= 1
    assert len(large.best(terms, 10)) <= 10


WRITE = """
import sys
from pathlib import Path
from retrieval.indexing.bm25_builder import write_bm25
from tests.unit.retrieval.snapshot.test_bm25 import many
write_bm25([*many(), ("en", ["Resetting the lamps", "hubs"])], Path(sys.argv[1]))
"""


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for seed in ("1", "2"):  # the order of sets differs
        (tmp_path / seed).mkdir()
        subprocess.run(
            [sys.executable, "-c", WRITE, str(tmp_path / seed)],
            check=True,
            cwd=Path(__file__).parents[4],
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
        written.append({path.name: path.read_bytes() for path in (tmp_path / seed / DIRECTORY).iterdir()})
    assert written[0].keys() == set(FILES)
    assert written[0] == written[1]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("harm", ["missing", "empty", "half", "nonsense"])
def test_a_damaged_file_is_refused_by_its_folder(small: Bm25Index, tmp_path: Path, file: str, harm: str) -> None:
    path = tmp_path / DIRECTORY / file
    content = path.read_bytes()
    damaged = {"empty": b"", "half": content[: len(content) // 2], "nonsense": b"[1, 2]"}
    path.unlink()  # a new file: the old one is still mapped
    if harm in damaged:
        path.write_bytes(damaged[harm])
    with pytest.raises(SnapshotDamaged, match=str(tmp_path / DIRECTORY)):
        Bm25Index(tmp_path)
    assert small.best(small.terms("socket", None), 3).tolist() == [4], "what was open still answers"


def test_threads_at_once_find_the_same(large: Bm25Index) -> None:
    questions = [f"Resetting w{n} lamps w{n * 7 % 500}" for n in range(200)]

    def ask(question: str) -> tuple[list[int], list[float]]:
        terms = large.terms(question, "en")
        return large.best(terms, 8).tolist(), large.all_scores(terms).tolist()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, questions)) == [ask(question) for question in questions]


def in_pieces(texts: Sequence[str], directory: Path) -> Bm25Index:
    write_bm25(((language, [text]) for language, text in zip("ab", texts, strict=True)), directory, in_pieces=True)
    return Bm25Index(directory)


def test_pieces_find_the_parts_of_a_compound_and_words_that_languages_share(tmp_path: Path) -> None:
    index = in_pieces(["Garantin gäller i tre år.", "Hubbens strömförsörjning är trasig."], tmp_path)
    everything = np.arange(2)
    for question in ("strömmen försörjning", "trasiga hubbar"):
        scores = index.scores(index.terms(question, "sv"), everything)
        assert scores[1] > scores[0]
    foreign = index.scores(index.terms("Wie lange gilt die Garantie?", "de"), everything)
    assert foreign[0] > foreign[1]


def test_a_word_as_it_stands_counts_more_than_its_pieces(tmp_path: Path) -> None:
    index = in_pieces(["the parcel is late", "the parcels are late"], tmp_path)
    one, other = index.scores(index.terms("parcel", "en"), np.arange(2))
    assert one > other > 0


def test_in_pieces_a_text_scores_the_same_in_the_index_and_beside_it(tmp_path: Path) -> None:
    index = in_pieces(["the parcel is late", "hubs"], tmp_path)
    terms = index.terms("parcels", "sv")
    assert index.score_text(terms, "the parcel is late", None) == pytest.approx(
        float(index.scores(terms, np.array([0]))[0]), rel=1e-5
    )
