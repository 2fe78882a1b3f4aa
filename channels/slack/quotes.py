"""Words of others within what somebody writes in Slack: quoted lines, and messages that were shared. Pure functions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from channels.message import Quotation
from channels.slack.mrkdwn import readable

#: Slack's mark of a quoted line, and of a quotation that has no end.
_MARK = "&gt;"
_ENDLESS = _MARK * 3


def taken_apart(message: Mapping[str, Any], *, bot: str) -> tuple[str, tuple[Quotation, ...]]:
    """The text somebody wrote, as Slack tells it and without what they quote; and the quotations as they read."""
    raw = message.get("text") or ""
    own, quoted = _divided(raw) if _may_quote(message.get("blocks")) else (raw, [])
    quotes = [Quotation(text=readable(each, bot=bot)) for each in quoted]
    return own, tuple(each for each in [*quotes, *_shared(message, bot)] if each.text.strip())


def _may_quote(blocks: Sequence[Mapping[str, Any]] | None) -> bool:
    """True unless the structure of the message, where it has one, tells that a sign of more is that and no mark."""
    rich = [block for block in blocks or () if block.get("type") == "rich_text"]
    return not rich or any(each.get("type") == "rich_text_quote" for block in rich for each in block["elements"])


def _divided(raw: str) -> tuple[str, list[str]]:
    """The lines that are not quoted, and the runs of those that are."""
    before, endless, after = raw.partition(f"\n{_ENDLESS}") if not raw.startswith(_ENDLESS) else ("", raw, raw)
    own: list[str] = []
    quoted: list[str] = []
    for is_quoted, lines in groupby(before.split("\n"), key=lambda line: line.startswith(_MARK)):
        if is_quoted:
            quoted.append("\n".join(re.sub(rf"^{_MARK} ?", "", line) for line in lines))
        else:
            own += lines
    if endless:
        quoted.append(after.removeprefix(_ENDLESS).strip())
    return ("\n".join(own).strip() if quoted else raw), quoted


def _shared(message: Mapping[str, Any], bot: str) -> Iterator[Quotation]:
    """Messages that were shared, with their authors or where they stand."""
    for each in message.get("attachments") or ():
        if each.get("is_share"):
            text = str(each.get("text") or each.get("fallback") or each.get("from_url") or "")
            origin = each.get("author_name") or each.get("author_subname") or each.get("channel_name")
            yield Quotation(text=readable(text, bot=bot), origin=str(origin) if origin else None)
