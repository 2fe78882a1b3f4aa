from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Budget, Config, Index, print_json, settings_with_index

if TYPE_CHECKING:
    from retrieval.evaluate import Score


def evaluate(
    questions: Annotated[Path, typer.Option("--questions", help="Question file (JSON Lines).")],
    index: Index = None,
    config: Config = None,
    predictions: Annotated[
        Path | None, typer.Option("--predictions", help="Write every decision here (JSON Lines).", show_default=False)
    ] = None,
    budget: Budget = None,
    as_json: AsJson = False,
) -> None:
    """Ask every question of a question file, and say how often the first document was right."""
    from rich.console import Console
    from rich.progress import track

    from retrieval.evaluate import predict, read_questions, score, write_predictions
    from retrieval.search import Searcher
    from retrieval.snapshot import open_snapshot

    asked = read_questions(questions)
    settings = settings_with_index(config, index, budget=budget)
    searcher = Searcher(open_snapshot(settings.index), budget=settings.budget)
    console = Console(stderr=True)
    shown = track(asked, "Asking", console=console, transient=True, disable=not console.is_terminal)
    given = [predict(searcher, question) for question in shown]
    if predictions is not None:
        write_predictions(given, predictions)
    result = score(asked, given)
    if as_json:
        print_json(asdict(result) | {"budget": settings.budget, "threshold": searcher.threshold})
    else:
        print("\n".join(_lines(result, settings.budget, searcher.threshold)))


def _lines(result: "Score", budget: float, threshold: float) -> list[str]:
    def share(value: float | None) -> str:
        return "-" if value is None else f"{value:.1%}"

    lines = [
        f"{result.questions} questions, {result.in_scope} of them answerable from the corpus",
        f"accuracy at 1   {share(result.accuracy_at_1)}",
        f"recall at 5     {share(result.recall_at_5)}",
        f"MRR at 10       {'-' if result.mrr_at_10 is None else f'{result.mrr_at_10:.3f}'}",
        f"answered        {share(result.answered)}",
        f"wrong           {share(result.wrong_among_answered)} of the answers (budget {budget:.1%})",
        f"handed over     {share(result.escalated)}",
    ]
    if threshold > 1:
        lines.append("The corpus is too small to promise this budget, so nothing is answered.")
    return lines
