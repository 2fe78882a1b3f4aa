"""A sentence-transformers model, compiled once into what `OnnxEncoder` serves; torch stays in a process of its own."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

from retrieval.encoders.compiling import cache_directory, cache_key, compile_and_tell, compiled, put_in_place, versions
from retrieval.encoders.encoder import APART_COSINE, DESCRIPTION, FLOAT, LEAST_COSINE, MEAN_COSINE, clean
from retrieval.encoders.export import export, quantise
from retrieval.encoders.head import Head
from retrieval.encoders.names import USUAL_ENCODER
from retrieval.encoders.onnx import MODEL, TOKENIZER, OnnxEncoder, fingerprint
from retrieval.encoders.original import Original, quiet
from retrieval.errors import EncoderUnavailable

#: Changes when the way of compiling does, so that an older file in the cache is not taken for the new one.
_RECIPE: Final = "int8-2"
#: The same numbers, but for rounding: less, and the graph is not the model.
_SAME: Final = 0.999

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
    return encoder_directory(USUAL_ENCODER, cache)


def encoder_directory(name: str, cache: Path | None = None) -> Path:
    """A sentence-transformers model by its name on the hub or its folder, compiled now if it has not been before.

    What is in a folder counts: another model in the same folder is compiled anew. EncoderUnavailable when the `models`
    extra is not installed, or the model is not there or cannot be compiled; nothing is written then.
    """
    target = (cache or cache_directory()) / f"{cache_key(name)}-{_RECIPE}"
    return compiled(target, name, by=__spec__.name)


def compile_encoder(target: Path, name: str = USUAL_ENCODER) -> None:
    """Compile a model into `target`: written aside, compared with the original, then put in place."""
    with quiet(is_offline=name == USUAL_ENCODER or Path(name).is_dir()):
        put_in_place(target, lambda aside: _compile(Original(name), aside))


def _compile(original: Original, directory: Path) -> None:
    """Write model, tokenizer, head and description: in int8 where its vectors stay, else in fp32."""
    full = directory / "float.onnx"
    export(original.transformer, full, has_types=original.has_types)
    original.save_tokenizer(directory / TOKENIZER)
    if not original.head.is_usual:
        original.head.save(directory)
    quantise(full, directory / MODEL)
    told = _describe(original, directory, {"quantisation": "int8 per channel"})
    cosine = told["cosine"]
    if cosine["mean"] < MEAN_COSINE or cosine["least"] < LEAST_COSINE or cosine["apart"] < APART_COSINE:
        full.replace(directory / MODEL)
        told = _describe(original, directory, {"quantisation": FLOAT, "int8_cosine": cosine})
        if told["cosine"]["least"] < _SAME:
            raise EncoderUnavailable(
                f"{original.name}: compiled with these libraries it differs from the original (cosine "
                f"{told['cosine']['least']:.3f} at least). Install the versions of requirements.lock."
            )
    full.unlink(missing_ok=True)


def _describe(original: Original, directory: Path, made: dict[str, Any]) -> dict[str, Any]:
    """Write the description of what is in the directory, with its cosines to the original."""
    head = original.head
    told = {
        "kind": "onnx",
        "name": original.name,
        "fingerprint": fingerprint(directory),
        "dimensions": original.dimensions,
        "max_tokens": head.max_tokens,
        "prompts": {"question": head.question, "passage": head.passage},
        **made,
        "versions": versions(),
    }
    (directory / DESCRIPTION).write_text(json.dumps(told, indent=1), "utf-8")
    told["cosine"] = _compare(OnnxEncoder(directory), original, head)
    (directory / DESCRIPTION).write_text(json.dumps(told, indent=1), "utf-8")
    return told


def _compare(compiled: OnnxEncoder, original: Original, head: Head) -> dict[str, float]:
    """Cosines of the compiled encoder's vectors with the original's: their mean and the least.

    "apart" is the mean after what all texts have in common was taken from them: some models find everything alike, and
    a vector that has moved little may then be another text's.
    """
    texts = [clean(text, head.max_tokens) for text in _PROBES]
    made, wanted = compiled.encode(_PROBES), original.encode(texts, head.passage)
    cosine = np.sum(made * wanted, axis=1)
    made, wanted = made - wanted.mean(axis=0), wanted - wanted.mean(axis=0)
    lengths = np.linalg.norm(made, axis=1) * np.linalg.norm(wanted, axis=1)
    apart = np.sum(made * wanted, axis=1) / np.maximum(lengths, 1e-12)
    found = {"mean": cosine.mean(), "least": cosine.min(), "apart": apart.mean()}
    return {name: round(float(value), 5) for name, value in found.items()}


if __name__ == "__main__":
    compile_and_tell(lambda: compile_encoder(Path(sys.argv[1]), *sys.argv[2:]))
