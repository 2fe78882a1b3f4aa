"""A direct message on the stand-in for X, and the two shapes in which X tells of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_LINK = re.compile(r"https?://[^\s<>()]+")


@dataclass(frozen=True, kw_only=True)
class XPost:
    """One message, as it was written."""

    id: str
    sender: str
    sender_name: str
    recipient: str
    text: str
    #: Seconds since 1970.
    at: float
    #: The name of a picture.
    media: str | None = None

    @property
    def conversation(self) -> str:
        """Its conversation's name."""
        return "-".join(sorted((self.sender, self.recipient), key=int))

    @property
    def media_url(self) -> str:
        """The picture's address."""
        return f"https://ton.x.example/dm/{self.id}/{self.media}"

    @property
    def media_link(self) -> str:
        """The link that stands for the picture in the text."""
        return f"https://t.co/media{self.id}"

    @property
    def links(self) -> list[dict[str, str]]:
        """The links of the text and what X makes of them."""
        found = [
            {"url": f"https://t.co/{self.id}x{number}", "expanded_url": full}
            for number, full in enumerate(_LINK.findall(self.text))
        ]
        full = f"https://x.com/messages/media/{self.id}"
        return [*found, {"url": self.media_link, "expanded_url": full}] if self.media else found

    @property
    def told_text(self) -> str:
        """As X tells it: escaped, with links of its own."""
        text = self.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for link in self.links:
            text = text.replace(link["expanded_url"].replace("&", "&amp;"), link["url"], 1)
        return f"{text} {self.media_link}".strip() if self.media else text


def activity(account: str, posts: Sequence[XPost], event: str) -> dict[str, Any]:
    """An event of the X Activity API that tells of messages to an account."""
    users = {post.sender: {"data": {"id": post.sender, "name": post.sender_name}} for post in posts}
    return {
        "data": {
            "event_uuid": event,
            "filter": {"user_id": account},
            "event_type": "dm.received",
            "tag": "answerdesk",
            "payload": {"direct_message_events": [_event(post) for post in posts], "users": users},
        }
    }


def _event(post: XPost) -> dict[str, Any]:
    entities = {"hashtags": [], "symbols": [], "user_mentions": [], "urls": post.links}
    said: dict[str, Any] = {"text": post.told_text, "entities": entities}
    if post.media:
        media = {"media_url_https": post.media_url, "url": post.media_link, "type": "photo"}
        said["attachment"] = {"type": "media", "media": media}
    return {
        "type": "message_create",
        "id": post.id,
        "created_timestamp": str(int(post.at * 1000)),
        "message_create": {
            "target": {"recipient_id": post.recipient},
            "sender_id": post.sender,
            "message_data": said,
        },
    }


def page(posts: Sequence[XPost], next_token: str | None) -> dict[str, Any]:
    """A page of messages, as /2/dm_events answers it."""
    meta: dict[str, Any] = {"result_count": len(posts)}
    if next_token:
        meta["next_token"] = next_token
    if not posts:
        return {"meta": meta}
    names = {post.sender: post.sender_name for post in posts}
    media = [{"media_key": f"3_{p.id}", "type": "photo", "url": p.media_url} for p in posts if p.media]
    includes: dict[str, Any] = {
        "users": [{"id": number, "name": name, "username": f"user_{number[-9:]}"} for number, name in names.items()]
    }
    return {
        "data": [_dm_event(post) for post in posts],
        "includes": includes | ({"media": media} if media else {}),
        "meta": meta,
    }


def _dm_event(post: XPost) -> dict[str, Any]:
    event: dict[str, Any] = {
        "id": post.id,
        "event_type": "MessageCreate",
        "text": post.told_text,
        "sender_id": post.sender,
        "dm_conversation_id": post.conversation,
        "created_at": datetime.fromtimestamp(post.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    if post.links:
        event["entities"] = {"urls": post.links}
    if post.media:
        event["attachments"] = {"media_keys": [f"3_{post.id}"]}
    return event
