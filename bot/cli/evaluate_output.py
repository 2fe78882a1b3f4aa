"""Scores of an evaluation as lines for a terminal and as figures for programs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.services import Readings
    from retrieval.evaluation.predictions import Score
    from retrieval.evaluation.report.comparison import Comparison


def score_lines(result: "Score", *, budget: float, refused: int) -> list[str]:
    """The score, a figure a line; `refused` questions could not be answered however sure the search was."""
    from retrieval.evaluation.report.prose import refusal

    lines = [
        f"{result.questions} questions, {result.in_scope} of them answerable from the corpus",
        f"accuracy at 1   {_share(result.accuracy_at_1)}",
        f"recall at 5     {_share(result.recall_at_5)}",
        f"MRR at 10       {'-' if result.mrr_at_10 is None else f'{result.mrr_at_10:.3f}'}",
        f"helped          {_share(result.helped)} of the answerable ones, {_share(result.helped_at_once)} at once",
        f"answered        {_share(result.answered)}",
        f"  misled        {_share(result.wrong_among_answered)} of the answers are wrong (budget {budget:.1%})",
        f"suggested       {_share(result.suggested)}",
        f"  bothered      {_share(result.bothered)} of the suggestions are another page",
        f"asked back      {_share(result.clarified)}",
        f"  in vain       {_share(result.in_vain)} of the choices do not hold the right page",
        f"handed over     {_share(result.escalated)}",
        f"  beside        {_share(result.beside_hand_over)} of those with an answer show its page beside",
        f"claimed         {_share(result.claimed_out_of_scope)} of the unanswerable ones are answered or suggested",
    ]
    if result.right_section is not None:
        lines.append(
            f"section         {_share(result.right_section)} of the right pages are shown at the right heading"
        )
    if refused:
        lines.append(refusal(budget, refused=refused, questions=result.questions))
    return lines


def part_lines(scores: "Mapping[str, Score]") -> list[str]:
    """A line for each part of the search on what it is worth; none when there is nothing to compare."""
    if len(scores) < 2:
        return []
    width = max(20, *map(len, scores))
    lines = ["", f"{'':{width}}  at 1   at 5    MRR  helped"]
    for name, each in scores.items():
        figures = (each.accuracy_at_1, each.recall_at_5, each.mrr_at_10, each.helped)
        lines.append(
            f"{name:{width}}" + "".join("      -" if figure is None else f"  {figure:.3f}" for figure in figures)
        )
    if any(name.endswith("everything") for name in scores):
        lines.append("Without everything, vectors alone rank the documents.")
    return lines


def reader_lines(read: "Readings", questions: int) -> list[str]:
    """Sentences on how often a reader was asked, and what that took."""
    if read.is_left_aside:
        return ["", "The reader is left aside: by its record, what it says is worth nothing."]
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(read.outcomes.items()))
    each = f", {(read.tokens_in + read.tokens_out) / read.calls:.0f} tokens each" if read.calls else ""
    lines = [
        "",
        f"The reader was asked {read.calls} of {questions} questions ({read.calls / questions:.0%}){each}: {told}.",
    ]
    if read.seconds:
        slow = read.seconds[int(0.95 * (len(read.seconds) - 1))]
        lines.append(
            f"It took {read.seconds[len(read.seconds) // 2]:.2f} s in the middle, {slow:.2f} s at most for 95 %."
        )
    return lines


def reader_json(read: "Readings") -> dict[str, object]:
    """The same as figures."""
    return {
        "calls": read.calls,
        "outcomes": dict(read.outcomes),
        "tokens_in": read.tokens_in,
        "tokens_out": read.tokens_out,
        "is_left_aside": read.is_left_aside,
    }


def comparison_lines(compared: "Comparison", budget: float) -> list[str]:
    """Sentences on the difference to another snapshot."""
    from retrieval.evaluation.report.prose import changed

    told = [sentence.replace("\u00a0", " ") for sentence in changed(compared, budget)]  # a terminal has one space
    return ["", f"Against {compared.before}:", *told]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
