from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Budget, Config, Index, print_json, settings_with_index

if TYPE_CHECKING:
    from retrieval.search import Found


def ask(
    question: Annotated[str, typer.Argument(help="What a customer would write.")],
    index: Index = None,
    config: Config = None,
    language: Annotated[str | None, typer.Option("--language", help="Prefer this language, such as sv.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Add how the decision came about.")] = False,
    budget: Budget = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question; exit code 1 when it is not sure enough and would hand over."""
    from retrieval.search import Searcher
    from retrieval.snapshot import open_snapshot

    settings = settings_with_index(config, index, budget=budget)
    found = Searcher(open_snapshot(settings.index), budget=settings.budget).search(question, language=language)
    is_sure = found.confidence >= found.threshold
    if as_json:
        print_json({"decision": "answer" if is_sure else "escalate", **asdict(found)})
    else:
        print("\n".join(_lines(found, is_sure=is_sure, why=why)))
    if not is_sure:
        raise typer.Exit(1)


def _lines(found: "Found", *, is_sure: bool, why: bool) -> list[str]:
    from bot.conversation.compose import answer_text, source_card
    from bot.conversation.explain import explain
    from bot.conversation.receipt import Receipt
    from channels.terminal import source_line

    best = found.candidates[0]
    lines = [answer_text(best), "", f"— {source_line(source_card(best))}"]
    if not is_sure:
        lines = ["Not sure enough to answer: a person would get this. The nearest is:", "", *lines]
    if why:
        receipt = Receipt(
            decision="answer" if is_sure else "escalate",
            reason=None if is_sure else "unsure",
            question=found.question,
            confidence=found.confidence,
            threshold=found.threshold,
            snapshot=found.snapshot,
            candidates=found.candidates[:5],
            features=found.features,
        )
        lines += ["", *explain(receipt)]
    return lines
