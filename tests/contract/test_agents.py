from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.errors import EmailTaken, InvitationInvalid, NoSuchAgent, WeakPassword, WrongPassword
from bot.services.agents import Agents, Invitation
from bot.store.engine.database import Database
from bot.store.engine.signing_key import server_secret
from bot.store.tables import agents as agents_table
from bot.store.tables import invitations
from tests.conftest import Clock

PASSWORD = "correct horse battery"


@pytest.fixture
def agents(db: Database, clock: Clock) -> Agents:
    return Agents(db, clock=clock)


async def test_an_invitation_makes_one_agent(agents: Agents) -> None:
    assert not await agents.exist()
    token = await agents.invite()
    assert await agents.invitation(token)
    alva = await agents.create(token, name=" Alva ", email="Alva@Example.com", password=PASSWORD)
    assert (alva.name, alva.email) == ("Alva", "alva@example.com")
    assert await agents.exist()
    assert await agents.invitation(token) is None
    with pytest.raises(InvitationInvalid, match="used or has expired"):
        await agents.create(token, name="Bo", email="bo@example.com", password=PASSWORD)


async def test_an_invitation_expires(agents: Agents, clock: Clock) -> None:
    token = await agents.invite()
    clock.advance(timedelta(days=1).total_seconds())
    assert await agents.invitation(token) is None
    with pytest.raises(InvitationInvalid):
        await agents.create(token, name="Bo", email="bo@example.com", password=PASSWORD)
    assert not await agents.exist()


async def test_what_is_refused_leaves_the_invitation_usable(agents: Agents) -> None:
    token = await agents.invite()
    with pytest.raises(WeakPassword, match="at least 10"):
        await agents.create(token, name="Bo", email="bo@example.com", password="short")
    await agents.create(token, name="Bo", email="bo@example.com", password=PASSWORD)
    second = await agents.invite()
    with pytest.raises(EmailTaken, match=r"bo@example\.com"):
        await agents.create(second, name="Bo 2", email="BO@example.com", password=PASSWORD)
    assert await agents.invitation(second)


async def test_signing_in_needs_the_right_password_of_an_enabled_agent(
    agents: Agents, db: Database, clock: Clock
) -> None:
    bo = await agents.create(await agents.invite(), name="Bo", email="bo@example.com", password=PASSWORD)
    assert await agents.sign_in(" BO@example.com", PASSWORD) == bo
    for email, password in [("bo@example.com", "wrong"), ("nobody@example.com", PASSWORD)]:
        with pytest.raises(WrongPassword):
            await agents.sign_in(email, password)
    async with db.write() as connection:
        await connection.execute(update(agents_table).values(disabled_at=clock()))
    assert await agents.get(bo.id) is None
    with pytest.raises(WrongPassword):
        await agents.sign_in("bo@example.com", PASSWORD)


async def test_neither_password_nor_token_is_stored(agents: Agents, db: Database) -> None:
    token = await agents.invite()
    await agents.create(token, name="Bo", email="bo@example.com", password=PASSWORD)
    async with db.read() as connection:
        stored = str((await connection.execute(select(agents_table))).all())
        stored += str((await connection.execute(select(invitations))).all())
    assert "$argon2id$" in stored
    assert PASSWORD not in stored
    assert token not in stored


async def test_the_cookie_key_is_made_once(db: Database) -> None:
    key = await server_secret(db)
    assert len(key) >= 48
    assert await server_secret(db) == key


async def test_what_an_invitation_says_of_an_agent_becomes_theirs(agents: Agents) -> None:
    token = await agents.invite(Invitation(name=" Alva ", languages=("sv", "en")))
    assert await agents.invitation(token) == Invitation(name="Alva", languages=("sv", "en"))
    alva = await agents.create(token, name="Alva A", email="alva@example.com", password=PASSWORD)
    assert (alva.name, alva.languages, alva.console_language) == ("Alva A", ("sv", "en"), None)
    assert await agents.get(alva.id) == alva


async def test_a_profile_is_changed(agents: Agents) -> None:
    alva = await agents.create(await agents.invite(), name="Alva", email="alva@example.com", password=PASSWORD)
    assert alva.languages == ()
    await agents.edit(alva.id, languages=("de",), console_language="sv")
    changed = await agents.by_email(" Alva@example.com")
    assert (changed.languages, changed.console_language) == (("de",), "sv")
    assert await agents.all() == [changed]
    with pytest.raises(NoSuchAgent, match=r"bo@example\.com"):
        await agents.by_email("bo@example.com")


async def test_at_work_is_whose_console_was_open_in_the_last_minutes(agents: Agents, clock: Clock) -> None:
    alva, bo = [
        await agents.create(await agents.invite(), name=name, email=f"{name}@example.com", password=PASSWORD)
        for name in ("alva", "bo")
    ]
    assert await agents.online() == []
    await agents.touch(alva.id)
    clock.advance(200)
    await agents.touch(bo.id)
    assert await agents.online() == [alva, bo]
    clock.advance(200)
    assert await agents.online() == [bo]
    await agents.touch(alva.id)
    assert await agents.online() == [alva, bo]
