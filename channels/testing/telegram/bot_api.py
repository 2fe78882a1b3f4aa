"""The Bot API as a bot sees it: a subset, served on loopback, that checks what it is sent."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.testing.faults import Fate
from channels.testing.platform import Delivered
from channels.testing.telegram.chats import Data, TelegramChats
from channels.testing.telegram.rules import (
    ACTIONS,
    MOST_ENTITIES,
    Refused,
    check_commands,
    check_keyboard,
    check_webhook,
    read_parameters,
    read_text,
)
from channels.testing.telegram.update_queue import Updates

TOKEN = "700001:A-stand-in-s_token"  # noqa: S105  # of nobody
BOT = {"id": 700001, "is_bot": True, "first_name": "Answerdesk", "username": "answerdesk_bot"}
_ABOUT = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
#: Seconds for which a question for updates, or a silent answer, is held at most.
_LONGEST = 60.0
_LOOK_AGAIN = 0.01
#: What a fate is on the wire: status, description, parameters.
_ANSWERS: dict[str, tuple[int, str]] = {
    "too many": (429, "Too Many Requests: retry later"),
    "broken": (502, "Bad Gateway"),
    "unauthorized": (401, "Unauthorized"),
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "conflict": (409, "Conflict: terminated by other getUpdates request"),
}

Method = Callable[[Request, Data], Awaitable[Response]]


class BotApi:
    """The methods, over the chats and the updates that wait."""

    def __init__(self) -> None:
        self.chats = TelegramChats()
        self.updates = Updates()
        self.complaints: list[str] = []
        #: Where updates are delivered to, and what is shown there; None while the bot asks for them.
        self.webhook: Data | None = None
        #: What is told of the webhook's last calls: `pending_update_count`, `last_error_date`, `last_error_message`.
        self.last_calls: Data = {}
        self.commands: dict[str, list[Data]] = {}
        #: While it is not set, a call that sets commands is held.
        self.takes_commands = threading.Event()
        self.takes_commands.set()
        #: The presses that were not answered yet.
        self.unanswered: set[str] = set()
        self.typing: list[tuple[int, int | None]] = []
        self.calls: list[str] = []
        #: What happens to the next messages, and to the next questions for updates.
        self.fates: deque[Fate] = deque()
        self.poll_fates: deque[Fate] = deque()
        #: What happens to a message that no fate waits for; a run of chaos throws dice here.
        self.chance: Callable[[], Fate | None] = lambda: None
        self.delivered: list[Delivered] = []
        #: How many messages are delivered before the fates begin.
        self.spared = 0
        self.refuses_markup = False
        self._asking = 0
        files = Route("/file/bot{token}/{path:path}", self._download, methods=["GET"])
        self.app = Starlette(routes=[Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]), files])
        self._methods: Mapping[str, Method] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
            "sendMessage": self._send_message,
            "editMessageReplyMarkup": self._edit_buttons,
            "answerCallbackQuery": self._answer_press,
            "sendChatAction": self._send_action,
            "setMyCommands": self._set_commands,
            "getFile": self._get_file,
        }

    async def _call(self, request: Request) -> Response:
        name = request.path_params["method"]
        if request.path_params["token"] != TOKEN:
            return _error(401, "Unauthorized")
        if name not in self._methods:
            self.complaints.append(f"there is no method {name}")
            return _error(404, "Not Found")
        self.calls.append(name)
        try:
            return await self._methods[name](request, read_parameters(name, await _given(request)))
        except Refused as error:
            self.complaints.append(f"{name}: {error}")
            return _error(400, f"Bad Request: {error}")

    async def _get_me(self, _: Request, __: Data) -> Response:
        return _ok(BOT | _ABOUT)

    async def _get_updates(self, request: Request, asked: Data) -> Response:
        """As long as nothing is new; whoever asked before is told that somebody else asks."""
        if self.webhook:
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        if self.poll_fates:
            return _suffered(self.poll_fates.popleft())
        self._asking += 1
        mine, until = self._asking, time.monotonic() + min(float(asked.get("timeout", 0)), _LONGEST)
        offset = asked.get("offset")
        while not (told := self.updates.ask(offset, int(asked.get("limit", 100)))) and time.monotonic() < until:
            if mine != self._asking or await request.is_disconnected():
                return _suffered(Fate(name="conflict"))
            await asyncio.sleep(_LOOK_AGAIN)
        return _ok(told)

    async def _set_webhook(self, _: Request, asked: Data) -> Response:
        check_webhook(asked)
        self.webhook = asked
        return _ok(True)

    async def _delete_webhook(self, _: Request, __: Data) -> Response:
        self.webhook = None
        return _ok(True)

    async def _get_webhook_info(self, _: Request, __: Data) -> Response:
        url = self.webhook["url"] if self.webhook else ""
        return _ok({"url": url, "has_custom_certificate": False, "pending_update_count": 0} | self.last_calls)

    async def _send_message(self, request: Request, asked: Data) -> Response:
        fate = self.fates.popleft() if self.fates and not self.spared else self.chance()
        self.spared = max(self.spared - 1, 0)
        if fate and fate.name != "silent":
            return _suffered(fate)
        chat = int(asked["chat_id"])
        if chat in self.chats.moved:
            moved = {"migrate_to_chat_id": self.chats.moved[chat]}
            return _error(400, "Bad Request: group chat was upgraded to a supergroup chat", **moved)
        if not self.chats.knows(chat):
            return _error(400, "Bad Request: chat not found")
        if self.refuses_markup and asked.get("parse_mode"):
            self.refuses_markup = False
            return _error(400, 'Bad Request: can\'t parse entities: Unsupported start tag "b" at byte offset 0')
        message = self._message(chat, asked)
        self.chats.add(message)
        self.delivered.append(_delivered(message, is_answered=fate is None))
        if fate:
            await _hang_up(request)
        return _ok(message)

    def _message(self, chat: int, asked: Data) -> Data:
        read = read_text(asked)
        self.complaints += [f"{asked['text']!r} loses {lost}" for lost in read.lost]
        if len(read.entities) > MOST_ENTITIES:
            self.complaints.append(f"{len(read.entities)} entities")
        message = {
            "message_id": self.chats.number(chat),
            "from": BOT,
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
            "date": int(time.time()),
            "text": read.text.strip(),
            "entities": list(read.entities),
        }
        if rows := check_keyboard(asked.get("reply_markup")):
            message["reply_markup"] = {"inline_keyboard": rows}
            message["shown"] = [button for row in rows for button in row]  # a phone may show it longer than we do
        if thread := asked.get("message_thread_id"):
            message |= {"message_thread_id": thread, "is_topic_message": True}
        if reply := asked.get("reply_parameters"):
            answered = self.chats.find(chat, reply["message_id"])
            if answered is None and not reply.get("allow_sending_without_reply"):
                raise Refused("message to be replied not found")
            message |= {"reply_to_message": answered} if answered else {}
        return message

    async def _edit_buttons(self, _: Request, asked: Data) -> Response:
        message = self.chats.find(int(asked["chat_id"]), int(asked["message_id"]))
        if message is None:
            raise Refused("message to edit not found")
        rows = check_keyboard(asked.get("reply_markup"))
        if message.get("reply_markup", {}).get("inline_keyboard", []) == rows:
            return _error(400, "Bad Request: message is not modified")
        message["reply_markup"] = {"inline_keyboard": rows}
        return _ok(message)

    async def _answer_press(self, _: Request, asked: Data) -> Response:
        if len(str(asked.get("text", ""))) > 200:
            raise Refused("MESSAGE_TOO_LONG")
        if str(asked["callback_query_id"]) not in self.unanswered:
            return _error(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.unanswered.discard(str(asked["callback_query_id"]))
        return _ok(True)

    async def _send_action(self, _: Request, asked: Data) -> Response:
        if asked["action"] not in ACTIONS:
            raise Refused("wrong parameter action in request")
        self.typing.append((int(asked["chat_id"]), asked.get("message_thread_id")))
        return _ok(True)

    async def _set_commands(self, request: Request, asked: Data) -> Response:
        check_commands(asked["commands"])
        if not self.takes_commands.is_set():
            await asyncio.to_thread(self.takes_commands.wait, _LONGEST)
            if await request.is_disconnected():
                self.complaints.append("a call was cut off")
        self.commands[asked.get("language_code", "")] = asked["commands"]
        return _ok(True)

    async def _get_file(self, _: Request, asked: Data) -> Response:
        return _ok({"file_id": asked["file_id"], "file_unique_id": "u", "file_path": f"documents/{asked['file_id']}"})

    async def _download(self, request: Request) -> Response:
        known = request.path_params["token"] == TOKEN
        return Response(request.path_params["path"]) if known else _error(401, "Unauthorized")


def _delivered(message: Data, *, is_answered: bool) -> Delivered:
    chat = message["chat"]["id"]
    number = f"{chat}/{message['message_id']}"
    return Delivered(address=str(chat), id=number, text=message["text"], at=time.time(), is_answered=is_answered)


async def _given(request: Request) -> Mapping[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        body: Mapping[str, Any] = await request.json()
        return body
    async with request.form() as form:
        files = [name for name, value in form.items() if isinstance(value, UploadFile)]
        if files:
            raise Refused(f"files are not taken here: {files}")
        return {**request.query_params, **{name: str(value) for name, value in form.items()}}


async def _hang_up(request: Request) -> None:
    """Answer nothing until whoever waits has given up."""
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until and (await request.receive())["type"] != "http.disconnect":
        pass


def _ok(result: object) -> Response:
    return JSONResponse({"ok": True, "result": result})


def _error(status: int, description: str, **parameters: object) -> Response:
    more = {"parameters": parameters} if parameters else {}
    return JSONResponse({"ok": False, "error_code": status, "description": description, **more}, status_code=status)


def _suffered(fate: Fate) -> Response:
    status, description = _ANSWERS[fate.name]
    return _error(status, description, **({"retry_after": fate.retry_after} if fate.name == "too many" else {}))
