"""Conversations of the past, written by the database itself: what a store of some years holds."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bot.store.engine.database import Database

_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, {count}))",
}
#: For each conversation: what the customer asked, the decision, the answer, and that it was sent.
_ROWS = (
    """INSERT INTO conversations (channel, address, customer, owner, version, opened_at)
    {numbers} SELECT 'past', 'past-' || i, 'past-' || i, 'bot', 2, :at FROM n""",
    """INSERT INTO receipts (conversation_id, at, body) SELECT id, :at, {body} FROM conversations
    WHERE channel = 'past'""",
    """INSERT INTO messages (conversation_id, at, author, text, message_id, receipt_id)
    SELECT c.id, :at, 'customer', 'How long does the battery last in winter?', 'past-' || c.id, r.id
    FROM conversations c JOIN receipts r ON r.conversation_id = c.id WHERE c.channel = 'past'""",
    """INSERT INTO inbox (channel, event_id, address, message_id, conversation_id, line_id, received_at, state, due_at,
    handled_at) SELECT c.channel, 'past-' || c.id, c.address, m.message_id, c.id, m.id, :at, 'done', :at, :at
    FROM conversations c JOIN messages m ON m.conversation_id = c.id
    WHERE c.channel = 'past' AND m.author = 'customer'""",
    """INSERT INTO messages (conversation_id, at, author, text, feedback, receipt_id)
    SELECT c.id, :at, 'bot', 'About 80 km in summer and 50 km in winter.', {yes}, r.id
    FROM conversations c JOIN receipts r ON r.conversation_id = c.id WHERE c.channel = 'past'""",
    """INSERT INTO outbox (conversation_id, line_id, state, due_at, attempts, sent_at)
    SELECT m.conversation_id, m.id, 'sent', :at, 1, :at FROM messages m
    JOIN conversations c ON c.id = m.conversation_id WHERE c.channel = 'past' AND m.author = 'bot'""",
)
_BODY = '{"decision": "answer", "question": "How long does the battery last in winter?", "candidates": []}'


async def fill(db: Database, count: int) -> None:
    """Write that many answered conversations of a year ago, and let the database look at what it holds."""
    dialect = db.engine.dialect.name
    words = {
        "numbers": _NUMBERS[dialect].format(count=count),
        "body": ":body" if dialect == "sqlite" else "CAST(:body AS JSON)",
        "yes": "1" if dialect == "sqlite" else "true",
    }
    at = datetime.now(UTC) - timedelta(days=365)
    given = {"at": at.replace(tzinfo=None).isoformat(" ") if dialect == "sqlite" else at, "body": _BODY}
    async with db.write() as connection:
        for statement in _ROWS:
            names = [name for name in given if f":{name}" in statement.format(**words)]
            await connection.execute(text(statement.format(**words)), {name: given[name] for name in names})
        await connection.execute(text("ANALYZE"))
