"""Dates are read as they are written in each language."""

from datetime import date

import pytest
from babel.dates import format_date

from bot.conversation.phrases import LANGUAGES
from bot.conversation.text.quantities import figures_of


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("month", range(1, 13))
def test_a_date_is_read_in_the_words_of_the_language(language: str, month: int) -> None:
    day = date(2025, month, 3)
    assert figures_of(language).values(format_date(day, "long", locale=language))["date"] == {f"{month}-3"}


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("en", "Sept 3", "9-3"),
        ("en", "3 Sep", "9-3"),
        ("es", "3 de setiembre", "9-3"),
        ("fi", "3. tammikuun", "1-3"),
        ("sv", "3 okt", "10-3"),
        ("de", "3. Okt", "10-3"),
        ("pl", "3 października", "10-3"),
    ],
)
def test_names_of_months_may_be_short_inflected_or_a_regions_own(language: str, written: str, said: str) -> None:
    assert figures_of(language).values(written)["date"] == {said}
