"""Server-sent events of the web chat: `line` for each message, `status` when it changes."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any
from urllib.parse import urlsplit

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent

from channels.channel import Host
from channels.message import Labels, SourceCard, Status, TranscriptLine
from channels.rich_text.html import render
from channels.server_sent_events import event_response, rounds

#: Seconds after which lines and status are read again though nothing was heard of a change.
LOOK_AGAIN = 10.0
#: The labels that the widget has buttons for, and their question.
_BUTTONS = ("question", "helped", "not_helped", "human")


def event_stream(host: Host, channel: str, address: str, after: int) -> EventSourceResponse:
    """The response to who listens to a conversation; it ends when the customer goes or the server stops."""
    return event_response(lambda closing: events(host, channel, address, after, closing))


async def events(
    host: Host, channel: str, address: str, after: int, closing: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    """Every line above `after`, then the status, then what changes, until `closing` is set.

    A client that has seen what the store does not know (it was emptied or put back) is told to begin anew.
    """
    told: Status | None = None
    if after and not any(line.id == after for line in await host.lines(channel, address, after=after - 1)):
        after = 0
        yield ServerSentEvent(event="reset", data="{}")
    async with aclosing(rounds(lambda: host.changed(channel, address, LOOK_AGAIN), closing)) as changes:
        async for _ in changes:
            for line in await host.lines(channel, address, after=after):
                after = line.id
                yield ServerSentEvent(event="line", id=str(line.id), data=json.dumps(line_data(line, address)))
            status = await host.status(channel, address)
            if status != told:
                told = status
                yield ServerSentEvent(event="status", data=json.dumps(status_data(status)))


def line_data(line: TranscriptLine, address: str) -> dict[str, Any]:
    """A line as the widget gets it: HTML from bot and agents, plain `text` from the customer."""
    content = {"text": line.text} if line.author == "customer" else _said_data(line)
    return {
        "id": line.id,
        "author": line.author,
        "name": line.author_name,
        "at": line.at.isoformat(),
        "source": line.source and source_data(line.source, line.labels),
        "helped": line.helped,
        "message_id": line.client_message_id and line.client_message_id.removeprefix(f"{address}:"),
        **content,
    }


def _said_data(line: TranscriptLine) -> dict[str, Any]:
    return {
        "html": render(line.text, as_typed=line.author == "agent"),
        "feedback": line.feedback,
        "labels": {name: getattr(line.labels, name) for name in _BUTTONS} if line.feedback else None,
        "question": line.question,
        "choices": [{"id": choice.id, "label": choice.label} for choice in line.choices],
        "chosen": line.chosen,
    }


def source_data(source: SourceCard, labels: Labels) -> dict[str, Any]:
    """A source as the widget gets it: an address that is no web address is left out, the rest of the page is HTML."""
    is_web = source.url is not None and urlsplit(source.url).scheme in {"", "http", "https"}
    return {
        "title": source.title,
        "url": source.url if is_web else None,
        "caption": source.caption,
        **({"rest": render(source.rest), "rest_label": labels.rest} if source.rest else {}),
    }


def status_data(status: Status) -> dict[str, Any]:
    """A status as the widget gets it."""
    return {"owner": status.owner, "agent_name": status.agent_name, "pending": status.pending}
