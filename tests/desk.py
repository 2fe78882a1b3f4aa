"""The real desk, and what customers and the bot do to it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from argon2 import PasswordHasher
from sqlalchemy import func, insert, select, update

from bot.conversation.case import CaseLine
from bot.conversation.receipt import Reason, Receipt
from bot.services.agents import Agents
from bot.services.desk import Desk
from bot.store.queues import accept
from bot.store.records.conversations import add_line, choices_to_json, set_owner, source_to_json
from bot.store.records.escalations import open_escalation
from bot.store.records.receipts import add_receipts
from bot.store.tables import agents, conversations, escalations, inbox, outbox
from channels.message import Inbound

#: As little work as argon2 can do: a test's password keeps nothing safe.
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class CustomersDesk(Desk):
    """A desk in a test: `escalate`, `customer_writes` and `put_line` do what customers and the bot do."""

    _customers = 0

    async def escalate(
        self,
        question: str,
        *,
        reason: Reason = "unsure",
        channel: str = "web",
        customer: str | None = None,
        customer_name: str | None = None,
        language: str | None = None,
        receipt: Receipt | None = None,
        opened_at: datetime | None = None,
    ) -> int:
        """A customer asks and the bot hands over: the number of the new case."""
        self._customers += 1
        address, at = customer or f"customer-{self._customers}", opened_at or self._clock()
        await self._write(question, channel, address, at, customer_name=customer_name, locale=language)
        async with self._db.write("desk") as connection:
            place = (conversations.c.channel == channel) & (conversations.c.address == address)
            conversation_id = (await connection.execute(select(conversations.c.id).where(place))).scalar_one()
            handled = update(inbox).where(inbox.c.conversation_id == conversation_id)
            await connection.execute(handled.values(state="done", handled_at=at))
            numbers = await add_receipts(connection, {conversation_id: receipt} if receipt else {}, now=at)
            await set_owner(connection, conversation_id, "queue")
            await open_escalation(
                connection,
                conversation_id,
                reason=reason,
                question=question,
                receipt_id=numbers.get(conversation_id),
                now=at,
            )
            newest: int = (await connection.execute(select(func.max(escalations.c.id)))).scalar_one()
        return newest

    async def customer_writes(self, escalation_id: int, text: str) -> None:
        """The customer goes on writing."""
        place = await self._place(escalation_id)
        await self._write(text, place.channel, place.address, self._clock(), customer_name=place.customer_name)

    async def put_line(self, escalation_id: int, line: CaseLine) -> None:
        """Something is said, and stands in the transcript after what was said before."""
        place = await self._place(escalation_id)
        attachments = [{"name": each.name, "url": each.url} for each in line.attachments]
        async with self._db.write("desk") as connection:
            message_id = await add_line(
                connection,
                place.conversation_id,
                author=line.author,
                text=line.text,
                at=line.at,
                source=source_to_json(line.source),
                helped=line.helped,
                choices=choices_to_json(line.choices),
                chosen=line.chosen,
                attachments=attachments or None,
            )
            if line.delivery is not None:
                owed = {"conversation_id": place.conversation_id, "line_id": message_id, "state": line.delivery}
                due = {"due_at": line.held_until or line.at, "error": line.error}
                await connection.execute(insert(outbox).values(owed | due))

    async def _write(self, text: str, channel: str, address: str, at: datetime, **customer: Any) -> None:
        event = uuid4().hex
        inbound = Inbound(
            channel=channel,
            event_id=event,
            platform_message_id=event,
            address=address,
            customer=address,
            text=text,
            sent_at=at,
            **customer,
        )
        await accept.accept(self._db, inbound, now=at, quiet=timedelta(0))


class QuickAgents(Agents):
    """The real agents, whose passwords are hashed quickly, and who can be sent away."""

    _hasher = QUICK_HASHER

    async def remove(self, agent_id: int) -> None:
        """The agent may no longer sign in."""
        async with self._db.write("desk") as connection:
            await connection.execute(update(agents).where(agents.c.id == agent_id).values(disabled_at=self._clock()))
