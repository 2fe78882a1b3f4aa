import json
from datetime import date
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.errors import DuplicateDocument, EmptySource, MalformedDocument, SourceNotFound
from corpus.reader import open_source, read_corpus
from corpus.sources.corpus_file import CorpusFile
from corpus.sources.forum_file import ForumFile
from corpus.sources.markdown_folder import MarkdownFolder

FAQ = json.dumps({"id": "a", "title": "A", "text": "A.", "kind": "faq"})
THREAD = json.dumps({"id": "t", "title": "T", "question": "T?", "answers": [{"text": "Yes."}]})


def read(*paths: Path) -> list[Document]:
    return read_corpus(paths, today=date(2026, 1, 1), notice=pytest.fail)


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_kind_of_a_source_is_told_from_name_and_content(tmp_path: Path) -> None:
    page = written(tmp_path / "help" / "a.md", "A.")
    assert isinstance(open_source(page.parent), MarkdownFolder)
    assert isinstance(open_source(page), MarkdownFolder)
    assert isinstance(open_source(written(tmp_path / "a.jsonl", f"\n{FAQ}")), CorpusFile)
    assert isinstance(open_source(written(tmp_path / "f.jsonl", f"\n{THREAD}")), ForumFile)


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match=r"gone: cannot be read \(No such file or directory\); check"):
        open_source(tmp_path / "gone")


def test_what_cannot_be_read_is_told_what_can(tmp_path: Path) -> None:
    with pytest.raises(MalformedDocument, match=r"a\.pdf: not a source .* folder of Markdown .* forum .* of documents"):
        open_source(written(tmp_path / "a.pdf", "%PDF"))


def test_sources_are_read_in_the_order_given(tmp_path: Path) -> None:
    folder = written(tmp_path / "help" / "b.md", "B.").parent
    corpus = written(tmp_path / "a.jsonl", FAQ)
    forum = written(tmp_path / "f.jsonl", THREAD)
    assert [document.id for document in read(forum, folder, corpus)] == ["t", "b", "a"]


def test_two_documents_with_one_id_are_refused_with_both_places(tmp_path: Path) -> None:
    page = written(tmp_path / "help" / "a.md", "A.")
    corpus = written(tmp_path / "a.jsonl", FAQ)
    with pytest.raises(DuplicateDocument) as raised:
        read(page.parent, corpus)
    assert str(raised.value) == f"{corpus}:1: the id 'a' is taken by {page}; give one of them another id"


def test_the_same_document_twice_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(DuplicateDocument, match=r"a\.jsonl:2: the id 'a' is taken by .*a\.jsonl:1"):
        read(written(tmp_path / "a.jsonl", f"{FAQ}\n{FAQ}"))


def test_a_source_without_documents_is_named_though_another_has_some(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for nothing in (empty, written(tmp_path / "n.jsonl", "\n")):
        with pytest.raises(EmptySource, match=f"{nothing}: holds no document"):
            read(written(tmp_path / "a.jsonl", FAQ), nothing)


def test_no_source_at_all_is_an_empty_corpus() -> None:
    with pytest.raises(EmptySource, match="No source was given"):
        read()
