import os
from collections.abc import Mapping
from pathlib import Path

from retrieval.errors import BuildFailed


def write_all(texts: Mapping[Path, str]) -> None:
    """Write files whole, all of them or none: each aside and durable first, then all renamed.

    BuildFailed names the file that could not be written; what was there before is then untouched.
    """
    aside = {path: path.with_name(f".{path.name}.new") for path in texts}
    current = next(iter(texts))
    try:
        for current, text in texts.items():
            if current.is_dir():
                raise BuildFailed(f"{current} could not be written: it is a folder.")
            with aside[current].open("w", encoding="utf-8", errors="replace") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        for current in texts:
            aside[current].replace(current)
    except OSError as error:
        raise BuildFailed(f"{current} could not be written: {error.strerror}.") from error
    finally:
        for left in aside.values():
            if left.exists():
                left.unlink()
