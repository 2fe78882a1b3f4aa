"""What agents can do, on the desk over the database and on its shipped fake alike."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.conversation.case import Agent, CaseLine
from bot.conversation.compose import Draft
from bot.conversation.phrases import phrases_for
from bot.conversation.receipt import Receipt
from bot.errors import AlreadyClaimed, InvalidState, NoSuchCase, NotOwner, Unanswered
from bot.services.agents import Agents
from bot.services.desk import Desk
from bot.store.engine.database import Database
from bot.store.queues import accept
from bot.store.records.conversations import customer_status
from bot.store.records.escalations import change_state, escalation_row
from bot.store.records.turn_commit import TurnOutcome
from bot.testing import ScriptedIndex, ScriptedPage
from channels.message import Inbound
from tests.conftest import Clock
from tests.single import claim_turn, commit_turn


def _receipt(question: str, *, found: bool) -> Receipt:
    pages = (
        [ScriptedPage(id=each, title=each, text="Hold it.", about=question) for each in ("hub", "lamp")]
        if found
        else []
    )
    candidates = ScriptedIndex(pages).search(question).candidates
    return Receipt(
        decision="escalate", reason="unsure", question=question, confidence=0.2, threshold=0.9, candidates=candidates
    )


class Stage:
    """A desk with two agents, and customers whose questions come in as from a channel and are handed over."""

    def __init__(self, db: Database, clock: Clock, alva: Agent, bo: Agent) -> None:
        self.db, self.clock = db, clock
        self.desk = Desk(db, clock=clock)
        self.alva, self.bo = alva, bo
        self._events = 0

    async def says(self, customer: str, text: str) -> None:
        self._events += 1
        inbound = Inbound(
            channel="web",
            event_id=f"e{self._events}",
            address=customer,
            customer=customer,
            text=text,
            sent_at=self.clock(),
        )
        await accept.accept(self.db, inbound, now=self.clock(), quiet=timedelta(0))
        self.clock.advance(1)

    async def escalates(self, customer: str, text: str, *, found: bool = True) -> int:
        await self.says(customer, text)
        turn = await claim_turn(self.db, now=self.clock(), lease=timedelta(seconds=60))
        assert turn is not None
        outcome = TurnOutcome(receipt=_receipt(text, found=found), drafts=(Draft(text="I've passed it on."),))
        assert await commit_turn(self.db, turn, outcome, now=self.clock())
        return next(item.escalation_id for item in reversed(await self.desk.queue()) if item.question == text)

    async def owner(self, case: int) -> str:
        return (await self.desk.case(case)).owner

    async def lines(self, case: int) -> list[tuple[str, str]]:
        return [(line.author, line.text) for line in (await self.desk.case(case)).lines]


@pytest.fixture
async def agents(db: Database, clock: Clock) -> list[Agent]:
    agents = Agents(db, clock=clock)
    return [
        await agents.create(await agents.invite(), name=n, email=f"{n}@example.com", password="correct horse")
        for n in ("Alva", "Bo")
    ]


@pytest.fixture
def stage(db: Database, clock: Clock, agents: list[Agent]) -> Stage:
    return Stage(db, clock, *agents)


async def test_the_queue_shows_who_waits_longest_first(stage: Stage) -> None:
    first = await stage.escalates("a", "one")
    second = await stage.escalates("b", "two")
    third = await stage.escalates("c", "three")
    await stage.desk.claim(first, stage.alva)
    queue = await stage.desk.queue()
    assert [item.escalation_id for item in queue] == [second, third, first]
    assert queue[-1].agent == stage.alva
    assert [item.unanswered for item in queue] == [True, True, True]


async def test_of_two_agents_who_press_at_once_one_gets_it(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    results = await asyncio.gather(
        stage.desk.claim(case, stage.alva), stage.desk.claim(case, stage.bo), return_exceptions=True
    )
    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, AlreadyClaimed) for result in results) == 1
    owner = (await stage.desk.case(case)).agent
    with pytest.raises(AlreadyClaimed, match=owner.name if owner else ""):
        await stage.desk.reply(case, stage.bo if owner == stage.alva else stage.alva, "hi", key="k")


async def test_claiming_twice_is_claiming_once(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    await stage.desk.claim(case, stage.alva)
    await stage.desk.claim(case, stage.alva)
    assert (await stage.lines(case)).count(("event", "Alva claimed this.")) == 1


async def test_a_reply_reaches_the_transcript_once_however_often_the_form_is_sent(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    for _ in range(3):
        await stage.desk.reply(case, stage.alva, "Try the **reset** button.", key="form-1")
    lines = (await stage.desk.case(case)).lines
    replies = [line for line in lines if line.author == "agent"]
    assert [(line.text, line.author_name) for line in replies] == [("Try the **reset** button.", "Alva")]
    assert replies[0].delivery == "pending"
    assert (await stage.desk.case(case)).agent == stage.alva
    (item,) = await stage.desk.queue()
    assert not item.unanswered


async def test_a_reply_sent_again_after_the_case_was_closed_is_done_already(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    await stage.desk.reply(case, stage.alva, "Press it.", key="form-1")
    await stage.desk.resolve(case, stage.alva, confirmed=True)
    await stage.desk.reply(case, stage.alva, "Press it.", key="form-1")
    assert (await stage.lines(case)).count(("agent", "Press it.")) == 1
    assert await stage.owner(case) == "bot"


async def test_a_note_is_for_agents_only(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    await stage.desk.note(case, stage.bo, "Has asked before.", key="n1")
    await stage.desk.note(case, stage.bo, "Has asked before.", key="n1")
    notes: list[CaseLine] = [line for line in (await stage.desk.case(case)).lines if line.author == "note"]
    assert [(note.text, note.delivery) for note in notes] == [("Has asked before.", None)]


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_an_empty_reply_is_refused(stage: Stage, text: str) -> None:
    case = await stage.escalates("a", "one")
    with pytest.raises(InvalidState, match="empty"):
        await stage.desk.reply(case, stage.alva, text, key="k")
    assert (await stage.desk.case(case)).state == "waiting"


async def test_resolving_gives_the_next_message_to_the_bot(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    with pytest.raises(NotOwner, match="Claim this first"):
        await stage.desk.resolve(case, stage.alva, confirmed=True)
    await stage.desk.claim(case, stage.alva)
    assert await stage.owner(case) == "agent"
    await stage.desk.resolve(case, stage.alva, confirmed=True)
    assert await stage.owner(case) == "bot"
    assert ("bot", phrases_for("en").say("resolved")) in await stage.lines(case)
    assert await stage.desk.queue() == []
    assert [item.escalation_id for item in await stage.desk.closed()] == [case]


async def test_nobodys_last_message_is_left_unanswered_without_a_word(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    await stage.desk.claim(case, stage.alva)
    with pytest.raises(Unanswered, match="no reply"):
        await stage.desk.resolve(case, stage.alva)
    await stage.desk.reply(case, stage.alva, "Press it.", key="k1")
    await stage.says("a", "which button?")
    with pytest.raises(Unanswered):
        await stage.desk.resolve(case, stage.alva)
    await stage.desk.reply(case, stage.alva, "The red one.", key="k2")
    await stage.says("a", "thank you!")
    await stage.desk.resolve(case, stage.alva)
    assert await stage.owner(case) == "bot"


async def test_handing_back_tells_the_customer(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    await stage.desk.claim(case, stage.alva)
    await stage.desk.hand_back(case, stage.alva)
    assert ("bot", phrases_for("en").say("handed_back")) in await stage.lines(case)
    assert await stage.owner(case) == "bot"


@pytest.mark.parametrize("close", ["resolve", "hand_back"])
async def test_closing_can_be_undone_unless_the_customer_has_a_newer_case(stage: Stage, close: str) -> None:
    case = await stage.escalates("a", "one")
    await stage.desk.claim(case, stage.alva)
    await getattr(stage.desk, close)(case, stage.alva, **{"confirmed": True} if close == "resolve" else {})
    await stage.desk.reopen(case, stage.alva)
    assert await stage.owner(case) == "agent"
    await getattr(stage.desk, close)(case, stage.alva, **{"confirmed": True} if close == "resolve" else {})
    newer = await stage.escalates("a", "two")
    with pytest.raises(InvalidState, match="newer case"):
        await stage.desk.reopen(case, stage.alva)
    assert [past.escalation_id for past in (await stage.desk.case(newer)).earlier] == [case]


async def test_releasing_puts_a_case_back_for_everybody(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    await stage.desk.claim(case, stage.alva)
    await stage.desk.release(case, stage.alva)
    assert await stage.owner(case) == "queue"
    assert ("bot", phrases_for("en").say("requeued")) in await stage.lines(case)
    await stage.desk.claim(case, stage.bo)
    assert (await stage.desk.case(case)).agent == stage.bo


async def test_the_customer_is_told_who_is_there(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    await stage.desk.claim(case, stage.alva)
    assert (await customer_status(stage.db, "web", "a")).agent_name == "Alva"


async def test_nothing_the_bot_computed_before_a_takeover_is_sent(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    await stage.desk.claim(case, stage.alva)
    await stage.desk.resolve(case, stage.alva, confirmed=True)
    await stage.says("a", "and this?")
    turn = await claim_turn(stage.db, now=stage.clock(), lease=timedelta(seconds=60))
    assert turn is not None
    await stage.desk.reopen(case, stage.alva)
    assert not await commit_turn(stage.db, turn, TurnOutcome(drafts=(Draft(text="too late"),)), now=stage.clock())
    assert ("bot", "too late") not in await stage.lines(case)


async def test_a_case_that_somebody_changed_meanwhile_is_not_changed_again(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    async with stage.db.read() as connection:
        before = await escalation_row(connection, case)
    await stage.desk.claim(case, stage.alva)
    async with stage.db.write() as connection:
        now = stage.clock()
        assert not await change_state(connection, before, "claimed", agent_id=stage.bo.id, now=now)
    assert (await stage.desk.case(case)).agent == stage.alva


async def test_anybody_says_which_page_answers_and_the_last_word_counts(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    assert (await stage.desk.case(case)).verdict is None
    await stage.desk.label_relevance(case, stage.alva, "hub")
    await stage.desk.claim(case, stage.alva)
    assert await _said_of_pages(stage, case) == ("hub", "Alva")
    await stage.desk.label_relevance(case, stage.bo, "lamp")
    assert await _said_of_pages(stage, case) == ("lamp", "Bo")
    await stage.desk.resolve(case, stage.alva, confirmed=True)
    await stage.desk.label_relevance(case, stage.alva, None)
    assert await _said_of_pages(stage, case) == (None, "Alva")
    await stage.desk.unlabel_relevance(case)
    assert (await stage.desk.case(case)).verdict is None
    assert (await stage.desk.case(case)).state == "resolved"


async def _said_of_pages(stage: Stage, case: int) -> tuple[str | None, str]:
    verdict = (await stage.desk.case(case)).verdict
    assert verdict is not None
    return verdict.document_id, verdict.agent_name


async def test_only_pages_that_were_found_can_be_judged(stage: Stage) -> None:
    case, bare = await stage.escalates("a", "one"), await stage.escalates("b", "two", found=False)
    with pytest.raises(InvalidState, match="not among those that were found"):
        await stage.desk.label_relevance(case, stage.alva, "door")
    for refused in (stage.desk.label_relevance(bare, stage.alva, None), stage.desk.unlabel_relevance(bare)):
        with pytest.raises(InvalidState, match="found no pages"):
            await refused
    with pytest.raises(NoSuchCase):
        await stage.desk.label_relevance(77, stage.alva, None)


async def test_of_two_agents_who_judge_at_once_one_is_heard(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    await asyncio.gather(
        stage.desk.label_relevance(case, stage.alva, "hub"), stage.desk.label_relevance(case, stage.bo, "lamp")
    )
    assert await _said_of_pages(stage, case) in {("hub", "Alva"), ("lamp", "Bo")}


async def test_agents_hear_of_a_verdict(stage: Stage) -> None:
    case = await stage.escalates("a", "one")
    waiting = asyncio.create_task(stage.desk.changed(60))
    await asyncio.sleep(0)
    await stage.desk.label_relevance(case, stage.bo, None)
    await asyncio.wait_for(waiting, 5)


async def test_a_case_that_is_not_there_is_named(stage: Stage) -> None:
    acts: list[Callable[[int, Agent], Awaitable[None]]] = [stage.desk.claim, stage.desk.resolve, stage.desk.hand_back]
    for act in acts:
        with pytest.raises(NoSuchCase, match="no case 77"):
            await act(77, stage.alva)


async def test_agents_hear_of_changes(stage: Stage) -> None:
    await stage.escalates("a", "one")
    waiting = asyncio.create_task(stage.desk.changed(60))
    await asyncio.sleep(0)
    await stage.says("a", "two")
    await asyncio.wait_for(waiting, 5)
