"""Who may sign in, from the command line."""

import asyncio
from pathlib import Path

import pytest

from bot.app import utc_now
from bot.services.agents import Agents
from bot.store.engine.database import Database
from tests.acceptance.conftest import answerdesk
from tests.acceptance.output import printed, refusal, told


def _signs_up(folder: Path, link: str, email: str) -> None:
    """What the console does with the link's token."""

    async def create() -> None:
        db = Database(f"sqlite+aiosqlite:///{folder / 'data' / 'answerdesk.db'}")
        try:
            agents = Agents(db, clock=utc_now)
            token = link.partition("token=")[2]
            invitation = await agents.invitation(token)
            assert invitation is not None
            await agents.create(token, name=invitation.name, email=email, password="correct horse")
        finally:
            await db.close()

    asyncio.run(create())


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "answerdesk.toml"
    path.write_text('data = "data"\n')
    return path


def test_an_agents_languages_are_given_changed_and_listed(config: Path) -> None:
    assert "Nobody can sign in yet" in printed("agents", "list", "--config", config)
    link = told("agents", "add", "Alva", "--languages", "sv-SE, en,sv", "--config", config)["link"]
    _signs_up(config.parent, link, "alva@example.com")
    assert printed("agents", "list", "--config", config) == "Alva <alva@example.com>: sv, en\n"
    assert printed("agents", "edit", "Alva@example.com", "--languages", "no", "--config", config) == "Alva reads nb.\n"
    [profile] = told("agents", "list", "--config", config)
    assert profile == {"name": "Alva", "email": "alva@example.com", "languages": ["nb"]}
    changed = printed("agents", "edit", "alva@example.com", "--languages", "all", "--config", config)
    assert changed == "Alva reads all languages.\n"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("add", "--languages", "swedish"), "swedish is no code of a language"),
        (("add", "--languages", ","), "no language is named"),
        (("edit", "nobody@example.com", "--languages", "sv"), "There is no agent with the e-mail nobody@example.com"),
    ],
)
def test_what_cannot_be_done_is_one_line(config: Path, arguments: tuple[str, ...], problem: str) -> None:
    assert problem in refusal(answerdesk("agents", *arguments, "--config", config))
