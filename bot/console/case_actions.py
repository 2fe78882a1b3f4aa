"""Actions that an agent may take on a case now, as values and pure functions."""

from dataclasses import dataclass
from typing import Literal

from bot.console.translations import Translations
from bot.conversation import Agent, Case, QueueItem
from bot.desk import ERASED_NOTICE
from bot.i18n import gettext_noop

ActionName = Literal["claim", "release", "resolve", "hand-back", "reopen", "verdict", "erase"]


@dataclass(frozen=True, kw_only=True)
class CaseAction:
    """Something an agent does with a case by one press."""

    name: ActionName
    label: str
    #: Said when it is done.
    done: str
    #: What takes it back.
    undo: ActionName | None = None
    key: str | None = None


ACTIONS: dict[str, CaseAction] = {
    action.name: action
    for action in (
        CaseAction(
            name="claim",
            label=gettext_noop("Claim"),
            done=gettext_noop("You claimed this case."),
            undo="release",
            key="c",
        ),
        CaseAction(
            name="resolve", label=gettext_noop("Resolve"), done=gettext_noop("Resolved."), undo="reopen", key="e"
        ),
        CaseAction(
            name="hand-back",
            label=gettext_noop("Hand back to the bot"),
            done=gettext_noop("Handed back to the bot."),
            undo="reopen",
        ),
        CaseAction(
            name="release", label=gettext_noop("Release"), done=gettext_noop("Back in the queue."), undo="claim"
        ),
        CaseAction(name="reopen", label=gettext_noop("Reopen"), done=gettext_noop("The case is yours again.")),
        CaseAction(
            name="erase", label=gettext_noop("Erase for good"), done=gettext_noop("Erased. The customer will be told.")
        ),
        CaseAction(
            name="verdict",
            label=gettext_noop("Say which page answers"),
            done=gettext_noop("Noted."),
            undo="verdict",
            key="w",
        ),
    )
}


def is_mine(case: Case | QueueItem, agent: Agent) -> bool:
    """True when this agent holds the case."""
    return case.state == "claimed" and case.agent is not None and case.agent.id == agent.id


def allowed_actions(case: Case, agent: Agent) -> list[CaseAction]:
    """The actions open to this agent on this case now, the likeliest first."""
    names: tuple[ActionName, ...] = ()
    if case.erased:
        names = ()
    elif case.state == "waiting":
        names = ("claim",)
    elif case.state != "claimed":
        names = ("reopen",)
    elif is_mine(case, agent):
        names = ("resolve", "hand-back", "release")
    return [ACTIONS[name] for name in names]


def may_erase(case: Case, agent: Agent) -> bool:
    """True when this agent can erase the customer now: the case is theirs, or nobody's yet."""
    return case.erased is None and (case.state == "waiting" or is_mine(case, agent))


def undo(done: str | None, case: Case | None, agent: Agent) -> CaseAction | None:
    """The action that takes back the one just done; None when there is none or it is too late."""
    if done not in ACTIONS or case is None:
        return None
    if done == "verdict":
        return ACTIONS[done] if case.pages else None
    return next((action for action in allowed_actions(case, agent) if action.name == ACTIONS[done].undo), None)


def verdict_place(case: Case) -> str:
    """The place of the page that is said to answer, from "1"; "0" when none of them does; "" when nobody has said."""
    if case.verdict is None:
        return ""
    places = {page.document_id: str(place) for place, page in enumerate(case.pages, 1)}
    return places.get(case.verdict.document_id or "", "0")


def verdict_about(case: Case) -> str:
    """The question that a page is said to answer, where a message held several; else it goes without saying."""
    receipt = case.receipt
    return (receipt.searched or "") if receipt and len(receipt.parts) > 1 else ""


def reply_obstacle(case: Case, agent: Agent, say: Translations) -> str | None:
    """A sentence that keeps this agent from writing to the customer now; None when they can."""
    if case.erased:
        return say.gettext(ERASED_NOTICE)
    if case.state == "claimed" and case.agent is not None and not is_mine(case, agent):
        return say.gettext("%(name)s has claimed this case. You can leave a note.", name=case.agent.name)
    if case.state in {"resolved", "handed_back"}:
        return say.gettext("This case is closed. Reopen it to reply, or leave a note.")
    return None
