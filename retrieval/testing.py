"""Fakes for fast tests: an encoder that hashes words, so that texts with common words are near, and a reader."""

import hashlib
import inspect
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Self, cast

import numpy as np

from retrieval.encoders.encoder import DESCRIPTION, Progress, Vectors
from retrieval.encoders.names import USUAL_ENCODER
from retrieval.reader.port import Reading, Reply


class HashEncoder:
    """Deterministic, without model files, and blind to meaning: only equal words make texts similar."""

    #: It goes by the usual name, so that settings need not say otherwise.
    name = USUAL_ENCODER
    fingerprint = "hash-1"
    is_symmetric = True

    def __init__(self, dimensions: int = 64) -> None:
        self.dimensions = dimensions

    @classmethod
    def open(cls, directory: Path) -> Self:
        """The encoder that was saved."""
        return cls(json.loads((directory / DESCRIPTION).read_text("utf-8"))["dimensions"])

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of the texts, float32 [n, dimensions], rows of unit length."""
        vectors = np.full((len(texts), self.dimensions), 1e-6, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                digest = hashlib.sha256(word.encode("utf-8", "replace")).digest()
                vectors[row, int.from_bytes(digest[:4], "big") % self.dimensions] += 1 if digest[4] % 2 else -1
        if progress:
            progress(len(texts))
        return cast("Vectors", vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The same vectors."""
        return self.encode(texts)

    def save(self, directory: Path) -> None:
        """Write what `open` needs."""
        description = {"kind": "hash", "fingerprint": self.fingerprint, "dimensions": self.dimensions}
        (directory / DESCRIPTION).write_text(json.dumps(description), "utf-8")


class ScriptedReader:
    """A `Reader` that says what the script makes of a reading, and remembers what it was shown."""

    fingerprint = "scripted"

    def __init__(self, says: Callable[[Reading], Reply | Awaitable[Reply]]) -> None:
        self.says = says
        self.readings: list[Reading] = []

    async def read(self, reading: Reading) -> Reply:
        """Give what the script says, or raise."""
        self.readings.append(reading)
        said = self.says(reading)
        return await said if inspect.isawaitable(said) else said

    async def close(self) -> None:
        """Hold nothing."""
