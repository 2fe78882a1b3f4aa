from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Agent, Case, Erasure, PhrasesFor, QueueItem, phrases_for, reply_locale, wants_answer
from bot.desk import (
    ERASED,
    ERASED_NOTICE,
    EVENT_TEXTS,
    LEFT_IDLE,
    Acted,
    AgentAction,
    DeliveryGivenUp,
    LeftIdle,
    OwnershipState,
    apply_event,
    judged,
)
from bot.errors import InvalidState, Unanswered
from bot.i18n import gettext_noop
from bot.store.engine.database import Database
from bot.store.privacy import erasure
from bot.store.queues import send_quota
from bot.store.queues.outbox import enqueue
from bot.store.records import escalations
from bot.store.records.conversations import add_line, form_was_sent, lock, set_owner
from bot.store.records.participants import asker_of
from channels.message import clean

UNANSWERED = gettext_noop("The customer's last message has no reply. Answer it, or resolve it without a reply.")
CHANGED = gettext_noop("Somebody else changed this at the same moment. Look again.")


class Desk:
    """The acts of agents, each one transaction. Of two agents who claim at once, one gets AlreadyClaimed."""

    def __init__(self, db: Database, *, clock: Callable[[], datetime], phrases: PhrasesFor = phrases_for) -> None:
        """Act on the store; `phrases` gives the words that customers are told something with."""
        self._db = db
        self._clock = clock
        self._phrases_for = phrases

    async def queue(self) -> Sequence[QueueItem]:
        """The open escalations: the longest waiting first, then the claimed ones, newest activity first."""
        async with self._db.read() as connection:
            items = await escalations.queue_items(connection, escalations.OPEN)
        waiting = [item for item in items if item.state == "waiting"]
        claimed = [item for item in items if item.state == "claimed"]
        return waiting + sorted(claimed, key=lambda item: item.last_at, reverse=True)

    async def closed(self, *, limit: int = 50) -> Sequence[QueueItem]:
        """The last closed escalations, newest first."""
        async with self._db.read() as connection:
            items = await escalations.queue_items(connection, ("resolved", "handed_back"), limit=limit)
        return list(reversed(items))

    async def case(self, escalation_id: int) -> Case:
        """One escalation; NoSuchCase when there is none."""
        async with self._db.read() as connection:
            return await escalations.case(connection, escalation_id)

    async def claim(self, escalation_id: int, agent: Agent) -> None:
        """Take a waiting case. Claiming one's own again does nothing; AlreadyClaimed, InvalidState if closed."""
        async with self._acting(escalation_id, "claim", agent):
            pass

    async def release(self, escalation_id: int, agent: Agent) -> None:
        """Put one's own case back in the queue (undoes a claim); the customer is told that nobody is there now."""
        await self._act_and_tell(escalation_id, "release", agent, "requeued")

    async def reply(self, escalation_id: int, agent: Agent, text: str, *, key: str) -> None:
        """Send the customer a message; `key` makes a form sent twice one reply. Claims a waiting case first."""
        if not text.strip():
            raise InvalidState("The reply is empty.")
        async with self._db.read() as connection:
            if await form_was_sent(connection, key):
                return  # whatever has become of the case since
        try:
            async with self._acting(escalation_id, "claim", agent) as (connection, conversation_id):
                await self._say(connection, conversation_id, author="agent", agent_id=agent.id, text=text, form_key=key)
        except IntegrityError:
            return  # the form was sent twice at once

    async def note(self, escalation_id: int, agent: Agent, text: str, *, key: str) -> None:
        """Write something only agents see."""
        if not text.strip():
            raise InvalidState("The note is empty.")
        values = {"author": "note", "agent_id": agent.id, "text": clean(text), "at": self._clock(), "form_key": key}
        try:
            place = await self._place(escalation_id)
            async with self._db.write("desk") as connection:
                if (await lock(connection, place.conversation_id)).erased_at:
                    raise InvalidState(ERASED_NOTICE)
                await add_line(connection, place.conversation_id, **values)
        except IntegrityError:
            return  # the form was sent twice

    async def resolve(self, escalation_id: int, agent: Agent, *, confirmed: bool = False) -> None:
        """Close the case: done, which the customer is told. Their next message is the bot's again.

        Unanswered where the customer's last message waits for a reply, unless the agent has `confirmed` that it may.
        """
        if not confirmed and await self._leaves_unanswered(escalation_id, agent):
            raise Unanswered(UNANSWERED)
        await self._act_and_tell(escalation_id, "resolve", agent, "resolved")

    async def hand_back(self, escalation_id: int, agent: Agent) -> None:
        """Close the case by giving the conversation back to the bot, which tells the customer so."""
        await self._act_and_tell(escalation_id, "hand_back", agent, "handed_back")

    async def reopen(self, escalation_id: int, agent: Agent) -> None:
        """Take a closed case up again as one's own (undoes resolve and hand back)."""
        try:
            async with self._acting(escalation_id, "reopen", agent):
                pass
        except IntegrityError as error:
            raise InvalidState("This customer has a newer case that is open.") from error

    async def erase(self, escalation_id: int, agent: Agent) -> None:
        """Erase everything about the customer of an open case, on its channel; they are told so. It is for good.

        A waiting case need not be claimed before.
        """
        place = await self._place(escalation_id)
        async with self._db.write("desk", "outbox", (place.channel, place.address)) as connection:
            whose = await asker_of(connection, place)
            await erasure.lock_customer(connection, place.channel, whose)
            row = await escalations.escalation_row(connection, escalation_id)
            _after(row, "claim", agent)  # whoever could claim it, or has
            now = self._clock()
            is_another = row.customer != place.customer or await asker_of(connection, row) != whose
            if is_another or not await escalations.change_state(
                connection, row, "resolved", agent_id=agent.id, now=now
            ):
                raise InvalidState(CHANGED)
            await erasure.erase(
                connection,
                row.channel,
                whose,
                erasure=Erasure(at=now, by=agent.name),
                phrases=self._phrases_for,
                event=ERASED.format(agent=agent.name),
                told=row.conversation_id,
            )

    async def label_relevance(self, escalation_id: int, agent: Agent, document_id: str | None) -> None:
        """Say which of the pages that were found answers the question, or None: none of them. The last word counts.

        Anybody may, whoever holds the case, and after it is closed too. InvalidState if the page was not found for it.
        """
        receipt = judged(await self.case(escalation_id), document_id)
        with suppress(IntegrityError):  # another agent said it at the same moment
            async with self._db.write("desk") as connection:
                await escalations.label_relevance(
                    connection, receipt, document_id, agent_id=agent.id, now=self._clock()
                )

    async def unlabel_relevance(self, escalation_id: int) -> None:
        """Take back what was said of the pages, if anything was."""
        receipt = judged(await self.case(escalation_id), None)
        async with self._db.write("desk") as connection:
            await escalations.unlabel_relevance(connection, receipt)

    async def requeue_idle(self, *, after: timedelta) -> Sequence[int]:
        """Queue cases again whose customers wait while their agents did nothing for so long; returns their numbers."""
        before = self._clock() - after
        async with self._db.read() as connection:
            idle = await escalations.idle(connection, before=before)
        return [row.id for row in idle if await self._return(row, before=before)]

    async def _return(self, idle: Row[Any], *, before: datetime) -> bool:
        """False where the agent did something in the last moment."""
        async with self._db.write("desk", "outbox", (idle.channel, idle.address)) as connection:
            await lock(connection, idle.conversation_id)
            still = [row for row in await escalations.idle(connection, before=before) if row.id == idle.id]
            for row in still:
                text = LEFT_IDLE.format(agent=row.agent_name)
                await self._move(connection, row, apply_event(_standing(row), LeftIdle()), text=text, agent_id=None)
                await self._say(connection, row.conversation_id, author="bot", text=self._told(row, "requeued"))
        return bool(still)

    async def escalate_undelivered(self, *, longer_than: timedelta) -> Sequence[int]:
        """Queue the bot's conversations in which a message is held back for so long; returns their numbers.

        The message is still sent when its time comes; meanwhile a person knows that the customer waits.
        """
        async with self._db.read() as connection:
            held = await self._held(connection, longer_than)
        return [row.conversation_id for row in held if await self._hand_over(row, longer_than)]

    async def _held(self, connection: AsyncConnection, longer_than: timedelta) -> Sequence[Row[int, str, str, str]]:
        now = self._clock()
        return await send_quota.deferred(connection, until=now + longer_than, since=now - longer_than)

    async def _hand_over(self, held: Row[int, str, str, str], longer_than: timedelta) -> bool:
        """False where it was sent in the last moment, or somebody has the conversation."""
        async with self._db.write("desk", (held.channel, held.address)) as connection:
            await lock(connection, held.conversation_id)
            still = await self._held(connection, longer_than)
            if held.conversation_id not in {row.conversation_id for row in still}:
                return False
            await set_owner(connection, held.conversation_id, apply_event(OwnershipState(), DeliveryGivenUp()).owner)
            await escalations.open_escalation(
                connection,
                held.conversation_id,
                reason="undelivered",
                question=held.text,
                receipt_id=None,
                now=self._clock(),
            )
        return True

    async def changed(self, timeout: float) -> None:  # noqa: ASYNC109  # a wait, not a deadline
        """Return when something on the desk may have changed, or after `timeout` seconds."""
        await self._db.notifier.wait("desk", timeout)

    @asynccontextmanager
    async def _acting(
        self, escalation_id: int, act: AgentAction, agent: Agent
    ) -> AsyncIterator[tuple[AsyncConnection, int]]:
        """Do an act in one transaction that may hold more; afterwards customer, agents and sender are told."""
        place = await self._place(escalation_id)
        async with self._db.write("desk", "outbox", (place.channel, place.address)) as connection:
            await lock(connection, place.conversation_id)
            row = await escalations.escalation_row(connection, escalation_id)
            await self._change(connection, row, act, agent)
            yield connection, row.conversation_id

    async def _leaves_unanswered(self, escalation_id: int, agent: Agent) -> bool:
        """True where the agent holds the case and the customer's last words want an answer that nobody has given."""
        case = await self.case(escalation_id)
        if case.agent is None or case.agent.id != agent.id or case.erased:
            return False  # resolving is refused for that
        last = next((line for line in reversed(case.lines) if line.author in {"customer", "agent"}), None)
        return last is not None and last.author == "customer" and wants_answer(last.text)

    async def _act_and_tell(self, escalation_id: int, act: AgentAction, agent: Agent, phrase: str) -> None:
        """Do an act after which another has the conversation, and tell the customer so."""
        told = self._told(await self._place(escalation_id), phrase)
        async with self._acting(escalation_id, act, agent) as (connection, conversation_id):
            await self._say(connection, conversation_id, author="bot", text=told)

    def _told(self, row: Row[Any], phrase: str) -> str:
        return self._phrases_for(reply_locale(row.language, row.locale)).say(phrase)

    async def _place(self, escalation_id: int) -> Row[Any]:
        """The conversation of a case, which never changes; NoSuchCase."""
        async with self._db.read() as connection:
            return await escalations.escalation_row(connection, escalation_id)

    async def _change(self, connection: AsyncConnection, row: Row[Any], act: AgentAction, agent: Agent) -> None:
        after = _after(row, act, agent)
        if after.case != row.state:
            await self._move(connection, row, after, text=EVENT_TEXTS[act].format(agent=agent.name), agent_id=agent.id)

    async def _move(
        self, connection: AsyncConnection, row: Row[Any], after: OwnershipState, *, text: str, agent_id: int | None
    ) -> None:
        assert after.case is not None
        now = self._clock()
        if not await escalations.change_state(connection, row, after.case, agent_id=after.holder, now=now):
            raise InvalidState(CHANGED)
        await set_owner(connection, row.conversation_id, after.owner)
        await add_line(connection, row.conversation_id, author="event", agent_id=agent_id, text=text, at=now)

    async def _say(self, connection: AsyncConnection, conversation_id: int, *, text: str, **values: Any) -> None:
        now = self._clock()
        line_id = await add_line(connection, conversation_id, text=clean(text), at=now, **values)
        await enqueue(connection, conversation_id, line_id, now=now)


def _after(row: Row[Any], act: AgentAction, agent: Agent) -> OwnershipState:
    """Ownership after an act; InvalidState, NotOwner or AlreadyClaimed where it is not possible."""
    if row.erased_at:
        raise InvalidState(ERASED_NOTICE)
    return apply_event(_standing(row), Acted(act=act, agent=agent.id, holder_name=row.agent_name))


def _standing(row: Row[Any]) -> OwnershipState:
    """Ownership of an escalation's conversation, as far as its agent is concerned."""
    return OwnershipState(owner=row.owner, case=row.state, holder=row.agent_id)
