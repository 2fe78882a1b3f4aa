from corpus.document import Document
from corpus.passage import Passage


def passage(title: str, *headings: str) -> Passage:
    return Passage(document=Document(id="d", title=title, text=""), number=3, headings=headings, text="Words.")


def test_what_is_embedded_says_where_the_passage_stands() -> None:
    assert passage("Title", "One", "Two").embedded == "Title › One › Two\nWords."


def test_a_document_without_title_embeds_its_words_alone() -> None:
    assert passage("").embedded == "Words."
    assert passage("", "One").embedded == "One\nWords."


def test_the_id_is_the_documents_with_the_number() -> None:
    assert passage("Title").id == "d#3"
