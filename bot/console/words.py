"""The words of the console, and what an agent may do when: plain values and pure functions."""

from dataclasses import dataclass
from typing import Literal

from bot.conversation.receipt import Reason
from bot.desk.case import Agent, Case, EscalationState, QueueItem

MoveName = Literal["claim", "release", "resolve", "hand-back", "reopen", "verdict"]

REASONS: dict[Reason, str] = {
    "asked": "Asked for a human",
    "unsure": "Not sure enough",
    "unclear": "Not clear what is meant",
    "nothing_found": "Nothing found",
    "contradiction": "Pages contradict each other",
    "partial": "Partly answered",
    "repeated": "Asked again",
    "not_helped": "The answer did not help",
    "upset": "Upset",
    "attachment": "Sent a file",
    "failed": "The bot failed",
    "unavailable": "Search was unavailable",
    "undelivered": "Not delivered",
    "language": "In a language the bot has no answers in",
    "forget": "Wants their data deleted",
}
STATES: dict[EscalationState, str] = {
    "waiting": "Waiting",
    "claimed": "Claimed",
    "resolved": "Resolved",
    "handed_back": "Handed back to the bot",
}
CHANNELS = {"web": "Web chat", "terminal": "Terminal", "x": "X"}
LANGUAGES = {
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "it": "Italian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "sv": "Swedish",
}


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
        Move(name="claim", label="Claim", done="You claimed this case.", undo="release", key="c"),
        Move(name="resolve", label="Resolve", done="Resolved.", undo="reopen", key="e"),
        Move(name="hand-back", label="Hand back to the bot", done="Handed back to the bot.", undo="reopen"),
        Move(name="release", label="Release", done="Back in the queue.", undo="claim"),
        Move(name="reopen", label="Reopen", done="The case is yours again."),
        Move(name="verdict", label="Say which page answers", done="Noted.", undo="verdict", key="w"),
    )
}


def is_mine(case: Case | QueueItem, agent: Agent) -> bool:
    """Whether this agent holds the case."""
    return case.state == "claimed" and case.agent is not None and case.agent.id == agent.id


def moves(case: Case, agent: Agent) -> list[Move]:
    """What this agent can do with this case now, the likeliest first."""
    names: tuple[MoveName, ...] = ()
    if case.state == "waiting":
        names = ("claim",)
    elif case.state != "claimed":
        names = ("reopen",)
    elif is_mine(case, agent):
        names = ("resolve", "hand-back", "release")
    return [MOVES[name] for name in names]


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


def reply_obstacle(case: Case, agent: Agent) -> str | None:
    """Why this agent cannot write to the customer now; None when they can."""
    if case.state == "claimed" and case.agent is not None and not is_mine(case, agent):
        return f"{case.agent.name} has claimed this case. You can leave a note."
    if case.state in {"resolved", "handed_back"}:
        return "This case is closed. Reopen it to reply, or leave a note."
    return None


def channel(name: str) -> str:
    """What agents call a channel."""
    return CHANNELS.get(name, name.capitalize())


def language(code: str) -> str:
    """The language's English name, or its code where we have none."""
    return LANGUAGES.get(code.partition("-")[0].lower(), code)
