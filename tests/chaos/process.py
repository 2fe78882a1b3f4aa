import os
import signal
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.warm import Started

#: A process that ends by itself more often than this is broken.
MOST_RESTARTS = 200
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Break:
    """Something that was broken, in seconds since 1970."""

    what: Literal["sender", "database"]
    began: float
    ended: float


@dataclass
class Process:
    """`answerdesk serve` in one role, killed and started again."""

    folder: Path
    role: str = "all"
    port: int | None = None
    process: Started | None = None
    #: When it was killed, in seconds since 1970.
    kills: list[float] = field(default_factory=list)
    #: How often it ended by itself.
    restarts: int = 0

    @property
    def sends(self) -> bool:
        """Whether it delivers messages."""
        return self.role in {"all", "sender"}

    def start(self) -> None:
        """Start it; what it says goes to a log."""
        port = () if self.port is None else ("--port", str(self.port))
        with (self.folder / "log").open("ab") as log:
            self.process = Started(
                ("serve", "--config", self.folder / "answerdesk.toml", "--role", self.role, *port),
                stdout=log,
                stderr=log,
                env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{self.folder / 'plugins'}"},
            )

    def start_again(self) -> None:
        """What its supervisor does when it has ended by itself, as it does when it finds no database at its start."""
        if self.process and self.process.poll() is not None:
            self.restarts += 1
            assert self.restarts < MOST_RESTARTS, (self.folder / "log").read_text("utf-8", "replace")[-2000:]
            self.start()

    def kill(self) -> None:
        """End it without a word."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills.append(time.time())

    def stop(self) -> None:
        """End it in order."""
        assert self.process
        self.process.terminate()
        self.process.wait(60)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
