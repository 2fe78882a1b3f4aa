import pytest

from bot.conversation.phrases import phrases_for
from bot.conversation.text.choice_reply import NONE, is_no, is_yes, read_choice
from channels.message import Choice

TITLES = ("Return a lamp you have used", "Return a gift", "When do I get my refund?")
CHOICES = (
    *(Choice(id=str(place), label=title) for place, title in enumerate(TITLES, 1)),
    Choice(id=NONE, label=phrases_for("en").say("choice.none")),
)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("2", "2"),
        ("2.", "2"),
        (" 3) ", "3"),
        ("number 2", "2"),
        ("option 1 please", "1"),
        ("#3", "3"),
        ("4", NONE),
        ("the second", "2"),
        ("The second one, please", "2"),
        ("second", "2"),
        ("I mean the first one", "1"),
        ("the last one", "3"),
        ("den andra", "2"),
        ("nummer tre", "3"),
        ("den sista tack", "3"),
        ("Return a gift", "2"),
        ("return a gift!", "2"),
        ("the gift", "2"),
        ("it was a gift", "2"),
        ("a used lamp", "1"),
        ("my refund", "3"),
        ("none", NONE),
        ("None of these.", NONE),
        ("neither", NONE),
        ("no", NONE),
        ("something else", NONE),
        ("ingen av dem", NONE),
        ("nej, något annat", NONE),
    ],
)
def test_a_choice_is_read_from_number_place_title_and_none(text: str, chosen: str) -> None:
    assert read_choice(text, CHOICES) == chosen


@pytest.mark.parametrize(
    "text", ["5", "0", "return", "yes", "what?", "How do I reset my hub?", "2 lamps are broken", "return the thing", ""]
)
def test_what_names_no_single_choice_is_unclear(text: str) -> None:
    assert read_choice(text, CHOICES) is None


@pytest.mark.parametrize("text", ["yes", "Yes please", "ok", "sure!", "ja tack", "Gärna"])
def test_yes_is_heard(text: str) -> None:
    assert is_yes(text)
    assert not is_no(text)


@pytest.mark.parametrize("text", ["no", "No thanks", "nej tack", "not now"])
def test_no_is_heard(text: str) -> None:
    assert is_no(text)
    assert not is_yes(text)


@pytest.mark.parametrize("text", ["yes it is broken", "no lamp works", "yesterday", "nothing works"])
def test_what_only_begins_like_yes_or_no_is_neither(text: str) -> None:
    assert not is_yes(text)
    assert not is_no(text)
