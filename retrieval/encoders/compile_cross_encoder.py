"""A sentence-transformers CrossEncoder, compiled once into what `CrossEncoder` serves."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

from retrieval.encoders.compiling import cache_directory, cache_key, compile_and_tell, compiled, put_in_place, versions
from retrieval.encoders.cross_encoder import CrossEncoder
from retrieval.encoders.encoder import DESCRIPTION, FLOAT
from retrieval.encoders.export import export, quantise
from retrieval.encoders.onnx import MODEL, TOKENIZER, fingerprint
from retrieval.encoders.original import quiet
from retrieval.errors import EncoderUnavailable

#: Changes when the way of compiling does, so that an older file in the cache is not taken for the new one.
_RECIPE: Final = "reranker-1"
#: How near the compiled scores must be to the original's over the probes, as a correlation: in int8, and in fp32.
_NEAR, _SAME = 0.98, 0.999
_QUESTIONS: Final = ("How do I reset my hub?", "refund", "where is my parcel", "the lamp blinks red")
_TEXTS: Final = (
    "Hold the button of the hub for ten seconds until its light blinks.",
    "We pay back within five working days after the parcel has arrived at our place.",
    "Delivery takes two to four working days. You get a message with a tracking number.",
    "A red light that blinks means that the lamp has lost its hub. Pair it again.",
    "ok",
)


def cross_encoder_directory(name: str, cache: Path | None = None) -> Path:
    """A CrossEncoder by its name on the hub or its folder, compiled now if this machine has not done it before.

    EncoderUnavailable when the `models` extra is not installed, or the model is not there, is none that scores a text
    beside a question, or cannot be compiled; nothing is written then.
    """
    target = (cache or cache_directory()) / f"{cache_key(name)}-{_RECIPE}"
    return compiled(target, name, by=__spec__.name)


def compile_cross_encoder(target: Path, name: str) -> None:
    """Compile a model into `target`: written aside, compared with the original, then put in place."""
    with quiet(is_offline=Path(name).is_dir()):
        put_in_place(target, lambda aside: _compile(_load(name), name, aside))


def _load(name: str) -> Any:
    """The model through sentence-transformers, with one score for a pair."""
    try:
        from sentence_transformers import CrossEncoder as Original  # noqa: PLC0415  # heavy, and only needed to compile
    except ImportError as error:
        raise EncoderUnavailable(
            f"A reranker must be compiled once, and {error.name} is not installed: pip install 'answerdesk[models]'."
        ) from error
    try:
        model = Original(name, device="cpu", model_kwargs={"attn_implementation": "eager"})
    except (
        OSError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RuntimeError,
    ) as error:  # no hub, or no such model
        raise EncoderUnavailable(
            f"{name}: this CrossEncoder cannot be loaded: {' '.join(str(error).split())}"
        ) from error
    if model.num_labels != 1:
        raise EncoderUnavailable(f"{name}: it gives {model.num_labels} numbers for a pair, and a reranker gives one.")
    return model


def _compile(model: Any, name: str, directory: Path) -> None:
    """Write model, tokenizer and description: in int8 where its scores stay, else in fp32."""
    full = directory / "float.onnx"
    has_types = "token_type_ids" in model.tokenizer.model_input_names
    export(model.model.eval(), full, has_types=has_types, output="logits")
    model.tokenizer.backend_tokenizer.save(str(directory / TOKENIZER))
    quantise(full, directory / MODEL)
    near = _describe(model, name, directory, "int8 per channel")
    if near < _NEAR:
        full.replace(directory / MODEL)
        if (near := _describe(model, name, directory, FLOAT)) < _SAME:
            raise EncoderUnavailable(
                f"{name}: compiled with these libraries its scores differ from the original's "
                f"(correlation {near:.3f}). Install the versions of requirements.lock."
            )
    full.unlink(missing_ok=True)


def _describe(model: Any, name: str, directory: Path, quantisation: str) -> float:
    """Write the description of what is in the directory; how near its scores are to the original's, up to 1."""
    told: dict[str, Any] = {
        "kind": "reranker",
        "name": name,
        "fingerprint": fingerprint(directory),
        "max_tokens": max(16, min(int(model.max_seq_length or model.max_length or 512), 512)),
        "quantisation": quantisation,
        "versions": versions(),
    }
    (directory / DESCRIPTION).write_text(json.dumps(told, indent=1), "utf-8")
    compiled = CrossEncoder(directory)
    made = np.concatenate([compiled.scores(question, _TEXTS) for question in _QUESTIONS])
    wanted = _original_scores(model)
    near = float(np.corrcoef(made, wanted)[0, 1]) if made.std() > 0 and wanted.std() > 0 else 0.0
    told["correlation"] = round(near, 5)
    (directory / DESCRIPTION).write_text(json.dumps(told, indent=1), "utf-8")
    return near


def _original_scores(model: Any) -> Any:
    """Log-odds of the original, float64 [probes]."""
    import torch  # noqa: PLC0415  # heavy, and only needed to compile

    pairs = [(question, text) for question in _QUESTIONS for text in _TEXTS]
    scores = model.predict(pairs, activation_fn=torch.nn.Identity(), show_progress_bar=False)
    return np.asarray(scores, dtype=np.float64).reshape(-1)


if __name__ == "__main__":
    compile_and_tell(lambda: compile_cross_encoder(Path(sys.argv[1]), sys.argv[2]))
