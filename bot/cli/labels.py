import json
import sys
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.options import AsJson, Config, in_database, print_json

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.records.relevance_labels import Label


def labels(config: Config = None, as_json: AsJson = False) -> None:
    """Print what agents and customers said of answers as a question file."""
    from bot.errors import StoreUnavailable
    from bot.settings import Settings

    settings = Settings.read(config)
    if not settings.has_database:
        raise StoreUnavailable(f"there is no database in {settings.data} yet; `serve` makes it")
    said = labels_of(settings)
    documents = _documents(settings)
    kept = [label for label in said if documents is None or label.document_id in {None, *documents}]
    if gone := len(said) - len(kept):
        print(f"note: left out {gone} labels: the index has their documents no longer", file=sys.stderr)
    lines = question_lines(kept)
    if as_json:
        print_json(lines)
    else:
        for line in lines:
            print(json.dumps(line, ensure_ascii=False))
    if not lines:
        print("note: nobody has said yet which page answers what", file=sys.stderr)
        raise typer.Exit(1)


def labels_of(settings: "Settings") -> "list[Label]":
    """Labels by agents and customers, from the settings' database; StoreUnavailable."""
    from bot.store.records.relevance_labels import read_labels

    return in_database(settings, read_labels)


def question_lines(said: "Sequence[Label]") -> list[dict[str, Any]]:
    """Lines of a question file: each question once, with the documents that answer it, or none where nothing does."""
    lines: dict[str, dict[str, Any]] = {}
    for label in said:
        if not label.is_right:
            continue
        language = {"language": label.language} if label.language else {}
        new = {"id": f"said-{label.receipt}", "question": label.question, **language, "expected": []}
        line = lines.setdefault(label.same_question, new)
        if label.document_id is not None:
            line["expected"].append(label.document_id)
    return list(lines.values())


def _documents(settings: "Settings") -> Collection[str] | None:
    """The documents of the index in use; None when there is no index to ask."""
    from retrieval import RetrievalError, open_snapshot

    try:
        return open_snapshot(settings.index).documents
    except RetrievalError:
        return None
