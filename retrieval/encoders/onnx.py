"""Compiled sentence encoders, run by onnxruntime; torch is not needed."""

import hashlib
import os
import shutil
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.encoders.encoder import CURE, DESCRIPTION, Progress, Vectors, clean, describe
from retrieval.encoders.head import FILE as HEAD
from retrieval.encoders.head import Head
from retrieval.errors import EncoderDamaged

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
#: Texts tokenized together, and encoded by one thread; a question is never shared among threads.
_CHUNK = 32


class OnnxEncoder:
    """A sentence encoder compiled by `retrieval.encoders.compile`, run by onnxruntime; torch is not needed."""

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
            self.name = str(description["name"])
            self.dimensions = int(description["dimensions"])
            self._head = Head.load(directory) if (directory / HEAD).exists() else _described_head(description)
            self._tokenizer = Tokenizer.from_file(str(directory / TOKENIZER))
            self._session = onnxruntime.InferenceSession(str(directory / MODEL), options, ["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare Exception for a file they cannot read
            raise EncoderDamaged(f"{directory}: the encoder cannot be opened: {error}. {CURE}") from error
        self._directory = directory
        self._inputs = frozenset(each.name for each in self._session.get_inputs())
        self.is_symmetric = self._head.question == self._head.passage
        # The file asks for a fixed 128 tokens: without this, a short question costs as much as a long one.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._head.max_tokens)

    @classmethod
    def open(cls, directory: Path) -> "OnnxEncoder":
        """The encoder in this directory, with one thread a question; altered files are refused (15 ms)."""
        try:
            is_whole = fingerprint(directory) == describe(directory)["fingerprint"]
        except OSError as error:
            raise EncoderDamaged(f"{directory}: the encoder cannot be read: {error}. {CURE}") from error
        if not is_whole:
            raise EncoderDamaged(f"{directory}: the encoder's files are damaged. {CURE}")
        return cls(directory)

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of the texts, float32 [n, dimensions], rows of unit length.

        One text at a time: int8 activations are scaled over all that the model is given at once, so a text's vector
        would hang on its company (cosine 0.99 on average), and batches are no faster on one thread. Many texts are
        shared among the cores instead.
        """
        return self._encode(texts, self._head.passage, progress)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, with what the model was taught to read before them."""
        return self._encode(texts, self._head.question, None)

    def _encode(self, texts: Sequence[str], prompt: str, progress: Progress | None) -> Vectors:
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        told = threading.Lock()

        def encode(start: int, end: int) -> None:
            chunk = [prompt + clean(text, self._head.max_tokens) for text in texts[start:end]]
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
        for name in _files(self._directory, DESCRIPTION):
            try:
                os.link(self._directory / name, directory / name)
            except OSError:
                shutil.copyfile(self._directory / name, directory / name)

    def _vector(self, tokens: list[int]) -> Vectors:
        """The vector of a text's tokens, of unit length."""
        ids = np.array([tokens], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(None, {name: inputs[name] for name in self._inputs})
        return self._head.vector(states[0])


def fingerprint(directory: Path) -> str:
    """SHA-256 over the bytes of model, tokenizer and head, in hex."""
    digest = hashlib.sha256()
    for name in _files(directory):
        with (directory / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _files(directory: Path, *more: str) -> list[str]:
    """The files of the encoder in this directory; the usual head has none."""
    return [MODEL, TOKENIZER, *more, *([HEAD] if (directory / HEAD).exists() else [])]


def _described_head(description: Mapping[str, Any]) -> Head:
    """The head of an encoder that has no file for it."""
    prompts = description.get("prompts", {})
    return Head(
        question=str(prompts.get("question", "")),
        passage=str(prompts.get("passage", "")),
        max_tokens=int(description["max_tokens"]),
    )
