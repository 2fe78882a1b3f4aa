import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.diff import Last, Tolerate, diff_json, diff_lines, review
from bot.cli.options import AsJson, Config, Index, note, print_json, settings_with_index
from bot.cli.reindex_output import feedback_lines, reader_json, reader_record_lines, report_lines
from bot.errors import BadConfiguration

if TYPE_CHECKING:
    from bot.services import ReindexResult, Stage
    from bot.settings import Settings
    from bot.store.records.relevance_labels import Label
    from retrieval import BuildReport
    from retrieval.evaluation.snapshot_diff import Diff
    from retrieval.reader.trust import Seen

Sources = Annotated[
    list[Path] | None,
    typer.Option(
        "--source", metavar="PATH", help="Folder of Markdown, corpus file or forum file; may be given several times."
    ),
]


Labels = Annotated[
    list[Path] | None,
    typer.Option(
        "--labels",
        metavar="FILE",
        help="Question file to learn from: what customers asked, and what answers it; may be given several times.",
    ),
]


EncoderName = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        metavar="MODEL",
        help="What finds answers in English: the name or folder of a sentence-transformers model, or "
        '"multilingual-e5-small", instead of the settings\' `encoder`.',
        show_default=False,
    ),
]
Languages = Annotated[
    str | None,
    typer.Option(
        "--languages",
        metavar="MODEL",
        help='What finds answers in other languages than English: "multilingual-e5-small", a sentence-transformers '
        'model, "none" or "auto", instead of the settings\' `languages`.',
        show_default=False,
    ),
]


NoFeedback = Annotated[
    bool, typer.Option("--no-feedback", help="Don't learn from what agents and customers said, kept in the database.")
]
Aside = Annotated[
    bool,
    typer.Option("--aside", help="Leave the snapshot in use as it is: `diff` shows the new one, `publish` uses it."),
]
Review = Annotated[
    bool,
    typer.Option(
        "--review",
        help="Ask the questions of `diff` of both snapshots, and use the new one only where nothing became worse; "
        "exit code 1 otherwise.",
    ),
]


def reindex(
    config: Config = None,
    source: Sources = None,
    index: Index = None,
    labels: Labels = None,
    encoder: EncoderName = None,
    languages: Languages = None,
    no_feedback: NoFeedback = False,
    aside: Aside = False,
    is_reviewed: Review = False,
    last: Last = 500,
    tolerate: Tolerate = 0.0,
    as_json: AsJson = False,
) -> None:
    """Read the sources and put a new snapshot of the index into use."""
    from bot.health.first_report import expected
    from bot.health.first_report import report_lines as first_report_lines
    from bot.services import labels_by_people, reader_by_people
    from retrieval import publish

    settings = settings_with_index(
        config,
        index,
        sources=source and [path.absolute() for path in source],
        labels=labels and [path.absolute() for path in labels],
        **_settled(encoder=encoder, languages=languages),
        feedback=False if no_feedback else None,
    )
    if not settings.sources:
        raise BadConfiguration("which sources? Give --source PATH, or list `sources` in the settings")
    if aside and is_reviewed:
        raise BadConfiguration("--aside never uses the new snapshot, and --review may: give one of them")
    is_taught = config is not None and settings.feedback
    said = asyncio.run(labels_by_people(settings, notice=note)) if is_taught else ()
    read = asyncio.run(reader_by_people(settings, said, notice=note)) if is_taught else None
    built = reindex_with_progress(settings, said=said, read=read, is_used=not (aside or is_reviewed))
    report = built.report
    compared = _reviewed(settings, report, last if config is not None else 0) if is_reviewed else None
    is_used = not report.is_new or not (aside or (compared and not compared.may_be_used(tolerate)))
    if is_reviewed and report.is_new and is_used:
        publish(settings.index, report.version)
    first = expected(settings, report.version)
    if as_json:
        result = asdict(report) | {
            "feedback": built.feedback,
            "reader": reader_json(built.reader),
            "is_used": is_used,
            "first_report": first and asdict(first),
        }
        print_json(result | {"diff": diff_json(compared)} if compared else result)
    else:
        lines = [
            *report_lines(report, is_used=is_used),
            *feedback_lines(built.feedback),
            *reader_record_lines(built.reader),
        ]
        lines += ["", *first_report_lines(first)] if first else []
        print("\n".join([*lines, "", *diff_lines(compared)] if compared else lines))
    if not is_used and not aside:
        raise typer.Exit(1)


def _settled(**models: str | None) -> "dict[str, str | None]":
    """Names of models as the settings have them: folders are those of where the command is run."""
    from retrieval import settled_name

    return {setting: name and settled_name(name, Path.cwd()) for setting, name in models.items()}


def _reviewed(settings: "Settings", report: "BuildReport", last: int) -> "Diff | None":
    """The new snapshot beside the one in use; None where there is none to be asked."""
    from retrieval import SnapshotError, open_snapshot

    if not report.is_new:
        return None
    try:
        used = open_snapshot(settings.index)
    except SnapshotError as error:
        note(f"nothing was asked of the snapshot before: {error}")
        return None
    return review(settings, used, open_snapshot(settings.index, report.version), files=None, last=last)


def reindex_with_progress(
    settings: "Settings", *, said: "Sequence[Label]" = (), read: "Seen | None" = None, is_used: bool = True
) -> "ReindexResult":
    """Reindex with a progress bar on a terminal; what the sources had to say goes to stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.services import reindexing

    titles = {
        "encoder": "Preparing the encoder (compiled once on this machine, up to a minute)",
        "embedding": "Embedding",
        "reader": "Learning what the reader is worth",
    }
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("Reading", total=None)

        def progress(stage: "Stage", done: int, total: int | None) -> None:
            bars.update(task, description=titles[stage], completed=done, total=total)

        return reindexing.reindex(settings, said=said, read=read, is_used=is_used, notice=note, progress=progress)
