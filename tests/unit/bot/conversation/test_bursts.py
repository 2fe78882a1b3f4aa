import pytest

from bot.conversation.bursts import is_unfinished

PIECES = [
    "my hub",
    "hi",
    "hello",
    "I have a question",
    "how do I reset",
    "my hub and",
    "so, yesterday,",
    "my lamp:",
    "My hub is offline.",
]
PIECES += ["jag har en fråga", "min hubb", "mein Hub", "mi bombilla", "ma lampe", "hej"]
WHOLE = ["thanks", "yes", "no", "2", "👍", "never mind", "it works now", "a human please", "tack", "merci", "danke"]
WHOLE += [
    "How do I reset my hub?",
    "My hub is offline. How do I reset it?",
    "how long do I have to hold the small round button on the hub down",
]


@pytest.mark.parametrize("text", PIECES)
def test_a_piece_waits_for_its_rest(text: str) -> None:
    assert is_unfinished(text)


@pytest.mark.parametrize("text", WHOLE)
def test_what_is_whole_does_not_wait(text: str) -> None:
    assert not is_unfinished(text)


def test_who_writes_in_pieces_ends_with_a_sign() -> None:
    assert is_unfinished("how long do I have to hold the button on the hub", follows=True)
    assert not is_unfinished("how long do I have to hold the button?", follows=True)
