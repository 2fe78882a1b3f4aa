"""Files that customers sent, for agents: fetched from Telegram with the token, which never leaves the server."""

import hashlib
import hmac
from dataclasses import replace
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Bot

from channels.errors import ChannelError
from channels.message import Attachment
from channels.telegram.attachments import REFERENCE
from channels.telegram.client import translate_errors
from channels.telegram.settings import TelegramSettings
from channels.webhooks import reject

#: Whatever a customer sent is saved by a browser, never shown on our address.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}


class FileProxy:
    """Makes links to files, which nobody can guess, and serves what is behind them."""

    def __init__(self, bot: Bot, settings: TelegramSettings) -> None:
        self._bot = bot
        self._url = settings.public_url
        self._key = settings.token.get_secret_value().encode()

    def route(self) -> Route:
        """The route that serves files."""
        return Route("/telegram/files/{signature}/{file:path}", self._serve, methods=["GET"])

    def linked(self, attachment: Attachment) -> Attachment:
        """With a link that opens it, where it is a file and it is known at which address browsers reach us."""
        if self._url is None or not attachment.url.startswith(REFERENCE):
            return attachment
        file = attachment.url.removeprefix(REFERENCE)
        name = quote(attachment.name, safe="")
        return replace(attachment, url=f"{self._url}/telegram/files/{self._sign(unquote(file))}/{file}/{name}")

    def _sign(self, file_id: str) -> str:
        return hmac.new(self._key, f"file:{file_id}".encode(), hashlib.sha256).hexdigest()

    async def _serve(self, request: Request) -> Response:
        file_id, _, name = request.path_params["file"].partition("/")
        if not hmac.compare_digest(request.path_params["signature"].encode(), self._sign(file_id).encode()):
            reject("telegram", "wrong signature of a file")
            return JSONResponse({"error": "There is no such file."}, status_code=404, headers=_HEADERS)
        try:
            with translate_errors(self._bot):
                file = await self._bot.get_file(file_id)
                content = await file.download_as_bytearray()
        except ChannelError as error:
            return JSONResponse({"error": f"Telegram did not give it: {error}"}, status_code=502, headers=_HEADERS)
        headers = {**_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name or 'file', safe='')}"}
        return Response(bytes(content), media_type="application/octet-stream", headers=headers)
