"""Server-sent events for whoever watches something that changes: the one loop of the web chat and of the console."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent

#: Seconds a stream gets to end by itself when the server stops.
FAREWELL = 5.0


def event_response(events: Callable[[anyio.Event], AsyncIterator[ServerSentEvent]]) -> EventSourceResponse:
    """The response that sends what `events` yields; it gets the event that is set when the server stops."""
    closing = anyio.Event()
    return EventSourceResponse(events(closing), shutdown_event=closing, shutdown_grace_period=FAREWELL)


async def rounds(changed: Callable[[], Awaitable[object]], closing: anyio.Event) -> AsyncGenerator[None]:
    """Yield at once and after each change, until `closing` is set; `changed` returns when something has changed.

    Waiting for the next change begins before the yield, so that nothing falls between looking and listening. To be
    closed by its caller (`contextlib.aclosing`). An error of `changed` is raised.
    """
    closed = asyncio.ensure_future(closing.wait())
    try:
        while not closing.is_set():
            change = asyncio.ensure_future(changed())
            try:
                await asyncio.sleep(0)  # the wait begins now
                yield
                await asyncio.wait({change, closed}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                change.cancel()
            if change.done():
                change.result()
    finally:
        closed.cancel()
