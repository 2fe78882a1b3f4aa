"""Learning what the reader of the settings is worth, on an index that is there."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from bot.settings import Settings
from corpus import Document
from retrieval import Question, Searcher, Snapshot, open_snapshot, read_questions
from retrieval.reader.known_questions import KnownPage, known_questions
from retrieval.reader.learning import learn
from retrieval.reader.opening import open_reader, reader_options
from retrieval.reader.record import ReaderRecord
from retrieval.reader.trust import Seen


def learn_reader(
    settings: Settings,
    *,
    documents: Sequence[Document] | None = None,
    version: str | None = None,
    people: Seen | None = None,
    is_renewed: bool = True,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> ReaderRecord | None:
    """Ask the reader what is known of the documents, or of the snapshot's titles, within the settings' calls.

    What was asked before is not asked again. people: what customers and agents said of pages that it named; None leaves
    what is known of that. is_renewed: False where a record that is finished is good enough.

    None where the settings name no reader. ReaderUnavailable, RetrievalError.
    """
    if not settings.has_reader or not settings.reader.learn:
        return None
    snapshot = open_snapshot(settings.index, version)
    pages = _of_documents(documents) if documents is not None else _of_snapshot(snapshot)
    labelled: list[Question] = [question for file in settings.labels for question in read_questions(file)]
    labelled = [question for question in labelled if not question.is_unreviewed]
    questions = known_questions(pages, labelled, most=(settings.reader.learn + 1) // 2)
    searcher = Searcher(snapshot, budget=settings.budget, unanswerable=settings.unanswerable)

    async def run() -> ReaderRecord | None:
        reader = open_reader(settings.reader, settings.reranker)
        if reader is None:
            return None
        try:
            record = ReaderRecord.load(settings.index, reader.fingerprint)
            if record.is_finished and not is_renewed:
                return record
            return await learn(
                reader,
                record if people is None else record.with_people(people),
                questions,
                searcher,
                reader_options(settings.reader, settings.document_budgets),
                most=settings.reader.learn,
                index=settings.index,
                progress=progress,
            )
        finally:
            await reader.close()

    return asyncio.run(run())


def _of_documents(documents: Sequence[Document]) -> Iterator[KnownPage]:
    for each in documents:
        yield KnownPage(id=each.id, title=each.title, language=each.language, questions=each.questions)


def _of_snapshot(snapshot: Snapshot) -> Iterator[KnownPage]:
    for page in snapshot.passages.documents():
        yield KnownPage(id=page.document_id, title=page.title, language=page.language)
