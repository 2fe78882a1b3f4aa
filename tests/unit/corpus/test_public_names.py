import corpus


def test_what_others_use_of_the_corpus_is_pinned() -> None:
    assert corpus.__all__ == [
        "ChunkSize",
        "CorpusError",
        "Document",
        "DuplicateDocument",
        "EmptySource",
        "Kind",
        "MalformedDocument",
        "Passage",
        "SourceNotFound",
        "chunk",
    ]
    assert all(hasattr(corpus, name) for name in corpus.__all__)
