"""A snapshot beside another, as customers would notice it: the same questions, asked of both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StoreUnavailable
from bot.settings import Settings
from bot.store.engine.database import Database
from bot.store.records.receipts import asked_lately
from retrieval import Changes, SearchResult, Snapshot, read_questions
from retrieval.evaluation.snapshot_diff import Diff, QuestionDiff


@dataclass(frozen=True, kw_only=True)
class ReviewQuestion:
    """A question to ask of both snapshots."""

    question: str
    language: str | None
    #: The documents that answer it; None where nobody has said.
    expected: tuple[str, ...] | None = None


async def review_questions(
    settings: Settings, files: Sequence[Path] | None, *, last: int, notice: Callable[[str], None]
) -> list[ReviewQuestion]:
    """The questions of the files, or else of the settings' labels, and the `last` ones that customers asked.

    Each wording once; what a file says of it counts. `notice` is told where the database is away, and nothing of it is
    asked. CorpusError or RetrievalError for a file that cannot be read.
    """
    known = [
        ReviewQuestion(question=each.question, language=each.language, expected=each.expected)
        for file in (settings.labels if files is None else files)
        for each in read_questions(file)
    ]
    by_customers = await _by_customers(settings, last, notice)
    return list({" ".join(each.question.split()).casefold(): each for each in (*by_customers, *known)}.values())


def compare_snapshots(
    before: Snapshot,
    after: Snapshot,
    questions: Sequence[ReviewQuestion],
    ask: Callable[[Snapshot, Sequence[ReviewQuestion]], Sequence[SearchResult]],
) -> Diff:
    """Differences between the documents of two snapshots, and between what `ask` finds in each, by question."""
    then, now = ask(before, questions), ask(after, questions)
    return Diff(
        before=before.version,
        after=after.version,
        documents=Changes.between(before.documents, after.documents),
        questions=tuple(
            QuestionDiff(question=each.question, expected=each.expected, before=old, after=new)
            for each, old, new in zip(questions, then, now, strict=True)
        ),
    )


async def _by_customers(settings: Settings, last: int, notice: Callable[[str], None]) -> list[ReviewQuestion]:
    if not last or not settings.has_database:
        return []
    db = Database(settings.database_url)
    try:
        asked = await asked_lately(db, last)
    except StoreUnavailable as error:
        notice(f"what customers asked is not asked again: {error}")
        return []
    finally:
        await db.close()
    return [ReviewQuestion(question=question, language=language) for question, language in asked]
