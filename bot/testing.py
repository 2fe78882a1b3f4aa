"""The application's ports in memory, behaving as their docstrings say: for tests and for trying the console out."""

import asyncio
import contextlib
import itertools
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from bot.conversation.case import Agent, Case, CaseLine, PageVerdict, PastCase, QueueItem
from bot.conversation.phrases import phrases_for
from bot.conversation.receipt import Erasure, Reason, Receipt
from bot.conversation.text.search_terms import content_words, tokens
from bot.desk.transitions import ERASED, ERASED_NOTICE, EVENT_TEXTS, OWNER, AgentAction, judged, next_state
from bot.errors import EmailTaken, InvalidState, InvitationInvalid, NoSuchCase, WeakPassword, WrongPassword
from bot.services.agents import AT_WORK, INVITATION_LASTS, SHORTEST_PASSWORD, Agents, Invitation
from bot.services.desk import Desk
from retrieval import Candidate, Chances, SearchResult

Clock = Callable[[], datetime]
Author = Literal["customer", "bot", "agent", "note", "event"]


def _now() -> datetime:
    return datetime.now(UTC)


class MemoryDesk(Desk):
    """A desk in dictionaries; `escalate`, `customer_writes` and `put_line` do what customers and the bot do."""

    def __init__(self, clock: Clock = _now) -> None:
        self._clock = clock
        #: Without their lines: those belong to the conversation.
        self._cases: dict[int, Case] = {}
        self._lines: dict[int, list[CaseLine]] = {}
        self._conversations: dict[tuple[str, str], int] = {}
        self._keys: set[tuple[int, str]] = set()
        self._ids = itertools.count(1)
        self._news = asyncio.Event()

    def escalate(
        self,
        question: str,
        *,
        reason: Reason = "unsure",
        channel: str = "web",
        customer: str = "customer-1",
        customer_name: str | None = None,
        language: str | None = None,
        receipt: Receipt | None = None,
        opened_at: datetime | None = None,
    ) -> int:
        """A customer asks and the bot hands over: the number of the new case."""
        at = opened_at or self._clock()
        conversation = self._conversations.setdefault((channel, customer), len(self._conversations) + 1)
        number = len(self._cases) + 1
        case = Case(
            escalation_id=number,
            conversation_id=conversation,
            state="waiting",
            reason=reason,
            question=question,
            owner=OWNER["waiting"],
            channel=channel,
            customer=customer,
            opened_at=at,
            lines=(),
            customer_name=customer_name,
            language=language,
            receipt=receipt and replace(receipt, id=number),
        )
        self._cases[case.escalation_id] = case
        self._write(case, "customer", question, at=at, author_name=customer_name)
        return case.escalation_id

    def customer_writes(self, escalation_id: int, text: str) -> None:
        """The customer goes on writing."""
        case = self._get(escalation_id)
        self._write(case, "customer", text, author_name=case.customer_name)

    def put_line(self, escalation_id: int, line: CaseLine) -> None:
        """Something is said, or a line with this id changes."""
        lines = self._lines.setdefault(self._get(escalation_id).conversation_id, [])
        lines[:] = sorted((line, *(other for other in lines if other.id != line.id)), key=lambda one: one.id)
        self._tell()

    async def queue(self) -> Sequence[QueueItem]:
        """The open escalations: the longest waiting first, then the claimed ones, newest activity first."""
        waiting = [self._item(case) for case in self._cases.values() if case.state == "waiting"]
        claimed = [self._item(case) for case in self._cases.values() if case.state == "claimed"]
        waiting.sort(key=lambda item: item.opened_at)
        claimed.sort(key=lambda item: item.last_at, reverse=True)
        return waiting + claimed

    async def closed(self, *, limit: int = 50) -> Sequence[QueueItem]:
        """The last closed escalations, newest first."""
        closed = [self._item(case) for case in self._cases.values() if case.closed_at is not None]
        return sorted(closed, key=lambda item: item.escalation_id, reverse=True)[:limit]

    async def case(self, escalation_id: int) -> Case:
        """One escalation; NoSuchCase when there is none."""
        case = self._get(escalation_id)
        earlier = [
            PastCase(
                escalation_id=past.escalation_id,
                question=past.question,
                opened_at=past.opened_at,
                state=past.state,
                agent_name=past.agent.name if past.agent else None,
            )
            for past in reversed(self._cases.values())
            if past.conversation_id == case.conversation_id and past.escalation_id < escalation_id
        ]
        return replace(case, lines=tuple(self._lines[case.conversation_id]), earlier=tuple(earlier))

    async def claim(self, escalation_id: int, agent: Agent) -> None:
        """Take a waiting case. Claiming one's own again does nothing; AlreadyClaimed, NotPossible when it is closed."""
        self._act("claim", escalation_id, agent)

    async def release(self, escalation_id: int, agent: Agent) -> None:
        """Put one's own case back in the queue (undoes a claim)."""
        self._act("release", escalation_id, agent)

    async def reply(self, escalation_id: int, agent: Agent, text: str, *, key: str) -> None:
        """Send the customer a message; `key` makes a form sent twice one reply. Claims a waiting case first."""
        if not text.strip():
            raise InvalidState("The reply is empty.")
        if (self._get(escalation_id).conversation_id, key) in self._keys:
            return
        case = self._act("claim", escalation_id, agent)
        if self._is_new(case, key):
            self._write(case, "agent", text, author_name=agent.name, delivery="pending")

    async def note(self, escalation_id: int, agent: Agent, text: str, *, key: str) -> None:
        """Write something only agents see."""
        if not text.strip():
            raise InvalidState("The note is empty.")
        case = self._get(escalation_id)
        if case.erased:
            raise InvalidState(ERASED_NOTICE)
        if self._is_new(case, key):
            self._write(case, "note", text, author_name=agent.name)

    async def resolve(self, escalation_id: int, agent: Agent) -> None:
        """Close the case: done. The next message of the customer is the bot's again."""
        self._act("resolve", escalation_id, agent)

    async def hand_back(self, escalation_id: int, agent: Agent) -> None:
        """Close the case by giving the conversation back to the bot, which tells the customer so."""
        case = self._act("hand_back", escalation_id, agent)
        self._write(case, "bot", phrases_for(case.language).say("handed_back"), delivery="pending")

    async def reopen(self, escalation_id: int, agent: Agent) -> None:
        """Take a closed case up again as one's own (undoes resolve and hand back)."""
        conversation = self._get(escalation_id).conversation_id
        for other in self._cases.values():
            if (
                other.conversation_id == conversation
                and other.closed_at is None
                and other.escalation_id > escalation_id
            ):
                raise InvalidState("This customer has a newer case that is open.")
        self._act("reopen", escalation_id, agent)

    async def erase(self, escalation_id: int, agent: Agent) -> None:
        """Erase everything about the customer of an open case; they are told so. It is for good."""
        case = self._get(escalation_id)
        self._act("claim", escalation_id, agent)
        self._act("resolve", escalation_id, agent)
        erasure = Erasure(at=self._clock(), by=agent.name)
        for other in list(self._cases.values()):
            if (other.channel, other.customer) == (case.channel, case.customer):
                self._blank(other, erasure)
        self._write(self._get(escalation_id), "event", ERASED.format(agent=agent.name), author_name=agent.name)
        del self._conversations[case.channel, case.customer]

    def _blank(self, case: Case, erasure: Erasure) -> None:
        is_open = case.closed_at is None
        ended = replace(case, state="resolved", owner="bot", closed_at=erasure.at) if is_open else case
        receipt = case.receipt and Receipt(decision=case.receipt.decision, question="", erased=erasure)
        self._cases[case.escalation_id] = replace(
            ended, question="", customer="erased", customer_name=None, receipt=receipt, verdict=None, erased=erasure
        )
        lines = self._lines[case.conversation_id]
        self._lines[case.conversation_id] = [
            line if line.author == "event" else CaseLine(id=line.id, author=line.author, text="", at=line.at)
            for line in lines
        ]

    async def judge(self, escalation_id: int, agent: Agent, document_id: str | None) -> None:
        """Say which of the pages that were found answers the question, or None: none of them. The last word counts.

        Anybody may, whoever holds the case, and after it is closed too. NotPossible when the page was not found for it.
        """
        self._judge(escalation_id, document_id, agent)

    async def unjudge(self, escalation_id: int) -> None:
        """Take back what was said of the pages, if anything was."""
        self._judge(escalation_id, None, None)

    async def changed(self, timeout: float) -> None:  # noqa: ASYNC109  # a wait, not a deadline
        """Return when something on the desk may have changed, or after `timeout` seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), timeout)

    def _get(self, escalation_id: int) -> Case:
        if escalation_id not in self._cases:
            raise NoSuchCase(f"There is no case {escalation_id}.")
        return self._cases[escalation_id]

    def _act(self, act: AgentAction, escalation_id: int, agent: Agent) -> Case:
        case, now = self._get(escalation_id), self._clock()
        if case.erased:
            raise InvalidState(ERASED_NOTICE)
        is_mine = case.agent is not None and case.agent.id == agent.id
        state = next_state(case.state, act, is_mine=is_mine, holder=case.agent.name if case.agent else None)
        if state == case.state:
            return case
        waiting, claimed = state == "waiting", state == "claimed"
        self._cases[escalation_id] = after = replace(
            case,
            state=state,
            owner=OWNER[state],
            agent=None if waiting else agent,
            claimed_at=now if claimed else None if waiting else case.claimed_at,
            closed_at=None if waiting or claimed else now,
        )
        self._write(after, "event", EVENT_TEXTS[act].format(agent=agent.name), author_name=agent.name)
        return after

    def _judge(self, escalation_id: int, document_id: str | None, agent: Agent | None) -> None:
        case = self._get(escalation_id)
        judged(case, document_id)
        said = PageVerdict(document_id=document_id, agent_name=agent.name, at=self._clock()) if agent else None
        self._cases[escalation_id] = replace(case, verdict=said)
        self._tell()

    def _write(self, case: Case, author: Author, text: str, *, at: datetime | None = None, **values: Any) -> None:
        line = CaseLine(id=next(self._ids), author=author, text=text, at=at or self._clock(), **values)
        self.put_line(case.escalation_id, line)

    def _is_new(self, case: Case, key: str) -> bool:
        known = (case.conversation_id, key) in self._keys
        self._keys.add((case.conversation_id, key))
        return not known

    def _item(self, case: Case) -> QueueItem:
        said = [line for line in self._lines[case.conversation_id] if line.author in {"customer", "agent"}]
        return QueueItem(
            escalation_id=case.escalation_id,
            conversation_id=case.conversation_id,
            state=case.state,
            reason=case.reason,
            question=case.question,
            last_text=said[-1].text,
            last_at=said[-1].at,
            unanswered=said[-1].author == "customer",
            channel=case.channel,
            opened_at=case.opened_at,
            customer_name=case.customer_name,
            language=case.language,
            agent=case.agent,
            erased=case.erased,
        )

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class MemoryAgents(Agents):
    """Agents in a dictionary, with their passwords beside them: never for real ones."""

    def __init__(self, clock: Clock = _now) -> None:
        self._clock = clock
        self._agents: dict[int, tuple[Agent, str]] = {}
        self._invitations: dict[str, tuple[Invitation, datetime]] = {}
        self._seen: dict[int, datetime] = {}
        self._ids = itertools.count(1)

    async def exist(self) -> bool:
        """Whether any agent exists."""
        return bool(self._agents)

    async def invite(self, invitation: Invitation | None = None) -> str:
        """Make a one-time token, valid for a day, with which one agent can be created."""
        token = secrets.token_urlsafe(24)
        self._invitations[token] = invitation or Invitation(), self._clock() + INVITATION_LASTS
        return token

    async def invitation(self, token: str) -> Invitation | None:
        """What the token invites to, or None when it cannot be used any more."""
        invitation, until = self._invitations.get(token, (None, self._clock()))
        return invitation if self._clock() < until else None

    async def create(self, token: str, *, name: str, email: str, password: str) -> Agent:
        """Use up the token; InvitationInvalid, EmailTaken, WeakPassword."""
        email = email.strip().lower()
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPassword(f"Choose a password of at least {SHORTEST_PASSWORD} characters.")
        if any(agent.email == email for agent, _ in self._agents.values()):
            raise EmailTaken(f"There is already an agent with the e-mail {email}.")
        invitation = await self.invitation(token)
        if invitation is None:
            raise InvitationInvalid("This invitation has been used or has expired.")
        del self._invitations[token]
        agent = Agent(id=next(self._ids), name=name.strip(), email=email, languages=invitation.languages)
        self._agents[agent.id] = agent, password
        return agent

    async def sign_in(self, email: str, password: str) -> Agent:
        """WrongPassword for an unknown e-mail too, in the same time."""
        for agent, known in self._agents.values():
            if agent.email == email.strip().lower() and known == password:
                return agent
        raise WrongPassword("E-mail and password do not belong together.")

    async def get(self, agent_id: int) -> Agent | None:
        """The agent, or None when they may no longer sign in."""
        agent, _ = self._agents.get(agent_id, (None, ""))
        return agent

    async def all(self) -> Sequence[Agent]:
        """Everybody who may sign in, in the order in which they came."""
        return [agent for agent, _ in self._agents.values()]

    async def at_work(self) -> Sequence[Agent]:
        """Those whose console is open, or was within the last minutes."""
        since = self._clock() - AT_WORK
        return [agent for agent, _ in self._agents.values() if agent.id in self._seen and self._seen[agent.id] > since]

    async def seen(self, agent_id: int) -> None:
        """The agent's console is open."""
        self._seen[agent_id] = self._clock()

    async def edit(self, agent_id: int, *, languages: Sequence[str], console_language: str | None) -> None:
        """Change an agent's profile."""
        agent, password = self._agents[agent_id]
        profile = replace(agent, languages=tuple(languages), console_language=console_language)
        self._agents[agent_id] = profile, password

    def remove(self, agent_id: int) -> None:
        """The agent may no longer sign in."""
        del self._agents[agent_id]


@dataclass(frozen=True, kw_only=True)
class ScriptedPage:
    """A document on the `ScriptedIndex`."""

    id: str
    title: str
    text: str
    #: Words a question about it may hold, beside its title's.
    about: str = ""
    #: Words on which it is likely and no more, and on which it is only worth showing beside a person.
    likely: str = ""
    near: str = ""
    #: A known phrasing: who asks in its words means this page.
    asks: str = ""
    language: str = "en"
    kind: Literal["article", "faq", "answer"] = "article"
    has_url: bool = True


class ScriptedIndex:
    """The worker's `Index` without an index: a page is found by the share of the question's words it is about.

    Sure where one page has most of the words and no other comes near; sure only that one of the first is right where
    several do; a guess where most are words on which a page is likely; else not sure at all.
    """

    #: The confidence an answer needs here.
    threshold = 0.9
    #: Share of the words that a page must have, and how far the next must be behind.
    _ENOUGH, _AHEAD = 0.5, 0.2

    def __init__(self, pages: Sequence[ScriptedPage]) -> None:
        self._pages = tuple(pages)
        #: What was searched, oldest first; and what was counted as a question, with the customer's key.
        self.asked: list[str] = []
        self.counted: list[tuple[str, str]] = []

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the pages."""
        return frozenset(page.language for page in self._pages)

    def search(self, question: str, *, language: str | None = None, budget: float | None = None) -> SearchResult:  # noqa: ARG002
        """The pages about the question, the most fitting first."""
        self.asked.append(question)
        pages = [page for page in self._pages if not language or page.language == language]
        chances, best = self._found(content_words(question), pages)
        return SearchResult(
            question=question,
            candidates=tuple(_candidate(page, score) for score, page in best[:10]),
            confidence=chances.first,
            among_beside=chances.beside,
            among_first=chances.choices,
            threshold=self.threshold,
            features={},
            snapshot="shelf",
            same_words=tuple(page.id for page in pages if tokens(page.title) == tokens(question)),
        )

    def count_question(self, result: SearchResult, *, customer: str) -> None:
        """Remember that a question was counted."""
        self.counted.append((result.question, customer))

    def _found(
        self, words: frozenset[str], pages: Sequence[ScriptedPage]
    ) -> tuple[Chances, list[tuple[float, ScriptedPage]]]:
        """How likely the first pages are, and the pages with their scores, best first."""
        best: list[tuple[float, ScriptedPage]] = []
        for strength in ("about", "likely", "near"):
            scored = [(_score(page, words, strength), page) for page in pages]
            best = sorted((each for each in scored if each[0] > 0), key=lambda each: -each[0])
            if best and best[0][0] >= self._ENOUGH:
                close = sum(score > best[0][0] - self._AHEAD for score, _ in best)
                return _CHANCES[strength, min(close, 4) if strength == "about" else min(len(best), 2)], best
        return Chances(first=0.1, beside=0.0, choices=0.2), best


#: By what the words of a question are to the best page, and by how many pages are near.
_CHANCES = {
    ("about", 1): Chances(first=0.97, beside=0.97, choices=0.97),
    ("about", 2): Chances(first=0.4, beside=0.7, choices=0.97),
    ("about", 3): Chances(first=0.4, beside=0.7, choices=0.97),
    ("about", 4): Chances(first=0.4, beside=0.2, choices=0.2),
    ("likely", 1): Chances(first=0.6, beside=0.6, choices=0.6),
    ("likely", 2): Chances(first=0.6, beside=0.85, choices=0.9),
    ("near", 1): Chances(first=0.3, beside=0.3, choices=0.3),
    ("near", 2): Chances(first=0.2, beside=0.3, choices=0.35),
}


def _score(page: ScriptedPage, words: frozenset[str], strength: str) -> float:
    """Share of the words that a page has, at least as strongly as is said."""
    if not words:
        return 0.0
    held = {"about": page.about, "likely": f"{page.about} {page.likely}"}.get(
        strength, f"{page.about} {page.likely} {page.near}"
    )
    return len(words & content_words(f"{page.title} {held}")) / len(words) + 0.5 * (words == content_words(page.asks))


def _candidate(page: ScriptedPage, score: float) -> Candidate:
    return Candidate(
        document_id=page.id,
        passage_id=f"{page.id}#0",
        title=page.title,
        headings=(),
        text=page.text,
        kind=page.kind,
        url=f"https://help.example/{page.id}" if page.has_url else None,
        language=page.language,
        updated=None,
        author=None,
        confirmed=page.kind != "answer",
        authority=1.0,
        score=score,
    )
