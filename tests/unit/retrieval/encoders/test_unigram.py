"""Words to pieces."""

import pytest

from retrieval.encoders.unigram import UnigramTokenizer

PIECES = ["<unk>", "▁", "▁re", "set", "▁reset", "s", "e", "t", "r", "▁hub", "▁h"]
SCORES = [0.0, -4.0, -3.0, -3.0, -5.0, -6.0, -6.0, -6.0, -6.0, -4.0, -9.0]


@pytest.fixture
def tokenizer() -> UnigramTokenizer:
    return UnigramTokenizer(PIECES, SCORES, unknown=0, table={0x0A: " ", 0x2460: "se", 0x07: ""})


def named(tokenizer: UnigramTokenizer, text: str) -> list[str]:
    return [PIECES[number] for number in tokenizer.encode(text)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("reset", ["▁reset"]),  # -5 beats -3 - 3
        ("reset  hub", ["▁reset", "▁hub"]),
        (" reset\nhub", ["▁reset", "▁hub"]),
        ("resets", ["▁reset", "s"]),
        ("①t", ["▁", "set"]),  # read as "set"
        ("h\x07ub", ["▁hub"]),
        ("hxb", ["▁h", "<unk>", "<unk>"]),
        ("", ["▁"]),
        ("hub ", ["▁hub", "▁"]),
    ],
)
def test_a_text_is_its_likeliest_pieces(tokenizer: UnigramTokenizer, text: str, pieces: list[str]) -> None:
    assert named(tokenizer, text) == pieces


def test_a_word_without_end_takes_time_by_its_length(tokenizer: UnigramTokenizer) -> None:
    assert len(tokenizer.encode("set" * 20_000)) == 20_001  # by the square of it, this would take the night
