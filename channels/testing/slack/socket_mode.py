"""Slack's side of Socket Mode: real WebSocket connections, which can be told to leave or die silently."""

import asyncio
import contextlib
import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import WSMsgType, web

#: How long a connection is waited for where there is none, in seconds.
_CONNECTING = 20.0


@dataclass(eq=False)
class _Connection:
    """One connection of the bot's."""

    socket: web.WebSocketResponse
    loop: asyncio.AbstractEventLoop
    is_dead: bool = False
    acknowledged: set[str] = field(default_factory=set)


class Sockets:
    """Takes connections and delivers envelopes over them; called from any thread."""

    def __init__(self) -> None:
        self.url = ""
        #: How many connections there ever were.
        self.opened = 0
        self._tickets: set[str] = set()
        self._connections: list[_Connection] = []
        self._changed = threading.Condition()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Serve on a port of its own."""
        app = web.Application()
        app.router.add_get("/link", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"ws://{host}:{port}/link"

    async def stop(self) -> None:
        """End it all."""
        for connection in list(self._connections):
            await connection.socket.close()
        if self._runner:
            await self._runner.cleanup()

    def ticket(self) -> str:
        """A new address to connect to, good once."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return f"{self.url}?ticket={ticket}"

    def push(self, kind: str, payload: Mapping[str, Any], *, attempt: int, within: float) -> bool:
        """Deliver one envelope over the newest living connection; whether it was acknowledged in time.

        Where the connection closes first, it is delivered over the next one.
        """
        envelope: dict[str, Any] = {
            "envelope_id": str(uuid.uuid4()),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind == "interactive",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        while connection := self.living(_CONNECTING):
            told = asyncio.run_coroutine_threadsafe(connection.socket.send_str(json.dumps(envelope)), connection.loop)
            with contextlib.suppress(ConnectionError, TimeoutError):
                told.result(within)
            with self._changed:
                self._changed.wait_for(partial(self._is_settled, connection, envelope["envelope_id"]), within)
                if connection in self._connections or envelope["envelope_id"] in connection.acknowledged:
                    return envelope["envelope_id"] in connection.acknowledged
        return False

    def _is_settled(self, connection: _Connection, envelope: str) -> bool:
        """True when an envelope was acknowledged, or its connection is closed: it is owed to another one then."""
        return envelope in connection.acknowledged or connection not in self._connections

    def living(self, within: float) -> _Connection | None:
        """The newest connection that is not dead, as soon as there is one."""
        with self._changed:
            self._changed.wait_for(lambda: any(not each.is_dead for each in self._connections), within)
            return next((each for each in reversed(self._connections) if not each.is_dead), None)

    def asks_to_leave(self) -> None:
        """Tell every connection to make another, as Slack does every few hours."""
        for connection in self._all():
            bye = json.dumps({"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "stand-in"}})
            asyncio.run_coroutine_threadsafe(connection.socket.send_str(bye), connection.loop).result(10)
            connection.is_dead = True

    def dies_silently(self) -> None:
        """From now on nothing comes from the connections there are, not even a pong, and none is closed."""
        for connection in self._all():
            connection.is_dead = True

    def breaks_off(self) -> None:
        """Close every connection without a word."""
        for connection in self._all():
            connection.is_dead = True
            asyncio.run_coroutine_threadsafe(connection.socket.close(), connection.loop)

    def _all(self) -> list[_Connection]:
        with self._changed:
            return list(self._connections)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, max_msg_size=1 << 24)
        await socket.prepare(request)
        hello = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0STANDIN"}}
        await socket.send_str(json.dumps(hello))
        connection = _Connection(socket=socket, loop=asyncio.get_running_loop())
        with self._changed:
            self.opened += 1
            self._connections.append(connection)
            self._changed.notify_all()
        try:
            await self._read(connection)
        finally:
            with self._changed:
                self._connections.remove(connection)
        return socket

    async def _read(self, connection: _Connection) -> None:
        async for message in connection.socket:
            if message.type == WSMsgType.PING and not connection.is_dead:
                await connection.socket.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                with self._changed:
                    connection.acknowledged.add(json.loads(message.data).get("envelope_id", ""))
                    self._changed.notify_all()
