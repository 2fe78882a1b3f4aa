"""Everything a process answers over HTTP: the channels, the console, /api/v1, and the probes of operators."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.api import PATH, create_api
from bot.app import App
from bot.console import create_console
from bot.errors import StoreUnavailable
from bot.health.first_report import expected
from bot.store.engine.database import Database
from bot.store.engine.signing_key import server_secret


async def web_application(app: App) -> Starlette:
    """The application that uvicorn serves; the tasks of the process's role run as long as it does."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with app.running():
            yield

    routes: list[Any] = [*probe_routes(app.db)]
    if app.role in {"all", "web"}:
        for channel in app.channels.values():
            routes += channel.routes()
        secret = await server_secret(app.db)
        routes += create_console(
            app.desk,
            app.agents,
            secret=secret,
            secure_cookies=app.settings.server.secure,
            language_wait=timedelta(minutes=app.settings.language_wait),
            expected=partial(expected, app.settings),
        )
        if key := app.settings.server.api_key:
            api = create_api(app.desk, app.db, app.index, key=key.get_secret_value(), reader=app.reader)
            routes.append(Mount(PATH, api))
    return Starlette(routes=routes, lifespan=lifespan)


def probe_routes(db: Database) -> Sequence[BaseRoute]:
    """/healthz, /readyz, /metrics, and the way from / to the chat."""

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        try:
            async with db.read() as connection:
                await connection.execute(text("SELECT 1"))
        except StoreUnavailable as error:
            return JSONResponse({"status": "unavailable", "error": str(error)}, status_code=503)
        return JSONResponse({"status": "ok"})

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    async def front(_: Request) -> Response:
        return RedirectResponse("/chat")

    return [
        Route("/", front),
        Route("/healthz", alive),
        Route("/readyz", ready),
        Route("/metrics", metrics),
    ]
