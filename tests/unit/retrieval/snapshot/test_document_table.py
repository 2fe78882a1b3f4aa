from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Document
from retrieval.errors import SnapshotDamaged
from retrieval.snapshot.document_table import FILES, DocumentTable, unique_titles


def titled(*titles: str) -> list[int]:
    documents = [
        Document(id=f"d{number}", title=title, text="Text.", kind="answer") for number, title in enumerate(titles)
    ]
    return list(DocumentTable.of(documents).title.tolist())


@pytest.fixture
def facts() -> DocumentTable:
    document = Document(id="a", title="Refunds", text="Money back.", language="en", authority=0.75)
    swedish = replace(document, id="b", title="Återbetalning", language="sv", authority=1)
    return DocumentTable.of([document, swedish, replace(document, id="c", language=None, authority=0)])


def test_a_document_has_its_language_and_its_authority(facts: DocumentTable) -> None:
    assert facts.language.tolist() == [b"en", b"sv", b""]
    assert facts.authority.tolist() == [0.75, 1, 0]
    assert (facts.authority.dtype.name, facts.title.dtype.name) == ("float32", "int32")


def test_documents_have_a_title_in_common_whatever_its_capitals_and_spaces() -> None:
    assert titled("Reset the hub", "Refunds", "reset  THE hub ", "Straße", "STRASSE") == [0, 1, 0, 2, 2]


def test_pages_of_the_same_name_have_no_title_in_common() -> None:
    pages = [Document(id=f"d{number}", title="Introduction", text="Text.") for number in range(3)]
    assert DocumentTable.of(pages).title.tolist() == [0, 1, 2]


def test_documents_without_a_title_have_none_in_common() -> None:
    assert titled("", " ", "", "Refunds", "d0") == [0, 1, 2, 3, 4], "nor with one that is called by their id"


def test_what_is_saved_is_loaded_the_same(facts: DocumentTable, tmp_path: Path) -> None:
    facts.save(tmp_path)
    loaded = DocumentTable.load(tmp_path)
    for name in FILES:
        one, other = getattr(facts, name), getattr(loaded, name)
        assert np.array_equal(one, other)
        assert one.dtype == other.dtype


@pytest.mark.parametrize("file", FILES.values())
@pytest.mark.parametrize("content", [None, b"", b"nonsense", "half"])
def test_a_damaged_file_is_refused(
    facts: DocumentTable, tmp_path: Path, file: str, content: bytes | str | None
) -> None:
    facts.save(tmp_path)
    stored = (tmp_path / file).read_bytes()
    if content is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_bytes(content if isinstance(content, bytes) else stored[: len(stored) // 2])
    with pytest.raises(SnapshotDamaged, match=rf"{tmp_path}.*Reindex, or roll back"):
        DocumentTable.load(tmp_path)


def translations() -> DocumentTable:
    page = Document(id="a", title="Refunds", text="Money back.", language="en")
    others = [
        replace(page, id="b", language="sv", translation_of="a"),
        replace(page, id="c", language="de", translation_of="b"),
        replace(page, id="d", language="en"),
        replace(page, id="e", language="sv", translation_of="gone"),
    ]
    return DocumentTable.of([page, *others])


def test_a_page_has_a_title_in_common_with_its_translations_alone() -> None:
    assert translations().title.tolist() == [0, 0, 0, 1, 2]


def test_a_foreign_page_is_told_by_its_translation() -> None:
    facts, everything = translations(), np.arange(5)
    assert facts.in_language(everything, "sv").tolist() == [1, 1, 1, 3, 4]
    assert facts.in_language(everything, "en").tolist() == [0, 0, 0, 3, 4]
    assert facts.in_language(everything, "fr").tolist() == [0, 1, 2, 3, 4]


def test_without_translations_nothing_is_looked_for(facts: DocumentTable) -> None:
    documents = np.arange(3)
    assert facts.in_language(documents, "sv") is documents


def test_pages_that_are_said_to_translate_each_other_belong_together() -> None:
    page = Document(id="a", title="Refunds", text="Money back.", language="en", translation_of="b")
    facts = DocumentTable.of([page, replace(page, id="b", language="sv", translation_of="a")])
    assert facts.title.tolist() == [0, 0]


def test_a_title_is_a_pages_own_where_no_other_page_has_it() -> None:
    assert unique_titles(["Refunds", " REFUNDS", "Parcels", "", "Hubs", "hubs"], [0, 1, 2, 3, 4, 4]) == {2, 4, 5}
