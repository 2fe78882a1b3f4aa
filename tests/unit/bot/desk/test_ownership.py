"""Whatever happens in a conversation, in whatever order: somebody has it, and only they speak."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.case import Agent
from bot.desk.ownership import (
    Acted,
    CustomerWrote,
    Decided,
    DeliveryGivenUp,
    Event,
    LeftIdle,
    LeftToAgent,
    OwnershipState,
    apply_event,
)
from bot.desk.transitions import AgentAction
from bot.errors import BotError
from bot.services.deliveries import give_up
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.queues import accept, inbox
from bot.store.records.turn_commit import TurnOutcome
from bot.store.tables import agents, conversations
from tests.conftest import Clock
from tests.contract.ledger import ANSWER, HANDOVER, LEASE, WITHDRAWN, said
from tests.single import claim_delivery, claim_turn, commit_turn

AGENTS = (1, 2)
ACTS: tuple[AgentAction, ...] = get_args(AgentAction)
ACTED = [Acted(act=act, agent=agent) for act in ACTS for agent in AGENTS]
EVENTS: list[Event] = [
    *(
        CustomerWrote(),
        Decided(hands_over=False),
        Decided(hands_over=True),
        Decided(hands_over=False, withdraws=True),
        LeftToAgent(),
        DeliveryGivenUp(),
        LeftIdle(),
    ),
    *ACTED,
]
#: Often what leads somewhere, so that sequences get far.
WEIGHED = [
    *EVENTS,
    *[CustomerWrote(), Decided(hands_over=True)] * 4,
    *[Acted(act="claim", agent=1), Acted(act="hand_back", agent=1)] * 3,
]
sequences = st.lists(st.sampled_from(WEIGHED), min_size=20, max_size=60)
#: The rules are cheap to ask: many sequences.
many = settings(max_examples=2_000, deadline=None)


def histories(events: Sequence[Event]) -> list[tuple[OwnershipState, Event, OwnershipState]]:
    """What came of the events that were possible: how things stood before and after each."""
    standing, history = OwnershipState(), []
    for event in events:
        try:
            after = apply_event(standing, event)
        except BotError:
            continue
        history.append((standing, event, after))
        standing = after
    return history


def possible(standing: OwnershipState, event: Event) -> bool:
    try:
        apply_event(standing, event)
    except BotError:
        return False
    return True


@many
@given(sequences)
def test_there_is_always_exactly_one_owner(events: list[Event]) -> None:
    for _, _, after in histories(events):
        assert (after.owner == "agent") == (after.case == "claimed")
        assert (after.owner == "queue") == (after.case == "waiting")
        assert after.holder in AGENTS if after.owner == "agent" else after.owner == "bot" or after.holder is None


@many
@given(sequences)
def test_the_bot_never_speaks_while_an_agent_has_the_conversation(events: list[Event]) -> None:
    for before, event, _ in histories(events):
        if isinstance(event, Decided):
            assert before.owner in {"bot", "queue"}


@given(sequences)
def test_while_a_case_waits_the_bot_may_always_speak_and_never_be_silent(events: list[Event]) -> None:
    for _, _, after in histories(events):
        if after.owner == "queue" and after.is_unanswered:
            assert not possible(after, LeftToAgent())
            for hands_over in (False, True):
                answered = apply_event(after, Decided(hands_over=hands_over))
                assert (answered.owner, answered.case) == ("queue", "waiting"), "no answer closes it, nothing is twice"


@given(sequences)
def test_only_a_case_that_waits_is_closed_by_its_customer_and_then_the_bot_has_the_conversation(
    events: list[Event],
) -> None:
    for before, event, after in histories(events):
        if isinstance(event, Decided) and event.withdraws:
            assert (before.owner, before.case) == ("queue", "waiting")
            assert (after.owner, after.case, after.holder) == ("bot", "resolved", None)


@given(sequences)
def test_what_is_handed_over_or_cannot_be_delivered_waits_for_an_agent(events: list[Event]) -> None:
    for before, event, after in histories(events):
        if event == Decided(hands_over=True) or (isinstance(event, DeliveryGivenUp) and before.owner == "bot"):
            assert (after.owner, after.case) == ("queue", "waiting")


@given(sequences)
def test_who_could_not_be_reached_and_writes_again_is_answered_by_the_bot(events: list[Event]) -> None:
    for before, event, after in histories([DeliveryGivenUp(), *events]):
        if isinstance(event, CustomerWrote) and before.owner == "queue":
            assert after.owner == ("bot" if before.is_undelivered else "queue")
        if isinstance(event, Decided) and event.hands_over:
            assert not after.is_undelivered, "there is something to answer now"


@given(sequences)
def test_only_who_holds_a_case_changes_it(events: list[Event]) -> None:
    for before, event, after in histories(events):
        if (
            before.owner == "agent"
            and after != before
            and not isinstance(event, CustomerWrote | LeftToAgent | LeftIdle)
        ):
            assert isinstance(event, Acted)
            assert event.agent == before.holder


@given(sequences)
def test_every_waiting_case_can_be_claimed_by_every_agent_and_left_by_none(events: list[Event]) -> None:
    for _, _, after in histories(events):
        if after.case == "waiting":
            for agent in AGENTS:
                claimed = apply_event(after, Acted(act="claim", agent=agent))
                assert claimed.owner == "agent"
                assert apply_event(claimed, LeftIdle()).case == "waiting"
            assert not possible(after, LeftIdle())


@given(sequences)
def test_what_an_agent_claims_and_leaves_goes_back_to_the_queue(events: list[Event]) -> None:
    for _, _, after in histories(events):
        if after.owner == "agent":
            returned = apply_event(after, LeftIdle())
            assert (returned.owner, returned.case, returned.holder) == ("queue", "waiting", None)
            assert returned.is_unanswered == after.is_unanswered


@many
@given(sequences)
def test_a_message_is_lost_to_nobody(events: list[Event]) -> None:
    for before, event, after in histories(events):
        if isinstance(event, CustomerWrote):
            assert after.is_unanswered
        if before.is_unanswered and not after.is_unanswered:
            assert isinstance(event, LeftToAgent) if before.owner == "agent" else isinstance(event, Decided)
        if after.is_unanswered:
            assert any(possible(after, then) for then in (Decided(hands_over=True), LeftToAgent()))


@given(sequences)
def test_handing_back_never_loops(events: list[Event]) -> None:
    """Each decision of the bot takes a message of the customer: it cannot hand over again what it got back."""
    messages = 0
    for before, event, _ in histories(events):
        if isinstance(event, CustomerWrote):
            messages += 1
        if isinstance(event, Decided):
            assert messages > 0
            messages = 0
        if isinstance(event, Acted) and event.act == "hand_back" and not before.is_unanswered:
            assert not possible(replace(before, owner="bot"), Decided(hands_over=True))


class Real:
    """The same events in the store, as worker, sender, desk and housekeeping bring them about."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self.db, self.clock = db, clock
        self.desk = Desk(db, clock=clock)
        self._count = 0

    async def happens(self, event: Event) -> bool:
        """False where there was nothing to which it could happen."""
        self._count += 1
        self.clock.advance(1)
        match event:
            case CustomerWrote():
                inbound = said("how?", f"e{self._count}")
                await accept.accept(self.db, inbound, now=self.clock(), quiet=timedelta(0))
            case Decided(withdraws=True):
                return await self._commit(WITHDRAWN)
            case Decided(hands_over=hands_over):
                return await self._commit(HANDOVER if hands_over else ANSWER)
            case LeftToAgent():
                return await self._commit(TurnOutcome())
            case DeliveryGivenUp():
                owed = await claim_delivery(self.db, now=self.clock(), lease=LEASE)
                if owed is None:
                    return False
                await give_up(self.db, owed, now=self.clock(), error="blocked")
            case Acted(act=act, agent=number):
                agent = Agent(id=number, name=f"agent {number}", email="")
                how = {"confirmed": True} if act == "resolve" else {}
                await getattr(self.desk, act)(await self._last_case(), agent, **how)
            case LeftIdle():
                return bool(await self.desk.requeue_idle(after=timedelta(0)))
        return True

    async def standing(self) -> OwnershipState:
        async with self.db.read() as connection:
            owner = await connection.scalar(conversations.select().with_only_columns(conversations.c.owner))
        number = await self._last_case()
        if not number:
            return OwnershipState(owner=owner or "bot")
        case = await self.desk.case(number)
        assert case.owner == owner
        return OwnershipState(owner=case.owner, case=case.state, holder=case.agent.id if case.agent else None)

    async def _commit(self, outcome: TurnOutcome) -> bool:
        turn = await claim_turn(self.db, now=self.clock(), lease=LEASE)
        if turn is None:
            return False
        try:
            assert await commit_turn(self.db, turn, outcome, now=self.clock())
        except BotError:
            await inbox.put_back(self.db, turn, due=self.clock())
            raise
        return True

    async def _last_case(self) -> int:
        items = [*await self.desk.queue(), *await self.desk.closed()]
        return max((item.escalation_id for item in items), default=0)


async def run(events: Sequence[Event], folder: Path) -> None:
    db, clock, expected = Database(f"sqlite+aiosqlite:///{folder / 'test.db'}"), Clock(), OwnershipState()
    try:
        await db.migrate()
        async with db.write() as connection:
            for number in AGENTS:
                values = {"id": number, "name": str(number), "email": str(number), "password_hash": "x"}
                await connection.execute(agents.insert().values(created_at=clock(), **values))
        real = Real(db, clock)
        for event in events:
            try:
                happened = await real.happens(event)
            except BotError:
                assert not possible(expected, event), "the store refused what the rules allow"
                continue
            if happened:  # and it must be what the rules allow
                expected = apply_event(expected, event)
            assert await real.standing() == replace(expected, is_unanswered=False, is_undelivered=False), event
    finally:
        await db.close()


@settings(max_examples=25)
@given(st.lists(st.sampled_from([*WEIGHED, *[DeliveryGivenUp()] * 3]), min_size=12, max_size=25))
def test_the_store_does_what_the_rules_say(events: list[Event]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(events, Path(folder)))
