from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.batch_search import read_with_progress, search_all
from bot.cli.evaluate_output import comparison_lines, part_lines, reader_json, reader_lines, score_lines
from bot.cli.options import AsJson, Budget, Config, Index, print_json, searcher_of, settings_with_index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.services import Readings
    from bot.settings import Settings
    from retrieval import Question, Searcher, Snapshot
    from retrieval.evaluation.predictions import Prediction, Score
    from retrieval.evaluation.report.comparison import Comparison
    from retrieval.evaluation.report.results import QuestionResult


Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="VERSION",
        help='Ask another snapshot of this index too, and compare; "parent" is the one before.',
        show_default=False,
    ),
]
ReportFolder = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="DIR",
        help="Write the evaluation as a page and as JSON into this folder.",
        show_default=False,
    ),
]


NoReader = Annotated[
    bool, typer.Option("--no-reader", help="Don't ask the reader of the settings: what the engine does alone.")
]


def evaluate(
    questions: Annotated[Path, typer.Option("--questions", help="Question file (JSON Lines).")],
    index: Index = None,
    config: Config = None,
    predictions: Annotated[
        Path | None, typer.Option("--predictions", help="Write every decision here (JSON Lines).", show_default=False)
    ] = None,
    budget: Budget = None,
    unanswerable: Annotated[
        float | None,
        typer.Option(
            "--unanswerable",
            min=0.001,
            max=0.95,
            help="Share of questions expected to have no answer, before it is estimated from the questions.",
            show_default=False,
        ),
    ] = None,
    parts: Annotated[
        bool, typer.Option("--parts", help="Ask again with each part of the search switched off, and compare.")
    ] = False,
    against: Against = None,
    report: ReportFolder = None,
    no_reader: NoReader = False,
    as_json: AsJson = False,
) -> None:
    """Ask every question of a question file, and say what customers would get and how often it would be right."""
    from retrieval import open_other, open_snapshot, read_questions
    from retrieval.evaluation.predictions import write_predictions
    from retrieval.evaluation.report.page import folder_for

    asked = read_questions(questions)
    settings = settings_with_index(config, index, budget=budget, unanswerable=unanswerable)
    snapshot = open_snapshot(settings.index)
    other = open_other(snapshot, against) if against is not None else None
    folder = folder_for(report) if report is not None else None
    alone = _run(asked, searcher_of(settings, snapshot), "Asking")
    read = None if no_reader else read_with_progress(settings, [each.found for each in alone.outcomes])
    now = alone if read is None else _read_run(alone, read)
    if predictions is not None:
        write_predictions(now.given, predictions)
    without = _without_parts(asked, settings, snapshot) if parts else {}
    if read is not None:  # the parts are the engine's, and are told of it alone
        without = {"reader": alone.score, **{f"reader, {part}": each for part, each in without.items()}}
    compared = _compared(_run(asked, searcher_of(settings, other), f"Asking {other.version}"), now) if other else None
    page = _report(now, compared, settings.budget, questions, folder) if folder else None
    if as_json:
        print_json(_figures(now, settings.budget, without, read, compared, page))
        return
    refused = sum(outcome.found.threshold > 1 for outcome in now.outcomes)
    lines = score_lines(now.score, budget=settings.budget, refused=refused)
    lines += part_lines({"everything in use": now.score} | {f"without {part}": each for part, each in without.items()})
    lines += reader_lines(read, len(asked)) if read else []
    lines += comparison_lines(compared, settings.budget) if compared else []
    print("\n".join([*lines, "", f"Report: {page}"] if page else lines))


@dataclass(frozen=True, kw_only=True)
class _Run:
    """All questions, asked of one snapshot, and the searcher that judged them."""

    outcomes: "list[QuestionResult]"
    searcher: "Searcher"
    given: "list[Prediction]"
    score: "Score"


def _run(asked: "Sequence[Question]", searcher: "Searcher", what: str) -> _Run:
    from retrieval.evaluation.predictions import predict, score
    from retrieval.evaluation.report.results import QuestionResult

    found = search_all(searcher, [(each.question, each.language) for each in asked], what)
    outcomes = [QuestionResult(asked=each, found=one) for each, one in zip(asked, found, strict=True)]
    given = [predict(one.asked, one.found) for one in outcomes]
    return _Run(outcomes=outcomes, searcher=searcher, given=given, score=score(asked, given))


def _read_run(alone: _Run, read: "Readings") -> _Run:
    """The same questions after a reader's verdicts."""
    from retrieval.evaluation.predictions import predict, score

    outcomes = [replace(each, found=found) for each, found in zip(alone.outcomes, read.results, strict=True)]
    given = [predict(each.asked, each.found) for each in outcomes]
    scored = score([each.asked for each in outcomes], given)
    return replace(alone, outcomes=outcomes, given=given, score=scored)


def _figures(
    run: _Run,
    budget: float,
    without: "Mapping[str, Score]",
    read: "Readings | None",
    compared: "Comparison | None",
    page: Path | None,
) -> dict[str, object]:
    """Everything that was measured, as --json prints it; what was not asked for is left out."""
    return (
        asdict(run.score)
        | {"budget": budget, "threshold": run.searcher.threshold}
        | ({"without": {part: asdict(score) for part, score in without.items()}} if without else {})
        | ({"reader": reader_json(read)} if read else {})
        | ({"against": asdict(compared)} if compared else {})
        | ({"report": str(page)} if page else {})
    )


def _without_parts(asked: "Sequence[Question]", settings: "Settings", snapshot: "Snapshot") -> "dict[str, Score]":
    """Scores with each part of the search switched off, by the part, and with all of them."""
    from retrieval import COMPONENTS

    left = {part: COMPONENTS - {part} for part in sorted(COMPONENTS)} | {"everything": frozenset[str]()}
    return {
        part: _run(asked, searcher_of(settings, snapshot, parts=parts), f"Without {part}").score
        for part, parts in left.items()
    }


def _compared(before: _Run, now: _Run) -> "Comparison":
    from retrieval.evaluation.report.comparison import change

    return change(
        (before.score, before.outcomes, before.searcher.threshold), (now.score, now.outcomes, now.searcher.threshold)
    )


def _report(run: _Run, compared: "Comparison | None", budget: float, questions: Path, folder: Path) -> Path:
    """Write the report, and say where its page is."""
    from retrieval.evaluation.report.page import write_report
    from retrieval.evaluation.report.report import make_report

    report = make_report(
        run.outcomes,
        run.score,
        run.searcher.snapshot,
        budget=budget,
        threshold=run.searcher.threshold,
        question_file=questions.name,
        now=datetime.now(UTC),
        against=compared,
    )
    return write_report(report, folder)
