"""Templates to responses; what is not escaped by the templates is made safe here."""

from datetime import UTC, datetime
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.console import display
from bot.console.auth.session import form_token, language_of
from bot.console.translations import LANGUAGES, Translations, catalogue
from bot.conversation import WHY
from channels.rich_text.html import render as render_markup

TEMPLATES = Path(__file__).parent / "templates"


class Templates:
    """Renders the console's templates, each request's in its own language."""

    def render(
        self, request: Request, template: str, *, status: HTTPStatus = HTTPStatus.OK, **context: Any
    ) -> HTMLResponse:
        """A page or a part of one; every template knows the form token."""
        environment = _environment(language_of(request))
        body = environment.get_template(template).render(csrf=form_token(request), **context)
        return HTMLResponse(body, status)

    def message(self, request: Request, title: str, text: str, *, status: HTTPStatus) -> HTMLResponse:
        """A plain page that says one thing and the way on."""
        return self.render(request, "message.html", status=status, title=title, text=text)

    @staticmethod
    def words(request: Request) -> Translations:
        """The words for what is said in answer to this request."""
        return catalogue(language_of(request))


@cache
def _environment(language: str) -> Environment:
    say = catalogue(language)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        say.plain.gettext, say.plain.ngettext, newstyle=True, pgettext=say.plain.pgettext, npgettext=say.plain.npgettext
    )
    environment.globals.update(
        console_language=language,
        console_languages=LANGUAGES,
        reasons=display.REASONS,
        why=WHY,
        script_words=say.script_words,
    )
    environment.filters.update(
        channel=partial(display.channel_name, say=say),
        date=say.date,
        event=partial(display.event_text, say=say),
        exact=say.exact,
        delay=partial(display.delay_text, say=say),
        instant=_instant,
        language=say.language_name,
        markdown=_markdown,
        number=say.number,
        confidence=partial(display.confidence_line, say=say),
        reading=partial(display.reader_line, say=say),
        web_address=_web_address,
    )
    return environment


def _markdown(text: str, *, as_typed: bool = False) -> Markup:
    return Markup(render_markup(text, as_typed=as_typed))  # noqa: S704  # its result is sanitised


def _web_address(url: str | None) -> str | None:
    """The address if a browser may be sent there: no scripts, no local files."""
    return url if url is not None and url.lower().startswith(("https://", "http://")) else None


def _instant(at: datetime) -> str:
    """For a time element: the page makes it the reader's own time."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
