"""Numbers with their units, dates, and yes or no, as sentences of a language say them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from babel.dates import get_month_names

from bot.conversation.language_tags import base_code
from bot.conversation.lexicon.quantities import COUNTED, FIGURE_WORDS, QuantityLexicon

#: Where a text does not say its language: those that companies here write most.
_UNTOLD = ("en", "sv")
#: Digits, in groups of three or not, with decimals or without.
_DIGITS = r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?![\d])|\d+(?:[.,]\d+)?"
_ISO = r"(?P<iso>(?P<iso_year>\d{4})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d))"
_DOTTED = r"(?P<dotted>(?P<dotted_day>\d{1,2})\.\s?(?P<dotted_month>\d{1,2})\.\s?(?P<dotted_year>\d{4}))"
#: From one number to another, or between them: whoever says 3 and whoever says 3 to 5 do not contradict each other.
_TO = r"(?: ?[-–—] ?| (?:to|till|bis|a|à|til|tot|do|and|och|und|y|et|og|e|en|ja|i) )"
_SIGNS = {"€": "euro", "$": "dollar", "£": "pound"}
_SIGNED = re.compile(rf"(?P<sign>[€$£]) ?(?P<number>{_DIGITS})")
_GROUPED = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+\Z")


@dataclass(frozen=True, kw_only=True)
class QuantityParser:
    """Reads what one language writes."""

    quantity: re.Pattern[str]
    date: re.Pattern[str]
    negation: re.Pattern[str]
    yes_or_no: re.Pattern[str]
    #: Where a sentence seems to end and a month follows.
    month: re.Pattern[str]
    numbers: Sequence[tuple[re.Pattern[str], int]]
    units: Sequence[tuple[re.Pattern[str], str]]
    months: Sequence[tuple[re.Pattern[str], int]]

    def values(self, sentence: str) -> dict[str, set[str]]:
        """The numbers of a sentence by their unit, and its dates; with a year, a date is also compared as a whole."""
        values: defaultdict[str, set[str]] = defaultdict(set)
        text = sentence.casefold()
        for name, value in (*self._dates(text), *self._quantities(self.date.sub(" ", text))):
            values[name].add(value)
        return values

    def without(self, sentence: str) -> str:
        """A sentence in lower case without its numbers, its dates and its "not"."""
        text = self.date.sub(" ", sentence.casefold())
        return self.negation.sub(" ", self.quantity.sub(" ", _SIGNED.sub(" ", text)))

    def denies(self, sentence: str) -> bool:
        """True when a sentence has a negation."""
        return self.negation.search(sentence.casefold()) is not None

    def wants_yes_or_no(self, question: str) -> bool:
        """True when a question begins like one that is answered by yes or no."""
        return self.yes_or_no.match(question.casefold().lstrip("¿¡ ")) is not None

    def joined(self, sentences: Sequence[str]) -> list[str]:
        """Sentences, of which one that ends in the middle of a date ("am 3. Mai") goes on."""
        found: list[str] = []
        for sentence in sentences:
            if found and re.search(r"\b\d{1,2}\.\Z", found[-1]) and self.month.match(sentence.casefold()):
                found[-1] += f" {sentence}"
            else:
                found.append(sentence)
        return found

    def _quantities(self, text: str) -> Iterator[tuple[str, str]]:
        for found in _SIGNED.finditer(text):
            yield _SIGNS[found["sign"]], _number(found["number"])
        for found in self.quantity.finditer(text):
            is_working = found["before"] or found["after"]
            unit = _meant(self.units, found["unit"])
            counted = _meant(self.numbers, found["number"]) if found["number"][0].isalpha() else found["number"]
            name = f"working {unit}" if is_working else unit
            yield name, _number(str(counted))
            if found["first"]:
                yield name, _number(found["first"])

    def _dates(self, text: str) -> Iterator[tuple[str, str]]:
        for found in self.date.finditer(text):
            if found["iso"]:
                day, month, year = found["iso_day"], found["iso_month"], found["iso_year"]
            elif found["dotted"]:
                day, month, year = found["dotted_day"], found["dotted_month"], found["dotted_year"]
            else:
                day, year = found["day"] or found["day2"], found["year"] or found["year2"] or ""
                month = str(_meant(self.months, found["month"] or found["month2"]))
            yield "date", f"{int(month)}-{int(day)}"
            if year:
                yield "date of a year", f"{year}-{int(month)}-{int(day)}"


def figures_of(language: str | None) -> QuantityParser:
    """Give the parser of a language; where it is not known or has no lexicon, one of English and Swedish."""
    code = base_code(language)
    return _figures((code,) if code in FIGURE_WORDS else _UNTOLD)


@cache
def _figures(languages: tuple[str | None, ...]) -> QuantityParser:
    known = [FIGURE_WORDS[language] for language in languages if language]
    locales = [(language, FIGURE_WORDS[language]) for language in languages if language]
    numbers = [
        (_whole(written), number)
        for each in known
        for written, number in zip(_listed(each.numbers), COUNTED, strict=True)
    ]
    units = [(_whole(_spaced(written)), unit) for each in known for unit, written in each.units.items()]
    months = [(_whole(written), place) for each in locales for place, written in _months(*each)]
    month = "|".join(pattern.pattern.removesuffix(r"\Z") for pattern, _ in months)
    of = "|".join(f"{each.of} " for each in known if each.of)
    return QuantityParser(
        quantity=_quantity(known),
        date=re.compile(
            rf"\b(?:{_ISO}|{_DOTTED}|(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|°|:e)? (?:{of})?(?P<month>{month})\b"
            rf"(?:,? (?:{of})?(?P<year>\d{{4}})\b)?"
            rf"|(?P<month2>{month}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year2>\d{{4}})\b)?)"
        ),
        negation=re.compile(rf"\b(?:{'|'.join(each.negations for each in known)})\b"),
        yes_or_no=re.compile(rf"(?:{'|'.join(each.yes_or_no for each in known)})\b"),
        month=re.compile(rf"(?:{month})\b"),
        numbers=numbers,
        units=units,
        months=months,
    )


def _months(language: str, lexicon: QuantityLexicon) -> Iterator[tuple[int, str]]:
    """The number of each month, and how it is written: its names in the language, in full and shortened."""
    names = [
        get_month_names(width, context, locale)
        for locale in (language, *lexicon.regions)
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
    ]
    for place in range(1, 13):
        written = {each[place].casefold().rstrip(".") for each in names}
        longest_first = sorted(map(re.escape, written), key=len, reverse=True)
        yield place, f"(?:{'|'.join(longest_first)}){lexicon.month_ending}"


def _quantity(known: Sequence[QuantityLexicon]) -> re.Pattern[str]:
    words = "|".join(written for each in known for written in reversed(_listed(each.numbers)))
    units = "|".join(_spaced(written) for each in known for written in each.units.values())
    before = "|".join(each.working_before for each in known if each.working_before) or r"(?!)"
    after = "|".join(each.working_after for each in known if each.working_after) or r"(?!)"
    number = rf"(?:(?P<first>{_DIGITS}){_TO})?(?P<number>{_DIGITS}|(?:{words})(?=\s))"
    kinds = rf"[ \u00a0-]?(?:calendar )?(?P<before>{before})?[ -]?"
    return re.compile(rf"(?<![\w.,-]){number}{kinds}(?P<unit>{units})(?!\w)(?: (?P<after>{after})\b)?")


def _listed(words: str) -> list[str]:
    return [_spaced(each) for each in words.split()]


def _spaced(pattern: str) -> str:
    return pattern.replace("_", " ")


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})\Z")


def _meant(known: Sequence[tuple[re.Pattern[str], str | int]], written: str) -> str:
    return str(next(meaning for pattern, meaning in known if pattern.match(written)))


def _number(written: str) -> str:
    """A number however it is written: 1.000 and 1 000 are a thousand, 49,00 is 49."""
    if _GROUPED.match(written):
        return re.sub(r"\D", "", written)
    return f"{float(written.replace(',', '.')):.10g}"
