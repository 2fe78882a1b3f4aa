"""The console's words, dates and numbers in each of its languages.

The English of the templates and scripts is the key; `translations/*.po` hold the other languages and are compiled in
memory, so that nothing generated has to be kept.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache, cached_property
from gettext import NullTranslations
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.conversation import base_code, plain
from bot.i18n import compiled
from corpus.language_tags import name_code

HERE = Path(__file__).parent
#: The languages of the console, each by its own name.
LANGUAGES = {"en": "English", "sv": "Svenska", "de": "Deutsch", "es": "Español", "fr": "Français"}
ENGLISH = "en"

_IN_A_SCRIPT = re.compile(r'\b_\("((?:[^"\\]|\\.)*)"')


class Translations:
    """One language of the console."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale(language)
        #: What templates call; they put values in by themselves.
        self.plain = _compiled(language)

    def gettext(self, text: str, **values: str) -> str:
        """The text in this language, with its values put in."""
        translated = self.plain.gettext(text)
        return translated % values if values else translated

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The text in this language for this many, with the number put in as `%(number)s`."""
        return self.plain.ngettext(one, many, number) % {"number": self.number(number)}

    def number(self, value: float, pattern: str | None = None) -> str:
        """A number as it is written in this language."""
        return format_decimal(value, pattern, locale=self._locale)

    def date(self, day: date) -> str:
        """A day."""
        return format_date(day, "medium", locale=self._locale)

    def exact(self, at: datetime) -> str:
        """A moment, in UTC: what stays on the page where no script makes it the reader's own time."""
        moment = at.astimezone(UTC)
        return f"{self.date(moment.date())}, {format_time(moment, 'short', locale=self._locale)} UTC"

    def language_name(self, code: str) -> str:
        """The name of a language in this one; its code where that is not known."""
        language = base_code(code)
        name = self._locale.languages.get(name_code(language or ""))
        return name[:1].upper() + name[1:] if name else code

    def by_name(self, codes: Iterable[str]) -> list[str]:
        """The codes of languages in the order of what they are called in this one; accents change no order."""
        return sorted(codes, key=lambda code: plain(self.language_name(code)).casefold())

    @cached_property
    def script_words(self) -> dict[str, str]:
        """The texts of the scripts in this language, by their English."""
        return {text: self.gettext(text) for text in words_of_scripts()}


@cache
def catalogue(language: str) -> Translations:
    """The catalogue of a language of the console."""
    return Translations(language)


@cache
def words_of_scripts() -> tuple[str, ...]:
    """The English of everything the scripts say."""
    return tuple(sorted({text for path in _scripts() for text in _IN_A_SCRIPT.findall(path.read_text("utf-8"))}))


def _scripts() -> Iterable[Path]:
    return (HERE / "static").glob("*.js")


def _compiled(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    with (HERE / "translations" / f"{language}.po").open("rb") as source:
        return compiled(read_po(source, abort_invalid=True))
