import asyncio
from collections import defaultdict
from collections.abc import Hashable


class Notifier:
    """Wakes those who wait for a topic. A wait also ends by itself: a missed event costs a moment, never a message."""

    def __init__(self) -> None:
        self._waiting: defaultdict[Hashable, set[asyncio.Event]] = defaultdict(set)

    def publish(self, *topics: Hashable) -> None:
        """Wake everybody who waits for one of the topics."""
        for topic in list(topics):
            for event in self._waiting.get(topic, ()):
                event.set()

    def publish_all(self) -> None:
        """Wake everybody: something may have been missed."""
        self.publish(*self._waiting)

    async def wait(self, topic: Hashable, timeout: float) -> None:  # noqa: ASYNC109  # a wait, not a deadline
        """Return when the topic is published, or after `timeout` seconds."""
        event = asyncio.Event()
        self._waiting[topic].add(event)
        try:
            async with asyncio.timeout(timeout):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting[topic].discard(event)
            if not self._waiting[topic]:
                del self._waiting[topic]
