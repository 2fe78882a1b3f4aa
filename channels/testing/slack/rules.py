"""Slack's rules for what an app sends, as far as a channel meets them. Pure functions that say what is wrong, in words.

From the reference of the Web API's methods and of Block Kit at https://docs.slack.dev/reference.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

#: What each method must be given and may be given beside it.
METHODS: Mapping[str, tuple[set[str], set[str]]] = {
    "auth.test": (set(), set()),
    "apps.connections.open": (set(), set()),
    "chat.postMessage": (
        {"channel"},
        {"text", "blocks", "thread_ts", "metadata", "unfurl_links", "unfurl_media", "reply_broadcast", "mrkdwn"},
    ),
    "chat.update": ({"channel", "ts"}, {"text", "blocks", "metadata"}),
    "reactions.add": ({"channel", "timestamp", "name"}, set()),
    "reactions.remove": ({"channel", "timestamp", "name"}, set()),
    "assistant.threads.setStatus": ({"channel_id", "thread_ts", "status"}, {"loading_messages"}),
    "assistant.threads.setSuggestedPrompts": ({"channel_id", "prompts"}, {"title", "thread_ts"}),
    "users.info": ({"user"}, {"include_locale"}),
    "conversations.info": ({"channel"}, {"include_locale", "include_num_members"}),
    "conversations.open": (set(), {"users", "channel", "return_im", "prevent_creation"}),
    "conversations.history": (
        {"channel"},
        {"cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest"},
    ),
    "conversations.replies": (
        {"channel", "ts"},
        {"cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest"},
    ),
}
LONGEST_TEXT = 40_000
#: What Slack was seen to take, in characters of its own form; not documented.
LARGEST_BLOCKS = 13_000
_STYLES = {"bold", "italic", "strike", "code"}
_RICH = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}


def wrong_arguments(method: str, given: Mapping[str, Any]) -> Iterator[str]:
    """Complaints about a call: arguments that are missing, and those that no such method knows."""
    if method not in METHODS:
        yield f"{method}: there is no such method here"
        return
    needed, allowed = METHODS[method]
    for name in sorted(needed - {name for name, value in given.items() if value is not None and value != ""}):
        yield f"{method}: {name} is missing"
    for name in sorted(set(given) - needed - allowed - {"token"}):
        yield f"{method}: knows no {name}"


def wrong_message(given: Mapping[str, Any]) -> Iterator[str]:
    """Complaints about a message to post or to change."""
    text, blocks = given.get("text") or "", given.get("blocks") or []
    if not text and not blocks:
        yield "no_text"
    if len(text) > LONGEST_TEXT:
        yield f"msg_too_long: {len(text)}"
    if not text.strip():
        yield "a message without text cannot be read out or notified"
    if len(blocks) > 50:
        yield f"invalid_blocks: {len(blocks)} blocks"
    size = len(json.dumps(blocks, ensure_ascii=False))
    if size > LARGEST_BLOCKS:
        yield f"msg_blocks_too_long: {size}"
    for block in blocks:
        yield from _wrong_block(block)
    yield from _repeated("block_id", [block.get("block_id") for block in blocks])
    if "metadata" in given:
        yield from _wrong_metadata(given["metadata"])


def _wrong_metadata(metadata: Any) -> Iterator[str]:
    if not isinstance(metadata, Mapping) or set(metadata) != {"event_type", "event_payload"}:
        yield f"invalid_metadata_format: {metadata!r}"


def _wrong_block(block: Mapping[str, Any]) -> Iterator[str]:
    kind = block.get("type")
    if len(str(block.get("block_id", ""))) > 255:
        yield "invalid_blocks: a block_id is longer than 255"
    match kind:
        case "section":
            yield from _unknown(block, {"type", "block_id", "text", "fields", "accessory", "expand"})
            yield from _wrong_text(block.get("text") or {}, 3000)
        case "context":
            yield from _unknown(block, {"type", "block_id", "elements"})
            yield from _count("context", block.get("elements"), 10)
            for element in block.get("elements") or ():
                yield from _wrong_text(element, 3000)
        case "actions":
            yield from _unknown(block, {"type", "block_id", "elements"})
            yield from _wrong_actions(block.get("elements") or [])
        case "rich_text":
            yield from _unknown(block, {"type", "block_id", "elements"})
            yield from _count("rich_text", block.get("elements"), 1000)
            for element in block.get("elements") or ():
                yield from _wrong_rich(element)
        case "divider":
            yield from _unknown(block, {"type", "block_id"})
        case _:
            yield f"invalid_blocks: type {kind}"


def _wrong_actions(elements: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield from _count("actions", elements, 25)
    yield from _repeated("action_id", [element.get("action_id") for element in elements])
    for element in elements:
        yield from _unknown(element, {"type", "action_id", "text", "value", "url", "style", "accessibility_label"})
        if element.get("type") != "button":
            yield f"invalid_blocks: {element.get('type')} in actions"
        if element.get("text", {}).get("type") != "plain_text":
            yield "invalid_blocks: a button's text is plain_text"
        yield from _wrong_text(element.get("text") or {}, 75)
        if not 0 < len(str(element.get("action_id", ""))) <= 255:
            yield "invalid_blocks: an action_id has 1 to 255 characters"
        if len(str(element.get("value", ""))) > 2000:
            yield "invalid_blocks: a button's value is longer than 2000"


def _wrong_text(text: Mapping[str, Any], longest: int) -> Iterator[str]:
    if text.get("type") not in {"plain_text", "mrkdwn"}:
        yield f"invalid_blocks: text of type {text.get('type')}"
    if not 0 < len(text.get("text") or "") <= longest:
        yield f"invalid_blocks: a text of {len(text.get('text') or '')} where 1 to {longest} are allowed"
    if text.get("type") == "mrkdwn" and "emoji" in text:
        yield "invalid_blocks: mrkdwn knows no emoji"


def _wrong_rich(element: Mapping[str, Any]) -> Iterator[str]:
    kind, inner = element.get("type"), element.get("elements")
    if kind not in _RICH:
        yield f"invalid_blocks: {kind} in rich text"
        return
    yield from _count(str(kind), inner, 1000)
    if kind == "rich_text_list":
        yield from _unknown(element, {"type", "elements", "style", "indent", "offset", "border"})
        if element.get("style") not in {"bullet", "ordered"}:
            yield f"invalid_blocks: a list of style {element.get('style')}"
        if not 0 <= element.get("indent", 0) <= 8 or element.get("offset", 0) < 0:
            yield "invalid_blocks: a list's indent or offset"
        for item in inner or ():
            if item.get("type") != "rich_text_section":
                yield f"invalid_blocks: {item.get('type')} as an item of a list"
            for part in item.get("elements") or ():
                yield from _wrong_piece(part)
        return
    yield from _unknown(element, {"type", "elements", "border"})
    for part in inner or ():
        yield from _wrong_piece(part)


def _wrong_piece(piece: Mapping[str, Any]) -> Iterator[str]:
    kind = piece.get("type")
    if kind == "text":
        yield from _unknown(piece, {"type", "text", "style"})
        if not piece.get("text"):
            yield "invalid_blocks: an empty text"
    elif kind == "link":
        yield from _unknown(piece, {"type", "url", "text", "style"})
        if not str(piece.get("url", "")).lower().startswith(("http://", "https://", "mailto:")):
            yield f"invalid_blocks: a link to {piece.get('url')!r}"
        if len(str(piece.get("url", ""))) > 3000:
            yield "invalid_blocks: a link longer than 3000"
        if piece.get("text") == "":
            yield "invalid_blocks: an empty link"
    else:
        yield f"invalid_blocks: {kind} in a line"
    if set(piece.get("style") or {}) - _STYLES:
        yield f"invalid_blocks: style {piece.get('style')}"


def _unknown(given: Mapping[str, Any], known: set[str]) -> Iterator[str]:
    for name in sorted(set(given) - known):
        yield f"invalid_blocks: {given.get('type')} knows no {name}"


def _count(name: str, elements: Sequence[Any] | None, most: int) -> Iterator[str]:
    if not 0 < len(elements or ()) <= most:
        yield f"invalid_blocks: {name} with {len(elements or ())} elements"


def _repeated(name: str, values: Sequence[Any]) -> Iterator[str]:
    for value, times in Counter(value for value in values if value is not None).items():
        if times > 1:
            yield f"invalid_blocks: {name} {value!r} {times} times"
