from dataclasses import replace
from pathlib import Path

from corpus.document import Document
from retrieval.search import Searcher
from retrieval.snapshot import open_snapshot
from tests.unit.retrieval.conftest import build


def test_documents_without_titles_and_phrasings_can_be_searched_but_nothing_is_promised(
    documents: list[Document], index: Path
) -> None:
    bare = [replace(document, title="", questions=()) for document in documents]
    report = build(bare, index)
    assert report.is_calibrated is False
    found = Searcher(open_snapshot(index), budget=0.2).search(bare[5].text)
    assert found.candidates[0].document_id == bare[5].id
    assert found.threshold > 1
