import pytest

from corpus.language_tags import canonical_code, equivalent_codes, language_code, name_code


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


def test_norwegian_has_three_codes_of_which_we_use_one_and_readers_say_another() -> None:
    for code in ("no", "nb", "nn"):
        assert (canonical_code(code), name_code(code), equivalent_codes(code)) == ("nb", "no", ("nb", "no", "nn"))
    assert (canonical_code("sv"), name_code("sv"), equivalent_codes("sv")) == ("sv", "sv", ("sv",))
