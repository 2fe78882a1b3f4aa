"""The tables, one schema for SQLite and PostgreSQL. Migrations in `migrations/` make the same; a test compares them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    bindparam,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


#: How the address and the name of somebody begin who is erased: no platform's has a space in it.
NOWHERE = "erased "


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Store in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read as UTC."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


conversations = Table(
    "conversations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("address", String(200), nullable=False),
    Column("customer", String(200), nullable=False),
    Column("customer_name", String(200)),
    Column("locale", String(40)),
    Column("owner", String(10), nullable=False, server_default="bot"),
    #: What the conversation is in, and whether the customer asked for it; the locale is only a hint at it.
    Column("language", String(10)),
    Column("language_pinned", Boolean, nullable=False, server_default=text("false")),
    #: Raised by everything that must stop a reply computed before it: the fence.
    Column("version", Integer, nullable=False, server_default="0"),
    Column("opened_at", Moment, nullable=False),
    #: A tombstone: what was said here is gone. Without a name a maintainer erased it.
    Column("erased_at", Moment),
    Column("erased_by", String(200)),
    UniqueConstraint("channel", "address"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("body", JSON, nullable=False),
)

agents = Table(
    "agents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("email", String(200), nullable=False, unique=True),
    Column("password_hash", String(300), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    #: Codes of the languages they read; none: all of them.
    Column("languages", JSON),
    #: The language of their console; none: their browser's.
    Column("console_language", String(20)),
    #: When a page of the console was last open.
    Column("seen_at", Moment),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    #: What is known already of the agent it makes.
    Column("name", String(200)),
    Column("languages", JSON),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("at", Moment, nullable=False),
    #: customer, bot, agent, peer (somebody who wrote in the customer's thread and asked nothing), note (agents only) or
    #: event (what happened, agents only).
    Column("author", String(10), nullable=False),
    Column("agent_id", ForeignKey("agents.id")),
    #: Who wrote it, as the platform knows and names them; of what the bot says, to whom. None: the conversation's
    #: customer.
    Column("person", String(200)),
    Column("person_name", String(200)),
    Column("text", Text, nullable=False),
    #: What they passed on or pointed at: somebody's words, and whose they are.
    Column("quotes", JSON),
    Column("source", JSON),
    Column("attachments", JSON),
    Column("feedback", Boolean, nullable=False, server_default=text("false")),
    Column("helped", Boolean),
    #: What a customer can choose under it, and the id of what they chose.
    Column("choices", JSON),
    Column("chosen", String(40)),
    #: The platform's or the device's own id of a customer's message.
    Column("message_id", String(200)),
    #: When the customer changed or withdrew it on the platform.
    Column("edited_at", Moment),
    Column("deleted_at", Moment),
    #: What makes an agent's form sent twice one message.
    Column("form_key", String(80), unique=True),
    Column("receipt_id", ForeignKey("receipts.id")),
    Index(None, "conversation_id", "id"),
    Index(None, "receipt_id"),
    sqlite_autoincrement=True,  # a customer resumes after the last id seen: ids are never given twice
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("event_id", String(200), nullable=False),
    Column("address", String(200), nullable=False),
    Column("message_id", String(200)),
    #: The platform's id of the earlier message that it changes.
    Column("edits", String(200)),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    #: Who wrote or pressed; None: the conversation's customer.
    Column("person", String(200)),
    #: The line of the transcript it became; none for a pressed button.
    Column("line_id", ForeignKey("messages.id")),
    Column("action", JSON),
    Column("received_at", Moment, nullable=False),
    #: pending, leased or done.
    Column("state", String(10), nullable=False, server_default="pending"),
    #: Not before: the end of the quiet period, or of a pause after a failure.
    Column("due_at", Moment, nullable=False),
    Column("lease_until", Moment),
    #: Names the claim: who lost it cannot give back what another holds.
    Column("holder", String(40)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("handled_at", Moment),
    UniqueConstraint("channel", "event_id"),
    UniqueConstraint("channel", "address", "message_id"),
    Index(None, "conversation_id", "edits"),
)
Index(
    "ix_inbox_open",
    inbox.c.conversation_id,
    inbox.c.received_at,
    sqlite_where=inbox.c.state != "done",
    postgresql_where=inbox.c.state != "done",
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("line_id", ForeignKey("messages.id"), nullable=False, unique=True),
    #: pending, leased, sent or failed.
    Column("state", String(10), nullable=False, server_default="pending"),
    Column("due_at", Moment, nullable=False),
    Column("lease_until", Moment),
    #: Names the claim: who lost it cannot give back what another holds.
    Column("holder", String(40)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("sent_at", Moment),
    Column("platform_id", String(200)),
    #: Tells somebody that they are erased: as soon as that is done, their address goes as well.
    Column("is_farewell", Boolean, nullable=False, server_default=text("false")),
)
Index(
    "ix_outbox_farewell",
    outbox.c.id,
    sqlite_where=outbox.c.is_farewell,
    postgresql_where=outbox.c.is_farewell,
)
Index(
    "ix_outbox_open",
    outbox.c.conversation_id,
    outbox.c.id,
    sqlite_where=outbox.c.state.in_(("pending", "leased")),
    postgresql_where=outbox.c.state.in_(("pending", "leased")),
)

#: What the indexes above are for. The values stand in the statement itself: a planner cannot see into parameters.
INBOX_OPEN = inbox.c.state != bindparam(None, "done", literal_execute=True)
OUTBOX_OPEN = outbox.c.state.in_(bindparam(None, ("pending", "leased"), expanding=True, literal_execute=True))

escalations = Table(
    "escalations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    #: waiting, claimed, resolved or handed_back.
    Column("state", String(12), nullable=False, server_default="waiting"),
    Column("reason", String(20), nullable=False),
    Column("question", Text, nullable=False),
    Column("receipt_id", ForeignKey("receipts.id")),
    Column("agent_id", ForeignKey("agents.id")),
    Column("opened_at", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("closed_at", Moment),
    Index(None, "conversation_id"),
    Index(None, "state", "opened_at"),
)
#: A conversation is with one agent or in one queue, never in two.
Index(
    "uq_escalations_open",
    escalations.c.conversation_id,
    unique=True,
    sqlite_where=escalations.c.state.in_(("waiting", "claimed")),
    postgresql_where=escalations.c.state.in_(("waiting", "claimed")),
)

#: What was sent on a channel whose platform counts it: a row for each try.
sends = Table(
    "sends",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "channel", "at"),
    Index(None, "conversation_id", "at"),
)

#: What only one process may do at a time, such as reading a bot's messages: who does, and until when.
leases = Table(
    "leases",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("until", Moment, nullable=False),
)

#: What an agent says of the candidates of a receipt: one answers the question, or none does. They go with the receipt.
verdicts = Table(
    "verdicts",
    metadata,
    Column("receipt_id", ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
    #: None: nothing in the corpus answers the question.
    Column("document_id", Text),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)
