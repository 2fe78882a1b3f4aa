"""The queue as an agent reads it: who waits, what is mine, what others have, in which languages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from bot.console.case_actions import is_mine
from bot.conversation import Agent, QueueItem, base_code
from bot.desk import eligible_agents
from bot.services import Agents

#: Longest excerpt in the queue, in characters.
EXCERPT = 200
#: In the address: every case, whoever reads its language.
EVERY_LANGUAGE = "all"

GroupName = Literal["waiting", "other-languages", "mine", "others", "closed"]


@dataclass(frozen=True, kw_only=True)
class View:
    """The part of the desk an agent looks at, as the address names it."""

    closed: bool = False
    #: A language's code, `all`, or nothing: what the agent is offered.
    language: str = ""

    @classmethod
    def of(cls, parameters: QueryParams) -> "View":
        """The view that an address names."""
        language = parameters.get("language", "")
        chosen = language if language == EVERY_LANGUAGE else base_code(language) or ""
        return cls(closed=parameters.get("view") == "closed", language=chosen)

    @property
    def query(self) -> str:
        """The view as an address names it; empty for the open cases that the agent is offered."""
        named = {"view": "closed" if self.closed else "", "language": self.language}
        query = urlencode({name: value for name, value in named.items() if value})
        return f"?{query}" if query else ""

    def shows(self, item: QueueItem) -> bool:
        """True when the case is in a language that is looked at."""
        return self.language in {"", EVERY_LANGUAGE, base_code(item.language)}


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """One case in the queue."""

    item: QueueItem
    excerpt: str
    #: What the shown time is since.
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows under one heading."""

    name: GroupName
    rows: Sequence[QueueRow]


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """The waiting cases, by whether this agent is offered them."""

    now: Sequence[QueueItem]
    #: Offered although others read their language: they have waited too long.
    overdue: Sequence[QueueItem]
    #: Not offered yet: others read their language.
    later: Sequence[QueueItem]


def assign(
    items: Sequence[QueueItem], agent: Agent, online: Sequence[Agent], *, now: datetime, wait: timedelta
) -> Assignment:
    """The waiting cases as this agent is offered them, beside those who are at work."""
    team = [agent, *(other for other in online if other.id != agent.id)]

    def is_offered(item: QueueItem, at: datetime) -> bool:
        return agent in eligible_agents(item.language, item.opened_at, team, now=at, wait=wait)

    at_once: list[QueueItem] = []
    overdue: list[QueueItem] = []
    later: list[QueueItem] = []
    for item in items:
        if item.state != "waiting":
            continue
        group = at_once if is_offered(item, item.opened_at) else overdue if is_offered(item, now) else later
        group.append(item)
    return Assignment(now=at_once, overdue=overdue, later=later)


class AssignmentLookup:
    """Assignment by the agents who are at work at the time it is asked for."""

    def __init__(self, agents: Agents, *, wait: timedelta, clock: Callable[[], datetime]) -> None:
        self._agents = agents
        self._wait = wait
        self._clock = clock

    async def of(self, agent: Agent, items: Sequence[QueueItem]) -> Assignment:
        """The waiting cases as this agent is offered them."""
        online = await self._agents.online()
        return assign(items, agent, online, now=self._clock(), wait=self._wait)


def open_groups(items: Sequence[QueueItem], agent: Agent, view: View, assigned: Assignment) -> list[Group]:
    """The open cases, in the desk's order: those the agent is offered, or all of the languages they chose."""
    seen = [item for item in items if view.shows(item)]
    waiting = [item for item in seen if item.state == "waiting"]
    claimed = [item for item in seen if item.state == "claimed"]
    groups = [
        _group("waiting", waiting if view.language else assigned.now, _waiting),
        _group("mine", [item for item in claimed if is_mine(item, agent)], _active),
        _group("others", [item for item in claimed if not is_mine(item, agent)], _active),
    ]
    return groups if view.language else [groups[0], _group("other-languages", assigned.overdue, _waiting), *groups[1:]]


def closed_groups(items: Sequence[QueueItem], view: View, *, most: int) -> list[Group]:
    """The last closed cases."""
    return [_group("closed", [item for item in items if view.shows(item)][:most], _active)]


def languages(items: Sequence[QueueItem], agent: Agent, view: View) -> set[str]:
    """The languages an agent can choose from: those of the cases, their own and the one that is chosen."""
    codes = {base_code(item.language) or "" for item in items}
    return (codes | set(agent.languages) | {view.language}) - {"", EVERY_LANGUAGE}


def _group(name: GroupName, items: Sequence[QueueItem], row: Callable[[QueueItem], QueueRow]) -> Group:
    return Group(name=name, rows=[row(item) for item in items])


def _waiting(item: QueueItem) -> QueueRow:
    return QueueRow(item=item, excerpt=_excerpt(item.question), since=item.opened_at)


def _active(item: QueueItem) -> QueueRow:
    return QueueRow(item=item, excerpt=_excerpt(item.last_text), since=item.last_at)


def _excerpt(text: str) -> str:
    line = " ".join(text[: EXCERPT * 2].split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"
