import sys

import pytest

from bot.conversation.language.detectors import NAMES, PACKAGES, DetectorName, make_detector
from bot.errors import BadConfiguration

NOTHING = ("", " ", "12345", "😡👍", "https://shop.example/a?b=1", "?!", "\ud800")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", NOTHING)
def test_a_text_without_language_is_never_an_error(name: DetectorName, text: str) -> None:
    assert all(0 <= share <= 1 for share in make_detector(name).probabilities(text).values())


@pytest.mark.parametrize("name", NAMES)
def test_a_clear_sentence_is_told_the_same_each_time(name: DetectorName) -> None:
    detector = make_detector(name)
    found = [dict(detector.probabilities("Hur lång tid tar leveransen till Norrköping?")) for _ in range(5)]
    assert max(found[0], key=lambda code: found[0][code]) == "sv"
    assert found == [found[0]] * 5


@pytest.mark.parametrize("name", NAMES)
def test_a_package_that_is_missing_is_a_setting_to_correct(name: DetectorName, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("langdetect.detector_factory", "lingua", "py3langid.langid"):
        monkeypatch.setitem(sys.modules, module, None)
    make_detector.cache_clear()
    with pytest.raises(BadConfiguration, match=f"^language_detector: {name} needs the package {PACKAGES[name]}"):
        make_detector(name)
