"""Escalations as the desk reads and changes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Agent, Case, CaseLine, EscalationState, PageVerdict, PastCase, QueueItem, Reason
from bot.errors import NoSuchCase
from bot.store.records.conversations import choices_from_json, source_from_json
from bot.store.records.receipts import erasure_from, receipt_from_row
from bot.store.tables import NOWHERE, agents, conversations, escalations, messages, outbox, receipts, verdicts
from channels.message import Attachment, Quotation

OPEN: tuple[EscalationState, ...] = ("waiting", "claimed")
#: Made once: putting a statement together costs more than carrying it out.
_OPEN = insert(escalations)
_DELIVERY = {"pending": "pending", "leased": "pending", "sent": "sent", "failed": "failed"}


async def open_escalation(
    connection: AsyncConnection,
    conversation_id: int,
    *,
    reason: Reason,
    question: str,
    receipt_id: int | None,
    now: datetime,
) -> None:
    """Put a conversation into the queue, within the transaction that makes it the queue's."""
    row = {"conversation_id": conversation_id, "reason": reason, "question": question, "receipt_id": receipt_id}
    await open_escalations(connection, [row], now=now)


async def open_escalations(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Put conversations into the queue: the ids of each and of its receipt, the reason, the question."""
    if rows:
        await connection.execute(_OPEN, [{**row, "opened_at": now} for row in rows])


async def change_state(
    connection: AsyncConnection, before: Row[Any], state: EscalationState, *, agent_id: int | None, now: datetime
) -> bool:
    """Compare and set: False when somebody else changed it since `before` was read."""
    statement = (
        update(escalations)
        .where(escalations.c.id == before.id, escalations.c.state == before.state)
        .where(escalations.c.agent_id.is_not_distinct_from(before.agent_id))
        .values(
            state=state,
            agent_id=agent_id,
            claimed_at=now if state == "claimed" else None if state == "waiting" else before.claimed_at,
            closed_at=None if state in OPEN else now,
        )
    )
    return (await connection.execute(statement)).rowcount == 1


async def escalation_row(connection: AsyncConnection, escalation_id: int) -> Row[Any]:
    """One escalation with its conversation and holder; NoSuchCase."""
    row = (await connection.execute(_escalations().where(escalations.c.id == escalation_id))).first()
    if row is None:
        raise NoSuchCase(f"There is no case {escalation_id}.")
    return row


async def idle(connection: AsyncConnection, *, before: datetime) -> Sequence[Row[Any]]:
    """Claimed escalations whose customers wait since `before`, and whose agents have done nothing since."""
    lines = messages.c.conversation_id == escalations.c.conversation_id
    last_reply = select(func.coalesce(func.max(messages.c.id), 0)).where(lines, messages.c.author == "agent")
    waits_since = (
        select(func.min(messages.c.at))
        .where(lines, messages.c.author == "customer", messages.c.deleted_at.is_(None))
        .where(messages.c.id > last_reply.correlate(escalations).scalar_subquery())
    )
    last_act = select(func.max(messages.c.at)).where(lines, messages.c.agent_id.is_not(None))
    statement = (
        _escalations()
        .where(escalations.c.state == "claimed")
        .where(waits_since.correlate(escalations).scalar_subquery() < before)
        .where(last_act.correlate(escalations).scalar_subquery() < before)
        .order_by(escalations.c.id)
    )
    return (await connection.execute(statement)).all()


async def queue_items(
    connection: AsyncConnection, states: Sequence[EscalationState], *, limit: int | None = None
) -> Sequence[QueueItem]:
    """Escalations in these states, the oldest first."""
    statement = _escalations().where(escalations.c.state.in_(states)).order_by(escalations.c.id.desc()).limit(limit)
    rows = (await connection.execute(statement)).all()
    return [
        QueueItem(
            escalation_id=row.id,
            conversation_id=row.conversation_id,
            state=row.state,
            reason=row.reason,
            question=row.question,
            last_text=row.last_text or row.question,
            last_at=row.last_at or row.opened_at,
            unanswered=row.last_author != "agent",
            channel=row.channel,
            opened_at=row.opened_at,
            customer_name=row.customer_name,
            language=row.language or row.locale,
            agent=_agent(row),
            erased=erasure_from(row),
        )
        for row in reversed(rows)
    ]


async def case(connection: AsyncConnection, escalation_id: int) -> Case:
    """One escalation with all an agent needs; NoSuchCase."""
    row = await escalation_row(connection, escalation_id)
    receipt = verdict = None
    if row.receipt_id is not None:
        found = await connection.execute(select(receipts).where(receipts.c.id == row.receipt_id))
        receipt = receipt_from_row(found.one())
        verdict = await _verdict(connection, row.receipt_id)
    return Case(
        escalation_id=row.id,
        conversation_id=row.conversation_id,
        state=row.state,
        reason=row.reason,
        question=row.question,
        owner=row.owner,
        channel=row.channel,
        customer=row.customer,
        opened_at=row.opened_at,
        lines=await _lines(connection, row),
        customer_name=row.customer_name,
        language=row.language or row.locale,
        agent=_agent(row),
        claimed_at=row.claimed_at,
        closed_at=row.closed_at,
        receipt=receipt,
        verdict=verdict,
        earlier=await _earlier(connection, row),
        erased=erasure_from(row),
    )


async def label_relevance(
    connection: AsyncConnection, receipt_id: int, document_id: str | None, *, agent_id: int, now: datetime
) -> None:
    """Store which page answers the question of a receipt, or None: none of them; what was said before is replaced."""
    await unlabel_relevance(connection, receipt_id)
    await connection.execute(
        insert(verdicts).values(receipt_id=receipt_id, document_id=document_id, agent_id=agent_id, at=now)
    )


async def unlabel_relevance(connection: AsyncConnection, receipt_id: int) -> None:
    """Nothing is said of the pages of a receipt any more."""
    await connection.execute(delete(verdicts).where(verdicts.c.receipt_id == receipt_id))


async def _verdict(connection: AsyncConnection, receipt_id: int) -> PageVerdict | None:
    statement = (
        select(verdicts.c.document_id, verdicts.c.at, agents.c.name)
        .join(agents, agents.c.id == verdicts.c.agent_id)
        .where(verdicts.c.receipt_id == receipt_id)
    )
    row = (await connection.execute(statement)).first()
    return PageVerdict(document_id=row.document_id, agent_name=row.name, at=row.at) if row else None


def _escalations() -> Select[Any]:
    last_id = (
        select(func.max(messages.c.id))
        .where(messages.c.conversation_id == escalations.c.conversation_id)
        .where(messages.c.author.in_(("customer", "agent")), messages.c.deleted_at.is_(None))
        .correlate(escalations)
        .scalar_subquery()
    )
    last_message = messages.alias()
    return (
        select(escalations)
        .add_columns(conversations.c.owner, conversations.c.channel, conversations.c.address, conversations.c.customer)
        .add_columns(conversations.c.customer_name, conversations.c.locale)
        .add_columns(conversations.c.language, conversations.c.erased_at, conversations.c.erased_by)
        .add_columns(agents.c.name.label("agent_name"), agents.c.email.label("agent_email"))
        .add_columns(agents.c.languages.label("agent_languages"), agents.c.console_language)
        .add_columns(last_message.c.text.label("last_text"), last_message.c.at.label("last_at"))
        .add_columns(last_message.c.author.label("last_author"))
        .join(conversations, conversations.c.id == escalations.c.conversation_id)
        .outerjoin(agents, agents.c.id == escalations.c.agent_id)
        .outerjoin(last_message, last_message.c.id == last_id)
    )


def _agent(row: Row[Any]) -> Agent | None:
    if row.agent_id is None:
        return None
    return Agent(
        id=row.agent_id,
        name=row.agent_name,
        email=row.agent_email,
        languages=tuple(row.agent_languages or ()),
        console_language=row.console_language,
    )


async def _lines(connection: AsyncConnection, case_row: Row[Any]) -> tuple[CaseLine, ...]:
    rows = await connection.execute(
        select(messages, agents.c.name, outbox.c.state.label("delivery"), outbox.c.error, outbox.c.due_at)
        .outerjoin(agents, agents.c.id == messages.c.agent_id)
        .outerjoin(outbox, outbox.c.line_id == messages.c.id)
        .where(messages.c.conversation_id == case_row.conversation_id)
        .order_by(messages.c.id)
    )
    return tuple(
        CaseLine(
            id=row.id,
            author=row.author,
            text=row.text,
            at=row.at,
            author_name=row.name or _writer(row, case_row.customer),
            source=source_from_json(row.source),
            helped=row.helped,
            choices=choices_from_json(row.choices),
            chosen=row.chosen,
            attachments=tuple(Attachment(**each) for each in row.attachments or ()),
            quotes=tuple(Quotation(**each) for each in row.quotes or ()),
            is_deleted=row.deleted_at is not None,
            delivery=_DELIVERY[row.delivery] if row.delivery else None,  # type: ignore[arg-type]
            error=row.error,
            held_until=row.due_at if row.delivery == "pending" and row.error else None,
        )
        for row in rows
    )


def _writer(line: Row[Any], customer: str) -> str | None:
    """The name at a line that somebody wrote on the platform; who has none and is not the customer, by their id."""
    if line.author not in {"customer", "peer"}:
        return None
    name: str | None = line.person_name
    is_known = line.person not in {None, customer} and not line.person.startswith(NOWHERE)
    return name or (line.person if is_known else None)


async def _earlier(connection: AsyncConnection, row: Row[Any]) -> tuple[PastCase, ...]:
    rows = await connection.execute(
        _escalations()
        .where(conversations.c.channel == row.channel, conversations.c.customer == row.customer)
        .where(escalations.c.id < row.id)
        .order_by(escalations.c.id.desc())
        .limit(20)
    )
    return tuple(
        PastCase(
            escalation_id=each.id,
            question=each.question,
            opened_at=each.opened_at,
            state=each.state,
            agent_name=each.agent_name,
        )
        for each in rows
    )
