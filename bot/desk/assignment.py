"""Assignment of cases: agents who read the customer's language are offered them first."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.conversation import Agent, base_code


def speaks(agent: Agent, language: str | None) -> bool:
    """True where an agent reads a case's language: who names none reads all, and a case without one is anybody's."""
    code = base_code(language)
    return not agent.languages or code is None or code in agent.languages


def eligible_agents(
    language: str | None, waits_since: datetime, agents: Sequence[Agent], *, now: datetime, wait: timedelta
) -> list[Agent]:
    """Those of the agents at work who are offered a waiting case: who reads its language, and after `wait` everybody.

    Where nobody reads it, everybody is offered it at once: while somebody is at work, no case waits for nobody.
    """
    readers = [agent for agent in agents if speaks(agent, language)]
    return readers if readers and now - waits_since < wait else list(agents)
