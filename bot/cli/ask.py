from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Budget, Config, Index, note, print_json, searcher_of, settings_with_index

if TYPE_CHECKING:
    from retrieval import SearchResult
    from retrieval.reader.consulted import Consulted


def ask(
    question: Annotated[str, typer.Argument(help="What a customer would write.")],
    index: Index = None,
    config: Config = None,
    language: Annotated[str | None, typer.Option("--language", help="Prefer this language, such as sv.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Add how the decision came about.")] = False,
    budget: Budget = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question; exit code 1 when it would ask which page is meant, or hand over."""
    from bot.services import read_many
    from retrieval import open_snapshot
    from retrieval.evaluation.predictions import RANKED

    settings = settings_with_index(config, index, budget=budget)
    found = searcher_of(settings, open_snapshot(settings.index)).search(question, language=language, limit=RANKED)
    read = read_many(settings, [found])
    found = read.results[0] if read else found
    if read and read.outcomes.get("unlearned"):
        note("the reader was not asked: what it is worth is learned by `answerdesk reindex`, or it was left aside")
    if as_json:
        offered = [candidate.document_id for candidate in found.offered]
        reader = {"reader": asdict(read.consulted[0]) if read.consulted[0] else None} if read else {}
        print_json({"decision": found.decision, "offered": offered, **asdict(found), **reader})
    else:
        print("\n".join(_lines(found, why=why, consulted=read.consulted[0] if read else None)))
    if found.decision not in {"answer", "suggest"}:
        raise typer.Exit(1)


def _lines(found: "SearchResult", *, why: bool, consulted: "Consulted | None" = None) -> list[str]:
    from bot.conversation import AnsweredQuestion, answer_text, phrases_for
    from bot.conversation.excerpt import excerpt
    from bot.conversation.source_card import source_card
    from channels.terminal import source_line

    if not found.candidates:
        return ["Nothing here is found in this language: a person would get this."]
    best = found.candidates[0]
    part = excerpt([AnsweredQuestion(question=found.question, candidate=best)])
    source = replace(source_card(best, phrases_for("en")), rest=part.rest)
    text = source.unfolded(answer_text(part.headings, part.text), phrases_for("en").labels())
    lines = [text, "", f"— {source_line(source)}"]
    titles = [f"  {number}. {candidate.title}" for number, candidate in enumerate(found.offered, 1)]
    if found.decision == "suggest":
        lines = ["Not sure enough to answer plainly; it would suggest:", "", *lines]
    elif found.decision == "clarify":
        lines = [f"Not sure enough to answer; it would ask: {phrases_for('en').say('clarify')}", *titles]
    elif found.decision == "escalate":
        beside = ["It would show beside:", *titles] if titles else ["The nearest is:", "", *lines]
        lines = [f"Not sure enough to answer: a person would get this. {beside[0]}", *beside[1:]]
    return [*lines, "", *_reasons(found, consulted)] if why else lines


def _reasons(found: "SearchResult", consulted: "Consulted | None") -> list[str]:
    """The way to a decision, as `answerdesk why` tells it of a message."""
    from bot.conversation import AnsweredQuestion, Receipt
    from bot.conversation.excerpt import shown_first
    from bot.conversation.explain import explain

    shown = found.offered if found.decision in {"answer", "suggest"} else ()
    return explain(
        Receipt(
            decision=found.decision,
            reason="unsure" if found.decision == "escalate" else None,
            question=found.question,
            confidence=found.confidence,
            among_first=found.among_first,
            threshold=found.threshold,
            unanswerable=found.unanswerable,
            snapshot=found.snapshot,
            candidates=found.candidates[:5],
            offered=tuple(candidate.document_id for candidate in found.offered),
            features=found.features,
            shown_first=shown_first([[AnsweredQuestion(question=found.question, candidate=each)] for each in shown]),
            reader=consulted,
        )
    )
