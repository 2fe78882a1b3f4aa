"""The stream of activity events: an answer that does not end, watched for signs of life."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import httpx
import structlog

from channels.errors import ChannelError, NotStored, TemporaryFailure
from channels.x.client import XApi

log = structlog.get_logger()

#: Seconds between tries, as X's documentation asks for: 0.25 more each time when the network fails, twice as many
#: each time when X refuses, beginning with five, or with a minute when it says that there were too many.
STEP, LONGEST_STEP = 0.25, 16.0
FIRST_REFUSED, FIRST_TOO_MANY, LONGEST_REFUSED = 5.0, 60.0, 320.0
#: Seconds after which a stream that is open counts as well; one that is lost before is lost once more.
SETTLED = 10.0

Take = Callable[[Mapping[str, Any]], Awaitable[None]]


class StreamEnded(ChannelError):
    """X closed the stream, as it does now and then."""


class ActivityStream:
    """Passes on what the stream brings, and opens it again however it ends."""

    def __init__(self, api: XApi, *, stale_after: float) -> None:
        self._api = api
        self._stale_after = stale_after

    async def run(self, take: Take, opened: Callable[[], None]) -> None:
        """Until cancelled. `opened` is called each time: what came while there was no stream is not in it.

        What could not be stored is not in the next stream either, so the stream is opened anew for it too.
        """
        failures, clock = 0, asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                async with self._api.stream("/2/activity/stream", stale_after=self._stale_after) as lines:
                    log.info("x_stream_opened")
                    opened()
                    async for line in _endless(lines):
                        failures = failures if clock() - began < SETTLED else 0
                        if line.strip():
                            await take(_event(line))
            except (httpx.TransportError, StreamEnded, TemporaryFailure, NotStored) as error:
                failures += 1
                pause = pause_after(failures, error)
                log.warning("x_stream_lost", error=str(error) or repr(error), again_in=pause)
                await asyncio.sleep(pause)


def pause_after(failures: int, error: Exception) -> float:
    """Seconds to wait before opening it again; none when it was lost for the first time."""
    if not isinstance(error, TemporaryFailure):
        return min((failures - 1) * STEP, LONGEST_STEP)
    first = FIRST_TOO_MANY if error.everywhere else FIRST_REFUSED
    return max(error.retry_after or 0.0, min(first * 2.0 ** (failures - 1), LONGEST_REFUSED))


async def _endless(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    async for line in lines:
        yield line
    raise StreamEnded("X ended the stream")


def _event(line: str) -> Mapping[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        log.warning("x_event_not_understood", error="not JSON")
        return {}
    return event if isinstance(event, dict) else {}
