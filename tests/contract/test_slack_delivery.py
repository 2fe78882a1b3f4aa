"""What is posted to Slack, and what happens when Slack does not take it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from channels.errors import DeliveryFailed, PermanentFailure, TemporaryFailure
from channels.message import Outbound
from channels.slack.channel import SlackChannel
from channels.testing import Fate, MemoryHost, Running, served
from channels.testing.slack.workspace import SlackWorkspace
from tests.contract.slack_running import by_http, http_settings

LONG = "\n".join(f"{number}. Press the button and wait until the light is green" for number in range(1, 500))


@pytest.fixture
def slack() -> SlackWorkspace:
    return SlackWorkspace()


@pytest.fixture
def running(slack: SlackWorkspace) -> Iterator[Running]:
    with by_http(slack, MemoryHost()) as running:
        yield running


def outbound(slack: SlackWorkspace, number: int = 1, text: str = "We open at nine.") -> Outbound:
    return Outbound(id=number, channel="slack", address=slack.address("ada"), author="bot", text=text)


@pytest.mark.parametrize("fate", ["silent", "broken"])
def test_what_may_have_been_posted_is_looked_for_before_it_is_posted_again(
    slack: SlackWorkspace, running: Running, fate: str
) -> None:
    slack.fails_next(Fate(name=fate))  # type: ignore[arg-type]
    with pytest.raises(TemporaryFailure):
        running.send(outbound(slack))
    running.send(outbound(slack))

    assert slack.keys(slack.address("ada")) == [(1, 0)]
    assert slack.api.called["conversations.history"] == 1


@pytest.mark.parametrize("text", ["We open at nine.", LONG], ids=["short", "long"])
def test_what_another_process_may_have_posted_is_looked_for(slack: SlackWorkspace, text: str) -> None:
    slack.echoes = False
    message = outbound(slack, text=text)
    with served(slack.app) as server:
        with Running(SlackChannel.from_settings, http_settings(server.url), MemoryHost()) as running:
            sent = running.send(message)
            posted = slack.keys(slack.address("ada"))
        with Running(SlackChannel.from_settings, http_settings(server.url), MemoryHost()) as another:
            again = another.send(replace(message, tried_since=datetime.now(UTC)))

    assert again == sent
    assert slack.keys(slack.address("ada")) == posted


def test_it_is_said_when_a_delivery_may_have_been_made(slack: SlackWorkspace, running: Running) -> None:
    slack.fails_next(Fate(name="silent"))
    with pytest.raises(TemporaryFailure, match="may have been delivered"):
        running.send(outbound(slack))


def test_what_slack_refused_is_not_looked_for(slack: SlackWorkspace, running: Running) -> None:
    slack.fails_next(Fate(name="too many", retry_after=1))
    with pytest.raises(TemporaryFailure):
        running.send(outbound(slack))
    running.send(outbound(slack))

    assert slack.api.called["conversations.history"] == 0


def test_in_a_thread_it_is_looked_for_there(slack: SlackWorkspace, running: Running) -> None:
    thread = slack.writes("ada", "C1", "@helpbot When?")
    message = Outbound(id=3, channel="slack", address=f"C1/{thread}", author="bot", text="At nine.")
    slack.fails_next(Fate(name="silent"))
    with pytest.raises(TemporaryFailure):
        running.send(message)
    running.send(message)

    assert slack.keys("C1") == [(3, 0)]
    assert slack.api.called["conversations.replies"] == 1


@pytest.mark.parametrize("in_thread", [False, True])
def test_it_is_found_though_much_was_said_since(slack: SlackWorkspace, running: Running, in_thread: bool) -> None:
    thread = slack.writes("ada", "C1", "@helpbot When?") if in_thread else None
    address = f"C1/{thread}" if thread else slack.address("ada")
    message = Outbound(id=300, channel="slack", address=address, author="bot", text="At nine.")
    for number in range(20):
        running.send(replace(message, id=number))
    slack.fails_next(Fate(name="silent"))
    with pytest.raises(TemporaryFailure):
        running.send(message)
    for number in range(20):
        running.send(replace(message, id=number))
    running.send(message)

    assert slack.keys(address.partition("/")[0]).count((300, 0)) == 1


@pytest.mark.parametrize("fate", ["silent", "broken", "too many"])
def test_a_long_answer_goes_on_where_it_was_broken_off(slack: SlackWorkspace, running: Running, fate: str) -> None:
    running.send(outbound(slack, 1, LONG))
    parts = len(slack.keys(slack.address("ada")))
    assert parts > 2
    slack.fails_next(None, Fate(name=fate))  # type: ignore[arg-type]
    with pytest.raises(TemporaryFailure):
        running.send(outbound(slack, 2, LONG))
    running.send(outbound(slack, 2, LONG))

    assert slack.keys(slack.address("ada"))[parts:] == [(2, part) for part in range(parts)]


def test_where_nothing_may_be_read_it_is_posted_again(slack: SlackWorkspace, running: Running) -> None:
    slack.api.refuses["conversations.history"] = "missing_scope"
    slack.fails_next(Fate(name="silent"))
    with pytest.raises(TemporaryFailure):
        running.send(outbound(slack))
    running.send(outbound(slack))

    assert slack.keys(slack.address("ada")) == [(1, 0), (1, 0)]


def test_where_slack_lets_us_read_seldom_only_this_message_waits(slack: SlackWorkspace, running: Running) -> None:
    slack.api.refuses["conversations.history"] = "ratelimited"
    slack.fails_next(Fate(name="silent"))
    with pytest.raises(TemporaryFailure):
        running.send(outbound(slack))
    with pytest.raises(TemporaryFailure) as failure:
        running.send(outbound(slack))
    slack.api.refuses.clear()
    running.send(outbound(slack))

    assert not failure.value.everywhere
    assert slack.keys(slack.address("ada")) == [(1, 0)]


@pytest.mark.parametrize("word", ["invalid_blocks", "msg_blocks_too_long"])
def test_blocks_that_slack_refuses_are_sent_as_text(slack: SlackWorkspace, running: Running, word: str) -> None:
    slack.api.refuses_blocks = word
    running.send(outbound(slack, text="We open at **nine** & close at <five>."))

    [heard] = slack.heard("ada")
    assert heard.text == "We open at nine & close at <five>."


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("account_inactive", PermanentFailure),
        ("channel_not_found", PermanentFailure),
        ("is_archived", PermanentFailure),
        ("not_in_channel", PermanentFailure),
        ("restricted_action", PermanentFailure),
        ("invalid_auth", TemporaryFailure),
        ("token_revoked", TemporaryFailure),
        ("missing_scope", TemporaryFailure),
        ("internal_error", TemporaryFailure),
        ("service_unavailable", TemporaryFailure),
    ],
)
def test_what_slacks_words_mean(slack: SlackWorkspace, running: Running, word: str, kind: type[DeliveryFailed]) -> None:
    slack.api.refuses["chat.postMessage"] = word
    with pytest.raises(kind, match=word) as failure:
        running.send(outbound(slack))
    if isinstance(failure.value, TemporaryFailure):
        assert failure.value.everywhere == (word in {"invalid_auth", "token_revoked", "missing_scope"})


def test_too_many_holds_everything_back(slack: SlackWorkspace, running: Running) -> None:
    slack.fails_next(Fate(name="too many", retry_after=7))
    with pytest.raises(TemporaryFailure) as failure:
        running.send(outbound(slack))
    assert (failure.value.retry_after, failure.value.everywhere) == (7, True)


def test_a_refused_token_is_no_end(slack: SlackWorkspace, running: Running) -> None:
    slack.fails_next(Fate(name="unauthorized"))
    with pytest.raises(TemporaryFailure) as failure:
        running.send(outbound(slack))
    assert failure.value.everywhere


def test_a_platform_that_is_away_is_tried_again() -> None:
    settings = {"mode": "http", "bot_token": "xoxb-1", "signing_secret": "s", "base_url": "http://127.0.0.1:9/api"}
    channel = SlackChannel.from_settings(settings, MemoryHost())
    with pytest.raises(TemporaryFailure, match="may have been delivered"):
        asyncio.run(channel.send(Outbound(id=1, channel="slack", address="D1", author="bot", text="Hello")))
