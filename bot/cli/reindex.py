import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Config, Index, print_json, settings_with_index
from bot.errors import BadConfiguration

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.labels import By, Label
    from retrieval.build import BuildReport

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
    as_json: AsJson = False,
) -> None:
    """Read the sources and put a new snapshot of the index into use."""
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
    said = what_people_said(settings) if config is not None and settings.feedback else []
    report, used = build_index(
        list(settings.sources),
        settings.index,
        labels=list(settings.labels),
        said=said,
        languages=settings.languages,
    )
    if as_json:
        print_json(asdict(report) | {"feedback": used})
    else:
        print("\n".join([*report_lines(report), *feedback_lines(used)]))


def build_index(
    sources: list[Path],
    index: Path,
    *,
    labels: Sequence[Path] = (),
    said: "Sequence[Label]" = (),
    languages: str = "auto",
) -> "tuple[BuildReport, dict[By, int]]":
    """Read, embed and publish, with progress bars on a terminal; what the sources had to say goes to stderr.

    Says also how much of what people said was used, by who said it: documents that are gone, and questions that the
    maintainer has labelled, need nobody's word.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.store.labels import TRUST, settled
    from corpus.source import read_corpus
    from retrieval.build import reindex as build
    from retrieval.compile import default_encoder_directory
    from retrieval.encoder import open_encoder
    from retrieval.evaluate import read_questions
    from retrieval.labels import asked_of, taught
    from retrieval.languages import multilingual_encoder

    now = datetime.now(UTC)
    documents = read_corpus(sources, today=now.date(), notice=_note)
    questions = [question for file in labels for question in read_questions(file)]
    documents = taught(documents, questions)
    ids = {None, *(document.id for document in documents)}
    used = settled(
        [label for label in said if label.document_id in ids], known=[question.question for question in questions]
    )
    asked = replace(asked_of(questions), verdicts=[label.verdict for label in used])
    console = Console(stderr=True)
    with console.status("Preparing the encoder (compiled once on this machine, up to a minute)"):
        encoder = open_encoder(default_encoder_directory())
        multilingual = multilingual_encoder(languages, documents, index, notice=_note)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("Embedding", total=None)

        def progress(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        report = build(documents, index, encoder, multilingual=multilingual, asked=asked, progress=progress, now=now)
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


def feedback_lines(used: "Mapping[By, int]") -> list[str]:
    """How much of what people said was learned from, in words."""
    names = {"agents": "agents' verdicts", "choices": "customers' choices", "thumbs": "customers' thumbs"}
    counts = ", ".join(f"{count} {names[by]}" for by, count in used.items())
    return [f"What people said counts too: {counts}."] if counts else []


def report_lines(report: "BuildReport") -> list[str]:
    """What a reindex did, in words."""
    counts = f"{report.documents} documents, {report.passages} passages, {report.units} vectors"
    if not report.is_new:
        return [f"Nothing has changed: {report.version} stays in use ({counts})."]
    carried = f", {report.carried} of them carried over" if report.carried else ""
    changes = f"Documents: {report.added} added, {report.changed} changed, {report.removed} removed."
    lines = [f"Now in use: {report.version} ({counts}{carried}) after {report.seconds:.1f} s.", changes]
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
        lines += [f"The confidence was fitted on questions made from the corpus: {kinds}.", *_promises(report)]
    else:
        lines.append("The corpus is too small to tell how sure an answer is, so everything is handed over to people.")
    return lines


def _promises(report: "BuildReport") -> list[str]:
    """Which error budgets can be kept, and what the others would take."""
    from retrieval.budget import labels_needed

    kept = [f"{float(budget):.0%} from {needed:.0%}" for budget, needed in report.thresholds.items() if needed <= 1]
    refused = [float(budget) for budget, needed in report.thresholds.items() if needed > 1]
    lines = [f"Error budgets that can be promised, and how sure an answer must be: {', '.join(kept)}."] if kept else []
    if refused:
        least = max(refused)
        lines.append(
            f"A budget of {least:.0%} cannot be promised yet: it takes {labels_needed(least)} questions or more "
            "that are surely answered, for example labelled ones (--labels)."
        )
    return lines
