"""Commands of the product in processes that are forked from one which has imported it already.

A command begins by importing for about a second, and the tests begin hundreds. Here one process imports once and forks
for each: from there on it is a process as any other, with arguments, environment, folder, input and output of its own.
The tests that are about starting run the installed script.
"""

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from multiprocessing import reduction
from pathlib import Path
from typing import IO, Any

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.warm_imports"])


class Started:
    """A command that runs: what is used here of subprocess.Popen."""

    def __init__(
        self,
        arguments: Sequence[object],
        *,
        stdin: IO[Any] | int | None = None,
        stdout: IO[Any] | int | None = None,
        stderr: IO[Any] | int | None = None,
        cwd: Path | str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.arguments = tuple(map(str, arguments))
        self.stdout: IO[str] | None = None
        given = [_number(each, usual) for usual, each in enumerate((stdin, stdout, stderr))]
        theirs = None
        if stdout == subprocess.PIPE:
            ours, theirs = os.pipe()
            self.stdout = os.fdopen(ours, "r", encoding="utf-8", errors="replace")
            given[1] = theirs
        self._process = _FORKING.Process(
            target=_run,
            args=(self.arguments, os.fspath(cwd or Path.cwd()), dict(os.environ if env is None else env)),
            kwargs={"files": [_Given(each) for each in given]},
            daemon=True,  # it does not outlive the tests
        )
        self._process.start()
        if theirs is not None:
            os.close(theirs)

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process.pid is not None
        return self._process.pid

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def poll(self) -> int | None:
        """How it ended, None while it runs; negative for a signal."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, once it has; subprocess.TimeoutExpired where it does not within so many seconds."""
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(self.arguments, timeout or 0)
        return code


def run(
    *arguments: object,
    timeout: float,
    input: str | None = None,  # noqa: A002  # as subprocess.run calls it
    cwd: Path | str | None = None,
    env: Mapping[str, str] | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, and give what it said."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained, tempfile.TemporaryFile() as told:
        told.write((input or "").encode())
        told.seek(0)
        started = Started(arguments, stdin=told, stdout=said, stderr=complained, cwd=cwd, env=env)
        try:
            code = started.wait(timeout)
        finally:
            started.send_signal(signal.SIGKILL)
        heard = [_read(file) for file in (said, complained)]
    return subprocess.CompletedProcess(("answerdesk", *started.arguments), code, *heard)


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8").replace("\r\n", "\n")


def _number(file: IO[Any] | int | None, usual: int) -> int:
    """The descriptor of what a process is given as its `usual` one."""
    return usual if file is None or file == subprocess.PIPE else file if isinstance(file, int) else file.fileno()


class _Given:
    """A descriptor that is handed to the new process."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Any, ...]:
        return _taken, (reduction.DupFd(self.number),)


def _taken(handed: Any) -> int:
    number: int = handed.detach()
    return number


def _end_with_the_tests() -> None:
    """End this process when the one that had it started is gone: somebody may kill the tests."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGKILL)


def _run(arguments: Sequence[str], folder: str, environment: Mapping[str, str], *, files: Sequence[int]) -> None:
    """Be the command, in a process that was just forked."""
    for usual, number in enumerate(files):
        os.dup2(number, usual)
        os.close(number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = [
        each for each in environment.get("PYTHONPATH", "").split(os.pathsep) if each and each not in sys.path
    ]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdin = os.fdopen(0, "r", encoding="utf-8", errors="surrogateescape")
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    sys.argv = ["answerdesk", *arguments]
    threading.Thread(target=_end_with_the_tests, daemon=True).start()
    from bot.cli import main

    try:
        main()
    finally:
        atexit._run_exitfuncs()
