"""The files of a message, by reference: Telegram's id of the file, which says nothing without the bot's token."""

from collections.abc import Sequence
from urllib.parse import quote

from telegram import Contact, Location, Message, PhotoSize, Sticker, Venue

from channels.message import Attachment, clean

#: How a file is referred to, before its id.
REFERENCE = "telegram:file/"
#: What a file is called that has no name of its own.
_NAMES = {
    "Animation": "animation.mp4",
    "Audio": "audio.mp3",
    "Document": "document",
    "Video": "video.mp4",
    "VideoNote": "video.mp4",
    "Voice": "voice.ogg",
}


def attachments(message: Message) -> tuple[Attachment, ...]:
    """Files, places and contacts of a message; none for a message of words alone."""
    carried = message.effective_attachment
    if carried is None:
        return ()
    return _photo(carried) if isinstance(carried, Sequence) else _one(message, carried)


def _one(message: Message, carried: object) -> tuple[Attachment, ...]:
    if isinstance(carried, Sticker):
        # One that stands for an emoji is read as it.
        return () if carried.emoji else (Attachment(name="sticker", url=_reference(carried.file_id)),)
    if isinstance(carried, Venue):
        carried = carried.location
    if isinstance(carried, Location):
        return (Attachment(name="location", url=f"geo:{carried.latitude},{carried.longitude}"),)
    if isinstance(carried, Contact):
        return (Attachment(name=f"contact {clean(carried.first_name)}", url=f"tel:{carried.phone_number}"),)
    kind = type(carried).__name__
    file_id = getattr(carried, "file_id", None)
    if file_id is None:
        return (Attachment(name=kind.lower(), url=f"telegram:message/{message.chat.id}/{message.message_id}"),)
    name = getattr(carried, "file_name", None) or _NAMES.get(kind, "file")
    return (Attachment(name=clean(name), url=_reference(file_id), media_type=getattr(carried, "mime_type", None)),)


def _photo(sizes: Sequence[object]) -> tuple[Attachment, ...]:
    photos = [size for size in sizes if isinstance(size, PhotoSize)]
    if not photos:
        return (Attachment(name="media", url="telegram:media"),)
    largest = max(photos, key=lambda size: size.width * size.height)
    return (Attachment(name="photo.jpg", url=_reference(largest.file_id), media_type="image/jpeg"),)


def _reference(file_id: str) -> str:
    return REFERENCE + quote(file_id, safe="")
