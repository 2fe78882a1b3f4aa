"""The next best page once others did not help."""

from bot.conversation.decisions import AnsweredQuestion, Escalate, Suggest
from bot.conversation.interpretation import QueryResult
from bot.conversation.receipt import Reason
from retrieval import Candidate, SearchResult


def answered_question(asked: QueryResult, candidate: Candidate) -> AnsweredQuestion:
    """Give a question with the candidate that answers it, and that one's language where it is another."""
    is_other = candidate.language is not None and asked.result.language not in {None, candidate.language}
    return AnsweredQuestion(
        question=asked.query.question,
        candidate=candidate,
        other_language=candidate.language if is_other else None,
    )


def next_best(asked: QueryResult, denied: frozenset[str], *, reason: Reason) -> Suggest | Escalate:
    """The likeliest page that was not denied: suggested, or shown beside a hand-over, by how likely it is then."""
    result = asked.result
    left = [each for each in result.candidates if each.document_id not in denied]
    chance = _chance_of_next(result, denied)
    is_in_scope = _given_denied(result, result.answerable, denied) >= result.settings.in_scope_at
    if left and is_in_scope and chance >= result.settings.suggest_at:
        return Suggest(suggested=(answered_question(asked, left[0]),), is_next=True)
    return Escalate(reason=reason, beside=tuple(left[:1]) if chance >= result.settings.beside_at else ())


def _chance_of_next(result: SearchResult, denied: frozenset[str]) -> float:
    """The probability that the best page which was not denied answers, given that those which were do not."""
    if not result.candidates or result.candidates[0].document_id not in denied:
        return result.confidence
    is_second_left = len(result.candidates) > 1 and result.candidates[1].document_id not in denied
    return _given_denied(result, result.among_beside, denied) if is_second_left else 0.0


def _given_denied(result: SearchResult, chance: float, denied: frozenset[str]) -> float:
    """A probability that holds that of the first page, where that page was denied: what is left of it then."""
    if not result.candidates or result.candidates[0].document_id not in denied:
        return chance
    rest = 1 - result.confidence
    return max(0.0, chance - result.confidence) / rest if rest > 0 else 0.0
