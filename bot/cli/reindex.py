import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.diff import Last, Tolerate, compare, diff_json, diff_lines, to_ask
from bot.cli.options import AsJson, Config, Index, print_json, settings_with_index
from bot.cli.reindex_output import feedback_lines, report_lines
from bot.errors import BadConfiguration

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.records.relevance_labels import Label, LabelSource
    from retrieval.evaluation.snapshot_diff import Diff
    from retrieval.indexing.reindex import BuildReport

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


def reindex(
    config: Config = None,
    source: Sources = None,
    index: Index = None,
    labels: Labels = None,
    languages: Languages = None,
    no_feedback: Annotated[
        bool,
        typer.Option("--no-feedback", help="Don't learn from what agents and customers said, kept in the database."),
    ] = False,
    aside: Annotated[
        bool,
        typer.Option(
            "--aside", help="Leave the snapshot in use as it is: `diff` shows the new one, `publish` uses it."
        ),
    ] = False,
    review: Annotated[
        bool,
        typer.Option(
            "--review",
            help="Ask the questions of `diff` of both snapshots, and use the new one only where nothing became worse; "
            "exit code 1 otherwise.",
        ),
    ] = False,
    last: Last = 500,
    tolerate: Tolerate = 0.0,
    as_json: AsJson = False,
) -> None:
    """Read the sources and put a new snapshot of the index into use."""
    from retrieval.snapshot.publishing import publish

    settings = settings_with_index(
        config,
        index,
        sources=source and [path.absolute() for path in source],
        labels=labels and [path.absolute() for path in labels],
        languages=languages,
        feedback=False if no_feedback else None,
    )
    if not settings.sources:
        raise BadConfiguration("which sources? Give --source PATH, or list `sources` in the settings")
    if aside and review:
        raise BadConfiguration("--aside never uses the new snapshot, and --review may: give one of them")
    said = what_people_said(settings) if config is not None and settings.feedback else []
    report, used = build_index(
        list(settings.sources),
        settings.index,
        labels=list(settings.labels),
        said=said,
        languages=settings.languages,
        is_used=not (aside or review),
    )
    compared = _reviewed(settings, report, last if config is not None else 0) if review else None
    is_used = not report.is_new or not (aside or (compared and not compared.may_be_used(tolerate)))
    if review and report.is_new and is_used:
        publish(settings.index, report.version)
    if as_json:
        result = asdict(report) | {"feedback": used, "is_used": is_used}
        print_json(result | {"diff": diff_json(compared)} if compared else result)
    else:
        lines = [*report_lines(report, is_used=is_used), *feedback_lines(used)]
        print("\n".join([*lines, "", *diff_lines(compared)] if compared else lines))
    if not is_used and not aside:
        raise typer.Exit(1)


def _reviewed(settings: "Settings", report: "BuildReport", last: int) -> "Diff | None":
    """The new snapshot beside the one in use; None where there is none to be asked."""
    from retrieval.errors import SnapshotError
    from retrieval.snapshot.snapshot import open_snapshot

    if not report.is_new:
        return None
    try:
        used = open_snapshot(settings.index)
    except SnapshotError as error:
        _note(f"nothing was asked of the snapshot before: {error}")
        return None
    return compare(settings, used, open_snapshot(settings.index, report.version), to_ask(settings, None, last=last))


def build_index(
    sources: list[Path],
    index: Path,
    *,
    labels: Sequence[Path] = (),
    said: "Sequence[Label]" = (),
    languages: str = "auto",
    is_used: bool = True,
) -> "tuple[BuildReport, dict[LabelSource, int]]":
    """Read, embed and use or keep aside, with progress bars on a terminal; what the sources had to say goes to stderr.

    Says also how much of what people said was used, by who said it: documents that are gone, and questions that the
    maintainer has labelled, need nobody's word.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.store.records.relevance_labels import TRUST, resolve
    from corpus.reader import read_corpus
    from retrieval.encoders.compile import default_encoder_directory
    from retrieval.encoders.encoder import open_encoder
    from retrieval.indexing.labelled_questions import add_phrasings, customer_questions
    from retrieval.indexing.multilingual_encoder import multilingual_encoder
    from retrieval.indexing.reindex import reindex as build
    from retrieval.questions import read_questions

    now = datetime.now(UTC)
    documents = read_corpus(sources, today=now.date(), notice=_note)
    questions = [question for file in labels for question in read_questions(file)]
    documents = add_phrasings(documents, questions)
    ids = {None, *(document.id for document in documents)}
    used = resolve(
        [label for label in said if label.document_id in ids], known=[question.question for question in questions]
    )
    asked = replace(customer_questions(questions), verdicts=[label.verdict for label in used])
    console = Console(stderr=True)
    with console.status("Preparing the encoder (compiled once on this machine, up to a minute)"):
        encoder = open_encoder(default_encoder_directory())
        multilingual = multilingual_encoder(languages, documents, index, notice=_note)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("Embedding", total=None)

        def progress(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        report = build(
            documents,
            index,
            encoder,
            multilingual=multilingual,
            asked=asked,
            progress=progress,
            now=now,
            is_used=is_used,
        )
    return report, {by: count for by in TRUST if (count := sum(label.by == by for label in used))}


def _note(line: str) -> None:
    print(f"note: {line}", file=sys.stderr)


def what_people_said(settings: "Settings") -> "Sequence[Label]":
    """What agents and customers said, from the database; where that is away, one line on stderr says so."""
    from bot.cli.labels import labels_of
    from bot.errors import StoreUnavailable

    if not settings.has_database:
        return []  # nobody has said anything yet
    try:
        return labels_of(settings)
    except StoreUnavailable as error:
        print(f"note: what agents and customers said is not used this time: {error}", file=sys.stderr)
        return []
