"""Libraries that guess the language of a text, behind one door."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Literal, get_args

from bot.conversation.language.likelihood import Detector
from bot.conversation.language_tags import SUPPORTED, base_code
from bot.errors import BadConfiguration

DetectorName = Literal["langdetect", "lingua", "py3langid"]
PACKAGES: dict[DetectorName, str] = {
    "langdetect": "langdetect",
    "lingua": "lingua-language-detector",
    "py3langid": "py3langid",
}
_SEED = 0
#: What langdetect does not list is less likely than 0.1; this is the middle of what that means on a logarithmic scale.
_UNLISTED = 0.02


class Langdetect:
    """Letters' statistics by Nakatani Shuyo, with a fixed seed and as likely before: the languages that we speak."""

    def __init__(self, languages: Sequence[str] = SUPPORTED) -> None:
        module = importlib.import_module("langdetect.detector_factory")
        self._error = importlib.import_module("langdetect.lang_detect_exception").LangDetectException
        self._factory = module.DetectorFactory()
        self._factory.load_profile(module.PROFILES_DIRECTORY)
        self._factory.set_seed(_SEED)
        wanted = {base_code(language) for language in languages}
        self._prior = {code: 1.0 for code in self._factory.get_lang_list() if base_code(code) in wanted}

    def probabilities(self, text: str) -> Mapping[str, float]:
        """Empty where it finds nothing to go by: digits, emoji, no text."""
        detector = self._factory.create()
        detector.set_prior_map(self._prior)
        detector.append(text)
        try:
            listed = {found.lang: found.prob for found in detector.get_probabilities()}
        except self._error:
            return {}
        return dict.fromkeys(self._prior, _UNLISTED) | listed


class Lingua:
    """Letters' statistics by Peter M. Stahl, of the languages that we speak; its models take 100 to 350 MB."""

    def __init__(self, languages: Sequence[str] = SUPPORTED) -> None:
        lingua = importlib.import_module("lingua")
        codes = [lingua.IsoCode639_1.from_str(language) for language in languages]
        self._detector = lingua.LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()

    def probabilities(self, text: str) -> Mapping[str, float]:
        """Empty where it finds no letters to go by."""
        values = self._detector.compute_language_confidence_values(text.encode("utf-8", "replace").decode())
        # It adds up in any order: what is behind so many places differs from time to time.
        found = {each.language.iso_code_639_1.name.lower(): round(each.value, 6) for each in values}
        return found if len(set(found.values())) > 1 else {}


class Py3langid:
    """Bytes' statistics by Marco Lui and Adrien Barbaresi, of all the languages it knows."""

    def __init__(self) -> None:
        module = importlib.import_module("py3langid.langid")
        self._identifier: Any = module.LanguageIdentifier.from_model_file(module.MODEL_FILE, norm_probs=True)

    def probabilities(self, text: str) -> Mapping[str, float]:
        """Empty where it finds nothing to go by."""
        found = dict(self._identifier.rank(text))
        return found if len(set(found.values())) > 1 else {}


class NullDetector:
    """Tells no language."""

    def probabilities(self, _: str) -> Mapping[str, float]:
        """Nothing."""
        return {}


#: For a process that decides nothing.
NO_DETECTOR: Detector = NullDetector()

_MAKERS: dict[DetectorName, Callable[[], Detector]] = {
    "langdetect": Langdetect,
    "lingua": Lingua,
    "py3langid": Py3langid,
}


@cache
def make_detector(name: DetectorName) -> Detector:
    """Open the detector of that name, once in a process: it holds a model and no state.

    BadConfiguration names the package that it needs.
    """
    try:
        return _MAKERS[name]()
    except ModuleNotFoundError as error:
        raise BadConfiguration(
            f"language_detector: {name} needs the package {PACKAGES[name]}: pip install {PACKAGES[name]}"
        ) from error


NAMES: tuple[DetectorName, ...] = get_args(DetectorName)
