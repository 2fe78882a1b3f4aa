"""A process that serves questions, and what it takes to start and to hold: run by itself, it is that process."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from retrieval.query.searcher import Searcher
from retrieval.snapshot.snapshot import open_snapshot
from tests.benchmarks.figures import Memory, StartUp
from tests.benchmarks.spread import RecalledEncoder
from tests.benchmarks.work import Work, index_in

#: Questions that a process has answered when its memory is looked at.
ASKED = 50
_STARTS = 5
_ANSWERDESK = "from bot.cli import main; main()"


def measure_start_up(folder: Path, *, starts: int = _STARTS) -> StartUp:
    """Start a process that serves the index of a work folder, and `answerdesk ask`, several times."""
    ready, answered, command = [], [], []
    question = Work.open(folder).questions[0].question
    for _ in range(starts):
        started = time.perf_counter()
        with serving(folder) as process:
            ready.append(time.perf_counter() - started)
            ask(process, 1)
            answered.append(time.perf_counter() - started)
        started = time.perf_counter()
        subprocess.run(  # our own command line
            [sys.executable, "-c", _ANSWERDESK, "ask", question, "--index", str(index_in(folder))],
            capture_output=True,
            check=False,  # it may not be sure enough
        )
        command.append(time.perf_counter() - started)
    return StartUp(
        ready=statistics.median(ready), answered=statistics.median(answered), command=statistics.median(command)
    )


def measure_memory(folder: Path, *, processes: int) -> list[Memory]:
    """What each of so many processes holds that serve one snapshot at the same time and have been asked."""
    with ExitStack() as running:
        started = [running.enter_context(serving(folder)) for _ in range(processes)]
        for process in started:
            ask(process, ASKED)
        return [memory_of(process.pid) for process in started]


def measure_servers(folder: Path, *, servers: int) -> list[Memory]:
    """What each of so many `answerdesk serve` holds that serve one snapshot at the same time, before customers come."""
    with ExitStack() as running:
        started = [running.enter_context(_server(folder, number)) for number in range(servers)]
        return [memory_of(process.pid) for process in started]


def memory_of(process: int | str = "self") -> Memory:
    """What a process holds now; Linux alone tells."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()[1:]
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return Memory(
        rss=kilobytes["Rss"] / 1024,
        pss=kilobytes["Pss"] / 1024,
        uss=(kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]) / 1024,
        anonymous=kilobytes["Anonymous"] / 1024,
    )


@contextmanager
def serving(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that is ready to be asked the questions of a work folder, and ends with the block."""
    with subprocess.Popen(  # this very module
        [sys.executable, "-m", "tests.benchmarks.serving", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        _hear(process)
        yield process
        assert process.stdin is not None
        process.stdin.close()


@contextmanager
def _server(folder: Path, number: int) -> Iterator[subprocess.Popen[str]]:
    """The server, ready, with a database of its own."""
    home = folder / f"server-{number}"
    home.mkdir(exist_ok=True)
    config = home / "answerdesk.toml"
    config.write_text(f'index = {json.dumps(str(index_in(folder)))}\ndata = "data"\n\n[server]\nport = 0\n', "utf-8")
    with (
        (home / "log").open("w") as log,
        subprocess.Popen(  # our own command line
            [sys.executable, "-c", _ANSWERDESK, "serve", "--config", str(config)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        _hear(process)
        yield process
        process.terminate()


def ask(process: subprocess.Popen[str], count: int) -> None:
    """Have the process answer this many questions."""
    assert process.stdin is not None
    process.stdin.write(f"{count}\n")
    process.stdin.flush()
    _hear(process)


def _hear(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    if not process.stdout.readline():
        raise RuntimeError("The process that should serve has ended; what it said is above.")


def serve(folder: Path) -> None:
    """Be that process: say a line when ready, and one whenever as many questions are answered as a line asks for."""
    snapshot = open_snapshot(index_in(folder))
    encoder = snapshot.main.encoder
    searcher = Searcher(snapshot, budget=0.05)
    print("ready", flush=True)
    work = Work.open(folder)
    snapshot.main.encoder = RecalledEncoder(work.vectors, encoder, is_paid=True)
    for line in sys.stdin:
        for number in range(int(line)):
            asked = work.questions[number % len(work.questions)]
            searcher.search(asked.question, language=asked.language)
        print("answered", flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
