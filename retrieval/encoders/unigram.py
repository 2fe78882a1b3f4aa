"""Texts to the numbers of word pieces: the most likely pieces of each word, by the likelihood of each piece."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

#: What stands before each word, as the pieces have it.
_SPACE: Final = "\u2581"
_SPACES: Final = re.compile(" +")
#: How much less likely than the rarest piece a letter is that no piece has.
_UNKNOWN: Final = 10.0
#: Words whose pieces are remembered, and the longest of them: a few words are most of any text.
_REMEMBERED, _LONGEST = 1 << 15, 64


class UnigramTokenizer:
    """A SentencePiece model of unigrams (Kudo, 2018). Safe to share between threads."""

    def __init__(
        self, pieces: Sequence[str], scores: Sequence[float], *, unknown: int, table: Mapping[int, str]
    ) -> None:
        """Pieces with their log-likelihoods; the number of the unknown piece; `str.translate`'s table of characters."""
        self._numbers = {piece: number for number, piece in enumerate(pieces) if number != unknown}
        self._scores = scores
        self._unknown, self._unknown_score = unknown, min(scores) - _UNKNOWN
        self._longest = max(map(len, pieces))
        self._table = table
        self._remembered = lru_cache(_REMEMBERED)(self._word)

    def encode(self, text: str) -> list[int]:
        """The numbers of a text's pieces; the time is linear in its length."""
        words = _SPACES.sub(" ", text.translate(self._table)).removeprefix(" ").split(" ")
        found: list[int] = []
        for word in words:
            found += self._remembered(word) if len(word) <= _LONGEST else self._word(word)
        return found

    def _word(self, word: str) -> tuple[int, ...]:
        """The likeliest pieces of a word, by dynamic programming over where they end."""
        text = _SPACE + word
        end = len(text)
        best, pieces, starts = [0.0] + [float("-inf")] * end, [0] * (end + 1), [0] * (end + 1)
        for start in range(end):
            unknown = best[start] + self._unknown_score
            for stop in range(start + 1, min(end, start + self._longest) + 1):
                number = self._numbers.get(text[start:stop])
                if number is not None and (score := best[start] + self._scores[number]) > best[stop]:
                    best[stop], pieces[stop], starts[stop] = score, number, start
            if unknown > best[start + 1]:
                best[start + 1], pieces[start + 1], starts[start + 1] = unknown, self._unknown, start
        found = []
        while end:
            found.append(pieces[end])
            end = starts[end]
        return tuple(reversed(found))
