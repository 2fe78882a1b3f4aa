"""Slack's payloads as values. Pure functions: a payload in, one thing that happened out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from channels.message import Action, Attachment, Quotation
from channels.slack.address import MessageRef
from channels.slack.mrkdwn import addresses_another, mentions, readable
from channels.slack.quotes import taken_apart
from channels.slack.rendering import action_of

#: Kinds of messages that people write; all others are Slack's or apps'.
_PEOPLES = {None, "file_share", "thread_broadcast", "me_message"}
#: What stands for a call by name and nothing else.
_CALL = "Hello"


@dataclass(frozen=True, kw_only=True)
class MessageEvent:
    """Somebody wrote, or changed what they wrote when `edits`, or took it back when `deletes`."""

    event_id: str
    spot: MessageRef
    user: str
    text: str
    #: Whether the bot is called by name, or it is its own direct messages.
    is_addressed: bool
    #: Whether it begins with somebody else's name.
    is_for_another: bool = False
    attachments: tuple[Attachment, ...] = ()
    quotes: tuple[Quotation, ...] = ()
    edits: bool = False
    deletes: bool = False


@dataclass(frozen=True, kw_only=True)
class ButtonPress:
    """Somebody pressed a button under a message of ours."""

    event_id: str
    spot: MessageRef
    user: str
    action: Action
    label: str
    #: The block that holds the buttons, and the message's blocks and text as they are.
    block_id: str
    blocks: tuple[Mapping[str, Any], ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Somebody opened the bot's messages; `thread` in the older assistant view only."""

    channel: str
    thread: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ignored:
    """Something that is none of our business."""

    why: str


Happened = MessageEvent | ButtonPress | Opened | Ignored


def parse(body: Mapping[str, Any], *, bot: str) -> Happened:
    """The thing that happened; `bot` is our own user id. A payload that is not understood is `Ignored`, no error."""
    try:
        if body.get("type") == "block_actions":
            return _pressed(body)
        if body.get("type") == "event_callback":
            return _event(body["event"], str(body["event_id"]), bot)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, OSError) as error:
        return Ignored(why=f"malformed: {error!r}")
    return Ignored(why=f"type {body.get('type')}")


def sent_at(ts: str) -> datetime:
    """The time a message was written, by its `ts`; ValueError, OverflowError or OSError when it is none."""
    return datetime.fromtimestamp(float(ts), UTC)  # OverflowError or OSError where no calendar reaches


def _event(event: Mapping[str, Any], event_id: str, bot: str) -> Happened:
    kind = event.get("type")
    if kind == "app_home_opened":
        return Opened(channel=event["channel"]) if event.get("tab") == "messages" else Ignored(why="another tab")
    if kind == "assistant_thread_started":
        thread = event["assistant_thread"]
        return Opened(channel=thread["channel_id"], thread=thread["thread_ts"])
    if kind not in {"message", "app_mention"}:
        return Ignored(why=f"event {kind}")
    return _message(event, event_id, bot)


def _message(event: Mapping[str, Any], event_id: str, bot: str) -> Happened:
    subtype = event.get("subtype")
    if subtype == "message_deleted":
        return _written(event, event.get("previous_message") or {}, event_id, bot, deletes=True)
    if subtype == "message_changed":
        now, before = event["message"], event.get("previous_message") or {}
        if now.get("subtype") == "tombstone":  # deleted, and its thread stays
            return _written(event, {**before, "ts": now["ts"]}, event_id, bot, deletes=True)
        if now.get("text") == before.get("text"):
            return Ignored(why="a change of what is shown, not of what was said")
        return _written(event, now, event_id, bot, edits=True)
    return _written(event, event, event_id, bot)


def _written(
    event: Mapping[str, Any],
    message: Mapping[str, Any],
    event_id: str,
    bot: str,
    *,
    edits: bool = False,
    deletes: bool = False,
) -> Happened:
    user = message.get("user")
    if why := _not_ours(message, bot):
        return Ignored(why=why)
    spot = MessageRef(channel=event["channel"], ts=message["ts"], thread=message.get("thread_ts"))
    sent_at(spot.ts)
    raw, quotes = taken_apart(message, bot=bot)
    text = "" if deletes else readable(raw, bot=bot)
    is_called = event.get("type") == "app_mention" or mentions(raw, bot)
    attachments = () if edits or deletes else tuple(_attachments(message))
    if is_called and not text and not attachments and not quotes:
        text = _CALL
    if not deletes and not text.strip() and not attachments and not quotes:
        return Ignored(why="empty")
    return MessageEvent(
        event_id=event_id,
        spot=spot,
        user=str(user),
        text="" if deletes else text,
        is_addressed=spot.is_direct or is_called,
        is_for_another=addresses_another(raw, bot),
        attachments=attachments,
        quotes=() if deletes else quotes,
        edits=edits,
        deletes=deletes,
    )


def _not_ours(message: Mapping[str, Any], bot: str) -> str | None:
    """The reason that a message is not a customer's, or None: bots that answer each other never stop."""
    if message.get("bot_id") or message.get("bot_profile"):
        return "a bot's"
    if message.get("subtype") not in _PEOPLES:
        return f"message {message.get('subtype')}"
    if message.get("user") in {None, bot, "USLACKBOT"}:
        return "nobody's" if message.get("user") is None else "our own or Slack's"
    return None


def _attachments(message: Mapping[str, Any]) -> list[Attachment]:
    """The files, by the address that asks for a token; the token is never part of it."""
    return [
        Attachment(
            name=str(file.get("name") or file.get("title") or "file"),
            url=str(file.get("url_private") or file.get("permalink") or ""),
            media_type=file.get("mimetype"),
        )
        for file in message.get("files") or ()
        if file.get("mode") not in {"tombstone", "hidden_by_limit"}
    ]


def _pressed(body: Mapping[str, Any]) -> Happened:
    pressed, message = body["actions"][0], body.get("message") or {}
    action = action_of(pressed.get("block_id", ""), pressed.get("action_id", ""), pressed.get("value"))
    if action is None:
        return Ignored(why="a button that is not ours")
    spot = MessageRef(channel=body["channel"]["id"], ts=message["ts"], thread=message.get("thread_ts"))
    return ButtonPress(
        event_id=f"{spot.id}/{pressed['action_id']}/{pressed['action_ts']}",
        spot=spot,
        user=body["user"]["id"],
        action=action,
        label=pressed["text"]["text"],
        block_id=pressed["block_id"],
        blocks=tuple(message.get("blocks") or ()),
        text=message.get("text") or "",
    )
