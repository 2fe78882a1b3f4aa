import re
from html import unescape

import httpx
import pytest
from starlette.applications import Starlette

from bot.console import create_console
from bot.conversation.case import Agent
from retrieval.evaluation.first_report import FirstReport
from tests.unit.bot.console.conftest import SECRET, Stage
from tests.unit.bot.health.test_first_report import report

SOME = report(answer=0.2, suggest=0.4, clarify=0.1, escalate=0.3)
LITTLE = report(answer=0.0, suggest=0.1, clarify=0.1, escalate=0.8)


async def shown(stage: Stage, agent: Agent, given: FirstReport | None, **headers: str) -> str:
    routes = create_console(stage.desk, stage.agents, secret=SECRET, secure_cookies=False, expected=lambda: given)
    stage.app = Starlette(routes=routes)
    visitor = await stage.signed_in(agent)
    visitor.client.headers.update(headers)
    response: httpx.Response = await visitor.get("/console/index")
    assert response.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", visitor.page)).replace("\u00a0", " ").split())


async def test_an_agent_reads_what_to_expect_and_what_would_help(stage: Stage, alva: Agent) -> None:
    page = await shown(stage, alva, SOME)
    assert "6 of 8 pages come first; 7 are among the first three." in page
    assert "Suggested 40 % ( 0 % – 100 % )" in page.replace("(", "( ").replace(")", " )").replace("  ", " ")
    assert "Pages that are called the same as another: 3." in page
    assert "a, b" in page
    assert "Hardly any question" not in page


async def test_little_is_said_and_nothing_known_too(stage: Stage, alva: Agent) -> None:
    assert "Hardly any question will be answered or get a suggestion." in await shown(stage, alva, LITTLE)
    assert "There is no report on the index yet." in await shown(stage, alva, None)


@pytest.mark.parametrize(
    ("language", "said"), [("sv", "Sidor som heter likadant"), ("fr", "Pages qui portent le même")]
)
async def test_it_is_in_the_agents_language(stage: Stage, alva: Agent, language: str, said: str) -> None:
    await stage.agents.edit(alva.id, languages=(), console_language=language)
    assert said in await shown(stage, alva, SOME)


async def test_the_desk_leads_there(stage: Stage, alva: Agent) -> None:
    visitor = await stage.signed_in(alva)
    await visitor.get("/console/")
    assert 'href="/console/index"' in visitor.page
