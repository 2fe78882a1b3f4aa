"""The words of the console, and what an agent may do when: plain values and pure functions."""

from dataclasses import dataclass
from typing import Literal

from bot.console.translations import Translations
from bot.conversation.explain import sure_words
from bot.conversation.receipt import Reason, Receipt
from bot.desk.case import HELD, Agent, Case, CaseLine, QueueItem
from bot.desk.transitions import ERASED, ERASED_NOTICE, EVENT_TEXTS, LEFT_IDLE
from bot.errors import AlreadyClaimed, BotError
from bot.i18n import gettext_noop
from bot.store.privacy.erasure import ERASED_BY_MAINTAINER
from bot.store.records.message_edits import DELETED, EDITED

MoveName = Literal["claim", "release", "resolve", "hand-back", "reopen", "verdict", "erase"]

REASONS: dict[Reason, str] = {
    "asked": gettext_noop("Asked for a human"),
    "unsure": gettext_noop("Not sure enough"),
    "unclear": gettext_noop("Not clear what is meant"),
    "nothing_found": gettext_noop("Nothing found"),
    "contradiction": gettext_noop("Pages contradict each other"),
    "partial": gettext_noop("Partly answered"),
    "repeated": gettext_noop("Asked again"),
    "not_helped": gettext_noop("The answer did not help"),
    "upset": gettext_noop("Upset"),
    "attachment": gettext_noop("Sent a file"),
    "failed": gettext_noop("The bot failed"),
    "unavailable": gettext_noop("Search was unavailable"),
    "undelivered": gettext_noop("Not delivered"),
    "language": gettext_noop("In a language the bot has no answers in"),
    "forget": gettext_noop("Wants their data deleted"),
}
CHANNELS = {"web": gettext_noop("Web chat"), "terminal": gettext_noop("Terminal"), "x": "X"}
#: What happens to a case, with the name of the agent or without: lines of the transcript.
EVENTS = (ERASED_BY_MAINTAINER, ERASED, *EVENT_TEXTS.values(), LEFT_IDLE, EDITED, DELETED)


@dataclass(frozen=True, kw_only=True)
class CaseAction:
    """Something an agent does with a case by one press."""

    name: MoveName
    label: str
    #: Said when it is done.
    done: str
    #: What takes it back.
    undo: MoveName | None = None
    key: str | None = None


MOVES: dict[str, CaseAction] = {
    move.name: move
    for move in (
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
    """Whether this agent holds the case."""
    return case.state == "claimed" and case.agent is not None and case.agent.id == agent.id


def moves(case: Case, agent: Agent) -> list[CaseAction]:
    """What this agent can do with this case now, the likeliest first."""
    names: tuple[MoveName, ...] = ()
    if case.erased:
        names = ()
    elif case.state == "waiting":
        names = ("claim",)
    elif case.state != "claimed":
        names = ("reopen",)
    elif is_mine(case, agent):
        names = ("resolve", "hand-back", "release")
    return [MOVES[name] for name in names]


def may_erase(case: Case, agent: Agent) -> bool:
    """Whether this agent can erase the customer now: what is theirs, or nobody's yet."""
    return case.erased is None and (case.state == "waiting" or is_mine(case, agent))


def undo(done: str | None, case: Case | None, agent: Agent) -> CaseAction | None:
    """What takes back the move that was just made, if that can still be done."""
    if done not in MOVES or case is None:
        return None
    if done == "verdict":
        return MOVES[done] if case.pages else None
    return next((move for move in moves(case, agent) if move.name == MOVES[done].undo), None)


def verdict_place(case: Case) -> str:
    """What was said of the pages, as the console's forms say it: a page's place, 0 for none of them, else nothing."""
    if case.verdict is None:
        return ""
    places = {page.document_id: str(place) for place, page in enumerate(case.pages, 1)}
    return places.get(case.verdict.document_id or "", "0")


def verdict_about(case: Case) -> str:
    """The question that a page is said to answer, where a message held several; else it goes without saying."""
    receipt = case.receipt
    return (receipt.searched or "") if receipt and len(receipt.parts) > 1 else ""


def reply_obstacle(case: Case, agent: Agent, say: Translations) -> str | None:
    """Why this agent cannot write to the customer now; None when they can."""
    if case.erased:
        return say.gettext(ERASED_NOTICE)
    if case.state == "claimed" and case.agent is not None and not is_mine(case, agent):
        return say.gettext("%(name)s has claimed this case. You can leave a note.", name=case.agent.name)
    if case.state in {"resolved", "handed_back"}:
        return say.gettext("This case is closed. Reopen it to reply, or leave a note.")
    return None


def held(line: CaseLine, say: Translations) -> str:
    """Why a message is not sent yet; a time follows."""
    if line.error == HELD:
        return say.gettext("Held back by the channel's budget until")
    return say.gettext("Not sent yet (%(why)s), next try", why=line.error or "")


def refusal(error: BotError, say: Translations) -> str:
    """Why something could not be done."""
    if isinstance(error, AlreadyClaimed):
        return say.gettext("%(name)s has already claimed this.", name=error.agent_name)
    return say.gettext(str(error))


def event(text: str, say: Translations) -> str:
    """What happened to a case, in the agent's language; stored is the English."""
    for sentence in EVENTS:
        before, named, after = sentence.partition("{agent}")
        if text == sentence and not named:
            return say.gettext(sentence)
        if named and text.startswith(before) and text.endswith(after):
            return say.gettext(sentence).format(agent=text[len(before) : len(text) - len(after)])
    return text


def sureness(receipt: Receipt, say: Translations) -> str | None:
    """How sure the bot was and had to be."""
    text, values = sure_words(receipt)
    return say.gettext(text).format(**{name: say.number(value) for name, value in values.items()}) if text else None


def channel(name: str, say: Translations) -> str:
    """What agents call a channel."""
    return say.gettext(CHANNELS[name]) if name in CHANNELS else name.capitalize()
