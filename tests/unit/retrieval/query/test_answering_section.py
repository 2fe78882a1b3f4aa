"""The section of a page that is shown for a question."""

from pathlib import Path

import numpy as np
import pytest

from corpus.document import Document
from retrieval.query.searcher import Searcher
from retrieval.result import Candidate
from retrieval.snapshot.section_table import SectionTable
from retrieval.snapshot.snapshot import open_snapshot
from tests.unit.retrieval.conftest import build_once, make_documents

TEXT = """All about the kettle, its descaling, its guarantee and its colours, and where to buy spare kettle lids.

In this article:

* [Descaling the kettle](#descaling)
* [Guarantee](#guarantee)
* [Colours](#colours)

## Descaling the kettle

Fill it with vinegar, boil, wait for an hour and rinse it twice.

## Guarantee

Faults are mended for three years.

## Colours

It comes in white, in grey and in a loud red.
"""
KETTLE = Document(id="kettle", title="The kettle", text=TEXT, language="en")
LONG = Document(
    id="oven",
    title="The oven",
    text="\n\n".join(
        f"## {name}\n\n" + f"The oven needs {name.lower()} now and then. " * 40 for name in ("Heat", "Salt")
    ),
    language="en",
)


RADIO = Document(
    id="radio",
    title="Reset the radio",
    text="There are two ways.\n\n## Turn it off and on\n\nPull out the plug and wait.\n\n"
    "## Reset everything: all stations are lost\n\nHold both buttons until it beeps.\n",
    language="en",
    questions=("how do i reset my radio",),
)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    index = tmp_path_factory.mktemp("sections") / "index"
    build_once([*make_documents(), KETTLE, LONG, RADIO], index)
    return Searcher(open_snapshot(index), budget=0.1)


def first(searcher: Searcher, question: str, document: str = "kettle") -> Candidate:
    return next(each for each in searcher.search(question, limit=10).candidates if each.document_id == document)


@pytest.mark.parametrize("heading", ["Descaling the kettle", "Guarantee", "Colours"])
def test_a_heading_finds_its_own_section_and_not_the_contents(searcher: Searcher, heading: str) -> None:
    found = first(searcher, heading.lower())
    assert (found.heading, found.section) == (heading, (heading,))
    assert found.text == TEXT.strip(), "a short page is still there as a whole"
    assert found.lead == TEXT.split(f"## {heading}")[1].split("##", maxsplit=1)[0].strip()


def test_a_long_page_shows_the_passage_that_its_section_is_in(searcher: Searcher) -> None:
    found = first(searcher, "oven salt", "oven")
    assert (found.heading, found.headings) == ("Salt", ("Salt",))
    assert found.lead in found.text


def test_a_page_without_sections_answers_as_a_whole(searcher: Searcher) -> None:
    document = make_documents()[0]
    found = first(searcher, document.title, document.id)
    assert (found.heading, found.lead) == (document.title, found.text)


def test_a_heading_counts_by_what_its_words_weigh(tmp_path: Path, searcher: Searcher) -> None:
    space = searcher.snapshot.main
    terms = space.lexical.term_weights("descaling the kettle", "en")
    table = space.sections
    table.save(tmp_path)
    numbers = np.arange(len(table.places))
    either, of_question = SectionTable.load(tmp_path).in_common(numbers, terms)
    best = int(np.argmax(either))
    assert either[best] == pytest.approx(1, abs=1e-6)
    assert of_question[best] == pytest.approx(1, abs=1e-6)
    assert either.min() >= 0
    assert np.sort(either)[-2] < 1
    nothing, _ = table.in_common(numbers, {})
    assert not nothing.any()


def test_the_title_stands_above_all_sections_and_speaks_for_none(searcher: Searcher) -> None:
    space = searcher.snapshot.main
    titles = space.lexical.term_weights("the kettle", "en")
    rows = [row for row, number in space.sections.places.tolist() if number == 3]
    intro = np.flatnonzero((space.sections.places == (rows[0], 0)).all(axis=1))
    either, of_question = space.sections.in_common(intro, titles)
    assert either.tolist() == of_question.tolist() == [0]


@pytest.mark.parametrize("question", ["How do I reset my radio", "reset the radio"])
def test_who_asks_for_what_the_page_is_called_is_not_shown_one_of_its_ways_alone(
    searcher: Searcher, question: str
) -> None:
    assert not first(searcher, question, "radio").section_leads


def test_who_asks_for_one_of_its_ways_is_shown_that(searcher: Searcher) -> None:
    found = first(searcher, "all stations are lost, reset everything", "radio")
    assert (found.heading, found.section_leads) == ("Reset everything: all stations are lost", True)
