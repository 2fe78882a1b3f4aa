import asyncio
import sys
import threading
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Self, TextIO

from starlette.routing import BaseRoute

from channels.channel import Host
from channels.errors import BadSettings, NotStored
from channels.message import LONGEST_TEXT, Choice, Inbound, Labels, Outbound, SourceCard

#: One person at one terminal is one conversation.
ADDRESS = "terminal"


class TerminalChannel:
    """Talks with whoever sits at the terminal: a line in is a message, Markdown comes out as it is written."""

    name = "terminal"
    exclusive_resource = None
    limits = ()

    def __init__(self, host: Host, *, lines: TextIO | None = None, out: TextIO | None = None) -> None:
        self._host = host
        self._lines = lines
        self._out = out or sys.stdout
        self._run_id = uuid.uuid4().hex
        self._count = 0

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], host: Host) -> Self:
        """The terminal has no settings; BadSettings names one that was given."""
        for key in settings:
            raise BadSettings(f"channels.terminal.{key}: the terminal has no settings")
        return cls(host)

    def routes(self) -> Sequence[BaseRoute]:
        """Nothing is served over HTTP."""
        return ()

    async def run(self) -> None:
        """Take each line as a message, until the end of input; then wait for what is still owed."""
        typed: asyncio.Queue[str] = asyncio.Queue()
        # No read of a terminal can be broken off: its thread is left behind when this is cancelled.
        threading.Thread(target=self._read, args=(asyncio.get_running_loop(), typed), daemon=True).start()
        while line := await typed.get():
            if line.strip():
                await self.say(line.rstrip("\n"))
            await self._settled()
        await self._settled()

    async def say(self, text: str) -> None:
        """Hand one message over, as if it had been typed."""
        if not text.strip() or len(text) > LONGEST_TEXT:
            print(f"Please write between 1 and {LONGEST_TEXT:,} characters.", file=self._out, flush=True)
            return
        self._count += 1
        event = f"{self._run_id}-{self._count}"
        inbound = Inbound(
            channel=self.name,
            event_id=event,
            platform_message_id=event,
            address=ADDRESS,
            customer=ADDRESS,
            text=text,
            sent_at=datetime.now(UTC),
        )
        try:
            await self._host.accept(inbound)
        except NotStored as error:
            print(f"{error} Please write it again.", file=self._out, flush=True)

    async def send(self, message: Outbound) -> str | None:
        """Print the message and where it is from."""
        name = "Assistant" if message.author == "bot" else message.author_name or "Agent"
        print(f"\n{name}: {message.unfolded}", file=self._out)
        if message.source:
            print(f"  — {source_line(message.source)}", file=self._out)
        if message.question:
            print(f"\n{message.question}", file=self._out)
        if message.choices:
            print(*choice_lines(message.choices, message.labels), sep="\n", file=self._out)
        print(file=self._out, flush=True)
        return None

    def _read(self, loop: asyncio.AbstractEventLoop, typed: asyncio.Queue[str]) -> None:
        """Pass lines on as they are typed, and "" at the end of input."""
        # A reader of its own: Python could not end while sys.stdin is held by this thread.
        lines = self._lines or open(sys.stdin.fileno(), errors="replace", closefd=False)  # noqa: SIM115  # as long as we live
        with suppress(RuntimeError):  # nobody listens any more
            try:
                while line := lines.readline():
                    loop.call_soon_threadsafe(typed.put_nowait, line)
            finally:
                loop.call_soon_threadsafe(typed.put_nowait, "")

    async def _settled(self) -> None:
        """Wait until the bot owes nothing, so that question and answer stand under each other."""
        while (await self._host.status(self.name, ADDRESS)).pending:
            await self._host.changed(self.name, ADDRESS, 1.0)


def choice_lines(choices: Sequence[Choice], labels: Labels) -> list[str]:
    """Numbered choices and how to choose one; nothing where there is nothing to choose."""
    if not choices:
        return []
    how = labels.write_yes_or_no if len(choices) == 1 else labels.write_number
    return [*(f"  {number}. {choice.label}" for number, choice in enumerate(choices, 1)), f"  {how}"]


def source_line(source: SourceCard) -> str:
    """The source of an answer as one line of plain text, its address last."""
    return " · ".join(filter(None, (source.line, source.url)))
