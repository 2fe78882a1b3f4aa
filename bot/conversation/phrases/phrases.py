from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from gettext import GNUTranslations

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

from bot.conversation.phrases.catalogue import USUAL_ADDRESS, Address, spoken, translations
from bot.conversation.receipt import Reason
from channels.message import Labels
from corpus.language_tags import name_code

#: How times and dates are written where a locale names no region: English is read everywhere, and 16:10 as well.
_REGION = {"en": "en_GB"}
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Phrases:
    """The bot's own phrases in one language, in one address; made by `phrases_for`."""

    #: The language that is spoken, such as "sv".
    language: str
    #: None where the language has one address for all.
    address: Address | None
    #: How dates and numbers are written: that language in the customer's region.
    locale: Locale

    def say(self, phrase: str, **values: str) -> str:
        """A phrase by its id, with its values put in. KeyError when there is no such phrase."""
        return _filled(self._translations.gettext(phrase), phrase, values)

    def say_count(self, phrase: str, count: int, **values: str) -> str:
        """A phrase with a count, in the plural form that the count wants."""
        text = self._translations.ngettext(phrase, phrase, count)
        return _filled(text, phrase, {"count": format_decimal(count, locale=self.locale), **values})

    def handover(self, reason: Reason) -> str:
        """Tell the customer that a person takes over. No wait is promised: nobody has computed one."""
        return self.say(f"handover.{reason}")

    def labels(self) -> Labels:
        """The words around what can be pressed or written back."""
        buttons = {name: self.say(f"button.{name}") for name in ("question", "helped", "not_helped", "human")}
        words = {name: self.say(f"button.{name}") for name in ("yes", "no")}
        return Labels(
            **buttons,
            **words,
            write_no=self.say("write.no", no=words["no"]),
            write_human=self.say("write.human"),
            write_number=self.say("write.number"),
            write_yes_or_no=self.say("write.yes_or_no", **words),
            solved=self.say("suggest.question"),
            rest=self.say("button.rest"),
            more=self.say("suggest.more"),
        )

    def name_of(self, language: str) -> str:
        """The name of a language in this one, as it stands within a sentence: "svenska"; its code where it has none."""
        return _name(language, self.locale)

    def other_language(self, language: str) -> str:
        """Line above an answer that exists in another language only."""
        return self.say("language.other", language=self.name_of(language))

    def ask_language(self) -> str:
        """The question which language to use; `own_name` labels the choices."""
        return self.say("language.ask")

    def language_set(self) -> str:
        """Confirm that the customer has chosen this language."""
        return self.say("language.set", language=self.name_of(self.language))

    def forgotten(self) -> str:
        """Confirm that everything about the customer has been deleted."""
        return self.say("forgotten")

    def day(self, day: date) -> str:
        """A day with its month in words and its year."""
        return format_date(day, "long", locale=self.locale)

    def wait(self, within: timedelta) -> str:
        """Tell the usual time to a reply, rounded up to whole minutes, hours or days."""
        if within >= _DAY:
            return self.say_count("wait.days", _up(within, _DAY))
        if within >= 2 * _HOUR:
            return self.say_count("wait.hours", _up(within, _HOUR))
        return self.say_count("wait.minutes", max(_up(within, timedelta(minutes=1)), 1))

    @cached_property
    def _translations(self) -> GNUTranslations:
        return translations(self.language, self.address)


#: Whoever speaks to customers is given this: the phrases for a language or locale.
PhrasesFor = Callable[[str | None], Phrases]


@lru_cache(maxsize=256)  # Babel looks for a locale's file on the disk each time, and customers name any
def phrases_for(language: str | None, *, address: Address | None = None) -> Phrases:
    """The phrases for a customer's language or locale ("sv", "pt-BR", "no"); English where we do not speak theirs.

    Without an `address`, the one that companies use there. Times are written as in the locale's region.
    """
    ours = spoken(language)
    has_addresses = ours in USUAL_ADDRESS
    return Phrases(
        language=ours,
        address=(address or USUAL_ADDRESS[ours]) if has_addresses else None,
        locale=_region(language, ours),
    )


def own_name(language: str) -> str:
    """The name of a language in that language, as on a button: "Svenska"."""
    name = _name(language, _locale(language, Locale("en")))
    return name[:1].upper() + name[1:]


def _name(language: str, within: Locale) -> str:
    code = language.replace("_", "-").split("-")[0].lower()
    return str(within.languages.get(name_code(code), language))


def _region(language: str | None, ours: str) -> Locale:
    default = Locale.parse(_REGION.get(ours, ours))
    locale = _locale(language or "", default)
    return locale if locale.language == default.language and locale.territory else default


def _locale(language: str, default: Locale) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return default


def _filled(text: str, phrase: str, values: dict[str, str]) -> str:
    if text == phrase:
        raise KeyError(phrase)
    return text.format(**values) if values else text


def _up(time: timedelta, unit: timedelta) -> int:
    return -(-time // unit)
