import asyncio
import io
from dataclasses import replace
from datetime import date

import pytest

from channels.errors import BadSettings
from channels.message import LONGEST_TEXT, Choice, Outbound, SourceCard, Status
from channels.terminal import ADDRESS, TerminalChannel, source_line
from channels.testing import MemoryHost

ARTICLE = SourceCard(
    title="Opening hours",
    kind="article",
    url="https://x.example/a",
    updated=date(2026, 3, 4),
    caption="From the help centre",
)
FORUM = SourceCard(title="Scratches", kind="answer", caption="Forum answer by Ida · confirmed by the company")
ANSWER = Outbound(id=1, channel="terminal", address=ADDRESS, author="bot", text="**Ten** to six.", source=ARTICLE)


@pytest.fixture
def host() -> MemoryHost:
    return MemoryHost()


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


async def test_each_line_is_a_message_and_empty_ones_are_none(host: MemoryHost, out: io.StringIO) -> None:
    await TerminalChannel(host, lines=io.StringIO("one\n\n  \ntwo"), out=out).run()
    assert [inbound.text for inbound in host.accepted] == ["one", "two"]
    assert len({inbound.event_id for inbound in host.accepted}) == 2
    assert {inbound.address for inbound in host.accepted} == {ADDRESS}


async def test_two_talks_are_never_taken_for_one_another(host: MemoryHost, out: io.StringIO) -> None:
    for _ in range(2):
        await TerminalChannel(host, lines=io.StringIO("hello\n"), out=out).run()
    assert len(host.accepted) == 2


async def test_the_next_line_waits_until_nothing_is_owed(host: MemoryHost, out: io.StringIO) -> None:
    host.set_status("terminal", ADDRESS, Status(owner="bot", pending=True))
    running = asyncio.create_task(TerminalChannel(host, lines=io.StringIO("one\ntwo\n"), out=out).run())
    while not host.accepted:
        await host.changed("terminal", ADDRESS, 1.0)
    await asyncio.wait({running}, timeout=0.05)
    assert [inbound.text for inbound in host.accepted] == ["one"]
    host.set_status("terminal", ADDRESS, Status(owner="bot"))
    await asyncio.wait_for(running, 20)
    assert [inbound.text for inbound in host.accepted] == ["one", "two"]


async def test_what_cannot_be_taken_is_said(host: MemoryHost, out: io.StringIO) -> None:
    await TerminalChannel(host, lines=io.StringIO("x" * (LONGEST_TEXT + 1)), out=out).run()
    assert host.accepted == []
    assert "50,000 characters" in out.getvalue()


async def test_what_cannot_be_stored_is_asked_for_again(host: MemoryHost, out: io.StringIO) -> None:
    host.can_store = False
    await TerminalChannel(host, lines=io.StringIO("hello\n"), out=out).run()
    assert "Please write it again." in out.getvalue()


async def test_an_answer_shows_who_speaks_and_where_it_is_from(host: MemoryHost, out: io.StringIO) -> None:
    channel = TerminalChannel(host, out=out)
    await channel.send(ANSWER)
    await channel.send(replace(ANSWER, author="agent", author_name="Alva", text="Here.", source=None))
    await channel.send(replace(ANSWER, author="agent", text="Here too.", source=None))
    assert [line for line in out.getvalue().splitlines() if line] == [
        "Assistant: **Ten** to six.",
        "  — Opening hours · From the help centre · https://x.example/a",
        "Alva: Here.",
        "Agent: Here too.",
    ]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (ARTICLE, "Opening hours · From the help centre · https://x.example/a"),
        (FORUM, "Scratches · Forum answer by Ida · confirmed by the company"),
        (SourceCard(title="FAQ", kind="faq"), "FAQ"),
    ],
)
def test_a_source_is_one_line(source: SourceCard, line: str) -> None:
    assert source_line(source) == line


def test_it_has_no_settings(host: MemoryHost) -> None:
    with pytest.raises(BadSettings, match=r"channels\.terminal\.colour"):
        TerminalChannel.from_settings({"colour": "red"}, host)


async def test_choices_are_numbered_as_they_are_to_be_written(host: MemoryHost, out: io.StringIO) -> None:
    titles = (Choice(id="1", label="Reset"), Choice(id="2", label="Restart"), Choice(id="none", label="Neither"))
    channel = TerminalChannel(host, out=out)
    await channel.send(replace(ANSWER, text="Which?", source=None, choices=titles))
    assert out.getvalue() == "\nAssistant: Which?\n  1. Reset\n  2. Restart\n  3. Neither\n  Reply with a number.\n\n"


async def test_a_single_choice_is_a_yes_or_no(host: MemoryHost, out: io.StringIO) -> None:
    one = (Choice(id="human", label="Yes, a human"),)
    await TerminalChannel(host, out=out).send(replace(ANSWER, text="Shall I?", source=None, choices=one))
    assert "  1. Yes, a human\n  Reply with “yes” or “no”.\n" in out.getvalue()
