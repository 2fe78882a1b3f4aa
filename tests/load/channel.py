"""A platform that takes everything at once: what is measured is what lies before it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Self

from starlette.routing import BaseRoute

from channels.channel import Host
from channels.message import Outbound


class SinkChannel:
    """Delivers by doing nothing."""

    name = "sink"
    exclusive_resource = None
    limits = ()

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], host: Host) -> Self:  # noqa: ARG003  # it has none, and says nothing
        """Made of nothing."""
        return cls()

    def routes(self) -> Sequence[BaseRoute]:
        """Nothing is served."""
        return ()

    async def run(self) -> None:
        """Wait: messages are handed to the host by the run."""
        await asyncio.Event().wait()

    async def send(self, message: Outbound) -> str:
        """It arrives."""
        return f"s{message.id}"
