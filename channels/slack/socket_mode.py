"""Socket Mode: events over a connection that we open, watched so that a dead one does not stay."""

import asyncio
import contextlib

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from channels.slack.client import LOGGER

log = structlog.get_logger()

#: The SDK pings, and replaces a connection that does not answer within four pings. One that is not back after that
#: many is given up with all that belongs to it, and a new one is made from the beginning.
LONGEST_SILENCE = 8
_LONGEST_CONNECTING = 30.0


class SocketLostError(Exception):
    """The connection is gone and did not come back by itself; another is made."""


async def listen(app: AsyncApp, client: AsyncWebClient, app_token: str, *, ping_interval: float) -> None:
    """Take events in until cancelled; SocketLostError or Slack's refusal where that ends."""
    handler = AsyncSocketModeHandler(
        app, app_token, logger=LOGGER, web_client=client, ping_interval=ping_interval, proxy=client.proxy
    )
    socket = handler.client
    socket.proxy = client.proxy
    try:
        async with asyncio.timeout(_LONGEST_CONNECTING):
            # Asked here, a refused token ends this at once; within the SDK it would be tried for ever.
            socket.wss_uri = await socket.issue_new_wss_url()
            await socket.connect()  # type: ignore[no-untyped-call]
        log.info("slack_connected")
        await _watch(socket, ping_interval)
    finally:
        with contextlib.suppress(Exception):  # it is given up in any case
            await asyncio.shield(socket.close())  # type: ignore[no-untyped-call]


async def _watch(socket: SocketModeClient, ping_interval: float) -> None:
    loop = asyncio.get_running_loop()
    alive = loop.time()
    while True:
        await asyncio.sleep(ping_interval)
        if socket.message_processor.done():
            raise SocketLostError("nothing takes messages from the connection any more")
        if await socket.is_connected() and not _is_deaf(socket):
            alive = loop.time()
        elif loop.time() - alive > LONGEST_SILENCE * ping_interval:
            raise SocketLostError(f"no connection for {loop.time() - alive:.0f} s")


def _is_deaf(socket: SocketModeClient) -> bool:
    """True when a task that reads the connection, or looks after it, has ended."""
    tasks = (socket.message_receiver, socket.current_session_monitor)
    return any(task is None or task.done() for task in tasks)
