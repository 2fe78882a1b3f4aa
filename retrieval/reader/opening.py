"""The reader that the settings name, if they name one."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from retrieval.errors import EncoderDamaged, EncoderUnavailable, ReaderUnavailable
from retrieval.reader.bounds import ReaderLimits
from retrieval.reader.consultation import Consultation, Observer, ReaderOptions
from retrieval.reader.port import Reader
from retrieval.reader.record import FILE, ReaderRecord
from retrieval.reader.reranker import Reranker
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
    if reranker is not None:
        from retrieval.encoders.compile_cross_encoder import cross_encoder_directory  # noqa: PLC0415  # looks for a file
        from retrieval.encoders.cross_encoder import CrossEncoder  # noqa: PLC0415  # as above

        try:
            scorer = CrossEncoder(cross_encoder_directory(reranker))
        except (EncoderUnavailable, EncoderDamaged) as error:
            raise ReaderUnavailable(f"reranker: {error}") from error
        return Reranker(scorer, timeout=settings.timeout)
    return None


def reader_options(settings: ReaderSettings, stricter: Mapping[str, float]) -> ReaderOptions:
    """Options of a reader by these settings; stricter: documents with a budget of their own, by pattern."""
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
    limits: ReaderLimits | None = None,
) -> Consultation | None:
    """A consultation of the reader of these settings, with what an index knows of it; None where they name none.

    limits: other ones than the settings'. ReaderUnavailable.
    """
    reader = open_reader(settings, reranker)
    if reader is None:
        return None
    records = _Records(index, reader.fingerprint, is_learning=settings.learn > 0)
    record = records.newest() or ReaderRecord(fingerprint=reader.fingerprint, is_finished=settings.learn == 0)
    options = reader_options(settings, stricter)
    options = options if limits is None else replace(options, limits=limits)
    return Consultation(reader, record, options, observe=observe, learned=records.newest)


class _Records:
    """The record of a reader beside an index, as it is learned anew."""

    def __init__(self, index: Path, fingerprint: str, *, is_learning: bool) -> None:
        self._index, self._fingerprint, self._is_learning = index, fingerprint, is_learning
        self._read_at = -1

    def newest(self) -> ReaderRecord | None:
        """The record where it has changed since it was last asked for; a reader is believed unlearned where it may."""
        try:
            changed_at = (self._index / FILE).stat().st_mtime_ns
        except OSError:
            return None
        if changed_at == self._read_at:
            return None
        self._read_at = changed_at
        record = ReaderRecord.load(self._index, self._fingerprint)
        return record if self._is_learning else replace(record, is_finished=True)
