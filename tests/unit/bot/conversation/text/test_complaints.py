import pytest

from bot.conversation.text.complaints import is_angry, says_wrong, without_anger


@pytest.mark.parametrize(
    "sentence",
    [
        "That didn't help",
        "that didn’t help at all!",
        "It does not work",
        "No, that's wrong.",
        "No, that is not what I asked",
        "wrong answer",
        "not helpful",
        "This isn't right",
        "still doesn't work",
        "it still does not work",
        "I already tried that",
        "Det hjälpte inte",
        "Nej, det är fel",
        "det fungerar inte heller",
        "det var inte det jag frågade om",
        "Det har jag redan provat",
    ],
)
def test_a_denial_is_heard(sentence: str) -> None:
    assert says_wrong(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "That helped",
        "that's right",
        "this is what I meant",
        "My lamp does not work",
        "The app didn't find my hub",
        "What is wrong with my lamp?",
        "It does not work with my phone",
        "I tried that lamp in the kitchen",
        "no",
        "",
    ],
)
def test_a_report_or_a_praise_is_no_denial(sentence: str) -> None:
    assert not says_wrong(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "This is ridiculous",
        "it's absolutely unacceptable!",
        "you are useless",
        "You idiots",
        "stupid bot",
        "This is the third time I ask",
        "How many times do I have to ask?",
        "I'm so angry, where is my parcel",
        "what a waste of time",
        "WHERE IS MY PARCEL!!",
        "wtf is this",
        "Det här är löjligt",
        "Tredje gången jag frågar",
        "jävla skit",
        "värdelös support",
    ],
)
def test_anger_is_heard(text: str) -> None:
    assert is_angry(text)


@pytest.mark.parametrize(
    "text",
    [
        "My lamp is broken!",
        "The picture is terrible",
        "How many times do I have to flick the switch?",
        "Some idiot stole my card",
        "The stupid machine swallowed my card",
        "My ceiling fan does not turn",
        "USB HDMI",
        "Can I use the HUB 2?",
        "Is it useless to charge it at night?",
        "Jag behöver en fläkt",
        "the second time the lamp blinks",
        "",
    ],
)
def test_plain_trouble_is_no_anger(text: str) -> None:
    assert not is_angry(text)


def test_what_is_left_without_anger_is_what_is_asked() -> None:
    assert without_anger("This is ridiculous, my hub is offline") == ", my hub is offline"
