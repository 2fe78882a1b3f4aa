"""Reports of `reindex` in sentences."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.store.records.relevance_labels import LabelSource
    from retrieval import BuildReport
    from retrieval.reader.record import ReaderRecord


def feedback_lines(used: "Mapping[LabelSource, int]") -> list[str]:
    """A sentence on how many labels of agents and customers were learned from; none when there were none."""
    names = {"agents": "agents' verdicts", "choices": "customers' choices", "thumbs": "customers' thumbs"}
    counts = ", ".join(f"{count} {names[by]}" for by, count in used.items())
    return [f"What people said counts too: {counts}."] if counts else []


def reader_record_lines(record: "ReaderRecord | None") -> list[str]:
    """Sentences on what the reader of the settings is worth, and what it cost to learn that; none without a reader."""
    from bot.health.reader import record_text

    if record is None:
        return []
    lines = [record_text(record), f"That took {record.calls} calls and {record.tokens_in + record.tokens_out} tokens."]
    if not record.is_finished:
        lines.append(
            "The reader was away, so that not all was asked: reindex again goes on, and until then it is idle."
        )
    return lines


def reader_json(record: "ReaderRecord | None") -> dict[str, object] | None:
    """The same as figures; None without a reader."""
    if record is None:
        return None
    return {
        "calls": record.calls,
        "tokens_in": record.tokens_in,
        "tokens_out": record.tokens_out,
        "is_finished": record.is_finished,
        "right": record.share_right,
        "invented": record.share_invented,
        "is_left_aside": record.is_left_aside,
    }


def encoder_lines(encoders: "Mapping[str, str]") -> list[str]:
    """A sentence on the encoder of each space: how it is compiled, and why."""
    main, *further = encoders.values()
    return [f"Encoder: {main}", *(f"Encoder of other languages: {each}" for each in further)]


def report_lines(report: "BuildReport", *, is_used: bool = True) -> list[str]:
    """Sentences on what a reindex did; `is_used` when the new snapshot is in use."""
    counts = f"{report.documents} documents, {report.passages} passages, {report.units} vectors"
    if not report.is_new:
        return [
            f"Nothing has changed: {report.version} stays in use ({counts}).",
            *encoder_lines(report.encoders),
        ]
    carried = f", {report.carried} of them carried over" if report.carried else ""
    changes = f"Documents: {report.added} added, {report.changed} changed, {report.removed} removed."
    where = "Now in use" if is_used else "Built, and not in use (answerdesk publish puts it into use)"
    lines = [f"{where}: {report.version} ({counts}{carried}) after {report.seconds:.1f} s.", changes]
    lines += encoder_lines(report.encoders)
    if report.index != "flat":
        lines.append(f"Vectors are searched by {report.index}, which finds {report.recall:.1%} of the ten nearest.")
    weights = ", ".join(f"{name} {weight:.2f}" for name, weight in report.fusion.items())
    lines.append(report.note or f"{report.topics} topics were learned from known phrasings and cited pages.")
    lines.append(f"Weights beside the vectors' 1: {weights}.")
    for space in report.spaces.values():
        unsure = "" if space.is_calibrated else ", too few to tell how sure an answer is"
        lines.append(
            f"Found in other languages than English too: {space.documents} documents, {space.units} vectors{unsure}."
        )
    if report.is_calibrated:
        kinds = ", ".join(f"{count} {kind}" for kind, count in report.fitted_on.items())
        lines += [f"The confidence was fitted on questions made from the corpus: {kinds}.", *_budgets(report)]
    else:
        lines.append("The corpus is too small to say how sure an answer must be, so what served others is taken.")
    return lines


def _budgets(report: "BuildReport") -> list[str]:
    """A sentence on how sure an answer must be to keep each of some error budgets, as far as can be expected."""
    needed = [f"{float(budget):.0%} from {least:.0%}" for budget, least in report.thresholds.items() if least <= 1]
    told = "Error budgets, and how sure an answer must be to keep them, as far as can be expected"
    return [f"{told}: {', '.join(needed)}."] if needed else []
