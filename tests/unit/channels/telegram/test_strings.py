import pytest

from channels.telegram.strings import NOT_YOURS, THANKS, TOO_OLD, in_language
from channels.web.settings import LANGUAGES


@pytest.mark.parametrize("words", [THANKS, NOT_YOURS, TOO_OLD])
def test_who_presses_is_told_in_twelve_languages(words: dict[str, str]) -> None:
    assert set(words) == set(LANGUAGES)
    assert len(set(words.values())) == len(words)
    assert all(0 < len(each) <= 200 for each in words.values())


@pytest.mark.parametrize(
    ("code", "said"),
    [("pt-br", "Obrigado."), ("no", "Takk."), ("DE", "Danke."), ("xx", "Thank you."), (None, "Thank you.")],
)
def test_the_language_is_that_of_their_telegram(code: str | None, said: str) -> None:
    assert in_language(THANKS, code) == said
