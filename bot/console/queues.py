"""The queue as an agent reads it: who waits, what is mine, what others have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.console.words import is_mine
from bot.desk.case import Agent, QueueItem

#: Longest excerpt in the queue, in characters.
EXCERPT = 200


@dataclass(frozen=True, kw_only=True)
class Row:
    """One case in the queue."""

    item: QueueItem
    excerpt: str
    #: What the shown time is since.
    since: datetime
    since_words: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows under one heading; `empty` is said when there are none, nothing when it is blank."""

    name: str
    heading: str
    rows: Sequence[Row]
    empty: str = ""


def open_groups(items: Sequence[QueueItem], agent: Agent) -> list[Group]:
    """The open cases, in the desk's order."""
    claimed = [item for item in items if item.state == "claimed"]
    return [
        Group(
            name="waiting",
            heading="Waiting",
            rows=[_waiting(item) for item in items if item.state == "waiting"],
            empty="Nobody is waiting. New cases appear here by themselves.",
        ),
        Group(name="mine", heading="Mine", rows=[_active(item) for item in claimed if is_mine(item, agent)]),
        Group(name="others", heading="With others", rows=[_active(i) for i in claimed if not is_mine(i, agent)]),
    ]


def closed_groups(items: Sequence[QueueItem]) -> list[Group]:
    """The last closed cases."""
    return [
        Group(name="closed", heading="Closed", rows=[_active(item) for item in items], empty="No case is closed yet.")
    ]


def _waiting(item: QueueItem) -> Row:
    return Row(item=item, excerpt=_excerpt(item.question), since=item.opened_at, since_words="Waiting since")


def _active(item: QueueItem) -> Row:
    return Row(item=item, excerpt=_excerpt(item.last_text), since=item.last_at, since_words="Last message")


def _excerpt(text: str) -> str:
    line = " ".join(text[: EXCERPT * 2].split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"
