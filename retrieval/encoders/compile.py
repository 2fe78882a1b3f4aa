"""A sentence-transformers model, compiled once into what `OnnxEncoder` serves; torch stays in a process of its own."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from retrieval.encoders.encoder import APART_COSINE, DESCRIPTION, FLOAT, LEAST_COSINE, MEAN_COSINE, clean
from retrieval.encoders.export import export, quantise
from retrieval.encoders.head import Head
from retrieval.encoders.names import USUAL_ENCODER
from retrieval.encoders.onnx import MODEL, TOKENIZER, OnnxEncoder, fingerprint
from retrieval.encoders.original import Original, quiet
from retrieval.errors import EncoderUnavailable

#: Changes when the way of compiling does, so that an older file in the cache is not taken for the new one.
_RECIPE: Final = "int8-2"
_LIBRARIES: Final = ("torch", "transformers", "sentence-transformers", "onnx", "onnxruntime")
#: The same numbers, but for rounding: less, and the graph is not the model.
_SAME: Final = 0.999
#: How a process ends that has said what is wrong.
_TOLD: Final = 3

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
    if not (target / DESCRIPTION).exists():
        # In a process of its own: torch takes a gigabyte, and would stay in the memory of whoever goes on to serve.
        done = subprocess.run(  # noqa: S603  # this very module
            [sys.executable, "-m", __spec__.name, str(target), name], capture_output=True, text=True, check=False
        )
        said = done.stderr.strip().rpartition("\n")[2]
        if done.returncode == _TOLD:
            raise EncoderUnavailable(said)
        if done.returncode != 0:
            raise EncoderUnavailable(f"{name}: the encoder cannot be compiled: {said or done.returncode}")
    return target


def compile_encoder(target: Path, name: str = USUAL_ENCODER) -> None:
    """Compile a model into `target`: written aside, compared with the original, then put in place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        with quiet(is_offline=name == USUAL_ENCODER or Path(name).is_dir()):
            _compile(Original(name), aside)
        if target.is_dir() and not (target / DESCRIPTION).exists():
            shutil.rmtree(target)  # what somebody left of it
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


def cache_key(name: str) -> str:
    """Name of a model's directory in the cache, by its own name and by what is in its folder."""
    piece = re.sub(r"[^\w.-]+", "-", name).strip("-")
    if name == USUAL_ENCODER:
        return piece
    if name.startswith(("/", ".", "~")) and not Path(name).is_dir():
        raise EncoderUnavailable(f"{name}: there is no such folder, so no encoder can be had from it.")
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass"))
    for file in sorted(Path(name).rglob("*")) if Path(name).is_dir() else ():
        if file.is_file():
            digest.update(str(file.relative_to(name)).encode("utf-8", "surrogatepass"))
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return f"{piece[-60:]}-{digest.hexdigest()[:12]}"


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
        "versions": {library: version(library) for library in _LIBRARIES},
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
    try:
        compile_encoder(Path(sys.argv[1]), *sys.argv[2:])
    except EncoderUnavailable as unavailable:
        sys.stderr.write(f"{unavailable}\n")
        sys.exit(_TOLD)
