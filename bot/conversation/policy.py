"""Decision on a turn: a pure function of what it wants, what was said before and what was found."""

from collections.abc import Sequence
from datetime import datetime

from bot.conversation.contradiction import contradiction
from bot.conversation.decisions import (
    Answer,
    Clarify,
    Decision,
    Escalate,
    OfferHuman,
    Partial,
    Silent,
    Social,
    Step,
    Suggest,
)
from bot.conversation.history import History
from bot.conversation.interpretation import Interpretation, QueryResult
from bot.conversation.language_tags import SUPPORTED, base_code
from bot.conversation.next_page import answered_question, next_best
from bot.conversation.procedure_progress import progress, where_it_failed
from bot.conversation.receipt import Reason
from bot.conversation.turn import Turn
from bot.conversation.unwanted import does_unwanted, is_unwanted
from bot.conversation.waiting import while_waiting
from retrieval import BESIDE, SearchResult

#: A turn that failed this often goes to a person.
MOST_ATTEMPTS = 3
#: The fewest documents that are worth a question.
FEWEST_CHOICES = 2
#: The most pages that are shown to somebody who does not want what the first does.
MOST_INSTEAD = 4

#: What is said small and asks what the matter is.
_ASKING_BACK = frozenset({"greeting", "opener", "presence", "how_are_you", "which"})


def decide(
    turn: Turn,
    interpretation: Interpretation,
    history: History,
    results: Sequence[QueryResult] | None,
    *,
    now: datetime,
) -> Decision:
    """Decide on a turn. `results` is None when nothing was searched, or nothing could be."""
    if turn.conversation.owner == "agent":
        return Silent()
    decision = _decide(turn, interpretation, history, results, now)
    if turn.conversation.owner == "queue":
        return while_waiting(decision, history, is_chosen=interpretation.chosen is not None)
    return decision


def _decide(
    turn: Turn,
    interpretation: Interpretation,
    history: History,
    results: Sequence[QueryResult] | None,
    now: datetime,
) -> Decision:
    if interpretation.intent == "question":
        decision = _decide_on_questions(interpretation, history, results, now)
        return Silent() if turn.is_edit and _was_told(decision, history) else decision
    if interpretation.intent == "not_solved":
        return _decide_on_next(interpretation, history, results)
    if interpretation.intent == "empty":
        return _decide_on_silence(turn)
    return _decide_on_wish(interpretation, history)


def _decide_on_wish(interpretation: Interpretation, history: History) -> Decision:
    decision: Decision
    match interpretation.intent:
        case "human":
            decision = Escalate(reason="asked")
        case "forget":
            decision = Escalate(reason="forget")
        case "accept":
            decision = Escalate(reason=(interpretation.topic.reason if interpretation.topic else None) or "asked")
        case "none":
            decision = Escalate(reason="unclear")
        case "upset":
            decision = _offer("upset", history)
        case "step":
            decision = _step(interpretation)
        case "denial":
            failed = where_it_failed(interpretation.topic)
            decision = Escalate(reason="not_helped", detail=failed) if failed else _offer("not_helped", history)
        case "decline":
            decision = Social(phrase="declined")
        case phrase:
            decision = _small(phrase, history)
    return decision


def _small(phrase: str, history: History) -> Social:
    """Something small, and not the same line twice in a row."""
    said = history.newest.said if history.newest else None
    phrase = "presence" if phrase == "bot_again" else phrase
    if said != phrase or phrase == "language":
        return Social(phrase=phrase)
    return Social(phrase="again_asked" if phrase in _ASKING_BACK else "again")


def _step(interpretation: Interpretation) -> Decision:
    walked = progress(interpretation.topic)
    assert walked is not None
    assert interpretation.step is not None
    return Step(candidate=walked.candidate, step=interpretation.step)


def _offer(reason: Reason, history: History) -> Decision:
    """Offer a human, once: who only complains on is not asked again."""
    offered = history.pending_choice
    return Escalate(reason=reason) if offered and offered.is_human_offer else OfferHuman(reason=reason)


def _decide_on_next(
    interpretation: Interpretation, history: History, results: Sequence[QueryResult] | None
) -> Decision:
    """After a suggestion that did not help: the next best page, once and where it is likely enough; then a person."""
    failed = where_it_failed(interpretation.topic)
    if failed or not results or (interpretation.topic and interpretation.topic.denied):
        return Escalate(reason="not_helped", detail=failed)
    return next_best(results[0], _denied(interpretation, history), reason="not_helped")


def _decide_on_questions(
    interpretation: Interpretation, history: History, results: Sequence[QueryResult] | None, now: datetime
) -> Decision:
    if results is None:
        return Escalate(reason="unavailable")
    decisions = [_decide_on_question(asked, interpretation, history, now) for asked in results]
    if len(decisions) == 1:
        return _again_nearest(decisions[0], results[0], history, now)
    answered = tuple(each for decision in decisions if isinstance(decision, Answer) for each in decision.answered)
    suggested = tuple(each for decision in decisions if isinstance(decision, Suggest) for each in decision.suggested)
    rest = [
        (asked.query.question, decision)
        for asked, decision in zip(results, decisions, strict=True)
        if not isinstance(decision, Answer | Suggest)
    ]
    if not rest and suggested:
        return Suggest(suggested=suggested, answered=answered)
    if not rest:
        return Answer(answered=answered, offers_human=_offered_beside(interpretation))
    handed_over = [each for _, each in rest if isinstance(each, Escalate)]
    details = "\n".join(each.detail for each in handed_over if each.detail) or None
    if answered or suggested:
        still_open = tuple(question for question, _ in rest)
        return Partial(answered=answered, suggested=suggested, open=still_open, detail=details)
    reasons = {each.reason for each in handed_over}
    is_same = len(reasons) == 1 and len(handed_over) == len(rest)
    beside = {page.document_id: page for each in handed_over for page in each.beside}
    return Escalate(
        reason=handed_over[0].reason if is_same else "unsure", detail=details, beside=tuple(beside.values())[:BESIDE]
    )


def _again_nearest(decision: Decision, asked: QueryResult, history: History, now: datetime) -> Decision:
    """The same, unless it shows what was shown a moment ago: then a person is offered instead of the page again."""
    before = history.asked_before(now)
    if not isinstance(decision, Answer | Suggest) or asked.query.document or before is not history.last_topic:
        return decision
    shown = decision.answered if isinstance(decision, Answer) else decision.suggested
    is_again = before is not None and all(each.candidate.passage_id in before.given for each in shown)
    return _offer("repeated", history) if is_again else decision


def _was_told(decision: Decision, history: History) -> bool:
    """True where a decision on an edited question has nothing to say that was not said to it before."""
    if isinstance(decision, Answer):
        return all(history.has_shown(each.candidate.passage_id) for each in decision.answered)
    return isinstance(decision, Escalate | OfferHuman) and decision.reason == "repeated"


def _decide_on_question(
    asked: QueryResult, interpretation: Interpretation, history: History, now: datetime
) -> Answer | Suggest | Clarify | Escalate:
    if asked.query.document is not None:
        return _decide_on_choice(asked, asked.query.document)
    if obstacle := _blocking_reason(asked, history, now):
        return obstacle
    denied = _denied(interpretation, history)
    match asked.result.decision:
        case "answer":
            return _answer(asked, interpretation, history)
        case "suggest":
            return _suggest(asked, interpretation, denied)
        case "clarify":
            return _clarify(asked, interpretation, history, denied)
        case "escalate":
            return _hand_over(asked, history, denied)


def _blocking_reason(asked: QueryResult, history: History, now: datetime) -> Clarify | Escalate | None:
    """Give what must come instead of the best answer, however sure that is; None where nothing must."""
    if not asked.result.candidates:
        return Escalate(reason="nothing_found" if asked.result.way or not asked.result.language else "language")
    if history.has_answered(asked.searched, now, share=asked.same_share):
        return Escalate(reason="repeated")
    if does_unwanted(asked):
        return _decide_on_refusal(asked, history)
    rivals = contradiction(asked.searched, asked.result)
    return Escalate(reason="contradiction", detail=rivals.words) if rivals else None


def _decide_on_refusal(asked: QueryResult, history: History) -> Clarify | Escalate:
    """Ask what is meant instead, where the likeliest page does nothing unwanted; else a person reads it."""
    pages = tuple(page for page in asked.result.candidates[:MOST_INSTEAD] if not is_unwanted(page, asked))
    is_likely = asked.result.decision != "escalate" and asked.result.candidates[0] in pages
    if is_likely and len(pages) >= FEWEST_CHOICES and not history.has_clarified(asked.searched, share=asked.same_share):
        return Clarify(candidates=pages)
    return Escalate(reason="unsure")


def _answer(asked: QueryResult, interpretation: Interpretation, history: History) -> Answer | Escalate:
    """The first page, unless it is what did not help just now, or in the same words before."""
    first = asked.result.candidates[0]
    is_same_again = first.document_id in history.denied and history.has_shown(first.passage_id)
    if first.document_id in interpretation.denied or is_same_again:
        return Escalate(reason="not_helped")
    return Answer(answered=(answered_question(asked, first),), offers_human=_offered_beside(interpretation))


def _suggest(asked: QueryResult, interpretation: Interpretation, denied: frozenset[str]) -> Suggest | Escalate:
    """The likeliest page as a guess: never one that did not help before, and never to somebody who is upset."""
    [page] = asked.result.offered
    if interpretation.is_angry:
        return Escalate(reason="unsure", beside=() if page.document_id in denied else (page,))
    if _is_foreign(asked.result):
        return Escalate(reason="language")
    if page.document_id in denied:
        return next_best(asked, denied, reason="not_helped" if interpretation.says_wrong else "unsure")
    return Suggest(suggested=(answered_question(asked, page),))


def _clarify(
    asked: QueryResult, interpretation: Interpretation, history: History, denied: frozenset[str]
) -> Clarify | Escalate:
    if history.has_clarified(asked.searched, share=asked.same_share):
        return Escalate(reason="unclear")
    pages = tuple(each for each in asked.result.offered if each.document_id not in denied)
    if len(pages) >= FEWEST_CHOICES and not _offered_beside(interpretation):
        return Clarify(candidates=pages)
    return Escalate(reason="unsure", beside=pages[:BESIDE])


def _hand_over(asked: QueryResult, history: History, denied: frozenset[str]) -> Escalate:
    if history.has_clarified(asked.searched, share=asked.same_share):
        return Escalate(reason="unclear")
    if _is_foreign(asked.result):
        return Escalate(reason="language")
    beside = tuple(each for each in asked.result.offered if each.document_id not in denied)
    return Escalate(reason="unsure", beside=beside)


def _is_foreign(result: SearchResult) -> bool:
    """True when a question is in a language that neither the bot nor any page found for it speaks."""
    spoken = {*SUPPORTED, None, *(base_code(each.language) for each in result.candidates)}
    return base_code(result.language) not in spoken


def _decide_on_choice(asked: QueryResult, document: str) -> Answer | Escalate:
    """The chosen document as it is now: it may have been mended or withdrawn since it was offered."""
    chosen = next((each for each in asked.result.candidates if each.document_id == document), None)
    if chosen is None:
        return Escalate(reason="unclear")
    return Answer(answered=(answered_question(asked, chosen),))


def _denied(interpretation: Interpretation, history: History) -> frozenset[str]:
    """The documents that the customer said were no help, now or before."""
    return interpretation.denied | history.denied


def _offered_beside(interpretation: Interpretation) -> Reason | None:
    """Give the reason for which an answer comes with the offer of a human; None where it comes without."""
    return "upset" if interpretation.is_angry else "not_helped" if interpretation.says_wrong else None


def _decide_on_silence(turn: Turn) -> Decision:
    if any(said.has_attachments for said in turn.said):
        return Escalate(reason="attachment")
    if any(said.has_quotes for said in turn.said):
        return Social(phrase="opener")  # somebody else's words ask nothing yet
    if any(said.text.strip() for said in turn.said):
        return Social(phrase="unreadable")
    return Silent()
