"""The store's verbs, and what the tests of the store say with them."""

from datetime import timedelta

from bot.conversation.case import Agent
from bot.conversation.compose import Draft
from bot.conversation.receipt import Receipt
from bot.conversation.turn import Turn
from bot.store.engine.database import Database
from bot.store.queues import accept
from bot.store.records.conversations import customer_lines
from bot.store.records.turn_commit import TurnOutcome
from bot.store.tables import agents
from channels.message import Action, Inbound, SourceCard
from tests.conftest import Clock
from tests.single import claim_turn, commit_turn

LEASE = timedelta(seconds=60)
QUIET = timedelta(seconds=1)
ANSWER = TurnOutcome(
    receipt=Receipt(decision="answer", question="q", confidence=0.9, threshold=0.5, snapshot="v1"),
    drafts=(Draft(text="Hold the button.", source=SourceCard(title="Reset", kind="article"), feedback=True),),
)
HANDOVER = TurnOutcome(
    receipt=Receipt(decision="escalate", reason="unsure", question="q"), drafts=(Draft(text="I've passed it on."),)
)

WITHDRAWN = TurnOutcome(
    receipt=Receipt(decision="social", question="never mind", said="never_mind", case="withdrawn"),
    drafts=(Draft(text="All right."),),
)


def said(text: str, event: str = "e1", *, address: str = "a", action: Action | None = None) -> Inbound:
    return Inbound(
        channel="web",
        event_id=event,
        platform_message_id=None if action else event,
        address=address,
        customer=address,
        text=text,
        sent_at=Clock().now,
        action=action,
    )


class Ledger:
    """The store's verbs with this test's clock."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self.db, self.clock = db, clock

    async def accept(self, inbound: Inbound) -> bool:
        return await accept.accept(self.db, inbound, now=self.clock(), quiet=QUIET)

    async def claim(self) -> Turn | None:
        return await claim_turn(self.db, now=self.clock(), lease=LEASE)

    async def turn(self) -> Turn:
        self.clock.advance(60)
        turn = await self.claim()
        assert turn is not None
        return turn

    async def agent(self) -> Agent:
        values = {"id": 1, "name": "Alva", "email": "a@example.com", "password_hash": "x", "created_at": self.clock()}
        async with self.db.write() as connection:
            await connection.execute(agents.insert().values(**values))
        return Agent(id=1, name="Alva", email="a@example.com")

    async def commit(self, turn: Turn, outcome: TurnOutcome) -> bool:
        return await commit_turn(self.db, turn, outcome, now=self.clock())

    async def texts(self, address: str = "a") -> list[str]:
        return [line.text for line in await customer_lines(self.db, "web", address, after=0)]
