"""Receipts, written of a decision and the searches behind it."""

from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest

from bot.conversation.decisions import (
    Add,
    Answer,
    AnsweredQuestion,
    Clarify,
    Decision,
    Escalate,
    OfferHuman,
    Partial,
    Silent,
    Social,
    Step,
    Suggest,
    Withdraw,
)
from bot.conversation.excerpt import by_passage, shown_first
from bot.conversation.interpretation import Interpretation, QueryResult
from bot.conversation.language.decision import LanguageChoice
from bot.conversation.receipt import CaseEffect, DecisionName, Part, Reason, Receipt
from bot.conversation.turn import Turn
from retrieval import Candidate

#: How many candidates a receipt keeps.
RECEIPT_CANDIDATES = 5
NO_TEXT = "(no text)"
_NAMES: dict[type[Decision], DecisionName] = {
    Answer: "answer",
    Suggest: "suggest",
    Step: "step",
    Clarify: "clarify",
    Partial: "partial",
    OfferHuman: "offer",
    Escalate: "escalate",
    Add: "add",
}


def build_receipt(
    turn: Turn,
    interpretation: Interpretation | None,
    decision: Decision,
    looked_up: Sequence[QueryResult] | None,
    *,
    language: LanguageChoice | None = None,
    searched_in: str | None = None,
) -> Receipt | None:
    """The receipt of a decision, with the conversation's language and the one it was searched in; else none."""
    if isinstance(decision, Silent):
        return None
    asked = tuple(looked_up or ())
    about = interpretation.topic if interpretation else None
    shown = _decisive_result(decision, asked)
    return Receipt(
        decision=_name(decision),
        reason=_reason(decision),
        question=_question(turn, interpretation),
        searched=shown.searched if shown else None,
        language=searched_in if shown else None,
        language_choice=language,
        confidence=shown.result.confidence if shown else None,
        among_beside=shown.result.among_beside if shown else None,
        among_first=shown.result.among_first if shown else None,
        threshold=shown.result.threshold if shown else None,
        unanswerable=shown.result.unanswerable if shown else None,
        snapshot=shown.result.snapshot if shown else None,
        candidates=_candidates(decision, asked) if asked else about.candidates if about else (),
        features=dict(shown.result.features) if shown else {},
        reader=shown.consulted if shown else None,
        offered=tuple(each.document_id for each in _offered(decision)),
        denied=tuple(sorted(interpretation.denied)) if interpretation else (),
        chosen=about.chosen if about and isinstance(decision, Step) else _chosen(decision, asked),
        shown_first=_shown_first(decision),
        step=decision.step if isinstance(decision, Step) else None,
        parts=tuple(_part(decision, each) for each in asked) if len(asked) > 1 else (),
        said=decision.phrase if isinstance(decision, Social | Add | Withdraw) else None,
        case=_case(turn, decision),
        detail=decision.detail if isinstance(decision, Escalate | Partial | Add) else None,
    )


def _name(decision: Decision) -> DecisionName:
    return _NAMES.get(type(decision), "social")


def _reason(decision: Decision) -> Reason | None:
    match decision:
        case Answer(offers_human=reason) | OfferHuman(reason=reason) | Escalate(reason=reason) | Add(reason=reason):
            return reason
        case Partial():
            return "partial"
        case _:
            return None


def _case(turn: Turn, decision: Decision) -> CaseEffect | None:
    """Give what the decision means for a case that waits."""
    if turn.conversation.owner != "queue":
        return None
    if isinstance(decision, Withdraw):
        return "withdrawn"
    return "joined" if isinstance(decision, Add | Partial) else "waits"


def _question(turn: Turn, interpretation: Interpretation | None) -> str:
    """Give the customer's question: of a choice or a complaint the one that it is about, rather than its own words."""
    if interpretation and interpretation.intent == "question":
        if any(query.document for query in interpretation.queries):
            return "\n".join(query.question for query in interpretation.queries)
        return turn.text
    about = interpretation.topic if interpretation else None
    return about.question if about else turn.text or NO_TEXT


def _decisive_result(decision: Decision, asked: Sequence[QueryResult]) -> QueryResult | None:
    """The question whose figures stand for the decision: of several, the one that keeps it from being an answer."""
    still_open = [each for each in asked if not _is_answered(decision, each)]
    return min(still_open or asked, key=lambda each: each.result.confidence, default=None)


def _offered(decision: Decision) -> Sequence[Candidate]:
    """Candidates that the customer may read or choose, as guesses."""
    match decision:
        case Clarify(candidates=candidates) | Escalate(beside=candidates) | Add(beside=candidates):
            return candidates
        case Suggest(suggested=suggested) | Partial(suggested=suggested):
            return tuple(each.candidate for each in suggested)
        case _:
            return ()


def _shown_first(decision: Decision) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """The parts of pages that the customer saw at once, where that was not all."""
    if not isinstance(decision, Answer | Suggest | Partial):
        return {}
    return shown_first([*by_passage(decision.answered), *([each] for each in _suggested(decision))])


def _candidates(decision: Decision, asked: Sequence[QueryResult]) -> tuple[Candidate, ...]:
    """Candidates of the questions that are open, or else of all: the best of each first, no document twice.

    A page that is suggested stands before one that is likelier and was denied.
    """
    of_interest = [each for each in asked if not _is_answered(decision, each)] or list(asked)
    rows = zip_longest(*(each.result.candidates for each in of_interest))
    first = _offered(decision) if isinstance(decision, Suggest) else ()
    found: dict[str, Candidate] = {each.document_id: each for each in first}
    for candidate in chain.from_iterable(rows):
        if candidate is not None:
            found.setdefault(candidate.document_id, candidate)
    return tuple(found.values())[:RECEIPT_CANDIDATES]


def _chosen(decision: Decision, asked: Sequence[QueryResult]) -> str | None:
    if len(asked) != 1 or not isinstance(decision, Answer):
        return None
    return asked[0].query.document


def _part(decision: Decision, asked: QueryResult) -> Part:
    found = asked.result
    return Part(
        question=asked.query.question,
        confidence=found.confidence,
        is_answered=_is_answered(decision, asked),
        is_suggested=_has(_suggested(decision), asked),
        title=found.candidates[0].title if found.candidates else None,
    )


def _is_answered(decision: Decision, asked: QueryResult) -> bool:
    return isinstance(decision, Answer | Suggest | Partial) and _has(decision.answered, asked)


def _suggested(decision: Decision) -> Sequence[AnsweredQuestion]:
    return decision.suggested if isinstance(decision, Suggest | Partial) else ()


def _has(given: Sequence[AnsweredQuestion], asked: QueryResult) -> bool:
    return any(each.question == asked.query.question for each in given)
