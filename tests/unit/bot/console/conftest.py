import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from html import unescape

import httpx
import pytest
from starlette.applications import Starlette

from bot.app import utc_now
from bot.console import create_console
from bot.console.auth.throttle import SignInThrottle
from bot.conversation.case import Agent
from bot.store.engine.database import Database
from tests.desk import CustomersDesk, QuickAgents

SECRET = "a secret of this test only"
PASSWORD = "correct horse"


class Seconds:
    """A clock for `SignInThrottle`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Visitor:
    """Somebody with a browser and without scripts: keeps cookies, fills in forms of the page that was opened last."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.page = ""

    async def get(self, path: str) -> httpx.Response:
        return self._keep(await self.client.get(path, follow_redirects=True))

    async def post(self, path: str, **fields: str) -> httpx.Response:
        form = {"csrf": self.hidden("csrf"), **fields}
        return self._keep(await self.client.post(path, data=form, follow_redirects=True))

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, f"the page has no field {name}"
        return unescape(found[1])

    async def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        await self.get("/console/sign-in")
        return await self.post("/console/sign-in", email=email, password=password, next="/console/")

    def _keep(self, response: httpx.Response) -> httpx.Response:
        self.page = response.text
        return response


class Stage:
    """A console over a desk on a database, with the agents Alva and Bo, and as many browsers as a test wants."""

    def __init__(self, db: Database, browsers: AsyncExitStack) -> None:
        self._browsers = browsers
        self.db = db
        self.desk = CustomersDesk(db, clock=utc_now)
        self.agents = QuickAgents(db, clock=utc_now)
        self.seconds = Seconds()
        self.app = self.console()

    def console(self, *, secure_cookies: bool = False) -> Starlette:
        attempts = SignInThrottle(self.seconds)
        routes = create_console(self.desk, self.agents, secret=SECRET, secure_cookies=secure_cookies, attempts=attempts)
        return Starlette(routes=routes)

    async def agent(self, name: str) -> Agent:
        email = f"{name.lower()}@example.com"
        return await self.agents.create(await self.agents.invite(), name=name, email=email, password=PASSWORD)

    async def visitor(self, address: str = "192.0.2.1") -> Visitor:
        transport = httpx.ASGITransport(self.app, client=(address, 4711), raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://desk.example")
        return Visitor(await self._browsers.enter_async_context(client))

    async def signed_in(self, agent: Agent) -> Visitor:
        visitor = await self.visitor()
        assert (await visitor.sign_in(agent.email)).status_code == 200
        return visitor


@pytest.fixture
async def stage(db: Database) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as browsers:
        yield Stage(db, browsers)


@pytest.fixture
async def alva(stage: Stage) -> Agent:
    return await stage.agent("Alva")


@pytest.fixture
async def bo(stage: Stage) -> Agent:
    return await stage.agent("Bo")


@pytest.fixture
async def desk_of_alva(stage: Stage, alva: Agent) -> Visitor:
    return await stage.signed_in(alva)
