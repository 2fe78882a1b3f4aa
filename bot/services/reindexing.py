"""Sources, labels and what people said become a new snapshot of the index."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from bot.errors import StoreUnavailable
from bot.services.reader_learning import learn_reader
from bot.settings import Settings
from bot.store.engine.database import Database
from bot.store.records.reader_judgements import read_judgements
from bot.store.records.relevance_labels import TRUST, Label, LabelSource, read_labels, resolve
from corpus import Document
from corpus.reader import read_corpus
from retrieval import (
    BuildReport,
    Question,
    ReaderUnavailable,
    add_phrasings,
    customer_questions,
    multilingual_encoder,
    named_encoder,
    read_questions,
)
from retrieval import reindex as build_snapshot
from retrieval.reader.record import ReaderRecord
from retrieval.reader.trust import Seen

Stage = Literal["encoder", "embedding", "reader"]
#: Told of the stage that is under way: how much of it is done, and of how much, where that is known.
Progress = Callable[[Stage, int, int | None], None]


@dataclass(frozen=True, kw_only=True)
class ReindexResult:
    """A snapshot that was built, or found to be there already."""

    report: BuildReport
    #: How many labels by people were learned from, by who gave them.
    feedback: Mapping[LabelSource, int]
    #: What the reader of the settings is worth; None where they name none, or it could not be asked.
    reader: ReaderRecord | None = None


async def labels_by_people(settings: Settings, *, notice: Callable[[str], None]) -> Sequence[Label]:
    """Labels by agents and customers, from the settings' database; `notice` is told where that is away."""
    if not settings.has_database:
        return ()  # nobody has said anything yet
    db = Database(settings.database_url)
    try:
        return await read_labels(db)
    except StoreUnavailable as error:
        notice(f"what agents and customers said is not used this time: {error}")
        return ()
    finally:
        await db.close()


async def reader_by_people(settings: Settings, said: Sequence[Label], *, notice: Callable[[str], None]) -> Seen | None:
    """Count people's judgments of pages that a reader named; None where there is no reader, or the database is away."""
    if not settings.has_reader or not settings.has_database:
        return None
    db = Database(settings.database_url)
    try:
        return await read_judgements(db, said)
    except StoreUnavailable as error:
        notice(f"what people said of the reader's choices is not used this time: {error}")
        return None
    finally:
        await db.close()


def reindex(
    settings: Settings,
    *,
    said: Sequence[Label] = (),
    is_used: bool = True,
    read: Seen | None = None,
    notice: Callable[[str], None],
    progress: Progress = lambda *_: None,
) -> ReindexResult:
    """Read the settings' sources and labels, embed them, and put the snapshot into use or keep it aside.

    `notice` is told what the sources had to say. Documents that are gone, and questions that the maintainer has
    labelled, need nobody's word: what people `said` of them is left out. What the reader is worth is learned anew, from
    what people `read` of what it named, too. CorpusError, RetrievalError.
    """
    now = datetime.now(UTC)
    documents = read_corpus(list(settings.sources), today=now.date(), notice=notice)
    given = [question for file in settings.labels for question in read_questions(file)]
    questions = [question for question in given if not question.is_unreviewed]
    if left_out := len(given) - len(questions):
        notice(f'left out {left_out} labelled questions that say "reviewed": false; nothing unread is learned')
    documents = add_phrasings(documents, questions)
    used = _usable(said, documents, questions)
    progress("encoder", 0, None)
    report = build_snapshot(
        documents,
        settings.index,
        named_encoder(settings.encoder),
        multilingual=multilingual_encoder(settings.languages, documents, settings.index, notice=notice),
        asked=replace(customer_questions(questions), verdicts=[label.verdict for label in used]),
        progress=lambda done, total: progress("embedding", done, total),
        now=now,
        is_used=is_used,
    )
    counts = Counter(label.by for label in used)
    return ReindexResult(
        report=report,
        feedback={by: counts[by] for by in TRUST if counts[by]},
        reader=_learned(settings, documents, report.version, read, notice=notice, progress=progress),
    )


def _learned(
    settings: Settings,
    documents: Sequence[Document],
    version: str,
    read: Seen | None,
    *,
    notice: Callable[[str], None],
    progress: Progress,
) -> ReaderRecord | None:
    """Learn the reader's worth on a snapshot; None where it cannot be asked: the snapshot is good without."""
    try:
        return learn_reader(
            settings,
            documents=documents,
            version=version,
            people=read,
            progress=lambda done, total: progress("reader", done, total),
        )
    except ReaderUnavailable as error:
        notice(f"the reader is not asked: {error}")
        return None


def _usable(said: Sequence[Label], documents: Sequence[Document], questions: Sequence[Question]) -> list[Label]:
    ids = {None, *(document.id for document in documents)}
    known = [question.question for question in questions]
    return resolve([label for label in said if label.document_id in ids], known=known)
