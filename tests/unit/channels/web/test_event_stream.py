"""The stream, over real HTTP."""

import contextlib
import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from channels.message import Choice, Labels, SourceCard, Status, TranscriptLine
from channels.testing import HostReply, MemoryHost, Served, served
from channels.web.channel import WebChannel
from channels.web.event_stream import LOOK_AGAIN, line_data, source_data

TOKEN = "t" * 43
ADDRESS = hashlib.sha256(TOKEN.encode()).hexdigest()
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
ID = str(UUID(int=7, version=4))
AT = datetime(2025, 3, 3, 16, 10, tzinfo=UTC)

Event = tuple[str, str | None, dict[str, Any]]


@contextlib.contextmanager
def stream(server: Served, after: str = "", **headers: str) -> Iterator[Iterator[Event]]:
    params = {"after": after} if after else {}
    with httpx.stream(
        "GET", f"{server.url}/chat/events", params=params, headers=HEADERS | headers, timeout=LOOK_AGAIN / 2
    ) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        yield parse(response.iter_lines())


def parse(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif fields:
            if "data" in fields:
                yield fields["event"], fields.get("id"), json.loads(fields["data"])
            fields = {}


@pytest.fixture
def host() -> MemoryHost:
    return MemoryHost({"Open?": HostReply(text="**Yes.**", feedback=True)})


@pytest.fixture
def server(host: MemoryHost) -> Iterator[Served]:
    with served(Starlette(routes=WebChannel.from_settings({}, host).routes())) as server:
        yield server


def say(server: Served, text: str) -> None:
    httpx.post(f"{server.url}/chat/messages", json={"id": ID, "text": text}, headers=HEADERS).raise_for_status()


def test_first_what_was_said_then_the_status_then_what_happens(server: Served, host: MemoryHost) -> None:
    say(server, "Open?")
    with stream(server) as events:
        first, second, third = next(events), next(events), next(events)
        host.set_status("web", ADDRESS, Status(owner="agent", agent_name="Maria"))
        fourth = next(events)
        host.say("web", ADDRESS, HostReply(text="one\ntwo", author="agent", author_name="Maria"))
        fifth = next(events)

    assert (first[0], first[1], first[2]["text"], first[2]["message_id"]) == ("line", "1", "Open?", ID)
    assert (second[0], second[1], second[2]["html"]) == ("line", "2", "<p><strong>Yes.</strong></p>")
    assert third == ("status", None, {"owner": "bot", "agent_name": None, "pending": False})
    assert fourth == ("status", None, {"owner": "agent", "agent_name": "Maria", "pending": False})
    assert (fifth[0], fifth[2]["name"], fifth[2]["html"]) == ("line", "Maria", "<p>one<br>\ntwo</p>")


@pytest.mark.parametrize("how", [{"after": "1"}, {"Last-Event-ID": "1"}], ids=["after", "header"])
def test_a_lost_stream_goes_on_where_it_was(server: Served, how: dict[str, str]) -> None:
    say(server, "Open?")
    with stream(server, **how) as events:
        assert [next(events)[1], next(events)[0]] == ["2", "status"]


def test_who_has_seen_what_is_gone_begins_anew(server: Served) -> None:
    say(server, "Open?")
    with stream(server, after="99") as events:
        assert [next(events)[0] for _ in range(4)] == ["reset", "line", "line", "status"]


def test_a_conversation_is_told_to_nobody_else(server: Served) -> None:
    say(server, "Open?")
    with stream(server, Authorization="Bearer " + "o" * 43) as events:
        assert next(events)[0] == "status"


class Hasty(MemoryHost):
    """Somebody speaks after the lines were read and before anybody waits."""

    async def status(self, channel: str, address: str) -> Status:
        if not self._lines[channel, address]:
            self.say(channel, address, HostReply(text="Wait"))
        return await super().status(channel, address)


def test_a_change_between_reading_and_waiting_is_told_at_once() -> None:
    with (
        served(Starlette(routes=WebChannel.from_settings({}, Hasty()).routes())) as server,
        stream(server) as events,
    ):
        assert [next(events)[0], next(events)[0]] == ["status", "line"]


def test_a_line_tells_what_the_widget_needs() -> None:
    source = SourceCard(
        title="Rain",
        kind="answer",
        url="https://example.com/f",
        updated=date(2025, 3, 3),
        author="Maja",
        confirmed=True,
        caption="Forumsvar av Maja · 3 mars 2025 · bekräftat av företaget",
    )
    choices = (Choice(id="1", label="Which <lids> fit"),)
    said = TranscriptLine(id=3, author="bot", text="Yes.", at=AT, source=source, feedback=True, helped=False)
    labels = Labels(
        question="Hjälpte det här?",
        helped="Det hjälpte",
        not_helped="Det hjälpte inte",
        human="Prata med en människa",
        solved="Löste det saken?",
        rest="Resten av sidan",
    )
    answer = replace(said, choices=choices, chosen="1", labels=labels)
    question = TranscriptLine(id=2, author="customer", text="<b>Rain?</b>", at=AT, client_message_id=f"{ADDRESS}:{ID}")

    assert line_data(answer, ADDRESS) == {
        "id": 3,
        "author": "bot",
        "name": None,
        "at": "2025-03-03T16:10:00+00:00",
        "source": {
            "title": "Rain",
            "url": "https://example.com/f",
            "caption": "Forumsvar av Maja · 3 mars 2025 · bekräftat av företaget",
        },
        "helped": False,
        "message_id": None,
        "html": "<p>Yes.</p>",
        "feedback": True,
        "labels": {
            "question": "Hjälpte det här?",
            "helped": "Det hjälpte",
            "not_helped": "Det hjälpte inte",
            "human": "Prata med en människa",
        },
        "question": "Löste det saken?",
        "choices": [{"id": "1", "label": "Which <lids> fit"}],
        "chosen": "1",
    }
    longer = replace(answer, source=replace(source, rest="**More** <b>of it</b>"), choices=())
    assert line_data(longer, ADDRESS)["source"] == line_data(answer, ADDRESS)["source"] | {
        "rest": "<p><strong>More</strong> &lt;b&gt;of it&lt;/b&gt;</p>",
        "rest_label": "Resten av sidan",
    }
    assert line_data(longer, ADDRESS)["question"] == ""
    assert line_data(question, ADDRESS)["text"] == "<b>Rain?</b>"
    assert "html" not in line_data(question, ADDRESS)
    assert line_data(question, ADDRESS)["message_id"] == ID


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "JavaScript:alert(1)"])
def test_a_source_that_is_no_web_address_is_no_link(url: str) -> None:
    assert source_data(SourceCard(title="x", kind="faq", url=url), Labels())["url"] is None


SERVER = """
import sys, uvicorn
from starlette.applications import Starlette
from channels.testing import MemoryHost
from channels.web import WebChannel
app = Starlette(routes=WebChannel.from_settings({}, MemoryHost()).routes())
uvicorn.run(app, fd=int(sys.argv[1]), log_level="error")
"""


def test_a_server_told_to_stop_does_not_wait_for_open_streams() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        process = subprocess.Popen([sys.executable, "-c", SERVER, str(door.fileno())], pass_fds=[door.fileno()])
    try:
        with httpx.stream("GET", f"http://127.0.0.1:{port}/chat/events", headers=HEADERS, timeout=30) as response:
            events = parse(response.iter_lines())
            next(events)
            process.send_signal(signal.SIGTERM)
            assert list(events) == []  # the stream has an end, and a clean one
        assert process.wait(timeout=30) in {0, -signal.SIGTERM}
    finally:
        process.kill()
        process.wait()
