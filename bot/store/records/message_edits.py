"""Messages that the customer changes or deletes on the platform after they came in.

What is not answered yet is changed where it stands, and the turn with it. Of what is answered, mended typing is mended
where it stands and nothing follows; another question is a new message. A deleted message is left as the place where one
was: its words go, wherever the conversation has them, and the agent is told.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Erasure
from bot.conversation.text.edits import only_mends
from bot.i18n import gettext_noop
from bot.store.records.blanking import blank_lines
from bot.store.records.conversations import add_line
from bot.store.tables import inbox, messages

EDITED = gettext_noop("The customer changed an earlier message. It says now:")
DELETED = gettext_noop("The customer deleted a message.")
#: Stored with a receipt that says nothing any more.
BY_CUSTOMER = "the customer"


async def edit(
    connection: AsyncConnection, conversation_id: int, message_id: str, text: str, *, now: datetime, asks: bool = True
) -> bool:
    """Give a message another text. False when it cannot be changed any more, and the text is to be taken as new.

    A message that is deleted says nothing any more, also where the news of an earlier change comes late. A remark that
    `asks` the bot nothing after the change either stays one.
    """
    versions = await _versions(connection, conversation_id, message_id)
    if not versions:
        return await _was_deleted(connection, conversation_id, message_id)
    newest = versions[0]
    if newest.deleted_at:
        return True
    if newest.text == text:
        return True  # platforms also tell of changes that are not to the text
    is_remark = newest.author == "peer" and not asks
    if newest.state == "done" and not is_remark and not only_mends(newest.text, text):
        await add_line(connection, conversation_id, author="event", text=EDITED, at=now)
        return False
    statement = update(messages).where(messages.c.id == newest.line_id).values(text=text, edited_at=now)
    await connection.execute(statement)
    return True


async def delete(connection: AsyncConnection, conversation_id: int, message_id: str, *, now: datetime) -> None:
    """Take a message out of its turn, if it waits for one, and its words out of the conversation; tell the agents."""
    versions = [each for each in await _versions(connection, conversation_id, message_id) if not each.deleted_at]
    if not versions:
        return
    lines = [each.line_id for each in versions]
    await blank_lines(connection, conversation_id, lines, Erasure(at=now, by=BY_CUSTOMER))
    await connection.execute(update(messages).where(messages.c.id.in_(lines)).values(deleted_at=now))
    await connection.execute(
        update(inbox)
        .where(inbox.c.id.in_([each.id for each in versions if each.state != "done"]))
        .values(state="done", lease_until=None, holder=None, handled_at=now)
    )
    await add_line(connection, conversation_id, author="event", text=DELETED, at=now)


async def _was_deleted(connection: AsyncConnection, conversation_id: int, message_id: str) -> bool:
    """True for a message that never came and is known to be deleted: the inbox has its id, but no line or action."""
    known = select(inbox.c.id).where(inbox.c.conversation_id == conversation_id, inbox.c.message_id == message_id)
    says_nothing = inbox.c.line_id.is_(None) & inbox.c.action.is_(None)
    return await connection.scalar(known.where(says_nothing)) is not None


async def _versions(connection: AsyncConnection, conversation_id: int, message_id: str) -> Sequence[Row[Any]]:
    """The lines that a message became, as it came and as it was changed, newest first."""
    statement = (
        select(inbox)
        .add_columns(messages.c.text, messages.c.author, messages.c.deleted_at)
        .join(messages, messages.c.id == inbox.c.line_id)
        .where(inbox.c.conversation_id == conversation_id)
        .where(or_(inbox.c.message_id == message_id, inbox.c.edits == message_id))
        .order_by(inbox.c.id.desc())
    )
    return (await connection.execute(statement)).all()
