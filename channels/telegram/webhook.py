"""Updates that Telegram brings by HTTP, with the secret that only it was told."""

import hmac
import json
from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from telegram import Update

from channels.errors import ChannelError
from channels.telegram.client import UNREADABLE, readable
from channels.webhooks import BodyTooLarge, read_limited, reject

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header
#: Bytes of one call; updates are far smaller.
LARGEST_BODY = 2_000_000


class TelegramWebhook:
    """Takes updates that bear the secret; whatever else is sent here is refused and counted."""

    def __init__(self, secret: str, channel: str, take: Callable[[Update], Awaitable[None]]) -> None:
        """`take` stores an update; ChannelError of it, such as NotStored, has Telegram send the update again."""
        self._secret = secret
        self._channel = channel
        self._take = take

    async def serve(self, request: Request) -> Response:
        """Answer one call: 200 when the update is stored, 403 or 400 when it is none of Telegram's, else 503."""
        shown = request.headers.get(SECRET_HEADER)
        if shown is None or not hmac.compare_digest(shown.encode(), self._secret.encode()):
            reject(self._channel, "no secret token" if shown is None else "wrong secret token")
            return JSONResponse({"error": "This is for Telegram."}, status_code=403)
        try:
            update = Update.de_json(readable(json.loads(await read_limited(request, LARGEST_BODY))))
        except (BodyTooLarge, *UNREADABLE):
            reject(self._channel, "not an update")
            return JSONResponse({"error": "This is no update."}, status_code=400)
        try:
            await self._take(update)
        except ChannelError as error:
            log.warning("webhook_postponed", channel=self._channel, error=str(error))
            return JSONResponse({}, status_code=503)
        return JSONResponse({})
