"""Deliveries that fail for good become a person's."""

from datetime import datetime

from bot.desk import DeliveryGivenUp, OwnershipState, apply_event
from bot.store.engine.database import Database
from bot.store.queues import outbox
from bot.store.queues.outbox import PendingDelivery
from bot.store.records.conversations import lock, set_owner
from bot.store.records.escalations import open_escalation
from bot.store.records.participants import last_words


async def give_up(db: Database, delivery: PendingDelivery, *, now: datetime, error: str) -> None:
    """End in the state that an agent sees: where no person has the conversation yet, it goes to the queue."""
    async with outbox.settling(db, delivery) as connection:
        conversation = await lock(connection, delivery.conversation_id)
        if not await outbox.fail(connection, delivery, error=error):
            return
        after = apply_event(OwnershipState(owner=conversation.owner), DeliveryGivenUp())
        if after.owner != conversation.owner:
            await set_owner(connection, delivery.conversation_id, after.owner)
            await open_escalation(
                connection,
                delivery.conversation_id,
                reason="undelivered",
                question=await last_words(connection, delivery.conversation_id),
                receipt_id=None,
                now=now,
            )
