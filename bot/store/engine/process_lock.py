import fcntl
import os
from pathlib import Path
from typing import Self

from bot.errors import BadConfiguration


class ProcessLock:
    """Holds a data folder for one server process; the lock goes with the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "server.lock"

    def __enter__(self) -> Self:
        """BadConfiguration when another server uses the folder, or it cannot be written."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("a+")
        except OSError as error:
            raise BadConfiguration(f"data: {self._path.parent} cannot be written: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.seek(0)
            holder = self._file.read().strip()
            self._file.close()
            raise BadConfiguration(
                f"data: {self._path.parent} is in use by another server (process {holder})"
            ) from error
        try:
            self._file.truncate(0)
            self._file.write(str(os.getpid()))
            self._file.flush()
        except OSError as error:
            raise BadConfiguration(f"data: {self._path} cannot be written: {error.strerror}") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
