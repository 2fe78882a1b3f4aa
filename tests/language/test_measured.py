"""How often the language is right, on sentences and conversations written for it: the bounds that must hold."""

import pytest

from bot.conversation.language.detectors import DetectorName, make_detector
from bot.conversation.language.likelihood import Detector
from bot.settings import Settings
from tests.language.data import NINE, Part, conversations, sentences, sentences_right, turns_right

#: The least share of single sentences over nine languages, and of turns, for each detector.
BOUNDS: dict[DetectorName, tuple[float, float]] = {
    "py3langid": (0.955, 0.99),
    "lingua": (0.955, 0.97),
    "langdetect": (0.93, 0.96),
}


@pytest.fixture
def default() -> Detector:
    name: DetectorName = Settings.model_fields["language_detector"].default
    return make_detector(name)


def test_there_is_enough_to_measure_on() -> None:
    assert sum(sentence.language in NINE for sentence in sentences()) >= 300
    talks = list(conversations())
    assert len(talks) >= 60
    assert {len(talk.turns) for talk in talks} <= set(range(3, 9))
    assert {talk.part for talk in talks} == {"tuned", "measured", "later"}


@pytest.mark.parametrize("part", ["tuned", "measured"])
def test_single_sentences_without_any_hint_are_right(default: Detector, part: Part) -> None:
    assert sentences_right(default, part, among=NINE) >= 0.955
    assert sentences_right(default, part) >= 0.955


@pytest.mark.parametrize("part", ["tuned", "measured", "later"])
def test_nearly_every_turn_of_a_conversation_is_right(default: Detector, part: Part) -> None:
    assert turns_right(default, part) >= 0.99


@pytest.mark.parametrize("name", BOUNDS)
def test_each_detector_that_can_be_chosen_is_good_enough_to_choose(name: DetectorName) -> None:
    least_sentences, least_turns = BOUNDS[name]
    assert sentences_right(make_detector(name), "measured", among=NINE) >= least_sentences
    assert min(turns_right(make_detector(name), part) for part in ("tuned", "measured", "later")) >= least_turns
