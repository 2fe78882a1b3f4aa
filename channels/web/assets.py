"""The widget's script and the page at /chat, as they are served."""

import base64
import gzip
import hashlib
import json
from importlib.resources import files

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from channels.web.accept_language import preferred_language
from channels.web.settings import LANGUAGES, WebSettings

_STATIC = files("channels") / "static"
#: The parts of the widget's script, in the order in which they build on each other.
PARTS = ("words", "outgoing", "stream", "conversation", "color", "message", "panel", "element")
DEFAULTS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}


class _Script:
    """A script that any page may load, compressed where the browser takes it."""

    def __init__(self, source: str) -> None:
        self._plain = source.encode()
        self._zipped = gzip.compress(self._plain, mtime=0)
        self._etag = f'"{hashlib.sha256(self._plain).hexdigest()[:16]}"'

    async def serve(self, request: Request) -> Response:
        """The script, or 304 where the browser has it already."""
        headers = DEFAULTS | {"ETag": self._etag, "Cache-Control": "public, max-age=300, stale-while-revalidate=86400"}
        if self._etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self._zipped, headers=headers | {"Content-Encoding": "gzip"}, media_type="text/javascript")
        return Response(self._plain, headers=headers, media_type="text/javascript")


class WidgetScript(_Script):
    """`/widget.js`: the files in static/widget, one after the other in one closed scope."""

    def __init__(self) -> None:
        folder = _STATIC / "widget"
        style = json.dumps((folder / "widget.css").read_text("utf-8"))
        parts = [(folder / f"{name}.js").read_text("utf-8") for name in PARTS]
        super().__init__("\n".join(['(() => {\n"use strict";', f"const STYLE = {style};", *parts, "})();\n"]))


class WidgetWords:
    """`/widget/de.js` and its like: what the widget says in a language that does not come with it, one a module."""

    def __init__(self) -> None:
        self._scripts = {
            language: _Script(file.read_text("utf-8"))
            for language in LANGUAGES
            if (file := _STATIC / "words" / f"{language}.js").is_file()
        }

    async def serve(self, request: Request) -> Response:
        """The words of the language in the path."""
        script = self._scripts.get(request.path_params["language"])
        if script is None:
            raise HTTPException(404, "The chat does not speak this language.")
        return await script.serve(request)


class ChatPage:
    """`/chat`: a page that is all chat."""

    def __init__(self, settings: WebSettings) -> None:
        style = (_STATIC / "chat.css").read_text("utf-8")
        template = Environment(autoescape=True).from_string((_STATIC / "chat.html").read_text("utf-8"))
        self._language = settings.language
        self._html: dict[str, str] = {
            each: template.render(settings=settings, style=style, language=each) for each in LANGUAGES
        }
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._headers = {
            "Content-Security-Policy": (
                f"default-src 'none'; script-src 'self'; style-src 'sha256-{digest}'; connect-src 'self'; "
                "img-src 'self' https: data:; base-uri 'none'; form-action 'none'"
            ),
            "Cache-Control": "no-cache",
            "Vary": "Accept-Language",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }

    async def serve(self, request: Request) -> Response:
        """The page, in the language of the settings, else in the browser's if the widget speaks it."""
        accepted = request.headers.get("accept-language", "")
        language = self._language or preferred_language(accepted, LANGUAGES)
        return HTMLResponse(self._html[language], headers=self._headers)
