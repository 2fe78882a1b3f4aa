from datetime import timedelta

import pytest

from bot.conversation.compose import Draft
from bot.conversation.receipt import Receipt
from bot.store.engine.database import Database
from bot.store.queues import accept
from bot.store.records.turn_commit import TurnOutcome
from channels.message import Inbound
from tests.conftest import Clock
from tests.single import claim_turn, commit_turn

LEASE = timedelta(seconds=60)


class Talk:
    """Customers who write, and a bot that answers without thinking, on the real store."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self.db, self.clock = db, clock
        self._count = 0

    async def says(
        self, text: str, *, address: str = "ann", channel: str = "memory", locale: str | None = None
    ) -> None:
        """A customer writes."""
        self._count += 1
        inbound = Inbound(
            channel=channel,
            event_id=f"e{self._count}",
            platform_message_id=f"m{self._count}",
            address=address,
            customer=address,
            text=text,
            sent_at=self.clock(),
            locale=locale,
        )
        await accept.accept(self.db, inbound, now=self.clock(), quiet=timedelta(0))

    async def is_answered(self, *texts: str, address: str = "ann", channel: str = "memory") -> None:
        """The bot answers a new message of a customer, who is owed these texts then."""
        await self.says("question", address=address, channel=channel)
        turn = await claim_turn(self.db, now=self.clock(), lease=LEASE)
        assert turn is not None
        receipt = Receipt(decision="answer", question="question")
        outcome = TurnOutcome(receipt=receipt, drafts=tuple(Draft(text=text) for text in texts))
        assert await commit_turn(self.db, turn, outcome, now=self.clock())


@pytest.fixture
def talk(db: Database, clock: Clock) -> Talk:
    return Talk(db, clock)
