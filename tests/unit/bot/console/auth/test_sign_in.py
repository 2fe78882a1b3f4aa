import json
from base64 import b64encode

import pytest
from itsdangerous import TimestampSigner

from bot.console.auth.session import COOKIE, LIFETIME, local_target
from bot.conversation.case import Agent
from tests.unit.bot.console.conftest import SECRET, Stage, Visitor


async def test_an_agent_signs_in_and_out(stage: Stage, alva: Agent) -> None:
    visitor = await stage.visitor()
    assert (await visitor.get("/console/")).url.path == "/console/sign-in"
    assert (await visitor.sign_in(" Alva@Example.com ")).url.path == "/console/"
    assert alva.name in visitor.page
    assert (await visitor.post("/console/sign-out")).url.path == "/console/sign-in"
    assert (await visitor.get("/console/")).url.path == "/console/sign-in"


async def test_a_wrong_password_and_an_unknown_email_look_the_same(stage: Stage, alva: Agent) -> None:
    visitor = await stage.visitor()
    for email in (alva.email, "nobody@example.com"):
        response = await visitor.sign_in(email, "wrong horse")
        assert response.status_code == 401
        assert "E-mail and password do not belong together." in visitor.page
        assert f'value="{email}"' in visitor.page
        assert "wrong horse" not in visitor.page


async def test_after_signing_in_the_page_that_was_asked_for_opens(stage: Stage, alva: Agent) -> None:
    case = await stage.desk.escalate("Where is my parcel?")
    visitor = await stage.visitor()
    await visitor.get(f"/console/cases/{case}")
    fields = {"email": alva.email, "password": "correct horse", "next": visitor.hidden("next")}
    assert (await visitor.post("/console/sign-in", **fields)).url.path == f"/console/cases/{case}"


@pytest.mark.parametrize(
    "target",
    [
        "",
        "https://evil.example/",
        "//evil.example/console/",
        "/console/../evil",
        "/console/cases/1\n",
        "/console//evil.example",
        "\\\\evil.example",
        "/console/cases/1?x=//evil",
    ],
)
async def test_no_page_elsewhere_is_opened_after_signing_in(stage: Stage, alva: Agent, target: str) -> None:
    assert local_target(target) == "/console/"
    visitor = await stage.visitor()
    await visitor.get("/console/sign-in")
    form = {"csrf": visitor.hidden("csrf"), "email": alva.email, "password": "correct horse", "next": target}
    response = await visitor.client.post("/console/sign-in", data=form)
    assert response.headers["location"] == "/console/"


async def test_the_cookie_is_for_this_server_only(stage: Stage, alva: Agent) -> None:
    visitor = await stage.signed_in(alva)
    cookie = (await visitor.get("/console/")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/console" in cookie
    assert "max-age=43200" in cookie
    assert "secure" not in cookie


async def test_the_cookie_is_secure_over_https(stage: Stage) -> None:
    stage.app = stage.console(secure_cookies=True)
    response = await (await stage.visitor()).get("/console/sign-in")
    assert "secure" in response.headers["set-cookie"].lower()


async def test_what_an_agent_does_keeps_the_session_going_and_what_the_page_fetches_does_not(
    desk_of_alva: Visitor,
) -> None:
    assert "set-cookie" in (await desk_of_alva.get("/console/")).headers
    assert "set-cookie" not in (await desk_of_alva.get("/console/queue")).headers


@pytest.mark.parametrize(("age", "status"), [(LIFETIME - 60, 200), (LIFETIME + 60, 401)])
async def test_a_session_ends_when_nothing_was_done_for_its_lifetime(
    stage: Stage, alva: Agent, age: int, status: int
) -> None:
    class Earlier(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - age

    data = b64encode(json.dumps({"agent": alva.id}).encode())
    visitor = await stage.visitor()
    visitor.client.cookies.set(COOKIE, Earlier(SECRET).sign(data).decode())
    assert (await visitor.get("/console/queue")).status_code == status


async def test_a_forged_cookie_is_no_session(stage: Stage, alva: Agent) -> None:
    data = b64encode(json.dumps({"agent": alva.id}).encode())
    visitor = await stage.visitor()
    visitor.client.cookies.set(COOKIE, TimestampSigner("another secret").sign(data).decode())
    assert (await visitor.get("/console/queue")).status_code == 401


async def test_signing_in_starts_a_new_session(stage: Stage, alva: Agent) -> None:
    visitor = await stage.visitor()
    await visitor.get("/console/sign-in")
    before = visitor.hidden("csrf")
    await visitor.sign_in(alva.email)
    assert visitor.hidden("csrf") != before


async def test_an_agent_who_was_removed_is_out_at_once(stage: Stage, alva: Agent, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate("Where is my parcel?")
    await desk_of_alva.get(f"/console/cases/{case}")
    await stage.agents.remove(alva.id)
    assert (await desk_of_alva.get("/console/queue")).status_code == 401
    response = await desk_of_alva.client.post(f"/console/cases/{case}/claim", data={"csrf": "x"})
    assert response.status_code == 401
    assert (await stage.desk.case(case)).state == "waiting"


async def test_guessing_is_slowed_for_one_person_and_not_for_another(stage: Stage, alva: Agent) -> None:
    guesser = await stage.visitor("198.51.100.7")
    for email in (alva.email, alva.email.upper(), f" {alva.email}", alva.email, alva.email):
        assert (await guesser.sign_in(email, "a guess")).status_code == 401
    response = await guesser.sign_in(alva.email)
    assert response.status_code == 429
    assert response.headers["retry-after"] == "900"
    assert "Too many attempts. Try again in 15 minutes." in guesser.page
    elsewhere = await stage.visitor("203.0.113.9")
    assert (await elsewhere.sign_in(alva.email)).url.path == "/console/"
    stage.seconds.now += 901
    assert (await guesser.sign_in(alva.email)).url.path == "/console/"


async def test_before_there_is_an_agent_the_page_says_what_to_do(stage: Stage) -> None:
    visitor = await stage.visitor()
    await visitor.get("/console/")
    assert "Open the link that the server printed" in visitor.page
