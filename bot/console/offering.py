"""Which of the waiting cases an agent is offered, beside those who are at work now."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.console.queues import Offers, offers
from bot.desk.agents import Agents
from bot.desk.case import Agent, QueueItem


class Offering:
    """Asks who is at work, and what the time is."""

    def __init__(self, agents: Agents, *, wait: timedelta, clock: Callable[[], datetime]) -> None:
        self._agents = agents
        self._wait = wait
        self._clock = clock

    async def to(self, agent: Agent, items: Sequence[QueueItem]) -> Offers:
        """The waiting cases as this agent is offered them."""
        at_work = await self._agents.at_work()
        return offers(items, agent, at_work, now=self._clock(), wait=self._wait)
