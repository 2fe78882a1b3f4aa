"""Words of others within a message of Telegram's: what was forwarded, and what a reply answers. Pure functions."""

from telegram import (
    Message,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
)

from channels.message import Quotation, clean


def is_forwarded(message: Message) -> bool:
    """True for a message that holds somebody else's words alone; who forwards their own says them again."""
    origin = message.forward_origin
    writer = message.from_user
    is_own = isinstance(origin, MessageOriginUser) and writer is not None and origin.sender_user.id == writer.id
    return origin is not None and not is_own


def quotes(message: Message, bot: int) -> tuple[Quotation, ...]:
    """Words that were forwarded, or that a reply points at: not the `bot`'s where it answers all of a message."""
    if is_forwarded(message):
        text, origin = message.text or message.caption, _name(message.forward_origin)
    elif message.quote is not None:
        text, origin = message.quote.text, _answered_name(message)
    else:
        answered = message.reply_to_message
        is_bots = answered is None or (answered.from_user is not None and answered.from_user.id == bot)
        text, origin = (None, None) if is_bots else (_words(answered), _answered_name(message))
    return (Quotation(text=clean(text), origin=clean(origin) if origin else None),) if text and text.strip() else ()


def _words(message: Message | None) -> str | None:
    return (message.text or message.caption) if message else None


def _answered_name(message: Message) -> str | None:
    if message.external_reply is not None:
        return _name(message.external_reply.origin)
    answered = message.reply_to_message
    if answered is None:
        return None
    if answered.forward_origin is not None:
        return _name(answered.forward_origin)
    return answered.from_user.full_name if answered.from_user else None


def _name(origin: MessageOrigin | None) -> str | None:
    match origin:
        case MessageOriginUser():
            return origin.sender_user.full_name
        case MessageOriginHiddenUser():
            return origin.sender_user_name
        case MessageOriginChat():
            return origin.sender_chat.effective_name
        case MessageOriginChannel():
            return origin.chat.effective_name
        case _:
            return None
