from pathlib import Path
from typing import Annotated

import typer

from bot.cli.serve import Port

Folder = Annotated[Path, typer.Option("--data", help="Where the demo keeps its index and conversations.")]

SUGGESTIONS = ["How do I reset my hub?", "Can I return a lamp I have already used?", "My lamp keeps blinking red"]


def demo(port: Port = None, data: Folder = Path(".answerdesk/demo")) -> None:
    """Run the web chat and the agents' console on the sample corpus; no credentials are needed."""
    import logging

    from bot.cli.reindex import reindex_with_progress
    from bot.cli.reindex_output import report_lines
    from bot.cli.serve import run_server
    from bot.log import configure_logs
    from bot.settings import Settings

    configure_logs(json=False, level=logging.WARNING)
    sample = Path(__file__).parents[2] / "corpus" / "sample"
    folder = data.absolute()
    web = {"title": "Hemglim help", "greeting": "Hello. Ask me anything about Hemglim.", "suggestions": SUGGESTIONS}
    settings = Settings.read(
        None,
        index=folder / "index",
        data=folder / "data",
        sources=(sample / "articles", sample / "forum.jsonl"),
        server={"port": port} if port is not None else {},
        channels={"web": web},
    )
    print("\n".join(report_lines(reindex_with_progress(settings).report)))
    run_server(settings, suggestion=f"Ask something such as “{SUGGESTIONS[0]}”, or something it cannot know.")
