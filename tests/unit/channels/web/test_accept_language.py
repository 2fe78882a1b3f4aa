import pytest

from channels.web.accept_language import preferred_language

OFFERED = ("en", "sv", "de", "nb", "pt")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("en;q=0.5, de", "de"),
        ("de;q=0.7, sv;q=0.7", "de"),
        ("fr, de;q=0.1", "de"),
        ("nn-NO", "nb"),
        ("no", "nb"),
        ("PT_br", "pt"),
        ("sv;q=0, de;q=0.001", "de"),
        ("sv;q=0", "en"),
        ("sv; Q=0.4 ,de;q=0.3", "sv"),
        ("svx, fr", "en"),
        ("*", "en"),
        ("", "en"),
        (",;q=,;;", "en"),
    ],
)
def test_the_language_that_a_browser_likes_best(header: str, language: str) -> None:
    assert preferred_language(header, OFFERED) == language


def test_who_offers_no_english_names_what_else_to_speak() -> None:
    assert preferred_language("fr", ("sv", "de"), default="sv") == "sv"
