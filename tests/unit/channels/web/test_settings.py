from typing import Any

import pytest

from channels.errors import BadSettings
from channels.web.settings import WebSettings


def test_nothing_has_to_be_set() -> None:
    settings = WebSettings.read({})

    assert settings.origins == ("*",)
    assert settings.title == "Help"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"colour": "red"}, r"channels\.web\.colour: no such setting; there are: .*color"),
        (
            {"origins": ["https://a.example/shop"]},
            r"channels\.web\.origins\.0: .*without a path",
        ),
        ({"origins": ["a.example"]}, r"channels\.web\.origins\.0"),
        ({"messages_per_minute": 0}, r"channels\.web\.messages_per_minute: .*greater than or equal to 1"),
        ({"language": "xx"}, r"channels\.web\.language: .*'fi' or 'pl'"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(BadSettings, match=message):
        WebSettings.read(settings)
