"""The command line. Exit codes: 0 done, 1 the answer is no, 2 usage or input error in one line on stderr."""

import io
import sys
from importlib import metadata
from typing import Annotated

import typer
from typer.exceptions import TyperException

from bot.cli import (
    agents,
    ask,
    channels,
    chat,
    demo,
    diff,
    doctor,
    erase,
    evaluate,
    export,
    labels,
    outbox,
    reindex,
    serve,
    snapshots,
    why,
    wordings,
)
from bot.cli.options import show_help_alone
from bot.errors import BotError
from channels.errors import ChannelError
from corpus import CorpusError
from retrieval import RetrievalError

app = typer.Typer(
    name="answerdesk",
    help="Answers customers word for word from your own help articles, and hands over what it is not sure of.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        print(f"answerdesk {metadata.version('answerdesk')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _answerdesk(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001  # answered before anything else is looked at
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    show_help_alone(context)


app.command()(demo.demo)
app.command()(serve.serve)
app.command()(reindex.reindex)
app.command()(snapshots.snapshots)
app.command()(diff.diff)
app.command()(snapshots.publish)
app.command()(snapshots.rollback)
app.command()(ask.ask)
app.command()(chat.chat)
app.command()(evaluate.evaluate)
app.command()(labels.labels)
app.command()(wordings.wordings)
app.command()(why.why)
app.command()(doctor.doctor)
app.command()(export.export)
app.command()(erase.erase)
app.add_typer(agents.app, name="agents")
app.add_typer(outbox.app, name="outbox")
app.add_typer(channels.app, name="channels")


def main() -> None:
    """Run the command line; every foreseen error is one line on stderr that names the input and the cure."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # what cannot be shown must not end a command
    try:
        code = app(standalone_mode=False)
    except TyperException as error:
        code = error.exit_code
        print(f"answerdesk: {error.format_message()}", file=sys.stderr)
    except (BotError, ChannelError, CorpusError, RetrievalError) as error:
        code = 2
        print(f"answerdesk: {error}", file=sys.stderr)
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    sys.exit(code or 0)
