"""Who somebody is leaves no trace in what a reader is shown; what they ask stays."""

import pytest

from retrieval.reader.masking import masked


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
