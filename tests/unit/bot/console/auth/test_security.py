import re

import pytest
from starlette.routing import Mount, Route

from bot.conversation.case import Agent
from tests.unit.bot.console.conftest import Stage, Visitor

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
OPEN_TO_ALL = {"/sign-in", "/invite"}
SCRIPT = "<script>alert(1)</script>"


def _routes(stage: Stage) -> list[tuple[str, str]]:
    (mount,) = stage.app.routes
    assert isinstance(mount, Mount)
    routes = [route for route in mount.routes if isinstance(route, Route)]
    assert len(mount.routes) - len(routes) == 1, "everything but the static files is a route with a guard"
    return [(method, route.path) for route in routes for method in sorted(route.methods or ())]


async def test_every_route_needs_an_agent_but_the_ones_for_signing_in(stage: Stage, alva: Agent) -> None:
    await stage.desk.escalate("Where is my parcel?")
    visitor = await stage.visitor()
    await visitor.get("/console/sign-in")
    csrf = {"csrf": visitor.hidden("csrf")}
    checked = 0
    for method, path in _routes(stage):
        if path in OPEN_TO_ALL:
            continue
        address = "/console" + path.replace("{id:int}", "1").replace("{action}", "claim")
        response = await visitor.client.request(method, address, data=csrf if method == "POST" else None)
        to_sign_in = response.status_code == 303 and response.headers["location"].startswith("/console/sign-in?next=")
        assert to_sign_in or response.status_code == 401, (method, path)
        assert "parcel" not in response.text
        checked += 1
    assert checked >= 10
    assert (await stage.desk.case(1)).state == "waiting"
    assert alva.id


@pytest.mark.parametrize("token", [None, "", "wrong"])
async def test_a_form_without_the_token_of_the_session_is_refused(
    stage: Stage, alva: Agent, desk_of_alva: Visitor, token: str | None
) -> None:
    case = await stage.desk.escalate("Where is my parcel?")
    form = {} if token is None else {"csrf": token}
    fresh = await stage.visitor()
    for visitor in (desk_of_alva, fresh):
        for method, path in _routes(stage):
            if method != "POST" or (visitor is fresh and path not in OPEN_TO_ALL):
                continue
            address = "/console" + path.replace("{id:int}", str(case)).replace("{action}", "claim")
            fields = {**form, "email": alva.email, "password": "correct horse", "text": "x", "key": "k"}
            response = await visitor.client.post(address, data=fields)
            assert response.status_code == 403, path
            assert "This form is out of date" in response.text
    assert (await stage.desk.case(case)).state == "waiting"
    assert (await desk_of_alva.get("/console/queue")).status_code == 200


async def test_the_token_may_come_as_a_header(stage: Stage, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate("Where is my parcel?")
    headers = {"X-CSRF-Token": desk_of_alva.hidden("csrf")}
    assert (await desk_of_alva.client.post(f"/console/cases/{case}/claim", headers=headers)).status_code == 303


async def test_a_token_of_another_session_is_refused(stage: Stage, bo: Agent, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate("Where is my parcel?")
    desk_of_bo = await stage.signed_in(bo)
    form = {"csrf": desk_of_bo.hidden("csrf")}
    assert (await desk_of_alva.client.post(f"/console/cases/{case}/claim", data=form)).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/console/", 200),
        ("/console/?view=closed", 200),
        ("/console/cases/1", 200),
        ("/console/cases/1/lines", 200),
        ("/console/cases/99", 404),
        ("/console/queue", 200),
        ("/console/sign-in", 200),
        ("/console/invite", 410),
        ("/console/no-such-page", 404),
        ("/console/static/desk.css", 200),
        ("/console/static/console.js", 200),
        ("/console/static/nothing.js", 404),
    ],
)
async def test_the_browser_is_told_what_to_refuse(stage: Stage, desk_of_alva: Visitor, path: str, status: int) -> None:
    await stage.desk.escalate("Where is my parcel?")
    response = await desk_of_alva.get(path)
    assert response.status_code == status
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["cache-control"] == ("no-cache" if "static" in path else "no-store")
    if response.headers["content-type"].startswith("text/html"):
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=\"/console/)", response.text)


async def test_a_form_that_is_too_large_is_refused_with_the_headers(desk_of_alva: Visitor) -> None:
    response = await desk_of_alva.post("/console/cases/1/lines", text="x" * 1_100_000)
    assert response.status_code == 413
    assert response.headers["content-security-policy"] == POLICY


async def test_a_script_in_what_people_write_is_text(stage: Stage, alva: Agent, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate(SCRIPT, customer=SCRIPT, customer_name=SCRIPT, language='"><script>')
    await stage.desk.reply(case, alva, f"{SCRIPT} [x](javascript:alert(1)) **bold**", key="1")
    await stage.desk.note(case, alva, SCRIPT, key="2")
    await stage.desk.resolve(case, alva, confirmed=True)
    again = await stage.desk.escalate("again", customer=SCRIPT, customer_name=SCRIPT)
    for path in (f"/console/cases/{case}", f"/console/cases/{again}", "/console/", f"/console/cases/{case}/lines"):
        await desk_of_alva.get(path)
        scripts = re.findall(r"<script[^>]*>", desk_of_alva.page)
        assert set(scripts) <= {'<script type="module" src="/console/static/console.js">'}
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in desk_of_alva.page
        assert "javascript:" not in re.findall(r'href="([^"]*)"', desk_of_alva.page)
        assert 'href="javascript' not in desk_of_alva.page.lower()
    await desk_of_alva.get(f"/console/cases/{case}")
    assert "<strong>bold</strong>" in desk_of_alva.page
