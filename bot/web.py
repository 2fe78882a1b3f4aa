"""What operators ask a server: is it alive, can it serve, what are its figures."""

from collections.abc import Sequence

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import StoreUnavailable
from bot.store.engine.database import Database


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
