from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsJson, Config, Index, print_json, settings_with_index


def wordings(
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="Question file to write, or to go on with.")],
    index: Index = None,
    config: Config = None,
    pages: Annotated[int, typer.Option("--pages", min=1, help="Pages to ask for at most, a call each.")] = 100,
    each: Annotated[int, typer.Option("--each", min=1, max=10, help="Wordings to ask for, of each page.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Let the reader's model propose how customers would ask for each page, as a question file for you to edit."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.services import propose_wordings

    settings = settings_with_index(config, index)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("Asking for wordings", total=None)
        done = propose_wordings(
            settings,
            output,
            pages=pages,
            each=each,
            progress=lambda count, total: bars.update(task, completed=count, total=total),
        )
    if as_json:
        print_json(asdict(done))
    else:
        before = f", {done.before} were in it before" if done.before else ""
        print(f"{done.wordings} wordings of {done.pages} pages are in {output}{before}; {done.tokens} tokens.")
        print('Read them: change what nobody would say, delete what is wrong, and take `"reviewed": false` away from')
        print(f"what may be learned. Then: answerdesk reindex --labels {output}")
    if done.failures:
        print(f"{done.failures} pages got no reply; the same command goes on with them.")
        raise typer.Exit(1)
