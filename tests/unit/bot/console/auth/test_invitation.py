from html import unescape

import pytest

from bot.conversation.case import Agent
from tests.unit.bot.console.conftest import Stage, Visitor

FIELDS = {"name": "Cleo", "email": "cleo@example.com", "password": "correct horse", "again": "correct horse"}


async def _open(stage: Stage) -> tuple[Visitor, str]:
    visitor, token = await stage.visitor(), await stage.agents.invite()
    assert (await visitor.get(f"/console/invite?token={token}")).status_code == 200
    return visitor, visitor.hidden("token")


async def test_an_invitation_makes_one_agent_and_signs_them_in(stage: Stage) -> None:
    visitor, token = await _open(stage)
    assert (await visitor.post("/console/invite", token=token, **FIELDS)).url.path == "/console/"
    assert "Cleo" in visitor.page

    second = await stage.visitor()
    assert (await second.get(f"/console/invite?token={token}")).status_code == 410
    assert "works once" in second.page
    other = {**FIELDS, "email": "dan@example.com"}
    await second.get("/console/sign-in")
    assert (await second.post("/console/invite", token=token, **other)).status_code == 410
    assert (await second.get("/console/queue")).status_code == 401


async def test_an_invitation_that_cannot_be_used_says_what_to_do(stage: Stage) -> None:
    visitor = await stage.visitor()
    assert (await visitor.get("/console/invite")).status_code == 410
    assert "printed when the server is started again" in visitor.page
    await stage.agent("Alva")
    await visitor.get("/console/invite?token=made-up")
    assert "Ask the person who runs this server" in visitor.page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"again": "another horse"}, "The two passwords differ."),
        ({"password": "short", "again": "short"}, "at least 10"),
        ({"email": "ALVA@example.com"}, "already an agent"),
        ({"name": "  "}, "Name and e-mail are needed."),
        ({"email": "cleo"}, "Name and e-mail are needed."),
    ],
)
async def test_what_is_wrong_is_said_and_the_invitation_stays(
    stage: Stage, alva: Agent, change: dict[str, str], sentence: str
) -> None:
    visitor, token = await _open(stage)
    fields = {**FIELDS, **change}
    assert (await visitor.post("/console/invite", token=token, **fields)).status_code == 422
    assert sentence in unescape(visitor.page)
    assert f'name="name" value="{fields["name"]}"' in visitor.page
    assert fields["password"] not in visitor.page
    assert (await visitor.post("/console/invite", token=token, **FIELDS)).url.path == "/console/"
    assert alva.name not in visitor.page
