from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.conversation.contradiction import contradiction
from bot.conversation.history import History
from bot.conversation.interpretation import Interpretation, QueryResult
from bot.conversation.language_tags import SUPPORTED, base_code
from bot.conversation.procedure_progress import progress, where_it_failed
from bot.conversation.receipt import Reason
from bot.conversation.turn import Turn
from retrieval.result import Candidate, SearchResult

#: A turn that failed this often goes to a person.
MOST_ATTEMPTS = 3
#: `SearchResult.among_first` speaks of so many candidates; no more are offered.
MOST_CHOICES = 3
#: The fewest documents that are worth a question.
FEWEST_CHOICES = 2


@dataclass(frozen=True, kw_only=True)
class AnsweredQuestion:
    """A question and the candidate that answers it word for word."""

    question: str
    candidate: Candidate
    #: The language of the candidate where it is not the customer's: there is nothing in theirs, and that is said.
    other_language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Answer all that was asked."""

    answered: tuple[AnsweredQuestion, ...]
    #: Why a human is offered along with it.
    offers_human: Reason | None = None


@dataclass(frozen=True, kw_only=True)
class Clarify:
    """Ask which of a few documents is meant."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """Give one step of a procedure."""

    candidate: Candidate
    #: From 1.
    step: int


@dataclass(frozen=True, kw_only=True)
class Partial:
    """Answer what is sure of several questions, and hand the rest over to a person in one go."""

    answered: tuple[AnsweredQuestion, ...]
    open: tuple[str, ...]
    #: What the agent should know about the open questions.
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class OfferHuman:
    """Offer a human."""

    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Escalate:
    """Hand over to a person."""

    reason: Reason
    #: What the agent should know beside the reason.
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class Social:
    """Say something small: a greeting, a thank you, a way on."""

    phrase: str


@dataclass(frozen=True, kw_only=True)
class Silent:
    """Nothing to say: a person has the conversation, or nothing was asked."""


Decision = Answer | Step | Clarify | Partial | OfferHuman | Escalate | Social | Silent


def choices(found: SearchResult) -> tuple[Candidate, ...]:
    """The documents to ask the customer about; none where asking is not worth their time.

    One of the first few must be likely enough (`SearchResult.decision`). Titles that look alike are no choice.
    """
    if found.decision not in {"suggest", "clarify"}:
        return ()
    titles: dict[str, Candidate] = {}
    for candidate in found.candidates[:MOST_CHOICES]:
        titles.setdefault(" ".join(candidate.title.casefold().split()), candidate)
    return tuple(titles.values()) if len(titles) >= FEWEST_CHOICES else ()


def decide(
    turn: Turn,
    interpretation: Interpretation,
    history: History,
    looked_up: Sequence[QueryResult] | None,
    *,
    now: datetime,
) -> Decision:
    """What to do with a turn. `looked_up` is None when nothing was searched, or nothing could be."""
    if turn.conversation.owner != "bot":
        return Silent()
    if interpretation.intent == "question":
        return _decide_on_questions(interpretation, history, looked_up, now)
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
            decision = Social(phrase=phrase)
    return decision


def _step(interpretation: Interpretation) -> Decision:
    walked = progress(interpretation.topic)
    assert walked is not None
    assert interpretation.step is not None
    return Step(candidate=walked.candidate, step=interpretation.step)


def _offer(reason: Reason, history: History) -> Decision:
    """Offer a human, once: who only complains on is not asked again."""
    offered = history.pending_choice
    return Escalate(reason=reason) if offered and not offered.is_clarifying else OfferHuman(reason=reason)


def _decide_on_questions(
    interpretation: Interpretation, history: History, looked_up: Sequence[QueryResult] | None, now: datetime
) -> Decision:
    if looked_up is None:
        return Escalate(reason="unavailable")
    decisions = [_decide_on_question(asked, interpretation, history, now) for asked in looked_up]
    if len(decisions) == 1:
        return decisions[0]
    answered = tuple(each for decision in decisions if isinstance(decision, Answer) for each in decision.answered)
    rest = [
        (asked.query.question, decision)
        for asked, decision in zip(looked_up, decisions, strict=True)
        if not isinstance(decision, Answer)
    ]
    if not rest:
        return Answer(answered=answered, offers_human=_offered_beside(interpretation))
    details = "\n".join(each.detail for _, each in rest if isinstance(each, Escalate) and each.detail)
    if answered:
        return Partial(answered=answered, open=tuple(question for question, _ in rest), detail=details or None)
    reasons = [each.reason for _, each in rest if isinstance(each, Escalate)]
    same = len(set(reasons)) == 1 and len(reasons) == len(rest)
    return Escalate(reason=reasons[0] if same else "unsure", detail=details or None)


def _decide_on_question(
    asked: QueryResult, interpretation: Interpretation, history: History, now: datetime
) -> Decision:
    found, query = asked.result, asked.query
    if query.document is not None:
        return _decide_on_choice(asked, query.document)
    if obstacle := _blocking_reason(asked, history, now):
        return obstacle
    if found.decision != "answer":
        return _decide_unsure(asked, interpretation, history)
    if interpretation.says_wrong and _was_given(found.candidates[0], interpretation):
        return Escalate(reason="not_helped")
    given = _answered(asked, found.candidates[0])
    return Answer(answered=(given,), offers_human=_offered_beside(interpretation))


def _blocking_reason(asked: QueryResult, history: History, now: datetime) -> Escalate | None:
    """Why the best answer must not be given, however sure it is."""
    if not asked.result.candidates:
        return Escalate(reason="nothing_found" if asked.result.way or not asked.result.language else "language")
    if history.has_answered(asked.searched, now, share=asked.same_share):
        return Escalate(reason="repeated")
    rivals = contradiction(asked.searched, asked.result)
    return Escalate(reason="contradiction", detail=rivals.words) if rivals else None


def _decide_unsure(asked: QueryResult, interpretation: Interpretation, history: History) -> Decision:
    if history.has_clarified(asked.searched, share=asked.same_share):
        return Escalate(reason="unclear")
    candidates = choices(asked.result)
    if candidates and not _offered_beside(interpretation):
        return Clarify(candidates=candidates)
    return Escalate(reason="language" if _is_foreign(asked.result) else "unsure")


def _is_foreign(found: SearchResult) -> bool:
    """Whether a question is in a language that neither the bot nor any page found for it speaks."""
    spoken = {*SUPPORTED, None, *(base_code(each.language) for each in found.candidates)}
    return base_code(found.language) not in spoken


def _decide_on_choice(asked: QueryResult, document: str) -> Decision:
    """The chosen document as it is now: it may have been mended or withdrawn since it was offered."""
    chosen = next((each for each in asked.result.candidates if each.document_id == document), None)
    if chosen is None:
        return Escalate(reason="unclear")
    return Answer(answered=(_answered(asked, chosen),))


def _answered(asked: QueryResult, candidate: Candidate) -> AnsweredQuestion:
    is_other = candidate.language is not None and asked.result.language not in {None, candidate.language}
    return AnsweredQuestion(
        question=asked.query.question,
        candidate=candidate,
        other_language=candidate.language if is_other else None,
    )


def _was_given(candidate: Candidate, interpretation: Interpretation) -> bool:
    """Whether a candidate is the answer that the customer says was no help."""
    about = interpretation.topic
    if about is None or about.decision != "answer" or not about.candidates:
        return False
    return candidate.document_id == (about.chosen or about.candidates[0].document_id)


def _offered_beside(interpretation: Interpretation) -> Reason | None:
    """Why an answer comes with the offer of a human."""
    return "upset" if interpretation.is_angry else "not_helped" if interpretation.says_wrong else None


def _decide_on_silence(turn: Turn) -> Decision:
    if any(said.has_attachments for said in turn.said):
        return Escalate(reason="attachment")
    if any(said.text.strip() for said in turn.said):
        return Social(phrase="unreadable")
    return Silent()
