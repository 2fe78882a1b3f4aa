"""Rules of the Bot API: https://core.telegram.org/bots/api."""

import json
import re
from collections.abc import Mapping
from typing import Any

from channels.testing.telegram.html import MarkupRefused, Read, read_html, units

LONGEST_TEXT = 4096
LONGEST_DATA = 64
MOST_ENTITIES = 100
_MESSAGE = (
    "business_connection_id message_thread_id disable_notification protect_content reply_parameters reply_markup "
)
#: Each method's parameters; those with a star must be given.
PARAMETERS = {
    "getMe": "",
    "getUpdates": "offset limit timeout allowed_updates",
    "setWebhook": "url* certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
    "deleteWebhook": "drop_pending_updates",
    "getWebhookInfo": "",
    "sendMessage": _MESSAGE + "chat_id* text* parse_mode entities link_preview_options message_effect_id",
    "editMessageReplyMarkup": "business_connection_id chat_id message_id inline_message_id reply_markup",
    "answerCallbackQuery": "callback_query_id* text show_alert url cache_time",
    "sendChatAction": "business_connection_id chat_id* message_thread_id action*",
    "setMyCommands": "commands* scope language_code",
    "getFile": "file_id*",
}
ACTIONS = {"typing", "upload_photo", "upload_document", "record_voice", "upload_voice", "find_location"}


class Refused(Exception):
    """A request that Telegram answers with 400."""


def read_parameters(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as values; Refused when one is missing, unknown, or not what it should be."""
    known = PARAMETERS[method].split()
    if unknown := set(given) - {name.rstrip("*") for name in known}:
        raise Refused(f"unknown parameters {sorted(unknown)}")
    if missing := [name for name in known if name.endswith("*") and not given.get(name.rstrip("*"))]:
        raise Refused(f"missing parameters {missing}")
    return {name: _value(value) if name != "text" else str(value) for name, value in given.items()}


def read_text(parameters: Mapping[str, Any]) -> Read:
    """The text of a message, its markup read; Refused says what Telegram would."""
    text = str(parameters["text"])
    mode = parameters.get("parse_mode")
    if mode not in {None, "HTML"}:
        raise Refused(f"unsupported parse_mode {mode!r}")
    try:
        read = read_html(text) if mode else Read(text=text, entities=(), lost=())
    except MarkupRefused as error:
        raise Refused(f"can't parse entities: {error}") from error
    if not read.text.strip():
        raise Refused("message text is empty")
    if units(read.text) > LONGEST_TEXT:
        raise Refused("message is too long")
    return read


def check_keyboard(markup: Any) -> list[list[dict[str, Any]]]:
    """The rows of an inline keyboard; Refused when a button is none."""
    if markup is None:
        return []
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        raise Refused("can't parse inline keyboard")
    for button in (button for row in rows for button in row):
        if not str(button.get("text", "")).strip():
            raise Refused("inline keyboard button text is empty")
        if not 1 <= len(str(button.get("callback_data", "")).encode()) <= LONGEST_DATA:
            raise Refused("BUTTON_DATA_INVALID")
        if unknown := set(button) - {"text", "callback_data"}:
            raise Refused(f"unknown fields of a button: {sorted(unknown)}")
    return rows


def check_commands(commands: Any) -> None:
    """Refused when a command of the menu is none."""
    for each in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", each["command"]) or not 1 <= len(each["description"]) <= 256:
            raise Refused(f"BOT_COMMAND_INVALID {each}")


def check_webhook(parameters: Mapping[str, Any]) -> None:
    """Refused when Telegram would not call such an address."""
    if not str(parameters["url"]).startswith("https://"):
        raise Refused("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", str(parameters.get("secret_token", "none"))):
        raise Refused("secret token contains unallowed characters")


def _value(value: Any) -> Any:
    """Forms carry JSON as text."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
