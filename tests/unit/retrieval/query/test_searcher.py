from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.document import Document
from retrieval.decision import DecisionSettings
from retrieval.encoders.compile import default_encoder_directory
from retrieval.encoders.encoder import open_encoder
from retrieval.indexing.reindex import reindex
from retrieval.query.searcher import Searcher
from retrieval.query.space_search import COMPONENTS
from retrieval.result import Candidate
from retrieval.scoring.features import FEATURES
from retrieval.scoring.ranking import OFFICIAL, OFFICIAL_AHEAD
from retrieval.scoring.thresholds import UNREACHABLE
from retrieval.snapshot.embedded_texts import PHRASING
from retrieval.snapshot.snapshot import open_snapshot
from tests.unit.retrieval.conftest import NOW, build_once, make_clear_documents, make_documents, make_taught


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    index = tmp_path_factory.mktemp("search") / "index"
    build_once(make_documents(), index)
    return Searcher(open_snapshot(index), budget=0.1)


def searcher_over(documents: list[Document], index: Path) -> Searcher:
    build_once(documents, index)
    return Searcher(open_snapshot(index), budget=0.1)


def test_there_is_one_candidate_a_document_best_first(searcher: Searcher) -> None:
    found = searcher.search("the hub and the refund", limit=10)
    ids = [candidate.document_id for candidate in found.candidates]
    assert len(ids) == len(set(ids)) == 10
    scores = [candidate.score for candidate in found.candidates]
    assert scores == sorted(scores, reverse=True)


def test_many_phrasings_of_one_document_do_not_crowd_out_the_others(documents: list[Document], index: Path) -> None:
    crowd = replace(documents[0], questions=tuple(f"hub lamp number {n}" for n in range(500)))
    found = searcher_over([crowd, *documents[1:]], index).search("hub lamp number 7", limit=10)
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
    assert set(found.features) == set(FEATURES)
    assert found.features["score"] == pytest.approx(found.candidates[0].score, abs=1e-6)
    assert 0 <= found.confidence <= 1
    assert found.confidence > searcher.search("volcano").confidence


def test_the_confidence_does_not_depend_on_how_many_candidates_are_asked_for(searcher: Searcher) -> None:
    many, one = (searcher.search("hub parcel volcano", limit=limit) for limit in (20, 1))
    assert (len(many.candidates), len(one.candidates)) == (20, 1)
    assert (one.candidates[0], one.confidence, one.features) == (many.candidates[0], many.confidence, many.features)


def test_the_same_question_gives_the_same_receipt(searcher: Searcher) -> None:
    assert searcher.search("hub and garden") == searcher.search("hub and garden")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """With the encoder that serves, over documents with topics, titles in common and a language."""
    index = tmp_path_factory.mktemp("real") / "index"
    reindex(make_taught(), index, open_encoder(default_encoder_directory()), now=NOW)
    return Searcher(open_snapshot(index), budget=0.1)


SQL = "'; DROP TABLE units; --", '" OR 1=1', "SELECT * FROM hub WHERE lamp LIKE '%_'", "%s %(x)s {0} ${hub} $(hub)"
PIECES = st.one_of(
    st.text(max_size=300),
    st.text(st.characters(min_codepoint=0x1F300, max_codepoint=0x1FAFF), max_size=40),
    st.text(" \t\r\n\v\u00a0\u2003\u3000\ufeff\u200b", max_size=40),
    st.text("\0\x01\x1b\x7f", max_size=20),
    st.text(st.characters(categories=["Cs", "L", "Zs"]), max_size=40),  # with halves of characters
    st.sampled_from(
        [*SQL, "how does hub go with lamp", "hub", "> quoted", "--", "```", "2026-03-02 09:00 hub", "\ud800"]
    ),
)
QUESTIONS = st.one_of(
    PIECES,
    st.lists(PIECES, max_size=5).map("\n".join),
    st.builds(lambda piece, length: (piece * length)[:length], PIECES, st.sampled_from([401, 5_000, 50_000])),
)


@given(QUESTIONS, st.integers(1, 30), st.sampled_from([None, "en", "sv"]))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_text_is_a_question(real: Searcher, text: str, limit: int, language: str | None) -> None:
    found = real.search(text, language=language, limit=limit)
    assert found.question == text
    assert len({candidate.document_id for candidate in found.candidates}) == len(found.candidates) == limit
    for candidate in found.candidates:
        assert np.isfinite([candidate.score, candidate.dense, candidate.lexical, candidate.topic]).all()
        assert -1.001 <= candidate.dense <= 1.001
        assert 0 <= candidate.lexical <= 1.001
        assert candidate.topic >= 0
    assert np.isfinite(list(found.features.values())).all()
    assert 0 <= found.confidence <= 1


@pytest.mark.parametrize(
    "text",
    ["", " ", "😀", "\0\0", "a" * 100_000, "hub " * 12_500, "😀" * 50_000, *SQL, "\ud800", "% * ()", "\n" * 50_000],
)
def test_odd_questions_are_answered(searcher: Searcher, real: Searcher, text: str) -> None:
    for each in (searcher, real):
        found = each.search(text, limit=10)
        assert len(found.candidates) == 10
        assert 0 <= found.confidence <= 1


LONG = "The hub in the garden restarts every night. " * 12 + "Does it go with the lamp, as the sensor does?"
ASKED = ("how does hub go with lamp", "thread on the parcel", "my refund and the invoice", LONG)


def everything(real: Searcher, question: str, parts: frozenset[str] = COMPONENTS) -> dict[str, Candidate]:
    """All documents by their ids, in the order in which a search with these parts has them."""
    searcher = Searcher(real.snapshot, budget=0.1, parts=parts)
    candidates = searcher.search(question, limit=real.snapshot.manifest.documents).candidates
    assert len(candidates) == real.snapshot.manifest.documents
    return {candidate.document_id: candidate for candidate in candidates}


@pytest.mark.parametrize("question", ASKED)
def test_without_keywords_their_share_of_the_score_is_gone_and_nothing_else(real: Searcher, question: str) -> None:
    whole, without = (everything(real, question, parts) for parts in (COMPONENTS, COMPONENTS - {"lexical"}))
    weight = real.snapshot.main.fusion.lexical
    assert weight * max(candidate.lexical for candidate in whole.values()) > 0.02
    for name, candidate in without.items():
        less = whole[name].score - weight * whole[name].lexical
        assert candidate.score == pytest.approx(less, abs=1e-5)
        assert replace(candidate, score=0) == replace(whole[name], score=0)


@pytest.mark.parametrize("question", ASKED)
def test_without_topics_their_share_of_the_score_is_gone_and_nothing_else(real: Searcher, question: str) -> None:
    whole, without = (everything(real, question, parts) for parts in (COMPONENTS, COMPONENTS - {"topics"}))
    weight = real.snapshot.main.fusion.topic
    assert weight * max(candidate.topic for candidate in whole.values()) > 0.02
    for name, candidate in without.items():
        assert candidate.topic == 0
        assert candidate.score == pytest.approx(whole[name].score - weight * whole[name].topic, abs=1e-5)
        assert replace(candidate, score=0) == replace(whole[name], score=0, topic=0)


@pytest.mark.parametrize("question", ASKED[:-1])
def test_without_wordings_documents_are_as_near_as_what_they_say_themselves(real: Searcher, question: str) -> None:
    without = everything(real, question, COMPONENTS - {"wordings"})
    space = real.snapshot.main
    nearness = space.vectors.canonical.astype(np.float32) @ space.encoder.encode_questions([question])[0]
    nearness[space.units.passage == PHRASING] = -1
    nearest = np.maximum.reduceat(nearness, space.units.starts)
    for number, document in enumerate(make_taught()):
        assert without[document.id].dense == pytest.approx(nearest[number], abs=1e-5)
        assert without[document.id].topic == 0


def test_without_wordings_a_known_phrasing_is_no_name(real: Searcher) -> None:
    phrasing = next(document.questions[0] for document in make_taught() if document.questions)
    assert real.search(phrasing).same_words
    assert not Searcher(real.snapshot, budget=0.1, parts=COMPONENTS - {"wordings"}).search(phrasing).same_words


@pytest.mark.parametrize("question", ASKED[:-1])
def test_without_views_a_short_message_is_found_the_same(real: Searcher, question: str) -> None:
    assert everything(real, question, COMPONENTS - {"views"}) == everything(real, question)


def test_without_views_a_long_message_is_one_and_its_words_are_the_same(real: Searcher) -> None:
    whole, without = (everything(real, LONG, parts) for parts in (COMPONENTS, COMPONENTS - {"views"}))
    (vector,) = real.snapshot.main.encoder.encode([LONG])
    nearest = np.maximum.reduceat(
        real.snapshot.main.vectors.canonical.astype(np.float32) @ vector, real.snapshot.main.units.starts
    )
    for number, document in enumerate(make_taught()):
        candidate = without[document.id]
        assert candidate.dense == pytest.approx(nearest[number], abs=1e-5)
        assert candidate.lexical == whole[document.id].lexical
    assert any(abs(candidate.dense - whole[name].dense) > 0.01 for name, candidate in without.items())


@pytest.mark.parametrize("question", ASKED)
def test_without_distinction_documents_come_by_their_scores_which_are_the_same(real: Searcher, question: str) -> None:
    whole, without = (everything(real, question, parts) for parts in (COMPONENTS, COMPONENTS - {"distinct"}))
    assert without == whole
    scores, before = (
        [each.score - (0 if each.authority >= OFFICIAL else OFFICIAL_AHEAD) for each in found.values()]
        for found in (without, whole)
    )
    assert scores == sorted(scores, reverse=True) != before


def test_of_a_thread_one_answer_comes_first_and_the_others_after_other_threads(index: Path) -> None:
    answers = [
        Document(
            id=f"{thread}.{answer}",
            title=f"Why does my {thread} blink",
            text=f"The {thread} blinks: try the {word} of the {thread}.",
            kind="answer",
        )
        for thread in ("hub", "lamp", "sensor", "router")
        for answer, word in enumerate(("button", "plug", "fuse"))
    ]
    searcher = searcher_over(answers, index)
    ids = [candidate.document_id for candidate in searcher.search("why does my lamp blink", limit=10).candidates]
    threads = [name.partition(".")[0] for name in ids]
    assert set(threads[:4]) == {"hub", "lamp", "sensor", "router"}
    assert threads[0] == threads[4] == threads[5] == "lamp", "then the others, best first"


def test_of_a_topic_one_thread_comes_first_and_the_others_after_other_topics(index: Path) -> None:
    threads = [
        Document(
            id=f"{page}.{number}",
            title=f"My {page} has a {trouble}",
            text=f"See https://help.example/{page}.",
            kind="answer",
            questions=(f"the {page} gave me a {trouble}",),
        )
        for page in ("hub", "lamp", "sensor", "router")
        for number, trouble in enumerate(("noise", "smell", "spark", "crack"))
    ]
    searcher = searcher_over(threads, index)
    ids = [candidate.document_id for candidate in searcher.search("my lamp has a spark").candidates]
    assert ids[0] == "lamp.2"
    assert {name.partition(".")[0] for name in ids[:4]} == {"hub", "lamp", "sensor", "router"}
    plain = Searcher(searcher.snapshot, budget=0.1, parts=COMPONENTS - {"distinct"}).search("my lamp has a spark")
    assert [each.document_id.partition(".")[0] for each in plain.candidates[:4]] == ["lamp"] * 4


def test_a_corpus_of_one_document_can_be_searched(documents: list[Document], index: Path) -> None:
    found = searcher_over(documents[:1], index).search("hub")
    assert len(found.candidates) == 1
    assert found.threshold >= 0.9, "too small to say more than that an answer must be twice as sure as the budget asks"


def test_a_stricter_budget_for_some_documents_is_kept_for_them_alone(index: Path) -> None:
    documents = make_clear_documents()
    build_once(documents, index)
    searcher = Searcher(open_snapshot(index), budget=0.3, stricter={"billing/*": 0.1})
    strict, usual = searcher.threshold_for(0.1), searcher.threshold_for(0.3)
    assert 1 > strict > usual
    assert searcher.search(documents[0].questions[0]).threshold == strict
    assert searcher.search(documents[1].questions[0]).threshold == usual
    assert searcher.search(documents[1].questions[0], budget=0.2).threshold == searcher.threshold_for(0.2)
    assert searcher.search(documents[0].questions[0], budget=0.2).threshold == strict, "the strictest counts"


def test_a_decision_is_an_answer_a_suggestion_a_choice_or_a_person(documents: list[Document], index: Path) -> None:
    found = searcher_over(documents, index).search("hub lamp")
    titles = [candidate.document_id for candidate in found.candidates]
    settings = DecisionSettings(suggest_at=0.6, clarify_at=0.7, beside_at=0.2)
    found = replace(
        found, settings=settings, answerable=0.95, confidence=0.5, among_beside=0.6, among_first=0.75, threshold=0.9
    )
    cases = [
        (replace(found, confidence=confidence, among_first=among, among_beside=beside), decision, shown)
        for confidence, among, beside, decision, shown in (
            (0.9, 0.9, 0.9, "answer", titles[:1]),
            (0.6, 0.9, 0.9, "suggest", titles[:1]),
            (0.5, 0.7, 0.6, "clarify", titles[:4]),
            (0.5, 0.69, 0.6, "escalate", titles[:2]),
            (0.1, 0.2, 0.19, "escalate", []),
        )
    ]
    for each, decision, shown in cases:
        assert each.decision == decision
        assert [candidate.document_id for candidate in each.offered] == shown


def test_where_nothing_may_be_answered_a_likely_page_is_suggested(documents: list[Document], index: Path) -> None:
    found = replace(searcher_over(documents, index).search("hub lamp"), answerable=1.0)
    assert replace(found, threshold=UNREACHABLE, confidence=1.0).decision == "suggest"
    one = replace(found, candidates=found.candidates[:1], confidence=0.3, among_first=0.6, threshold=UNREACHABLE)
    assert one.decision == "suggest", "one document is no choice, and likely enough"
    assert replace(one, candidates=()).decision == "escalate"


def test_a_title_or_a_known_phrasing_word_for_word_is_answered(documents: list[Document], index: Path) -> None:
    searcher = Searcher(searcher_over(documents, index).snapshot, budget=0.0001)
    wanted = documents[7]
    for question in (wanted.title, wanted.title.upper(), f"  {wanted.questions[0]}?! "):
        found = searcher.search(question)
        assert (found.decision, found.candidates[0].document_id) == ("answer", wanted.id)
        assert found.same_words == (wanted.id,)
    assert searcher.search(f"{wanted.title} please").same_words == ()


def test_what_several_pages_are_known_to_answer_is_a_choice_among_them(documents: list[Document], index: Path) -> None:
    shared = "is it waterproof"
    alike = [replace(each, questions=(*each.questions, shared)) for each in documents[:3]]
    found = searcher_over([*alike, *documents[3:]], index).search("Is it waterproof?")
    assert found.decision == "clarify"
    assert {candidate.document_id for candidate in found.offered} == {each.id for each in alike}


def test_what_nobody_has_confirmed_is_a_guess_where_the_company_has_pages_of_its_own(
    documents: list[Document], index: Path
) -> None:
    forum = [replace(documents[0], kind="answer", authority=0.3), *documents[1:]]
    searcher = searcher_over(forum, index)
    found = searcher.search(documents[0].title)
    assert (found.candidates[0].document_id, found.decision) == (documents[0].id, "suggest")
    allowed = Searcher(searcher.snapshot, budget=0.1, decisions=DecisionSettings(unconfirmed_answers=True))
    assert allowed.search(documents[0].title).decision == "answer"
    alone = searcher_over([replace(each, kind="answer", authority=0.3) for each in documents], index)
    assert alone.search(documents[0].title).decision == "answer", "there is nothing else"


def test_the_same_question_is_decided_the_same_whatever_was_asked_before(index: Path) -> None:
    documents = make_clear_documents()
    searcher = searcher_over(documents, index)
    before = [searcher.search(document.questions[0]) for document in documents[:20]]
    for number in range(100):
        searcher.search(f"nonsense {number}")
    assert [searcher.search(document.questions[0]) for document in documents[:20]] == before
