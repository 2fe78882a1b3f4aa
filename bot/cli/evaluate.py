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
    as_json: AsJson = False,
) -> None:
    """Ask every question of a question file, and say how often the first document was right."""
    from retrieval.evaluate import read_questions, score, write_predictions
    from retrieval.search import PARTS, Searcher
    from retrieval.snapshot import open_snapshot

    asked = read_questions(questions)
    settings = settings_with_index(config, index, budget=budget, unanswerable=unanswerable)
    snapshot = open_snapshot(settings.index)

    def searcher(parts: frozenset[str] = PARTS) -> Searcher:
        return Searcher(
            snapshot,
            budget=settings.budget,
            stricter=settings.document_budgets,
            unanswerable=settings.unanswerable,
            parts=parts,
        )

    given, judge = _ask(searcher(), asked, "Asking")
    if predictions is not None:
        write_predictions(given, predictions)
    result = score(asked, given)
    without = {}
    for part in (*sorted(PARTS), "everything") if parts else ():
        left = PARTS - {part} if part in PARTS else frozenset[str]()
        without[part] = score(asked, _ask(searcher(left), asked, f"Without {part}")[0])
    if as_json:
        compared = {"without": {part: asdict(score) for part, score in without.items()}} if parts else {}
        judged = {"budget": settings.budget, "threshold": judge.threshold, "traffic": _traffic(judge)}
        print_json(asdict(result) | judged | compared)
    else:
        print("\n".join(_lines(result, settings.budget, judge)))
        print(
            "\n".join(
                _table({"everything in use": result} | {f"without {part}": each for part, each in without.items()})
            )
        )


def _ask(searcher: "Searcher", asked: "list[Question]", what: str) -> "tuple[list[Prediction], Searcher]":
    """What each question comes to, and the searcher that judged them: it has seen how these customers ask."""
    import numpy as np
    from rich.console import Console
    from rich.progress import track

    from retrieval.evaluate import RANKED, predict
    from retrieval.ranking import FEATURES

    console = Console(stderr=True)
    shown = track(asked, what, console=console, transient=True, disable=not console.is_terminal)
    found = [searcher.search(each.question, language=each.language, limit=RANKED) for each in shown]
    judge = searcher.seeing(np.array([[each.features[name] for name in FEATURES] for each in found]))
    return [predict(each, judge.judge(one)) for each, one in zip(asked, found, strict=True)], judge


def _table(scores: "dict[str, Score]") -> list[str]:
    """What each part is worth, a line each; nothing when there is nothing to compare."""
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


def _lines(result: "Score", budget: float, judge: "Searcher") -> list[str]:
    def share(value: float | None) -> str:
        return "-" if value is None else f"{value:.1%}"

    traffic = judge.traffic
    how = "estimated from the questions" if traffic.questions else "assumed"
    lines = [
        f"{result.questions} questions, {result.in_scope} of them answerable from the corpus",
        f"accuracy at 1   {share(result.accuracy_at_1)}",
        f"recall at 5     {share(result.recall_at_5)}",
        f"MRR at 10       {'-' if result.mrr_at_10 is None else f'{result.mrr_at_10:.3f}'}",
        f"answered        {share(result.answered)}",
        f"wrong           {share(result.wrong_among_answered)} of the answers (budget {budget:.1%})",
        f"asked back      {share(result.clarified)}",
        f"handed over     {share(result.escalated)}",
        f"unanswerable    {share(traffic.unanswerable)} of the questions ({how})",
    ]
    if traffic.is_unlike:
        lines.append("The questions are unlike anything the confidence was fitted on, so half of the budget is kept.")
    if judge.threshold > 1:
        lines.append(refusal(budget))
    return lines


def refusal(budget: float) -> str:
    """Why nothing is answered, and what would change it."""
    from retrieval.budget import labels_needed

    return (
        f"What was seen of this corpus cannot promise a budget of {budget:.1%}, so nothing is answered. "
        f"At least {labels_needed(budget)} labelled questions would be needed (reindex --labels), "
        "or a larger budget."
    )
