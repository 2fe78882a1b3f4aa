"""Compiling of a model of any kind: in a process of its own, written aside, put into the cache of this machine."""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Final

from retrieval.encoders.encoder import DESCRIPTION
from retrieval.encoders.names import USUAL_ENCODER
from retrieval.errors import EncoderUnavailable

_LIBRARIES: Final = ("torch", "transformers", "sentence-transformers", "onnx", "onnxruntime")
#: How a process ends that has said what is wrong.
_TOLD: Final = 3


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


def versions() -> dict[str, str]:
    """Versions of the libraries that have a part in what is compiled."""
    return {library: version(library) for library in _LIBRARIES}


def compiled(target: Path, name: str, *, by: str) -> Path:
    """The directory of a compiled model, which the module `by` compiles now if it is not there.

    EncoderUnavailable with what that module had to say.
    """
    if not (target / DESCRIPTION).exists():
        # In a process of its own: torch takes a gigabyte, and would stay in the memory of whoever goes on to serve.
        done = subprocess.run(  # noqa: S603  # a module of ours
            [sys.executable, "-m", by, str(target), name], capture_output=True, text=True, check=False
        )
        said = done.stderr.strip().rpartition("\n")[2]
        if done.returncode == _TOLD:
            raise EncoderUnavailable(said)
        if done.returncode != 0:
            raise EncoderUnavailable(f"{name}: it cannot be compiled: {said or done.returncode}")
    return target


def put_in_place(target: Path, write: Callable[[Path], None], *, whole: str = DESCRIPTION) -> None:
    """Have a model written into a folder aside, and put that in place; it is there when the file `whole` is.

    EncoderUnavailable without room for it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        write(aside)
        if target.is_dir() and not (target / whole).exists():
            shutil.rmtree(target)  # what somebody left of it
        with contextlib.suppress(OSError):  # another process was faster: its files are as good
            aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    if not (target / whole).exists():
        raise EncoderUnavailable(f"{target} could not be written. Make room or set ANSWERDESK_CACHE to another folder.")


def compile_and_tell(compile_it: Callable[[], None]) -> None:
    """Compile as a process that `compiled` has started, which reads on its last line what is wrong."""
    try:
        compile_it()
    except EncoderUnavailable as unavailable:
        sys.stderr.write(f"{unavailable}\n")
        sys.exit(_TOLD)
