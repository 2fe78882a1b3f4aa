"""The life of an escalation, as a table: which act is possible in which state, and who owns the conversation then."""

from typing import Literal

from bot.conversation import Case, EscalationState, Reason
from bot.errors import AlreadyClaimed, InvalidState, NotOwner
from bot.i18n import gettext_noop
from channels.message import Owner

AgentAction = Literal["claim", "release", "resolve", "hand_back", "reopen"]

OWNER: dict[EscalationState, Owner] = {"waiting": "queue", "claimed": "agent", "resolved": "bot", "handed_back": "bot"}

_NEXT: dict[tuple[EscalationState, AgentAction], EscalationState] = {
    ("waiting", "claim"): "claimed",
    ("claimed", "claim"): "claimed",
    ("claimed", "release"): "waiting",
    ("claimed", "resolve"): "resolved",
    ("claimed", "hand_back"): "handed_back",
    ("resolved", "reopen"): "claimed",
    ("handed_back", "reopen"): "claimed",
}

#: What happened, as agents read it in the transcript.
EVENT_TEXTS: dict[AgentAction, str] = {
    "claim": gettext_noop("{agent} claimed this."),
    "release": gettext_noop("{agent} put this back in the queue."),
    "resolve": gettext_noop("{agent} resolved this."),
    "hand_back": gettext_noop("{agent} handed this back to the bot."),
    "reopen": gettext_noop("{agent} reopened this."),
}
#: The same, of the last thing that can happen; and why nothing can be done any more.
ERASED = gettext_noop("{agent} erased everything about this customer.")
ERASED_NOTICE = gettext_noop("Everything about this customer was erased.")

#: The same, of what nobody did.
LEFT_IDLE = gettext_noop("{agent} did nothing here while the customer waited. This is in the queue again.")


#: The same, of what the customer did while the case waited: by the name of what they said.
WITHDRAWN_TEXTS: dict[str, str] = {
    "solved": gettext_noop("The customer wrote that this is solved, while it waited. It is closed."),
    "never_mind": gettext_noop("The customer wrote that nothing is needed any more, while this waited. It is closed."),
    "bot_again": gettext_noop("The customer went back to the assistant, while this waited. It is closed."),
}
#: The same, of what the customer wants beside what the case was opened for.
ADDED_TEXTS: dict[Reason, str] = {
    "forget": gettext_noop("The customer wants their data deleted."),
    "upset": gettext_noop("The customer is upset."),
}


def withdrawn(state: EscalationState | None) -> EscalationState:
    """The state of a case that its customer needs no more; InvalidState where it does not wait."""
    if state != "waiting":
        raise InvalidState("No case waits here.")
    return "resolved"


def left_idle(state: EscalationState | None) -> EscalationState:
    """The state of a case whose agent did nothing for too long; InvalidState where nobody holds it."""
    if state != "claimed":
        raise InvalidState("Nobody has claimed this.")
    return "waiting"


def next_state(state: EscalationState, act: AgentAction, *, is_mine: bool, holder: str | None) -> EscalationState:
    """The state after an act. `is_mine`: the agent who acts holds it; `holder`: the name of the one who does.

    AlreadyClaimed when another agent holds it, NotOwner when nobody does and the act needs that one does,
    InvalidState when the act makes no sense in this state.
    """
    if state == "claimed" and not is_mine:
        raise AlreadyClaimed(holder or "Another agent")
    if (state, act) in _NEXT:
        return _NEXT[state, act]
    if state == "waiting" and act != "reopen":
        raise NotOwner("Claim this first.")
    raise InvalidState("This is closed.") if OWNER[state] == "bot" else InvalidState("This is still open.")


def judged(case: Case, document_id: str | None) -> int:
    """The number of the receipt that is judged when an agent says which page answers; None: none of them.

    InvalidState when nothing was found for the case, or not this page.
    """
    if case.receipt is None or case.receipt.id is None or not case.pages:
        raise InvalidState("The bot found no pages for this case.")
    if document_id is not None and document_id not in {page.document_id for page in case.pages}:
        raise InvalidState("This page is not among those that were found.")
    return case.receipt.id
