"""The life of an escalation, as a table: which act is possible in which state, and who owns the conversation then."""

from typing import Literal

from bot.desk.case import Case, EscalationState
from bot.errors import AlreadyClaimed, NotPossible, NotYours
from bot.i18n import marked
from channels.message import Owner

Act = Literal["claim", "release", "resolve", "hand_back", "reopen"]

OWNER: dict[EscalationState, Owner] = {"waiting": "queue", "claimed": "agent", "resolved": "bot", "handed_back": "bot"}

_NEXT: dict[tuple[EscalationState, Act], EscalationState] = {
    ("waiting", "claim"): "claimed",
    ("claimed", "claim"): "claimed",
    ("claimed", "release"): "waiting",
    ("claimed", "resolve"): "resolved",
    ("claimed", "hand_back"): "handed_back",
    ("resolved", "reopen"): "claimed",
    ("handed_back", "reopen"): "claimed",
}

#: What happened, as agents read it in the transcript.
EVENT: dict[Act, str] = {
    "claim": marked("{agent} claimed this."),
    "release": marked("{agent} put this back in the queue."),
    "resolve": marked("{agent} resolved this."),
    "hand_back": marked("{agent} handed this back to the bot."),
    "reopen": marked("{agent} reopened this."),
}
#: The same, of the last thing that can happen; and why nothing can be done any more.
ERASED = marked("{agent} erased everything about this customer.")
GONE = marked("Everything about this customer was erased.")

#: The same, of what nobody did.
LEFT_IDLE = marked("{agent} did nothing here while the customer waited. This is in the queue again.")


def left_idle(state: EscalationState | None) -> EscalationState:
    """The state of a case whose agent did nothing for too long; NotPossible where nobody holds it."""
    if state != "claimed":
        raise NotPossible("Nobody has claimed this.")
    return "waiting"


def step(state: EscalationState, act: Act, *, is_mine: bool, holder: str | None) -> EscalationState:
    """The state after an act. `is_mine`: the agent who acts holds it; `holder`: the name of the one who does.

    AlreadyClaimed when another agent holds it, NotYours when nobody does and the act needs that one does,
    NotPossible when the act makes no sense in this state.
    """
    if state == "claimed" and not is_mine:
        raise AlreadyClaimed(holder or "Another agent")
    if (state, act) in _NEXT:
        return _NEXT[state, act]
    if state == "waiting" and act != "reopen":
        raise NotYours("Claim this first.")
    raise NotPossible("This is closed.") if OWNER[state] == "bot" else NotPossible("This is still open.")


def judged(case: Case, document_id: str | None) -> int:
    """The number of the receipt that is judged when an agent says which page answers; None: none of them.

    NotPossible when nothing was found for the case, or not this page.
    """
    if case.receipt is None or case.receipt.id is None or not case.pages:
        raise NotPossible("The bot found no pages for this case.")
    if document_id is not None and document_id not in {page.document_id for page in case.pages}:
        raise NotPossible("This page is not among those that were found.")
    return case.receipt.id
