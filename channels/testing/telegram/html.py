"""Telegram's HTML, read as Telegram reads it: https://core.telegram.org/bots/api#html-style."""

import re
from dataclasses import dataclass, field
from html import unescape

_KINDS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}
_TOKEN = re.compile(
    r"<(/?)([a-zA-Z-]*)((?:\s+[a-zA-Z-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))*)\s*>|&(?:[a-z]+|#[0-9]+|#x[0-9a-fA-F]+);"
)
_ENTITIES = {"&lt;", "&gt;", "&amp;", "&quot;"}


class MarkupRefused(Exception):
    """Markup that Telegram cannot read."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """The text and entities of markup that was read."""

    text: str
    entities: tuple[dict[str, object], ...]
    #: What Telegram would drop without a word.
    lost: tuple[str, ...]


@dataclass
class _Open:
    tag: str
    at: int
    url: str | None


@dataclass
class _Reader:
    text: str = ""
    entities: list[dict[str, object]] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def opens(self, tag: str, attributes: str, place: int) -> None:
        if tag not in _KINDS:
            raise MarkupRefused(f'Unsupported start tag "{tag}" at byte offset {place}')
        within = {each.tag for each in self.open}
        if within & {"code", "pre"} and not (tag == "code" and within == {"pre"}):
            self.lost.append(f"{tag} within code")
        if tag in {"code", "pre"} and within & {"b", "i", "u", "s", "a"}:
            self.lost.append(f"{tag} within {', '.join(sorted(within))}")
        if tag == "blockquote" and "blockquote" in within:
            self.lost.append("a quotation within a quotation")
        url = re.search(r"href\s*=\s*[\"']?([^\"'\s>]*)", attributes)
        self.open.append(_Open(tag, units(self.text), unescape(url[1]) if url else None))

    def closes(self, tag: str, place: int) -> None:
        if not self.open:
            raise MarkupRefused(f"Unexpected end tag at byte offset {place}")
        last = self.open.pop()
        if tag and tag != last.tag:
            raise MarkupRefused(f'Unmatched end tag at byte offset {place}, expected "</{last.tag}>", found "</{tag}>"')
        length = units(self.text) - last.at
        if last.tag == "a" and not re.match(r"(https?://[^/]*\.|tg://|mailto:|tel:)", last.url or ""):
            self.lost.append(f"the link {last.url!r}")
        elif length:
            more = {"url": last.url} if last.tag == "a" else {}
            self.entities.append({"type": _KINDS[last.tag], "offset": last.at, "length": length, **more})


def units(text: str) -> int:
    """A text's length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def read_html(markup: str) -> Read:
    """The text and its entities; MarkupRefused says what Telegram would."""
    reader = _Reader()
    place = 0
    while place < len(markup):
        if markup[place] in "<&" and (match := _TOKEN.match(markup, place)):
            if markup[place] == "&":
                known = match[0] in _ENTITIES or match[0].startswith("&#")
                reader.text += unescape(match[0]) if known else match[0]
            elif match[1]:
                reader.closes(match[2].lower(), place)
            else:
                reader.opens(match[2].lower(), match[3], place)
            place = match.end()
            continue
        if markup[place] == "<":
            raise MarkupRefused(f"Unsupported start tag at byte offset {place}")
        reader.text += markup[place]
        place += 1
    if reader.open:
        raise MarkupRefused(f'Can\'t find end tag corresponding to start tag "{reader.open[-1].tag}"')
    return Read(text=reader.text, entities=tuple(reader.entities), lost=tuple(reader.lost))
