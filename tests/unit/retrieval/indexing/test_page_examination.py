from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import Document
from retrieval.errors import SnapshotDamaged
from retrieval.indexing.page_examination import own_sentence
from retrieval.indexing.reindex import reindex
from retrieval.snapshot.page_report import FILE, FindingKind, PageFinding, PageReport
from retrieval.snapshot.snapshot import Snapshot, open_snapshot
from retrieval.testing import HashEncoder
from tests.unit.retrieval.conftest import NOW, build, corpus_of

THINGS = (  # noqa: SIM905  # a list of words reads best as one
    "kettle sledge candle ladder pillow violin hammer tulip anchor bucket saddle mirror basket trumpet"
).split()


class OfAllLanguages(HashEncoder):
    """Stands for an encoder of many languages."""

    fingerprint = "hash-of-all-languages"


def page(thing: str, **changes: object) -> Document:
    """A page that says something of its own under a title that says what it is about."""
    written = Document(
        id=thing,
        title=f"Clean the {thing}",
        text=f"Wipe the {thing} with a dry cloth. Rub the {thing} twice a year with {thing} wax from our shop.",
        language="en",
    )
    return replace(written, **changes)  # type: ignore[arg-type]


GOOD = [page(thing) for thing in THINGS]


def examined(documents: Sequence[Document], index: Path) -> PageReport:
    build(documents, index)
    report = open_snapshot(index).main.pages
    assert report is not None
    return report


def findings(report: PageReport) -> dict[FindingKind, PageFinding]:
    return {each.kind: each for each in report.findings}


def test_pages_that_say_what_they_are_about_are_found_by_their_own_words(index: Path) -> None:
    report = examined(GOOD, index)
    counts = (report.pages, report.examined, report.asked, report.first, report.among, report.phrased)
    assert counts == (14, 14, 14, 14, 14, 0)
    assert {kind for kind, each in findings(report).items() if each.pages} == set()


@pytest.mark.parametrize(
    ("kind", "spoilt"),
    [
        ("no_text", [page("harp", text="Soon.")]),
        ("same_title", [page("harp", title="Care"), page("flute", title="care ")]),
        ("vague_title", [page("harp", title="Dry cloth twice a year", text="The harp has 47 strings made of gut.")]),
        ("no_title", [page("harp", title=" ")]),
        ("near_duplicate", [page("harp"), page("harp", id="harp-old", title="Harp care, before 2020")]),
        ("unread_language", [page("harp", language="sv")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_stands_in_the_way_of_a_page_is_named_with_the_page(
    index: Path, kind: FindingKind, spoilt: list[Document]
) -> None:
    found = findings(examined([*GOOD, *spoilt], index))
    assert (found[kind].pages, set(found[kind].examples)) == (len(spoilt), {each.id for each in spoilt})
    assert [other for other, each in found.items() if each.pages and other not in {kind, "not_found"}] == []


def test_a_page_that_its_own_words_do_not_find_is_named_first(index: Path) -> None:
    copies = [page("harp", id=f"harp-{number}", title=f"Harp {number}") for number in range(6)]
    report = examined([*GOOD, *copies], index)
    found = findings(report)
    assert report.first == len(GOOD) + 1, "of six pages that say the same, one comes first"
    assert (found["near_duplicate"].pages, found["near_duplicate"].not_first) == (6, 5)
    assert len(found["near_duplicate"].examples) == 5
    assert found["not_found"].pages == 6 - 3


def test_the_sentence_that_is_asked_is_the_pages_own_and_plain(tmp_path: Path) -> None:
    text = (
        "Contact us if this does not help you at once. Turn the **harp** by its [lower pin](https://x.example/pin) "
        "and listen for the deep tone.\n\n- Contact us if this does not help you at once."
    )
    documents = [*GOOD, page("harp", text=text), page("flute", text="Short.")]
    documents += [page(f"other{number}", text="Contact us if this does not help you at once.") for number in range(5)]
    corpus = corpus_of(documents, tmp_path / "corpus", HashEncoder(64))
    assert own_sentence(corpus, 14) == "Turn the harp by its lower pin and listen for the deep tone."
    assert own_sentence(corpus, 15) is None


def test_a_text_without_spaces_is_a_sentence_too(tmp_path: Path) -> None:
    text = "ハープの弦は毎週一度やわらかい布で拭いてください。それから弦をゆるめてください。"
    corpus = corpus_of([page("harp", text=text, language="ja"), *GOOD], tmp_path / "corpus", HashEncoder(64))
    assert (own_sentence(corpus, 0) or "?") in text.split("。", maxsplit=1)[0] + "。"


def test_forum_answers_of_one_thread_have_one_title_and_no_fault(index: Path) -> None:
    thread = [page("harp", id=f"a{number}", title="Strings?", kind="answer", authority=0.5) for number in range(2)]
    found = findings(examined([*GOOD, *thread], index))
    assert (found["same_title"].pages, found["vague_title"].pages) == (0, 0)


def test_each_page_is_examined_in_the_space_that_finds_it(index: Path) -> None:
    swedish = [
        page(
            thing,
            id=f"{thing}-sv",
            title=f"Torka av {thing}",
            text=f"Torka {thing} med en torr duk varje vecka.",
            language="sv",
        )
        for thing in THINGS[:3]
    ]
    reindex([*GOOD, *swedish], index, HashEncoder(256), now=NOW, multilingual=OfAllLanguages(128))
    first, every = open_snapshot(index).spaces
    assert first.pages
    assert every.pages
    assert (first.pages.pages, every.pages.pages) == (14, 3)
    assert findings(every.pages)["unread_language"].pages == 0


def test_a_report_of_an_earlier_release_is_none_and_a_broken_one_is_said(index: Path) -> None:
    snapshot: Snapshot = (build(GOOD, index), open_snapshot(index))[1]
    path = snapshot.directory / FILE
    path.write_text("{}")
    with pytest.raises(SnapshotDamaged, match=r"pages\.json"):
        _ = snapshot.main.pages
    path.unlink()
    assert snapshot.main.pages is None
