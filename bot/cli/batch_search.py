"""Asking many questions of a snapshot, as `evaluate` and `diff` do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval import Searcher, SearchResult


def search_all(
    searcher: "Searcher", questions: "Sequence[tuple[str, str | None]]", what: str
) -> "tuple[list[SearchResult], Searcher]":
    """The results for each question in its language, and the searcher that judged: it has seen how these are asked.

    `what` stands before the progress bar, which only a terminal gets.
    """
    from rich.console import Console
    from rich.progress import track

    from retrieval.evaluation.predictions import RANKED

    console = Console(stderr=True)
    shown = track(questions, what, console=console, transient=True, disable=not console.is_terminal)
    found = [searcher.search(question, language=language, limit=RANKED) for question, language in shown]
    judge = searcher.seeing((each.way, each.features) for each in found)
    return [judge.judge(each) for each in found], judge
