from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.case import Agent
from bot.desk.assignment import eligible_agents, speaks

OPENED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WAIT = timedelta(minutes=10)
FRESH, LATE = OPENED + timedelta(minutes=9), OPENED + timedelta(minutes=10)

CODES = st.sampled_from(["da", "de", "en", "es", "fi", "sv"])
TEAMS = st.lists(st.frozensets(CODES, max_size=3), min_size=1, max_size=5)
LANGUAGES = st.none() | st.sampled_from(["sv", "sv-SE", "en_GB", "de", "ja", "pt-BR"])


def _agent(number: int, *languages: str) -> Agent:
    return Agent(id=number, name=f"agent {number}", email=f"{number}@example.com", languages=languages)


ALVA, BO, CLEO = _agent(1, "sv", "en"), _agent(2, "de"), _agent(3)


def _names(language: str | None, agents: list[Agent], now: datetime = FRESH) -> list[int]:
    return [agent.id for agent in eligible_agents(language, OPENED, agents, now=now, wait=WAIT)]


@pytest.mark.parametrize(("locale", "language"), [("sv-SE", "sv"), ("EN_gb", "en"), ("no", "nb"), ("nn-NO", "nb")])
def test_the_country_of_a_locale_says_nothing_of_who_reads_it(locale: str, language: str) -> None:
    assert speaks(_agent(1, language), locale)
    assert not speaks(_agent(1, "fi"), locale)


def test_a_fresh_case_is_offered_to_those_who_read_its_language() -> None:
    assert _names("sv-SE", [ALVA, BO]) == [1]
    assert _names("de", [ALVA, BO]) == [2]


def test_who_names_no_languages_is_offered_everything() -> None:
    assert _names("sv", [ALVA, BO, CLEO]) == [1, 3]
    assert _names("ja", [ALVA, BO, CLEO]) == [3]


def test_a_case_that_waited_too_long_is_offered_to_everybody() -> None:
    assert _names("sv", [ALVA, BO], LATE) == [1, 2]


def test_a_language_nobody_at_work_reads_is_offered_to_everybody_at_once() -> None:
    assert _names("fi", [ALVA, BO]) == [1, 2]
    assert _names("sv", [BO]) == [2]


def test_a_case_without_a_language_is_anybodys() -> None:
    assert _names(None, [ALVA, BO]) == [1, 2]


@given(TEAMS, LANGUAGES, st.integers(min_value=-5, max_value=10_000), st.integers(min_value=0, max_value=600))
def test_while_anybody_is_at_work_a_case_is_offered_to_somebody_and_its_readers_are_never_left_out(
    team: list[frozenset[str]], language: str | None, minutes: int, wait: int
) -> None:
    agents = [_agent(number, *sorted(languages)) for number, languages in enumerate(team)]
    now = OPENED + timedelta(minutes=minutes)
    offered = eligible_agents(language, OPENED, agents, now=now, wait=timedelta(minutes=wait))
    assert offered
    assert [agent for agent in agents if speaks(agent, language)] == [a for a in offered if speaks(a, language)]
    if minutes >= wait:
        assert offered == agents


@given(TEAMS, LANGUAGES, st.integers(min_value=0, max_value=10_000))
def test_a_case_that_is_offered_to_an_agent_stays_offered_as_it_gets_older(
    team: list[frozenset[str]], language: str | None, minutes: int
) -> None:
    agents = [_agent(number, *sorted(languages)) for number, languages in enumerate(team)]
    before, after = (
        eligible_agents(language, OPENED, agents, now=OPENED + timedelta(minutes=each), wait=WAIT)
        for each in (minutes, minutes + 1)
    )
    assert {agent.id for agent in before} <= {agent.id for agent in after}
