"""The product as its users meet it: the command line as a subprocess, and a server for each test that needs one."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import warm
from tests.acceptance.small_corpus import write_articles

SAMPLE = Path(__file__).parents[2] / "corpus" / "sample"
SAMPLE_SOURCES = (SAMPLE / "articles", SAMPLE / "forum.jsonl")
PATIENCE = 60.0
#: Lays the small corpus and its index into a folder; gives the index.
SmallIndex = Callable[[Path], Path]


def answerdesk(*arguments: object, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return warm.run(*arguments, timeout=300, **options)


def command(*arguments: object) -> list[str]:
    """The command line of `answerdesk` as it is installed, for the tests that are about starting it."""
    return [str(Path(sys.executable).with_name("answerdesk")), *map(str, arguments)]


def _made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that whichever test process wants it first makes for all of them."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    made = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make(made)
    return made


def _reindex(index: Path, *sources: Path) -> None:
    options = [part for source in sources for part in ("--source", source)]
    done = answerdesk("reindex", *options, "--index", index)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus, indexed once for all test processes by the command itself."""
    return _made_once(tmp_path_factory, "sample-index", lambda index: _reindex(index, *SAMPLE_SOURCES))


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    """Lays the small corpus into a folder, as `articles`, and its index beside it: copies of what is made once."""

    def make(folder: Path) -> None:
        _reindex(folder / "index", write_articles(folder / "articles"))

    made = _made_once(tmp_path_factory, "small-corpus", make)

    def lay(folder: Path) -> Path:
        shutil.copytree(made, folder, dirs_exist_ok=True)
        return folder / "index"

    return lay


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """What a test starts can be ended by Ctrl+C, as what a person starts at a terminal can.

    A shell lets what it starts in the background ignore it, and what that starts too: tests that run there.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@dataclass
class Server:
    """`answerdesk serve` in a folder of its own; it can be killed and started again on the same port."""

    folder: Path
    index: Path
    port: int = 0
    settings: str = ""
    role: str = "all"
    process: warm.Started | None = None
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def config(self) -> Path:
        return self.folder / "answerdesk.toml"

    def start(self) -> None:
        """Return when the server has said where it is."""
        self.config.write_text(f'index = "{self.index}"\ndata = "data"\nquiet_period = 0.2\n{self.settings}')
        has_port = self.role in {"all", "web"}
        port = ("--port", self.port) if has_port else ()
        with (self.folder / "log").open("a") as log:
            serve = ("serve", "--config", self.config, "--role", self.role, *port)
            self.process = warm.Started(serve, stdout=subprocess.PIPE, stderr=log)
        assert self.process.stdout is not None
        self.said = []
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Stop with"):
                break
        assert self.said, f"the server did not start: {(self.folder / 'log').read_text()}"
        if not has_port:
            return
        found = re.search(r"Chat: +http://127\.0\.0\.1:(\d+)/chat", "".join(self.said))
        assert found, f"the server did not start: {(self.folder / 'log').read_text()}"
        self.port = int(found[1])
        httpx.get(f"{self.url}/healthz", timeout=PATIENCE).raise_for_status()

    def end(self, how: int = signal.SIGTERM) -> int:
        """Signal the process and wait for its end."""
        assert self.process is not None
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None
        return code

    @property
    def invitation(self) -> str:
        found = re.search(r"http\S+/console/invite\?token=\S+", "".join(self.said))
        assert found, self.said
        return found[0]


@pytest.fixture
def server(tmp_path: Path, sample_index: Path) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(settings: str = "", index: Path = sample_index, role: str = "all") -> Server:
        folder = tmp_path / f"server-{len(servers)}"
        folder.mkdir()
        servers.append(Server(folder=folder, index=index, settings=settings, role=role))
        servers[-1].start()
        return servers[-1]

    yield start
    for each in servers:
        if each.process is not None:
            each.end(signal.SIGKILL)


class WebCustomer:
    """A customer at the web chat's API."""

    def __init__(self, url: str, *, locale: str | None = None) -> None:
        self._url = url
        self._locale = locale
        self._token = httpx.post(f"{url}/chat/sessions").json()["token"]
        self._headers = {"Authorization": f"Bearer {self._token}"}

    @property
    def address(self) -> str:
        """Where the server keeps the conversation."""
        return hashlib.sha256(self._token.encode()).hexdigest()

    def says(self, text: str, *, message_id: str | None = None) -> str:
        """Send a message; when this returns it is accepted."""
        message_id = message_id or str(uuid.uuid4())
        self._post("messages", {"id": message_id, "text": text, "locale": self._locale})
        return message_id

    def presses(self, name: str, message_id: int | None = None, *, choice: str | None = None) -> None:
        """Press a button."""
        body = {"id": str(uuid.uuid4()), "name": name, "message_id": message_id, "choice": choice}
        self._post("actions", body)

    def sees(self, until: Callable[[list[dict[str, Any]], dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """All lines of the conversation, as soon as lines and status are as wanted."""
        lines: list[dict[str, Any]] = []
        status: dict[str, Any] = {}
        with httpx.stream("GET", f"{self._url}/chat/events", headers=self._headers, timeout=PATIENCE) as stream:
            stream.raise_for_status()
            event = ""
            for row in stream.iter_lines():
                name, _, value = row.partition(": ")
                if name == "event":
                    event = value
                elif name == "data" and event == "line":
                    lines.append(json.loads(value))
                elif name == "data":
                    status = json.loads(value)
                if name == "data" and status and until(lines, status):
                    return lines
        raise AssertionError(f"the stream ended with {lines} and {status}")

    def sees_replies(self, count: int = 1) -> list[dict[str, Any]]:
        """What bot and agents have said, once there are `count` messages of theirs and nothing is owed."""

        def enough(lines: list[dict[str, Any]], status: dict[str, Any]) -> bool:
            return not status["pending"] and len(_replies(lines)) >= count

        return _replies(self.sees(enough))

    def _post(self, what: str, body: dict[str, Any]) -> None:
        httpx.post(f"{self._url}/chat/{what}", json=body, headers=self._headers, timeout=PATIENCE).raise_for_status()


def _replies(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["author"] != "customer"]
