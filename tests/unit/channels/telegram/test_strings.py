import pytest

from bot.conversation.text.intents import read_intent
from channels.telegram.strings import COMMANDS, GREETING, MENU, NOT_YOURS, THANKS, TOO_OLD, in_language
from channels.web.settings import LANGUAGES


@pytest.mark.parametrize("words", [THANKS, NOT_YOURS, TOO_OLD])
def test_who_presses_is_told_in_twelve_languages(words: dict[str, str]) -> None:
    assert set(words) == set(LANGUAGES)
    assert len(set(words.values())) == len(words)
    assert all(0 < len(each) <= 200 for each in words.values())


def test_the_menu_and_the_greeting_are_in_twelve_languages() -> None:
    assert set(MENU) == set(GREETING) == set(LANGUAGES)
    assert all(len(words) == len(COMMANDS) and all(0 < len(each) <= 256 for each in words) for words in MENU.values())
    for place in range(len(COMMANDS)):
        assert len({words[place] for words in MENU.values()}) >= len(MENU) - 1, "two begin in the same word"
    assert all(read_intent(said) == "greeting" for said in GREETING.values())


@pytest.mark.parametrize(
    ("code", "said"),
    [("pt-br", "Obrigado."), ("no", "Takk."), ("DE", "Danke."), ("xx", "Thank you."), (None, "Thank you.")],
)
def test_the_language_is_that_of_their_telegram(code: str | None, said: str) -> None:
    assert in_language(THANKS, code) == said
