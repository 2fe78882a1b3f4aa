import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.batch_search import search_all
from bot.cli.options import AsJson, Budget, Config, Index, note, print_json, searcher_of, settings_with_index

if TYPE_CHECKING:
    from bot.services import ReviewQuestion
    from bot.settings import Settings
    from retrieval import SearchResult, Snapshot
    from retrieval.evaluation.snapshot_diff import Diff, QuestionDiff

Last = Annotated[int, typer.Option("--last", min=0, help="How many of the customers' last questions are asked again.")]
Tolerate = Annotated[
    float,
    typer.Option(
        "--tolerate", min=0, max=1, help="The share of the questions that may become worse without anybody looking."
    ),
]
#: So many of a kind are shown on a terminal; --json has all.
_SHOWN = 10
_WIDTH = 100
_KINDS = {
    "lost": ("lost", "Answered before, and not now"),
    "other": ("answered by another page", "Answered by another page"),
    "reworded": ("with a new text of the same page", "A new text of the same page"),
    "gained": ("newly answered", "Newly answered"),
    "asked": ("suggested, asked back or handed over otherwise", "Suggested, asked back or handed over otherwise"),
}


def diff(
    config: Config = None,
    index: Index = None,
    before: Annotated[
        str | None,
        typer.Option("--before", metavar="VERSION", help="Instead of the one in use.", show_default=False),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="VERSION", help="Instead of the newest.", show_default=False),
    ] = None,
    questions: Annotated[
        list[Path] | None,
        typer.Option(
            "--questions",
            metavar="FILE",
            help="Question file to ask of both; may be given several times, and instead of the settings' `labels`.",
            show_default=False,
        ),
    ] = None,
    last: Last = 500,
    tolerate: Tolerate = 0.0,
    budget: Budget = None,
    as_json: AsJson = False,
) -> None:
    """Say what customers would notice of another snapshot; exit code 1 when some of it is for the worse."""
    from retrieval import open_snapshot

    settings = settings_with_index(config, index, budget=budget)
    old, new = _versions(settings.index, before, after)
    last = last if config is not None else 0
    snapshots = open_snapshot(settings.index, old), open_snapshot(settings.index, new)
    compared = review(settings, *snapshots, files=questions, last=last)
    if as_json:
        print_json(diff_json(compared))
    else:
        print("\n".join(diff_lines(compared)))
    if not compared.may_be_used(tolerate):
        raise typer.Exit(1)


def review(
    settings: "Settings", before: "Snapshot", after: "Snapshot", *, files: Sequence[Path] | None, last: int
) -> "Diff":
    """The same questions, asked of two snapshots within the settings' budgets, with a progress bar for each."""
    from bot.services import compare_snapshots, review_questions

    def ask(snapshot: "Snapshot", questions: "Sequence[ReviewQuestion]") -> "list[SearchResult]":
        asked = [(each.question, each.language) for each in questions]
        return search_all(searcher_of(settings, snapshot), asked, f"Asking {snapshot.version}")

    questions = asyncio.run(review_questions(settings, files, last=last, notice=note))
    return compare_snapshots(before, after, questions, ask)


def diff_json(compared: "Diff") -> dict[str, Any]:
    """All of it, for programs."""

    def side(found: "SearchResult") -> dict[str, Any]:
        first = found.candidates[0] if found.candidates else None
        return {
            "decision": found.decision,
            "offered": [each.document_id for each in found.offered],
            "document": first and first.document_id,
            "title": first and first.title,
            "confidence": found.confidence,
            "threshold": found.threshold,
        }

    return {
        "before": compared.before,
        "after": compared.after,
        "documents": asdict(compared.documents),
        "counts": compared.counts,
        "worse": len(compared.worse),
        "questions": [
            {
                "question": each.question,
                "expected": each.expected,
                "became": each.became,
                "is_worse": each.is_worse,
                "before": side(each.before),
                "after": side(each.after),
            }
            for each in compared.questions
        ],
    }


def diff_lines(compared: "Diff") -> list[str]:
    """Sentences and examples for a maintainer to read before putting a snapshot into use."""
    lines = [f"From {compared.before} to {compared.after}"]
    for name, documents in asdict(compared.documents).items():
        if documents:
            lines.append(f"Documents {name}: {len(documents)}")
            lines += _first(documents)
    if compared.documents == type(compared.documents)():
        lines.append("Documents: all as before")
    if not compared.questions:
        return [
            *lines,
            "No question was asked of both: give --questions FILE, or a --config with `labels` or a database.",
        ]
    counts = [f"{count} {_KINDS[became][0]}" for became, count in compared.counts.items() if count and became in _KINDS]
    same = f"{compared.counts['same']} of {len(compared.questions)} questions have the same answer or none, as before"
    lines.append(f"{same}; {', '.join(counts)}." if counts else f"{same}.")
    for became, (_, title) in _KINDS.items():
        told = [_told(each) for each in compared.questions if each.became == became]
        if told:
            lines += ["", f"{title}: {len(told)}", *_first(told)]
    worse = len(compared.worse)
    return [*lines, "", f"To look at first: {worse}, marked with !." if worse else "None became worse."]


def _first(told: Sequence[str]) -> Iterable[str]:
    yield from (f"  {each}" for each in told[:_SHOWN])
    if len(told) > _SHOWN:
        yield f"  and {len(told) - _SHOWN} more, see --json"


def _told(each: "QuestionDiff") -> str:
    def side(found: "SearchResult") -> str:
        first = f"“{found.candidates[0].title or found.candidates[0].document_id}”" if found.candidates else "nothing"
        said = {
            "answer": first,
            "suggest": f"suggested {first}",
            "clarify": f"asked back ({first} first)",
            "escalate": f"handed over ({first} nearest)",
        }
        return f"{said[found.decision]}, {found.confidence:.0%} sure"

    question = " ".join(each.question.split())
    short = question if len(question) <= _WIDTH else f"{question[: _WIDTH - 1]}…"
    mark = "!" if each.is_worse else " "
    sides = (side(each.after),) if each.became == "reworded" else (side(each.before), side(each.after))
    return f"{mark} {short}\n      {' → '.join(sides)}"


def _versions(index: Path, before: str | None, after: str | None) -> tuple[str, str]:
    """The snapshots to compare: the one in use with the newest, or where that is the same, the one before it."""
    from retrieval import NoSnapshot, open_snapshot, parent_of, versions

    used = open_snapshot(index).version
    new = after or versions(index)[0]
    old = before or (used if used != new else parent_of(index, new))
    if old is None:
        raise NoSnapshot(f"{index}: {new} is the first snapshot, so that there is nothing to compare it with.")
    return old, new
