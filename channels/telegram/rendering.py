"""An `Outbound` as the messages that Telegram is asked to send. Pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass

from channels.message import Outbound, SourceCard, clean
from channels.rich_text import document
from channels.rich_text.document import Block, Inline, Link, Listing, Paragraph, Text
from channels.rich_text.plain_text import plain
from channels.rich_text.splitting import split
from channels.telegram.html import fits, html, pieces, shown
from channels.telegram.keyboards import Rows, keyboard, unbuttoned_choices


@dataclass(frozen=True, kw_only=True)
class MessagePart:
    """One message: as HTML, None where it goes as plain text, and as plain text of any length."""

    html: str | None
    plain: str
    buttons: Rows = ()


def render(message: Outbound, user: int | None = None) -> tuple[MessagePart, ...]:
    """The messages to send, one unless it is too long, buttons under the last; `user` is who may press them."""
    blocks = tuple(_blocks(message, user))
    cut = [each for part in split(blocks, fits) for each in _part(part)]
    # What Telegram would find empty is no message; where all is, the buttons still need one to stand under.
    cut = [part for part in cut if _shown(part).strip()] or [MessagePart(html=None, plain="…")]
    last = cut[-1]
    return (*cut[:-1], MessagePart(html=last.html, plain=last.plain, buttons=keyboard(message, user)))


def _shown(part: MessagePart) -> str:
    return part.plain if part.html is None else shown(part.html)


def _part(blocks: tuple[Block, ...]) -> list[MessagePart]:
    text = plain(blocks)
    if fits(blocks):
        return [MessagePart(html=html(blocks), plain=text)]
    return [MessagePart(html=None, plain=piece) for piece in pieces(text)]  # a link that is too long for one message


def _blocks(message: Outbound, user: int | None) -> Iterator[Block]:
    if message.author == "agent" and message.author_name:
        yield Paragraph(inlines=(Text(text=clean(message.author_name), styles=frozenset({"bold"})),))
    yield from document.parse(clean(message.unfolded), as_typed=message.author == "agent")
    if message.source:
        yield Paragraph(inlines=tuple(_source(message.source)))
    if message.question:
        yield _line(message.question)
    if choices := unbuttoned_choices(message, user):
        yield Listing(items=tuple((_line(clean(each.label)),) for each in choices), start=1)


def _line(text: str) -> Paragraph:
    return Paragraph(inlines=(Text(text=text),))


def _source(source: SourceCard) -> Iterator[Inline]:
    title = clean(source.title)
    has_link = source.url is not None and source.url.startswith(("http://", "https://"))
    yield Link(text=title, url=clean(source.url)) if source.url and has_link else Text(text=title)
    if source.caption:
        yield Text(text=f" · {clean(source.caption)}")
