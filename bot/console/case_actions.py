"""The words of the console, and what an agent may do when: plain values and pure functions."""

from dataclasses import dataclass
from typing import Literal

from bot.console.translations import Catalogue
from bot.conversation.explain import sure_words
from bot.conversation.receipt import Reason, Receipt
from bot.desk.case import HELD, Agent, Case, CaseLine, QueueItem
from bot.desk.transitions import ERASED, EVENT, GONE, LEFT_IDLE
from bot.errors import AlreadyClaimed, BotError
from bot.i18n import marked
from bot.store.privacy.erasure import ERASED_BY_MAINTAINER
from bot.store.records.message_edits import DELETED, EDITED

MoveName = Literal["claim", "release", "resolve", "hand-back", "reopen", "verdict", "erase"]

REASONS: dict[Reason, str] = {
    "asked": marked("Asked for a human"),
    "unsure": marked("Not sure enough"),
    "unclear": marked("Not clear what is meant"),
    "nothing_found": marked("Nothing found"),
    "contradiction": marked("Pages contradict each other"),
    "partial": marked("Partly answered"),
    "repeated": marked("Asked again"),
    "not_helped": marked("The answer did not help"),
    "upset": marked("Upset"),
    "attachment": marked("Sent a file"),
    "failed": marked("The bot failed"),
    "unavailable": marked("Search was unavailable"),
    "undelivered": marked("Not delivered"),
    "language": marked("In a language the bot has no answers in"),
    "forget": marked("Wants their data deleted"),
}
CHANNELS = {"web": marked("Web chat"), "terminal": marked("Terminal"), "x": "X"}
#: What happens to a case, with the name of the agent or without: lines of the transcript.
EVENTS = (ERASED_BY_MAINTAINER, ERASED, *EVENT.values(), LEFT_IDLE, EDITED, DELETED)


@dataclass(frozen=True, kw_only=True)
class Move:
    """Something an agent does with a case by one press."""

    name: MoveName
    label: str
    #: Said when it is done.
    done: str
    #: What takes it back.
    undo: MoveName | None = None
    key: str | None = None


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(name="claim", label=marked("Claim"), done=marked("You claimed this case."), undo="release", key="c"),
        Move(name="resolve", label=marked("Resolve"), done=marked("Resolved."), undo="reopen", key="e"),
        Move(
            name="hand-back",
            label=marked("Hand back to the bot"),
            done=marked("Handed back to the bot."),
            undo="reopen",
        ),
        Move(name="release", label=marked("Release"), done=marked("Back in the queue."), undo="claim"),
        Move(name="reopen", label=marked("Reopen"), done=marked("The case is yours again.")),
        Move(name="erase", label=marked("Erase for good"), done=marked("Erased. The customer will be told.")),
        Move(name="verdict", label=marked("Say which page answers"), done=marked("Noted."), undo="verdict", key="w"),
    )
}


def is_mine(case: Case | QueueItem, agent: Agent) -> bool:
    """Whether this agent holds the case."""
    return case.state == "claimed" and case.agent is not None and case.agent.id == agent.id


def moves(case: Case, agent: Agent) -> list[Move]:
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


def undo(done: str | None, case: Case | None, agent: Agent) -> Move | None:
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


def reply_obstacle(case: Case, agent: Agent, say: Catalogue) -> str | None:
    """Why this agent cannot write to the customer now; None when they can."""
    if case.erased:
        return say.gettext(GONE)
    if case.state == "claimed" and case.agent is not None and not is_mine(case, agent):
        return say.gettext("%(name)s has claimed this case. You can leave a note.", name=case.agent.name)
    if case.state in {"resolved", "handed_back"}:
        return say.gettext("This case is closed. Reopen it to reply, or leave a note.")
    return None


def held(line: CaseLine, say: Catalogue) -> str:
    """Why a message is not sent yet; a time follows."""
    if line.error == HELD:
        return say.gettext("Held back by the channel's budget until")
    return say.gettext("Not sent yet (%(why)s), next try", why=line.error or "")


def refusal(error: BotError, say: Catalogue) -> str:
    """Why something could not be done."""
    if isinstance(error, AlreadyClaimed):
        return say.gettext("%(name)s has already claimed this.", name=error.agent_name)
    return say.gettext(str(error))


def event(text: str, say: Catalogue) -> str:
    """What happened to a case, in the agent's language; stored is the English."""
    for sentence in EVENTS:
        before, named, after = sentence.partition("{agent}")
        if text == sentence and not named:
            return say.gettext(sentence)
        if named and text.startswith(before) and text.endswith(after):
            return say.gettext(sentence).format(agent=text[len(before) : len(text) - len(after)])
    return text


def sureness(receipt: Receipt, say: Catalogue) -> str | None:
    """How sure the bot was and had to be."""
    text, values = sure_words(receipt)
    return say.gettext(text).format(**{name: say.number(value) for name, value in values.items()}) if text else None


def channel(name: str, say: Catalogue) -> str:
    """What agents call a channel."""
    return say.gettext(CHANNELS[name]) if name in CHANNELS else name.capitalize()
