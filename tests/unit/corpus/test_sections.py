"""What a page is made of, and what of it may answer."""

import pytest

from corpus.chunking import ChunkSize, chunk
from corpus.document import Document
from corpus.passage import Passage
from corpus.sections import answering_passages, with_sections

PLANS = """You can change your plan whenever you like.

In this article:

* [Change a plan](#change)
* [Cancel a plan](#cancel)

## Change a plan

Choose another size and press Save.

## Cancel a plan

Press End it.

### What you get back

What is left of the month.
"""


def sectioned(text: str, *, title: str = "Your plan", full: int = 1500) -> list[Passage]:
    document = Document(id="plan", title=title, text=text)
    return with_sections(chunk(document, capacity=ChunkSize(full=full, hard=2 * full)))


def told(passages: list[Passage]) -> list[tuple[tuple[str, ...], str]]:
    """Headings and words of each section."""
    return [
        (section.headings, " ".join(section.answering.split())) for each in passages for section in each.sections
    ]  # fmt: skip


PARTS = [
    ((), "You can change your plan whenever you like."),
    (("Change a plan",), "Choose another size and press Save."),
    (("Cancel a plan",), "Press End it."),
    (("Cancel a plan", "What you get back"), "What is left of the month."),
]


def test_a_page_is_its_sections_each_below_its_headings_and_without_its_contents() -> None:
    assert told(sectioned(PLANS)) == PARTS


def test_it_has_the_same_sections_however_it_is_cut() -> None:
    passages = sectioned(PLANS, full=80)
    assert len(passages) > 2
    assert [part for part in told(passages) if part[1]] == PARTS, "a passage that is only contents has nothing to tell"


def test_sections_are_stretches_of_the_text_word_for_word() -> None:
    (passage,) = sectioned(PLANS)
    stretches = [passage.text[section.start : section.end] for section in passage.sections]
    assert stretches[1].strip() == "Choose another size and press Save."
    assert [stretch.strip() for stretch in stretches][3] == "What is left of the month."
    assert "* [Change a plan](#change)" in stretches[0], "what is shown is left as it is"


def test_a_page_without_headings_is_one_section() -> None:
    (passage,) = sectioned("Hold the button for ten seconds.")
    (section,) = passage.sections
    assert (section.headings, section.start, section.end) == ((), 0, len(passage.text))
    assert section.answering == passage.text


def test_numbered_steps_with_headings_are_one_section() -> None:
    text = (
        "Do this.\n\n## Reset it\n\nIt takes a minute.\n\n### Step 1\n\nUnplug.\n\n### Step 2: wait\n\nCount to ten.\n"
    )
    (first, reset) = sectioned(text)[0].sections
    assert first.headings == ()
    assert reset.headings == ("Reset it",)
    assert "Unplug" in reset.answering
    assert "Count to ten" in reset.answering


@pytest.mark.parametrize(
    "line",
    [
        "Watch the video below.",
        "See the steps below:",
        "In diesem Artikel:",
        "- [Home](index.html)\n- [Usage](usage.html)\n- Your plan",
        "[Home](index.html) > [Usage](usage.html)",
    ],
)
def test_what_only_leads_elsewhere_answers_nothing(line: str) -> None:
    first = sectioned(f"{line}\n\n## Cancel\n\nPress End it.\n")[0].sections[0]
    assert first.answering == ""


@pytest.mark.parametrize(
    "line",
    [
        "Losses are not covered.",
        "Keep the code in a safe place, below the lid of the box, so that the next owner of it can find it there too.",
        "- Change a plan\n- Or write to us",
    ],
)
def test_what_says_something_may_answer(line: str) -> None:
    first = sectioned(f"{line}\n\n## Change a plan\n\nPress Save.\n")[0].sections[0]
    assert first.answering.strip() == line


def test_links_after_a_text_are_part_of_its_answer() -> None:
    (passage,) = sectioned("Get it here:\n\n- [iOS](https://example.com/ios)\n- [Android](https://example.com/android)")
    assert "Android" in passage.sections[0].answering


def test_each_section_is_a_passage_of_its_own() -> None:
    (passage,) = sectioned(PLANS)
    parts = answering_passages(passage)
    assert [part.headings for part in parts] == [headings for headings, _ in PARTS]
    assert parts[1].embedded == "Your plan › Change a plan\nChoose another size and press Save."
