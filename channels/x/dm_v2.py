"""X's unencrypted direct messages: events `dm.received`, and what X has below /2/dm_conversations and /2/dm_events."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog

from channels.message import Attachment
from channels.x.client import XApi
from channels.x.direct_messages import DirectMessage, conversation_of, in_order, other_party

log = structlog.get_logger()

#: Pages of a hundred that are read at once, when more has come than one holds.
MOST_PAGES = 5
#: Messages looked through for one of ours that may have arrived.
_FEW = "20"
_FIELDS = {
    "event_types": "MessageCreate",
    "dm_event.fields": "attachments,created_at,dm_conversation_id,entities,event_type,id,sender_id,text",
    "expansions": "attachments.media_keys,sender_id",
    "media.fields": "type,url",
    "user.fields": "name,username",
}


class DirectMessagesV2:
    """Carries direct messages that are not encrypted."""

    event_types = frozenset({"dm.received"})

    def __init__(self, api: XApi, account: str) -> None:
        self._api = api
        self._account = account

    def read(self, event: Mapping[str, Any]) -> Sequence[DirectMessage]:
        """The messages to the account in an event `dm.received`."""
        return from_activity(event, self._account)

    async def recent(self, *, since: datetime, seen: frozenset[str] = frozenset()) -> Sequence[DirectMessage]:
        """Page by page, newest first, until what is known or too old."""
        found: list[DirectMessage] = []
        query = {**_FIELDS, "max_results": "100"}
        for _ in range(MOST_PAGES):
            page = await self._api.get("/2/dm_events", query)
            messages = from_page(page)
            found += messages
            token = (page.get("meta") or {}).get("next_token")
            if not token or any(each.id in seen or each.sent_at < since for each in messages):
                break
            query["pagination_token"] = token
        return in_order(message for message in found if message.sent_at >= since)

    async def exchanged(self, customer: str) -> Sequence[DirectMessage]:
        """The last few messages of one conversation."""
        path = f"/2/dm_conversations/with/{customer}/dm_events"
        return in_order(from_page(await self._api.get(path, {**_FIELDS, "max_results": _FEW})))

    async def send(self, customer: str, text: str) -> str:
        """Send to the customer, in the conversation that there is or a new one."""
        answer = await self._api.post(f"/2/dm_conversations/with/{customer}/messages", {"text": text})
        return str((answer.get("data") or {}).get("dm_event_id", ""))


def from_activity(event: Mapping[str, Any], account: str) -> Sequence[DirectMessage]:
    """Read an event of the X Activity API; what is of another shape than documented is left out and told."""
    data = event.get("data")
    if not isinstance(data, dict) or data.get("event_type") not in DirectMessagesV2.event_types:
        return ()
    return tuple(_each(_activity_message, _activity_parts(data), account))


def from_page(page: Mapping[str, Any]) -> Sequence[DirectMessage]:
    """Read a page of /2/dm_events: the messages of conversations of two."""
    includes = page.get("includes") or {}
    names = {user.get("id"): user.get("name") for user in includes.get("users") or ()}
    media = {each.get("media_key"): each for each in includes.get("media") or ()}
    return tuple(_each(_page_message, page.get("data") or (), names, media))


def _each(read: Any, raw: Iterable[Any], *context: Any) -> Iterable[DirectMessage]:
    for each in raw:
        try:
            message = read(each, *context)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.warning("x_event_not_understood", error=type(error).__name__)  # its words may be the customer's
            continue
        if message is not None:
            yield message


def _activity_parts(data: Mapping[str, Any]) -> Iterable[tuple[str, Any, Any]]:
    payload = data.get("payload")
    if not isinstance(payload, dict):
        return
    users = payload.get("users")
    for number, each in enumerate(payload.get("direct_message_events") or ()):
        uuid = data.get("event_uuid")
        name = f"{uuid}/{number}" if number else str(uuid)
        yield name if uuid else "", each, users if isinstance(users, dict) else {}


def _activity_message(part: tuple[str, Any, Any], account: str) -> DirectMessage | None:
    event_id, each, users = part
    if each["type"] != "message_create":
        return None
    created = each["message_create"]
    sender, recipient = str(created["sender_id"]), str(created["target"]["recipient_id"])
    if account not in {sender, recipient}:
        return None
    said = created["message_data"]
    media = (said.get("attachment") or {}).get("media")
    return DirectMessage(
        id=str(int(each["id"])),
        event_id=event_id or f"dm:{each['id']}",
        conversation=conversation_of(sender, recipient),
        sender=sender,
        sender_name=_name(users.get(sender)),
        text=_plain(said.get("text") or "", said, media),
        sent_at=datetime.fromtimestamp(int(each["created_timestamp"]) / 1000, UTC),
        attachments=(_attachment(media.get("type"), media.get("media_url_https")),) if media else (),
    )


def _name(user: Any) -> str | None:
    """A user's name; None where X tells it in another shape, which is no reason to lose a message."""
    known = user.get("data") or user if isinstance(user, dict) else None
    name = known.get("name") if isinstance(known, dict) else None
    return name if isinstance(name, str) else None


def _page_message(each: Any, names: Mapping[str, str], media: Mapping[str, Any]) -> DirectMessage | None:
    conversation, sender = str(each["dm_conversation_id"]), str(each["sender_id"])
    if each["event_type"] != "MessageCreate" or other_party(conversation, sender) is None:
        return None
    keys = (each.get("attachments") or {}).get("media_keys") or ()
    found = [media.get(key, {}) for key in keys]
    return DirectMessage(
        id=str(int(each["id"])),
        event_id=f"dm:{each['id']}",
        conversation=conversation,
        sender=sender,
        sender_name=names.get(sender),
        text=_plain(each.get("text") or "", each, None),
        sent_at=datetime.fromisoformat(each["created_at"]),
        attachments=tuple(_attachment(one.get("type"), one.get("url")) for one in found),
    )


def _attachment(kind: str | None, url: str | None) -> Attachment:
    """Named as in its address; X tells no name. Only who is signed in to the account can open it."""
    name = unquote(urlsplit(url or "").path).rpartition("/")[2]
    return Attachment(name=name or (kind or "file").replace("_", " "), url=url or "")


def _plain(text: str, holder: Mapping[str, Any], media: Mapping[str, Any] | None) -> str:
    """The text as it was written: links in full, without the link that stands for a picture."""
    links = (holder.get("entities") or {}).get("urls") or ()
    for link in links:
        short, full = link.get("url"), link.get("expanded_url") or ""
        if short:
            text = text.replace(short, "" if "/messages/media/" in full else full or short)
    if media and media.get("url"):
        text = text.replace(media["url"], "")
    # X escapes these three and no other.
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
