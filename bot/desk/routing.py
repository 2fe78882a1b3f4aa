"""Who is offered a case first: agents who read the customer's language."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.desk.case import Agent

#: How written Norwegian is called by those who tell its two forms apart.
_NORWEGIAN = {"no": "nb", "nn": "nb"}


def main_language(code: str) -> str:
    """The language of a locale or tag, without its country: `sv` of `sv-SE`."""
    language = code.replace("_", "-").partition("-")[0].strip().lower()
    return _NORWEGIAN.get(language, language)


def reads(agent: Agent, language: str | None) -> bool:
    """Whether an agent reads a case: who names no languages reads all, and a case without one is anybody's."""
    return not agent.languages or language is None or main_language(language) in agent.languages


def offered_to(
    language: str | None, waits_since: datetime, agents: Sequence[Agent], *, now: datetime, wait: timedelta
) -> list[Agent]:
    """Those of the agents at work who are offered a waiting case: who reads its language, and after `wait` everybody.

    Where nobody reads it, everybody is offered it at once: while somebody is at work, no case waits for nobody.
    """
    readers = [agent for agent in agents if reads(agent, language)]
    return readers if readers and now - waits_since < wait else list(agents)
