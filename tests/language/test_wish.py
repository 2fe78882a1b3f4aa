import pytest

from bot.conversation.text.intents import chosen_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("svenska, tack", "sv"),
        ("På svenska tack!", "sv"),
        ("in English, please", "en"),
        ("English", "en"),
        ("auf Deutsch bitte", "de"),
        ("en español, por favor", "es"),
        ("en français s'il vous plaît", "fr"),
        ("in het Nederlands graag", "nl"),
        ("på dansk, tak", "da"),
        ("norsk takk", "nb"),
        ("suomeksi kiitos", "fi"),
        ("po polsku proszę", "pl"),
        ("/language sv", "sv"),
        ("/language no", "nb"),
        ("/language Swedish", "sv"),
        ("/lang pt-BR", "pt"),
    ],
)
def test_a_language_that_is_asked_for_is_heard(text: str, language: str) -> None:
    assert chosen_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tack",
        "Is the manual in English?",
        "I bought the English version of the game",
        "/language",
        "/language xx",
        "/language ja",
        "Har ni svenska pengar?",
        "en",
    ],
)
def test_what_is_about_a_language_asks_for_none(text: str) -> None:
    assert chosen_language(text) is None
