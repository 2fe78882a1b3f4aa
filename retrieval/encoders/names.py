"""Names of encoders, as settings have them."""

from pathlib import Path
from typing import Final

#: The encoder that is used where nobody says otherwise.
USUAL_ENCODER: Final = "all-MiniLM-L6-v2"
#: What is looked for beside the settings and not on the hub.
_PATHS: Final = ("/", "./", "../", "~", ".\\", "..\\")


def settled_name(name: str, folder: Path) -> str:
    """A name as it is, the usual encoder's in its short form; a folder, which may be relative to another, absolute."""
    short = name.removeprefix("sentence-transformers/")
    if short == USUAL_ENCODER:
        return short
    path = folder / Path(name).expanduser()
    return str(path.resolve()) if name.startswith(_PATHS) or path.is_dir() else name
