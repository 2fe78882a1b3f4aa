"""A compiled CrossEncoder: how well a text answers a question, read together; torch is not needed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.encoder import CURE, clean, describe
from retrieval.encoders.onnx import MODEL, TOKENIZER, fingerprint
from retrieval.errors import EncoderDamaged

#: How much of a question is read, in tokens: the rest is for the text.
_QUESTION_TOKENS = 128


class CrossEncoder:
    """Scores of texts beside a question, by a model that `retrieval.encoders.compile_cross_encoder` has compiled."""

    def __init__(self, directory: Path, *, threads: int = 1) -> None:
        """Open what is in a directory, whole; EncoderDamaged where something is missing or altered."""
        import onnxruntime  # noqa: PLC0415  # 0.1 s that importing this package should not cost
        from tokenizers import Tokenizer  # noqa: PLC0415  # as above

        description = describe(directory)
        self.fingerprint: str = description["fingerprint"]
        try:
            is_whole = fingerprint(directory) == self.fingerprint
            self._max_tokens = int(description["max_tokens"])
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise EncoderDamaged(f"{directory}: the reranker cannot be read: {error}. {CURE}") from error
        if not is_whole:
            raise EncoderDamaged(f"{directory}: the reranker's files are damaged. {CURE}")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(directory / MODEL), options, ["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(directory / TOKENIZER))
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._max_tokens, strategy="only_second")

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Scores of how well each text answers the question, in log-odds as the model was taught them, float64 [n]."""
        asked = clean(question, min(_QUESTION_TOKENS, self._max_tokens // 2))
        asked = self._cut(asked)
        return np.array([self._score(asked, clean(text, self._max_tokens)) for text in texts], dtype=np.float64)

    def _cut(self, question: str) -> str:
        """The question, so short that the text beside it has room."""
        tokens = self._tokenizer.encode(question, add_special_tokens=False)
        most = min(_QUESTION_TOKENS, self._max_tokens // 2)
        return question if len(tokens.ids) <= most else question[: tokens.offsets[most - 1][1]]

    def _score(self, question: str, text: str) -> float:
        tokens = self._tokenizer.encode(question, text)
        ids = np.array([tokens.ids], dtype=np.int64)
        given = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.array([tokens.type_ids], dtype=np.int64),
        }
        (odds,) = self._session.run(None, {name: given[name] for name in self._inputs})
        return float(odds[0, 0])
