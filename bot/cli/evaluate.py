from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Budget, Config, Index, print_json, settings_with_index

if TYPE_CHECKING:
    from retrieval.evaluate import Prediction, Question, Score
    from retrieval.search import Searcher


def evaluate(
    questions: Annotated[Path, typer.Option("--questions", help="Question file (JSON Lines).")],
    index: Index = None,
    config: Config = None,
    predictions: Annotated[
        Path | None, typer.Option("--predictions", help="Write every decision here (JSON Lines).", show_default=False)
    ] = None,
    budget: Budget = None,
    parts: Annotated[
        bool, typer.Option("--parts", help="Ask again with each part of the search switched off, and compare.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ask every question of a question file, and say how often the first document was right."""
    from retrieval.evaluate import read_questions, score, write_predictions
    from retrieval.search import PARTS, Searcher
    from retrieval.snapshot import open_snapshot

    asked = read_questions(questions)
    settings = settings_with_index(config, index, budget=budget)
    snapshot = open_snapshot(settings.index)
    searcher = Searcher(snapshot, budget=settings.budget)
    given = _ask(searcher, asked, "Asking")
    if predictions is not None:
        write_predictions(given, predictions)
    result = score(asked, given)
    without = {}
    for part in (*sorted(PARTS), "everything") if parts else ():
        left = PARTS - {part} if part in PARTS else frozenset[str]()
        fewer = Searcher(snapshot, budget=settings.budget, parts=left)
        without[part] = score(asked, _ask(fewer, asked, f"Without {part}"))
    if as_json:
        compared = {"without": {part: asdict(score) for part, score in without.items()}} if parts else {}
        print_json(asdict(result) | {"budget": settings.budget, "threshold": searcher.threshold} | compared)
    else:
        print("\n".join(_lines(result, settings.budget, searcher.threshold)))
        print(
            "\n".join(
                _table({"everything in use": result} | {f"without {part}": each for part, each in without.items()})
            )
        )


def _ask(searcher: "Searcher", asked: "list[Question]", what: str) -> "list[Prediction]":
    from rich.console import Console
    from rich.progress import track

    from retrieval.evaluate import predict

    console = Console(stderr=True)
    shown = track(asked, what, console=console, transient=True, disable=not console.is_terminal)
    return [predict(searcher, question) for question in shown]


def _table(scores: "dict[str, Score]") -> list[str]:
    """What each part is worth, a line each; nothing when there is nothing to compare."""
    if len(scores) < 2:
        return []
    lines = ["", f"{'':20}  at 1   at 5    MRR"]
    for name, each in scores.items():
        figures = (each.accuracy_at_1, each.recall_at_5, each.mrr_at_10)
        lines.append(f"{name:20}" + "".join("      -" if figure is None else f"  {figure:.3f}" for figure in figures))
    return [*lines, "Without everything, vectors alone rank the documents."]


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
