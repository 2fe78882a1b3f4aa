from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.batch_search import search_all
from bot.cli.options import AsJson, Budget, Config, Index, print_json, searcher_of, settings_with_index

if TYPE_CHECKING:
    from retrieval.evaluation.predictions import Prediction, Score
    from retrieval.evaluation.report.comparison import Comparison
    from retrieval.evaluation.report.results import QuestionResult
    from retrieval.query.searcher import Searcher


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
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="VERSION",
            help='Ask another snapshot of this index too, and compare; "parent" is the one before.',
            show_default=False,
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="DIR",
            help="Write the evaluation as a page and as JSON into this folder.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask every question of a question file, and say how often the first document was right."""
    from retrieval.evaluation.predictions import predict, score, write_predictions
    from retrieval.evaluation.report.page import folder_for
    from retrieval.evaluation.report.prose import changed
    from retrieval.evaluation.report.results import QuestionResult
    from retrieval.query.space_search import COMPONENTS
    from retrieval.questions import read_questions
    from retrieval.snapshot.snapshot import open_other, open_snapshot

    asked = read_questions(questions)
    settings = settings_with_index(config, index, budget=budget, unanswerable=unanswerable)
    snapshot = open_snapshot(settings.index)
    other = open_other(snapshot, against) if against is not None else None
    folder = folder_for(report) if report is not None else None

    def run(searcher: "Searcher", what: str) -> "_Run":
        found, judge = search_all(searcher, [(each.question, each.language) for each in asked], what)
        outcomes = [QuestionResult(asked=each, found=one) for each, one in zip(asked, found, strict=True)]
        given = [predict(one.asked, one.found) for one in outcomes]
        return _Run(outcomes=outcomes, judge=judge, given=given, score=score(asked, given))

    now = run(searcher_of(settings, snapshot), "Asking")
    if predictions is not None:
        write_predictions(now.given, predictions)
    without = {}
    for part in (*sorted(COMPONENTS), "everything") if parts else ():
        left = COMPONENTS - {part} if part in COMPONENTS else frozenset[str]()
        without[part] = run(searcher_of(settings, snapshot, parts=left), f"Without {part}").score
    compared = _compared(run(searcher_of(settings, other), f"Asking {other.version}"), now) if other else None
    page = _report(now, compared, settings.budget, questions, folder) if folder else None
    if as_json:
        print_json(
            asdict(now.score)
            | {"budget": settings.budget, "threshold": now.judge.threshold, "traffic": _traffic(now.judge)}
            | ({"without": {part: asdict(score) for part, score in without.items()}} if parts else {})
            | ({"against": asdict(compared)} if compared else {})
            | ({"report": str(page)} if page else {})
        )
    else:
        table = _table({"everything in use": now.score} | {f"without {part}": each for part, each in without.items()})
        lines = [*_lines(now, settings.budget), *table]
        if compared:
            lines += ["", f"Against {compared.before}:", *_plain(changed(compared, settings.budget))]
        if page:
            lines += ["", f"Report: {page}"]
        print("\n".join(lines))


@dataclass(frozen=True, kw_only=True)
class _Run:
    """All questions, asked of one snapshot, and the searcher that judged them."""

    outcomes: "list[QuestionResult]"
    judge: "Searcher"
    given: "list[Prediction]"
    score: "Score"


def _plain(sentences: list[str]) -> list[str]:
    """Sentences for a terminal, whose spaces are all alike."""
    return [sentence.replace("\u00a0", " ") for sentence in sentences]


def _compared(before: _Run, now: _Run) -> "Comparison":
    from retrieval.evaluation.report.comparison import change

    return change(
        (before.score, before.outcomes, before.judge.threshold), (now.score, now.outcomes, now.judge.threshold)
    )


def _report(run: _Run, compared: "Comparison | None", budget: float, questions: Path, folder: Path) -> Path:
    """Write the report, and say where its page is."""
    from retrieval.evaluation.report.page import write_report
    from retrieval.evaluation.report.report import make_report

    report = make_report(
        run.outcomes,
        run.score,
        run.judge.snapshot,
        run.judge.traffic,
        budget=budget,
        threshold=run.judge.threshold,
        question_file=questions.name,
        now=datetime.now(UTC),
        against=compared,
    )
    return write_report(report, folder)


def _table(scores: "dict[str, Score]") -> list[str]:
    """A line for each part of the search on what it is worth; none when there is nothing to compare."""
    if len(scores) < 2:
        return []
    lines = ["", f"{'':20}  at 1   at 5    MRR"]
    for name, each in scores.items():
        figures = (each.accuracy_at_1, each.recall_at_5, each.mrr_at_10)
        lines.append(f"{name:20}" + "".join("      -" if figure is None else f"  {figure:.3f}" for figure in figures))
    return [*lines, "Without everything, vectors alone rank the documents."]


def _traffic(judge: "Searcher") -> dict[str, float]:
    seen = judge.traffic
    return {
        "questions": seen.questions,
        "unanswerable": seen.unanswerable,
        "most_unanswerable": seen.most_unanswerable,
        "shift": seen.shift,
        "distance": seen.distance,
    }


def _lines(run: _Run, budget: float) -> list[str]:
    from retrieval.evaluation.report.prose import refusal

    result, traffic = run.score, run.judge.traffic
    refused = sum(outcome.found.threshold > 1 for outcome in run.outcomes)

    def share(value: float | None) -> str:
        return "-" if value is None else f"{value:.1%}"

    how = "estimated from the questions" if traffic.questions else "assumed"
    lines = [
        f"{result.questions} questions, {result.in_scope} of them answerable from the corpus",
        f"accuracy at 1   {share(result.accuracy_at_1)}",
        f"recall at 5     {share(result.recall_at_5)}",
        f"MRR at 10       {'-' if result.mrr_at_10 is None else f'{result.mrr_at_10:.3f}'}",
        f"answered        {share(result.answered)}",
        f"wrong           {share(result.wrong_among_answered)} of the answers (budget {budget:.1%})",
        f"suggested       {share(result.suggested)}, {share(result.bothered)} of them another page than the right one",
        f"asked back      {share(result.clarified)}, {share(result.in_vain)} of them without the right page",
        f"handed over     {share(result.escalated)}",
        f"helped          {share(result.helped)} of the answerable ones, {share(result.helped_at_once)} at once",
        f"claimed         {share(result.claimed_out_of_scope)} of the unanswerable ones were answered or suggested",
        f"unanswerable    {share(traffic.unanswerable)} of the questions ({how})",
    ]
    if traffic.is_unlike:
        lines.append("The questions are unlike anything the confidence was fitted on, so half of the budget is kept.")
    if refused:
        lines.append(refusal(budget, refused=refused, questions=result.questions))
    return lines
