"""Embedding a corpus: each text once per encoder, whatever was embedded before carried over, nothing done lost."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Float16s
from retrieval.encoders.encoder import Encoder

KEYS = "keys.npy"
#: Bytes of a key, and texts embedded between two savings.
_KEY, _CHUNK = 16, 256

Keys = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """The vectors of texts, float16 [n, dimensions], the texts' keys, uint8 [n, 16], and how many were carried over.

    Half precision costs a cosine less than a thousandth and halves what is stored and read.
    """

    vectors: Float16s
    keys: Keys
    carried: int
    #: How many are not among the vectors that were known.
    fresh: int


def embed_with_cache(
    texts: Sequence[str],
    encoder: Encoder,
    *,
    known: tuple[Keys, Float16s] | None,
    scratch: Path,
    progress: Callable[[int, int], None] | None = None,
) -> Embedded:
    """Embed the texts that neither `known` nor a build that was stopped has embedded.

    `known` are keys and vectors made with the same encoder. What is embedded is saved to `scratch` as it comes, and
    found there by the next build.
    """
    keys = keys_of(texts)
    place = {key: row for row, key in enumerate(_split(keys))}  # the last of equal texts stands for all
    vectors = np.empty((len(texts), encoder.dimensions), dtype=np.float16)
    done = np.zeros(len(texts), dtype=np.bool_)
    told: list[int] = []
    for known_keys, known_vectors in (*([known] if known else []), _read(scratch, encoder.dimensions)):
        found = [(row, source) for source, key in enumerate(_split(known_keys)) if (row := place.get(key)) is not None]
        to, source = np.array(found, dtype=np.int64).reshape(-1, 2).T
        vectors[to], done[to] = known_vectors[source], True
        told.append(int(done.sum()))
    carried = told[-1]
    rows = [row for row in place.values() if not done[row]]
    total, finished = len(rows), 0

    def count(more: int) -> None:
        nonlocal finished
        finished += more
        if progress:
            progress(finished, total)

    with scratch.open("ab") as saved:
        for start in range(0, total, _CHUNK):
            chunk = rows[start : start + _CHUNK]
            vectors[chunk] = encoder.encode([texts[row] for row in chunk], progress=count)
            saved.write(b"".join(keys[row].tobytes() + vectors[row].tobytes() for row in chunk))
            saved.flush()
    source = np.fromiter(map(place.__getitem__, _split(keys)), dtype=np.int64, count=len(keys))
    repeated = np.flatnonzero(source != np.arange(len(keys)))  # a copy of all would take gigabytes where few are
    vectors[repeated] = vectors[source[repeated]]
    return Embedded(vectors=vectors, keys=keys, carried=carried, fresh=len(place) - (told[0] if known else 0))


def keys_of(texts: Sequence[str]) -> Keys:
    """A key for each text: equal texts have equal keys."""
    digests = (hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest() for text in texts)
    return np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, _KEY)


def _split(keys: Keys) -> list[bytes]:
    """Each key by itself."""
    together = keys.tobytes()
    return [together[start : start + _KEY] for start in range(0, len(together), _KEY)]


def _read(scratch: Path, dimensions: int) -> tuple[Keys, Float16s]:
    """Read what a stopped build saved; a record that was cut off at the end is left out and overwritten."""
    record = np.dtype([("key", np.uint8, _KEY), ("vector", np.float16, dimensions)])
    content = scratch.read_bytes() if scratch.exists() else b""
    whole = len(content) // record.itemsize * record.itemsize
    if whole < len(content):
        with scratch.open("r+b") as saved:
            saved.truncate(whole)
    records = np.frombuffer(content[:whole], dtype=record)
    return records["key"], records["vector"]
