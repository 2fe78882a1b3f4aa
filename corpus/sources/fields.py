import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any, get_args

from corpus.document import DEFAULT_AUTHORITY, Kind
from corpus.errors import MalformedDocument
from corpus.language_tags import language_code

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=$|[T ])")


@dataclass(frozen=True, kw_only=True)
class Fields:
    """The fields of one document as its source gave them; a wrong one raises MalformedDocument with place and cure.

    A field that is missing or null counts as not said, and so does a blank text.
    """

    #: A file, or file:line.
    place: str
    fields: Mapping[str, Any]

    def error(self, field: str, expected: str) -> MalformedDocument:
        """The error to raise when `field` is not what it must be."""
        if self.fields.get(field) is None:
            return MalformedDocument(f"{self.place}: the field {field!r} is missing; add it as {expected}")
        found = repr(self.fields[field])
        found = found if len(found) <= 60 else f"{found[:57]}..."
        return MalformedDocument(f"{self.place}: the field {field!r} is {found}; write {expected}")

    def readable(self, readers: Mapping[str, Callable[["Fields", str], object]]) -> tuple["Fields", list[str]]:
        """The fields without those that their readers refuse, and what was said of each of them."""
        refused: dict[str, str] = {}
        for field, read in readers.items():
            try:
                if self.fields.get(field) is not None:
                    read(self, field)
            except MalformedDocument as error:
                refused[field] = str(error)
        kept = {field: value for field, value in self.fields.items() if field not in refused}
        return replace(self, fields=kept), list(refused.values())

    def text(self, field: str, *, blank: bool = False) -> str:
        """A text that must be there; it may be empty only with `blank`."""
        value = self.fields.get(field)
        if not isinstance(value, str) or not (blank or value.strip()):
            raise self.error(field, "a text in quotes" if blank else "a text in quotes that is not empty")
        return self._encodable(field, value.strip())

    def optional_text(self, field: str) -> str | None:
        """A text, or None when the source does not say."""
        if self.fields.get(field) is None:
            return None
        return self.text(field, blank=True) or None

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts, without the blank ones; empty when the source does not say."""
        values = self.fields.get(field)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.error(field, "a list of texts")
        return tuple(self._encodable(field, value.strip()) for value in values if value.strip())

    def day(self, field: str) -> date | None:
        """A date; of a date with a time, the day it names."""
        value = self.fields.get(field)
        if value is None or value == "":
            return None
        # A front matter's own dates arrive as date or datetime, and both begin like this when written out.
        match = _DAY.match(str(value))
        try:
            # Else as mail and HTTP write it: Mon, 05 Jan 2026 10:00:00 GMT.
            return date.fromisoformat(match[0]) if match else parsedate_to_datetime(str(value)).date()
        except ValueError:
            raise self.error(field, "a date such as 2025-01-31") from None

    def share(self, field: str) -> float | None:
        """A number from 0 to 1."""
        value = self.fields.get(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self.error(field, "a number from 0 to 1")
        return float(value)

    def integer(self, field: str) -> int:
        """A whole number, 0 when the source does not say."""
        value = self.fields.get(field)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(field, "a whole number")
        return value

    def flag(self, field: str) -> bool:
        """True or false, false when the source does not say."""
        value = self.fields.get(field)
        if value is not None and not isinstance(value, bool):
            raise self.error(field, "true or false")
        return bool(value)

    def language(self, field: str) -> str | None:
        """The ISO 639-1 code of a language tag."""
        tag = self.optional_text(field)
        code = language_code(tag) if tag else None
        if tag and not code:
            raise self.error(field, "a language code such as en, sv or pt-BR")
        return code

    def kind(self, field: str = "kind") -> Kind:
        """One of the kinds of document."""
        kinds: tuple[Kind, ...] = get_args(Kind)
        for kind in kinds:
            if self.fields.get(field) == kind:
                return kind
        raise self.error(field, " or ".join(f'"{kind}"' for kind in kinds))

    def authority(self, kind: Kind) -> float:
        """Trust in the document, 0 to 1: what the source says, else what its kind deserves."""
        said = self.share("authority")
        return DEFAULT_AUTHORITY[kind] if said is None else said

    def _encodable(self, field: str, value: str) -> str:
        try:
            value.encode()
        except UnicodeEncodeError:
            raise self.error(field, "it without \\ud800 to \\udfff, which are halves of a character") from None
        return value
