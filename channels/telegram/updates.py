"""Updates of Telegram's as `Inbound`. Pure functions over the types of python-telegram-bot."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from telegram import CallbackQuery, Message, MessageEntity, Update, User

from channels.message import LONGEST_TEXT, Action, Inbound, clean
from channels.telegram.address import TelegramAddress
from channels.telegram.attachments import attachments
from channels.telegram.keyboards import CallbackData
from channels.telegram.quotes import is_forwarded, quotes
from channels.telegram.strings import A_HUMAN, COMMANDS, GREETING, NOT_YOURS, TOO_OLD, in_language

NAME = "telegram"
_GROUPS = {"group", "supergroup"}


@dataclass(frozen=True, kw_only=True)
class BotIdentity:
    """Our bot, as Telegram knows it."""

    id: int
    username: str


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """An update that is not for the bot; `told` is what whoever pressed a button is told."""

    reason: str
    told: str | None = None


def parse_update(update: Update, me: BotIdentity, now: datetime) -> Inbound | Skipped:
    """A customer's message, edit or press, or the reason to skip the update. `now` is when presses happened."""
    if update.message:
        return _message(update, update.message, me)
    if update.edited_message:
        return _edit(update, update.edited_message, me)
    if update.callback_query:
        return _press(update, update.callback_query, me, now)
    return Skipped(reason="not a kind of update that is read")


def _message(update: Update, message: Message, me: BotIdentity) -> Inbound | Skipped:
    writer = message.from_user
    if writer is None or writer.is_bot or message.is_automatic_forward:
        return Skipped(reason="not from a person")
    if message.chat.type in _GROUPS and not _is_addressed(message, me):
        return Skipped(reason="not addressed to the bot")
    files, text, quoted = attachments(message), _text(message, me), quotes(message, me.id)
    if is_forwarded(message):
        text = ""
    said = _command(text, message, writer, me)
    action = said if isinstance(said, Action) else None
    text = "" if isinstance(said, Action) else said
    if message.chat.type in _GROUPS and not text.strip() and not files and not quoted and not action:
        text = in_language(GREETING, writer.language_code)  # nothing but the bot's name
    if not text.strip() and not files and not quoted and not action:
        return Skipped(reason="nothing in it that can be read")
    if len(text) > LONGEST_TEXT:
        return Skipped(reason="too long")
    inbound = _inbound(update, _address(message, writer), writer, me, message.date)
    return replace(
        inbound,
        text=text,
        platform_message_id=_id(message.chat.id, message.message_id),
        attachments=files,
        quotes=quoted,
        action=action,
    )


def _edit(update: Update, message: Message, me: BotIdentity) -> Inbound | Skipped:
    inbound = _message(update, message, me)
    if isinstance(inbound, Skipped):
        return inbound
    if inbound.action or not inbound.text.strip():
        return Skipped(reason="an edit without words")
    return replace(
        inbound, platform_message_id=None, edits=inbound.platform_message_id, sent_at=message.edit_date or message.date
    )


def _press(update: Update, query: CallbackQuery, me: BotIdentity, now: datetime) -> Inbound | Skipped:
    press, language = CallbackData.read(query.data), query.from_user.language_code
    if press is None or query.message is None:
        return Skipped(reason="no button of ours", told=in_language(TOO_OLD, language))
    if press.user not in {None, query.from_user.id}:
        return Skipped(reason="somebody else's button", told=in_language(NOT_YOURS, language))
    if isinstance(query.message, Message) and query.message.is_accessible:
        address = _address(query.message, query.from_user)
    elif press.user is None:
        address = TelegramAddress(chat=query.message.chat.id)
    else:  # Telegram no longer says in which topic it was
        return Skipped(reason="a button that is too old", told=in_language(TOO_OLD, language))
    return replace(_inbound(update, address, query.from_user, me, now), action=press.action)


def _inbound(update: Update, address: TelegramAddress, writer: User, me: BotIdentity, at: datetime) -> Inbound:
    return Inbound(
        channel=NAME,
        event_id=f"{me.id}:{update.update_id}",
        address=str(address),
        customer=str(writer.id),
        customer_name=clean(writer.full_name),
        locale=writer.language_code,
        text="",
        sent_at=at,
    )


def _id(chat: int, message: int) -> str:
    return f"{chat}/{message}"


def _address(message: Message, writer: User) -> TelegramAddress:
    topic = message.message_thread_id if message.is_topic_message else None
    user = writer.id if message.chat.type in _GROUPS else None
    return TelegramAddress(chat=message.chat.id, topic=topic, user=user)


def _entities(message: Message) -> dict[MessageEntity, str]:
    return message.parse_entities() if message.text else message.parse_caption_entities()


def _is_addressed(message: Message, me: BotIdentity) -> bool:
    """True when a message in a group names the bot, is a command for it, or replies to what it said."""
    answered = message.reply_to_message
    is_reply = answered is not None and answered.from_user is not None and answered.from_user.id == me.id
    if is_reply and answered is not None and answered.forum_topic_created is None:
        return True
    return any(_names_me(entity, text, me) for entity, text in _entities(message).items())


def _names_me(entity: MessageEntity, text: str, me: BotIdentity) -> bool:
    if entity.type == MessageEntity.MENTION:
        return text.casefold() == f"@{me.username}".casefold()
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
        name, _, bot = text[1:].partition("@")
        return bot.casefold() == me.username.casefold() if bot else name in COMMANDS
    return False


def _text(message: Message, me: BotIdentity) -> str:
    """The text of a message, without the bot's name in a group."""
    emoji = message.sticker.emoji if message.sticker else None
    text = message.text or message.caption or emoji or ""
    if message.chat.type in _GROUPS:
        raw = text.encode("utf-16-le")
        for start, end in sorted(_mentions(message, me), reverse=True):
            raw = raw[: 2 * start] + raw[2 * end :]
        text = raw.decode("utf-16-le", "replace").strip(" ,:\n")
    return clean(text)


def _mentions(message: Message, me: BotIdentity) -> Iterator[tuple[int, int]]:
    for entity, text in _entities(message).items():
        if entity.type != MessageEntity.BOT_COMMAND and _names_me(entity, text, me):
            yield entity.offset, entity.offset + entity.length


def _command(text: str, message: Message, writer: User, me: BotIdentity) -> str | Action:
    """The words or the action that a command stands for; any other text as it is."""
    words = text.split(maxsplit=1)
    is_command = any(entity.type == MessageEntity.BOT_COMMAND for entity in _entities(message))
    if not words or not is_command or not words[0].startswith("/"):
        return text
    name, _, bot = words[0][1:].partition("@")
    if bot and bot.casefold() != me.username.casefold():
        return text
    return _meant(name.casefold(), words[1] if len(words) > 1 else "", writer) or text


def _meant(command: str, rest: str, writer: User) -> str | Action | None:
    match command:
        case "human":
            return f"{A_HUMAN} {rest}" if rest else Action(name="human")
        case "start" | "help":
            return in_language(GREETING, writer.language_code)
        case "language":
            return f"/language {rest or _phone_language(writer)}"
        case "forget":
            return "/forget"
        case _:
            return None


def _phone_language(writer: User) -> str:
    """The language of a customer's Telegram, for the command from the menu, which comes without a word."""
    return (writer.language_code or "en").partition("-")[0]
