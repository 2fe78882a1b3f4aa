"""Asking many questions of a snapshot, as `evaluate` and `diff` do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.services import Readings
    from bot.settings import Settings
    from retrieval import Searcher, SearchResult


def search_all(searcher: "Searcher", questions: "Sequence[tuple[str, str | None]]", what: str) -> "list[SearchResult]":
    """The results for each question in its language; `what` stands before the progress bar, on a terminal."""
    from rich.console import Console
    from rich.progress import track

    from retrieval.evaluation.predictions import RANKED

    console = Console(stderr=True)
    shown = track(questions, what, console=console, transient=True, disable=not console.is_terminal)
    return [searcher.search(question, language=language, limit=RANKED) for question, language in shown]


def read_with_progress(settings: "Settings", found: "Sequence[SearchResult]") -> "Readings | None":
    """Give a reader's verdicts on these results, with a progress bar; None where the settings name no reader.

    A reader of which nothing is known yet is learned first, by what the index says of itself.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.services import learn_reader, read_many

    if not settings.has_reader:
        return None
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        learning = bars.add_task("Learning what the reader is worth", total=None)
        learn_reader(
            settings,
            is_renewed=False,
            progress=lambda done, total: bars.update(learning, completed=done, total=total),
        )
        bars.remove_task(learning)
        reading = bars.add_task("Reading", total=len(found))
        return read_many(settings, found, progress=lambda done: bars.update(reading, completed=done))
