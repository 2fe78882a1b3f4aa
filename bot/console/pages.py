"""Templates to responses; what is not escaped by the templates is made safe here."""

from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.console import words
from bot.console.session import form_token
from bot.conversation.explain import WHY, sureness
from channels.markup import render as render_markup

TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Renders the console's templates."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(reasons=words.REASONS, why=WHY, states=words.STATES)
        self._environment.filters.update(
            channel=words.channel,
            exact=_exact,
            held=words.held,
            instant=_instant,
            language=words.language,
            markdown=_markdown,
            sureness=sureness,
            web_address=_web_address,
        )

    def render(
        self, request: Request, template: str, *, status: HTTPStatus = HTTPStatus.OK, **context: Any
    ) -> HTMLResponse:
        """A page or a part of one; every template knows the form token."""
        body = self._environment.get_template(template).render(csrf=form_token(request), **context)
        return HTMLResponse(body, status)

    def message(self, request: Request, title: str, text: str, *, status: HTTPStatus) -> HTMLResponse:
        """A plain page that says one thing and the way on."""
        return self.render(request, "message.html", status=status, title=title, text=text)


def _markdown(text: str, *, breaks: bool = False) -> Markup:
    return Markup(render_markup(text, breaks=breaks))  # noqa: S704  # its result is sanitised


def _web_address(url: str | None) -> str | None:
    """The address if a browser may be sent there: no scripts, no local files."""
    return url if url is not None and url.lower().startswith(("https://", "http://")) else None


def _instant(at: datetime) -> str:
    """For a time element: the page makes it the reader's own time."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _exact(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
