"""The reader that the settings name, if they name one."""

from collections.abc import Mapping
from pathlib import Path

from retrieval.errors import ReaderUnavailable
from retrieval.reader.consultation import Consultation, Observer, ReaderOptions
from retrieval.reader.port import Reader
from retrieval.reader.record import ReaderRecord
from retrieval.reader.settings import ReaderSettings


def open_reader(settings: ReaderSettings, reranker: str | None) -> Reader | None:
    """The reader of these settings, for one event loop; None where they name none. ReaderUnavailable."""
    if settings.url is not None and reranker is not None:
        raise ReaderUnavailable("`reader.url` and `reranker` are both set, and one reader is asked: take one back.")
    if settings.url is not None:
        from retrieval.reader.chat_endpoint import ChatEndpoint  # noqa: PLC0415  # needs an extra

        assert settings.model is not None
        key = settings.key.get_secret_value() if settings.key else None
        return ChatEndpoint(url=settings.url, model=settings.model, key=key, timeout=settings.timeout)
    return None


def reader_options(settings: ReaderSettings, stricter: Mapping[str, float]) -> ReaderOptions:
    """What is shown to a reader by these settings; stricter: documents with a budget of their own, by pattern."""
    return ReaderOptions(
        pages=settings.pages,
        characters=settings.characters,
        is_masked=settings.mask,
        limits=settings.limits,
        stricter=dict(stricter),
    )


def open_consultation(
    settings: ReaderSettings,
    reranker: str | None,
    index: Path,
    *,
    stricter: Mapping[str, float],
    observe: Observer = lambda *_: None,
) -> Consultation | None:
    """A consultation of the reader of these settings, with what an index knows of it; None where they name none."""
    reader = open_reader(settings, reranker)
    if reader is None:
        return None
    record = ReaderRecord.load(index, reader.fingerprint)
    return Consultation(reader, record, reader_options(settings, stricter), observe=observe)
