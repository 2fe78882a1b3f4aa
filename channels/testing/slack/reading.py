"""A message of Slack's as its readers see it. Pure functions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]


def shown(message: Json) -> str:
    """The text of a message: of its blocks, or of its own where it has none."""
    if not message.get("blocks"):
        return unmarked(str(message.get("text") or ""))
    return "\n".join(filter(None, (_block(block) for block in message["blocks"])))


def buttons(message: Json) -> tuple[Json, ...]:
    """The buttons of a message, each with the block it is in."""
    return tuple(
        {**element, "block_id": block.get("block_id")}
        for block in message.get("blocks") or ()
        if block["type"] == "actions"
        for element in block["elements"]
    )


def links(message: Json) -> tuple[str, ...]:
    """The addresses that its blocks link to."""
    return tuple(_links(message.get("blocks") or ()))


def _links(elements: Sequence[Json]) -> Iterator[str]:
    for element in elements:
        if element["type"] == "link":
            yield element["url"]
        if isinstance(element.get("elements"), list):
            yield from _links(element["elements"])


def unmarked(text: str) -> str:
    """Text of markup as it is read."""
    text = re.sub(r"<([^|<>]+)\|([^<>]+)>", r"\2", text)
    text = re.sub(r"<([^|<>]+)>", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _block(block: Json) -> str:
    match block["type"]:
        case "rich_text":
            return "\n".join(_rich(block["elements"]))
        case "section":
            return _text(block["text"])
        case "context":
            return " ".join(_text(element) for element in block["elements"])
        case "divider":
            return "—"
        case _:
            return ""


def _rich(elements: Sequence[Json]) -> Iterator[str]:
    for element in elements:
        if element["type"] == "rich_text_list":
            first = element.get("offset", 0) + 1
            indent = "    " * element.get("indent", 0)
            for number, item in enumerate(element["elements"], first):
                mark = f"{number}. " if element["style"] == "ordered" else "• "
                yield indent + mark + _line(item["elements"])
        else:
            yield _line(element["elements"])


def _line(elements: Sequence[Json]) -> str:
    return "".join(element.get("text") or element.get("url") or "" for element in elements)


def _text(text: Json) -> str:
    return unmarked(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])
