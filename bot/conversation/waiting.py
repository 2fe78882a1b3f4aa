"""Decisions while a case waits for an agent: nobody is handed over twice, and nobody meets silence meanwhile."""

from dataclasses import replace

from bot.conversation.decisions import Add, Answer, Decision, Escalate, OfferHuman, Partial, Social, Withdraw
from bot.conversation.history import HELPFUL, History
from bot.conversation.receipt import Reason

#: Remarks after which nobody is needed any more.
_WITHDRAWS = frozenset({"solved", "never_mind", "bot_again"})
#: Remarks that look for somebody.
_LOOKS_FOR_SOMEBODY = frozenset({"greeting", "presence"})
#: Reasons that are a wish for a person and add nothing to read.
_WISHES = frozenset[Reason]({"asked", "upset"})


def while_waiting(decision: Decision, history: History, *, is_chosen: bool = False) -> Decision:
    """Give what is done instead of a decision, in a conversation whose case waits for an agent.

    What would be handed over is added to the case, and a human is not offered again. `is_chosen` where the customer
    took a choice: what a suggestion has settled is not what the case is about.
    """
    match decision:
        case Escalate(reason=reason, detail=detail, beside=beside):
            return Add(reason=reason, phrase=_added(reason, history), detail=detail, beside=beside)
        case OfferHuman(reason=reason):
            return Add(reason=reason, phrase=_added(reason, history))
        case Partial():
            return replace(decision, joins=True)
        case Answer():
            return replace(decision, offers_human=None)
        case Social(phrase=phrase):
            is_beside = _is_beside(phrase, history, is_chosen=is_chosen)
            return Withdraw(phrase=phrase) if phrase in _WITHDRAWS and not is_beside else _small(phrase, history)
    return decision


def _added(reason: Reason, history: History) -> str:
    """The words for what is added, not the same twice in a row."""
    phrase = "asked" if reason in _WISHES else "added"
    said = history.newest.said if history.newest else None
    return f"{phrase}_again" if said == phrase else phrase


def _is_beside(phrase: str, history: History, *, is_chosen: bool) -> bool:
    """True when "solved" is said of what was answered meanwhile, beside the case."""
    newest = history.newest
    is_helped = newest is not None and newest.case == "waits" and newest.decision in HELPFUL
    return phrase == "solved" and (is_chosen or is_helped)


def _small(phrase: str, history: History) -> Social:
    """A remark, with the word that the question is still with a colleague where that was not said yet."""
    if phrase in _LOOKS_FOR_SOMEBODY:
        is_said = history.newest is not None and history.newest.said == "waiting"
        return Social(phrase="again" if is_said else "waiting")
    is_told = any(each.case == "waits" and each.decision == "social" for each in history.receipts)
    return Social(phrase=phrase, says_waiting=not is_told)
