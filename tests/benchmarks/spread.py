"""Encoders for corpora that the real one would take hours for: fast ones to build with, paid ones to ask with."""

import hashlib
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.encoder import Encoder, Progress, Vectors

_WORD = re.compile(r"\w+")
#: Words up to so many letters say little, and count so much of a long one.
_SHORT, _SHORT_COUNTS = 4, 0.15
#: Spread over the dimensions: the variance falls with their number by this power, as it does for real encoders.
_DECAY = 0.6
#: What all texts have in common, beside a word's vector of length 1.
_COMMON = 0.4
_WORDS = 4096


class SpreadEncoder:
    """Gives texts the vectors of a bag of words, spread as a sentence encoder spreads them, in about 50 microseconds.

    A word's vector is drawn by its letters; texts of the same words are near, those of one subject nearer than others.
    Among the units of a made corpus, cosines have about the mean and the spread, and nearest neighbours about the
    distance, that MiniLM's have among those of a help centre. It goes by the name of the encoder whose speed is
    measured, and saves that one: a snapshot that it builds opens with the real encoder.
    """

    def __init__(self, real: Encoder) -> None:
        self._real = real
        self.name = real.name
        self.fingerprint = real.fingerprint
        self.dimensions = real.dimensions
        self.is_symmetric = True
        self._scale = np.arange(1, self.dimensions + 1, dtype=np.float32) ** -_DECAY
        self._scale /= np.linalg.norm(self._scale)
        self._numbers: dict[str, int] = {}
        self._vectors = np.empty((_WORDS, self.dimensions), dtype=np.float32)
        self._common = _COMMON * self._drawn("")
        #: What was encoded so far, and the time and processor time that took: not what the real encoder would need.
        self.characters, self.seconds, self.cpu = 0, 0.0, 0.0

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of the texts, float32 [n, dimensions], rows of unit length."""
        started, cpu = time.perf_counter(), time.process_time()
        words = [_WORD.findall(text.lower()) or [""] for text in texts]
        numbers = np.array([self._number(word) for each in words for word in each], dtype=np.int64)
        starts = np.cumsum([0, *map(len, words)])[:-1]
        sums = np.add.reduceat(self._vectors[numbers], starts, axis=0)
        sums /= np.linalg.norm(sums, axis=1, keepdims=True)
        sums += self._common
        sums /= np.linalg.norm(sums, axis=1, keepdims=True)
        self.characters += sum(map(len, texts))
        self.seconds += time.perf_counter() - started
        self.cpu += time.process_time() - cpu
        if progress:
            progress(len(texts))
        return np.asarray(sums)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The same vectors."""
        return self.encode(texts)

    def save(self, directory: Path) -> None:
        """Save the real encoder."""
        self._real.save(directory)

    def _number(self, word: str) -> int:
        """The row of a word's vector, drawn when it is met first."""
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self._numbers)
            if number == len(self._vectors):
                self._vectors = np.concatenate([self._vectors, np.empty_like(self._vectors)])
            self._vectors[number] = self._drawn(word) * (1.0 if len(word) > _SHORT else _SHORT_COUNTS)
        return number

    def _drawn(self, word: str) -> NDArray[np.float32]:
        """A direction by a word's letters, float32 [dimensions], of length 1."""
        seed = int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
        drawn = np.random.default_rng(seed).standard_normal(self.dimensions, dtype=np.float32) * self._scale
        return np.asarray(drawn / np.linalg.norm(drawn))


class RecalledEncoder:
    """Gives questions vectors that are known beforehand, so that asking costs the search alone.

    If it is paid, it has the real encoder encode each text too and throws those vectors away: a question then costs
    what it really does, and is yet looked for where there are documents.
    """

    def __init__(self, known: Mapping[str, Vectors], real: Encoder, *, is_paid: bool) -> None:
        self._known = known
        self._real = real
        self._is_paid = is_paid
        self.name = real.name
        self.fingerprint = real.fingerprint
        self.dimensions = real.dimensions
        self.is_symmetric = True

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """The known vectors of the texts, float32 [n, dimensions], rows of unit length."""
        if self._is_paid:
            self._real.encode(texts, progress=progress)
        return np.stack([self._known[text] for text in texts])

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The same vectors."""
        return self.encode(texts)

    def save(self, directory: Path) -> None:
        """Save the real encoder."""
        self._real.save(directory)
