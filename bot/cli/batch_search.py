"""Asking many questions of a snapshot, as `evaluate` and `diff` do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval import Searcher, SearchResult


def search_all(searcher: "Searcher", questions: "Sequence[tuple[str, str | None]]", what: str) -> "list[SearchResult]":
    """The results for each question in its language; `what` stands before the progress bar, on a terminal."""
    from rich.console import Console
    from rich.progress import track

    from retrieval.evaluation.predictions import RANKED

    console = Console(stderr=True)
    shown = track(questions, what, console=console, transient=True, disable=not console.is_terminal)
    return [searcher.search(question, language=language, limit=RANKED) for question, language in shown]
