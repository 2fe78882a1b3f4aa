"""Who somebody is leaves no trace in what a reader is shown; what they ask stays."""

import pytest

from retrieval.reader.masking import masked, shortened


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("my mail is nora.berg+home@post.example.org ok", "my mail is [mail] ok"),
        ("card 4111 1111 1111 1111 was charged", "card [card] was charged"),
        ("card 4111-1111-1111-1111.", "card [card]."),
        ("call me on +46 70 123 45 67 today", "call me on [phone] today"),
        ("or (020) 7946-0958", "or [phone]"),
        ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [account] please"),
        ("the key sk_live_9aF3kdL02mXqP7 stopped", "the key [token] stopped"),
        ("my password is hunter2! and now", "my [secret] and now"),
        ("see https://shop.example/order?token=abc123&mail=a@b.example", "see https://shop.example/order"),
        ("kind regards, Nora Berg", "kind regards, [name] [name]"),
        ("NORA here", "[name] here"),
    ],
)
def test_personal_data_is_taken_out(said: str, shown: str) -> None:
    assert masked(said, ["Nora Berg"]) == shown


@pytest.mark.parametrize(
    "said",
    [
        "the hub 2 shows error 1042 after update 3.14.2",
        "does it work at 2.4 GHz or 5 GHz, and with 100-240 V?",
        "I ordered 3 lamps on 2026-03-02",
        "is there a difference between the A19 and the BR30?",
        "how do i reset my password",
        "tokens and secrets of the lamp",
    ],
)
def test_what_is_asked_stays_word_for_word(said: str) -> None:
    assert masked(said, ["Nora Berg"]) == said


@pytest.mark.parametrize("piece", ["a", "1", "a.", "1 ", "a1-", "DE12", "http://a", "+1(", "password ", "x@y", "4111 "])
def test_a_text_as_long_as_a_book_comes_to_an_end(piece: str) -> None:
    """Patterns that begin again at each character would take minutes for it."""
    assert masked(piece * (400_000 // len(piece)), ["Nora Berg"])


@pytest.mark.parametrize(
    ("said", "most", "shown"),
    [
        ("a short one", 20, "a short one"),
        ("the lamp is out of order", 10, "the lamp"),
        ("灯" * 300 + "4111111111111111", 310, "灯" * 300),
        ("灯" * 300, 200, "灯" * 200),
        ("my card is 4111 1111 1111 1111 and it was charged", 24, "my card is"),
        ("write to nora.berg@post.example.org please", 24, "write to"),
    ],
)
def test_what_is_too_long_ends_before_a_word_or_number_that_would_be_parted(said: str, most: int, shown: str) -> None:
    assert shortened(said, most) == shown
