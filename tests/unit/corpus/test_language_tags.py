import pytest

from corpus.language_tags import language_code


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("sv", "sv"),
        ("EN", "en"),
        ("pt-BR", "pt"),
        ("de_DE", "de"),
        (" zh-Hant-TW ", "zh"),
        ("js", None),
        ("", None),
        ("eng", None),
        ("en-", None),
    ],
)
def test_a_language_tag_is_its_two_letters(tag: str, code: str | None) -> None:
    assert language_code(tag) == code
