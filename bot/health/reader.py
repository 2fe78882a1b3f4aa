"""Findings on the reader of the settings, in sentences."""

from collections.abc import Sequence

from bot.settings import Settings
from channels.health import CheckResult
from retrieval import ReaderUnavailable
from retrieval.reader.opening import open_reader
from retrieval.reader.record import ReaderRecord


def check_reader(settings: Settings) -> Sequence[CheckResult]:
    """Check that the reader of the settings can be asked and is worth it; no result where they name none."""
    if not settings.has_reader:
        return []
    try:
        reader = open_reader(settings.reader, settings.reranker)
    except ReaderUnavailable as error:
        return [CheckResult(subject="reader", message=str(error), remedy="Mend it, or take the setting back.")]
    if reader is None:
        return []
    record = ReaderRecord.load(settings.index, reader.fingerprint)
    if not record.is_finished and settings.reader.learn:
        message = "It is not asked: nobody knows yet what it is worth."
        return [
            CheckResult(subject="reader", message=message, remedy="Run `answerdesk reindex` while it can be reached.")
        ]
    remedy = "Take another model: what it says is not used." if record.is_left_aside else None
    return [CheckResult(subject="reader", message=record_text(record), remedy=remedy)]


def record_text(record: ReaderRecord) -> str:
    """Say how a reader did in trials and by people's judgment, and what follows from that."""
    asked = sum(trial is not None for trial in record.trials.values())
    right, invented = record.counts("right", "wrong"), record.counts("invented", "refused")
    said = (
        f"Of the pages it named where the right one was offered, {right[0]} of {right[1]} were right; where none was "
        f"right, it named one {invented[0]} of {invented[1]} times."
    )
    if record.is_left_aside:
        said += f" {asked} of {len(record.trials)} replies were verdicts."
        return f"The reader is left aside. {said}"
    if not asked and not record.people.verdicts:
        return "Nothing is known of the reader: it suggests, and answers nothing plainly."
    if not record.trust.is_sureness_told:
        said += " How sure it says it is tells nothing, so that it only suggests."
    return f"The reader was tried on {asked} questions. {said}"
