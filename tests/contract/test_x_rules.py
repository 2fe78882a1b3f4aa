"""What is X's alone: challenges and signatures, unordered events, streams that die, budgets, and keys that run out."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from channels.errors import PermanentFailure, TemporaryFailure
from channels.message import Choice, Labels, Outbound, SourceCard
from channels.testing import Fate, HostReply, MemoryHost, Running, served
from channels.testing.platform_contract import until
from channels.testing.x.credentials import CLIENT_ID, CLIENT_SECRET, CONSUMER_SECRET
from channels.testing.x.message import activity
from channels.testing.x.platform import ACCOUNT, XPlatform
from channels.testing.x.rules import RateWindow
from channels.x.channel import XChannel
from channels.x.webhook import signed
from tests.contract.test_x_channel import section


@contextmanager
def talking(platform: XPlatform, host: MemoryHost, **more: Any) -> Iterator[Running]:
    """The channel at work with the platform."""
    with served(platform.app) as x, Running(XChannel.from_settings, section(x.url, **more), host) as running:
        platform.url = lambda: running.url
        yield running


@pytest.fixture
def host() -> MemoryHost:
    return MemoryHost()


@pytest.fixture
def platform() -> Iterator[XPlatform]:
    platform = XPlatform()
    yield platform
    assert platform.complaints == []


@pytest.fixture
def running(platform: XPlatform, host: MemoryHost) -> Iterator[Running]:
    with talking(platform, host) as running:
        yield running


def told(platform: XPlatform, number: int = 1, **more: Any) -> Outbound:
    return Outbound(id=number, channel="x", address=platform.address("ada"), **{"author": "bot", "text": "Yes."} | more)


def refusals(reason: str) -> float:
    return REGISTRY.get_sample_value("answerdesk_webhooks_refused_total", {"channel": "x", "reason": reason}) or 0.0


def test_a_challenge_is_answered_with_the_secret(platform: XPlatform, running: Running) -> None:
    answer = platform.challenges("9b4507b3-9040-4669-9ca3-6b94edb50553")
    assert running.url
    assert answer.status_code == 200
    assert answer.json() == {"response_token": signed(CONSUMER_SECRET, b"9b4507b3-9040-4669-9ca3-6b94edb50553")}


@pytest.mark.parametrize("token", ["", '{"data":{}}', "[1]", "x" * 257, "a b"])
def test_what_is_no_challenge_is_refused_and_counted(platform: XPlatform, running: Running, token: str) -> None:
    """Else whoever asks could have a delivery of their own signed: it is signed with the same secret."""
    before = refusals("challenge")
    with capture_logs() as logs:
        answer = platform.challenges(token)
    assert running.url
    assert answer.status_code == 403
    assert "response_token" not in answer.text
    assert refusals("challenge") == before + 1
    assert {"event": "webhook_refused", "channel": "x", "reason": "challenge", "log_level": "warning"} in logs


@pytest.mark.parametrize("signature", ["", "sha256=", signed("another", b"{}"), "å"])
def test_a_forged_delivery_is_refused_counted_and_told_without_its_content(
    platform: XPlatform, running: Running, host: MemoryHost, signature: str
) -> None:
    before = refusals("signature")
    body = json.dumps({"data": "very private"}).encode()
    with capture_logs() as logs:
        answer = platform.calls(body, signature=signature)
    assert running.url
    assert answer.status_code == 401
    assert refusals("signature") == before + 1
    [log] = [log for log in logs if log["event"] == "webhook_refused"]
    assert log == {"event": "webhook_refused", "channel": "x", "reason": "signature", "log_level": "warning"}
    assert "very private" not in str(logs)
    assert host.accepted == []


def test_a_body_that_was_changed_after_it_was_signed_is_refused(platform: XPlatform, running: Running) -> None:
    body = b'{"data": {}}'
    assert running.url
    assert platform.calls(body, signature=signed(CONSUMER_SECRET, body)).status_code == 200
    assert platform.calls(body + b" ", signature=signed(CONSUMER_SECRET, body)).status_code == 401
    assert platform.calls(b"x" * 1_000_001).status_code == 413


def test_a_webhook_that_is_replayed_is_heard_once(platform: XPlatform, running: Running, host: MemoryHost) -> None:
    platform.writes("ada", "Hello?")
    body = json.dumps(activity(ACCOUNT, platform.api.posts, "7")).encode()
    assert running.url
    assert [platform.calls(body).status_code for _ in range(3)] == [200, 200, 200]
    assert [each.text for each in host.accepted] == ["Hello?"]


def test_messages_of_one_event_are_taken_in_the_order_they_were_written(
    platform: XPlatform, running: Running, host: MemoryHost
) -> None:
    platform.says_at_once("ada", "One", "two", "three")
    assert running.url
    assert [each.text for each in host.accepted] == ["One", "two", "three"]


def test_what_came_while_nobody_listened_is_caught_up_with(platform: XPlatform, host: MemoryHost) -> None:
    first = platform.writes("ada", "Are you there?")
    platform.writes("bo", "Hello?")
    with talking(platform, host):
        until(lambda: len(host.accepted) == 2)
        platform.says("ada", "Are you there?", message=first)
    assert [each.text for each in host.accepted] == ["Are you there?", "Hello?"]


def test_what_could_not_be_stored_is_read_again(platform: XPlatform, running: Running, host: MemoryHost) -> None:
    until(lambda: platform.api.read == 1)
    host.can_store = False
    platform.writes("ada", "Hello?")
    assert platform.calls(json.dumps(activity(ACCOUNT, platform.api.posts, "7")).encode()).status_code == 503
    until(lambda: platform.api.read == 2)
    assert running.url


def test_who_may_not_read_still_hears_the_stream(host: MemoryHost) -> None:
    platform = XPlatform("stream")
    platform.api.may_read = False
    with talking(platform, host, mode="stream"):
        until(lambda: platform.api.streams.count == 1 and platform.api.read)
        platform.says("ada", "Hello?")
        until(lambda: host.accepted)
        assert platform.api.streams.opened == 1


def test_a_stream_that_falls_silent_is_opened_again_and_nothing_is_missed(host: MemoryHost) -> None:
    platform = XPlatform("stream")
    with talking(platform, host, mode="stream", stale_after=0.5):
        until(lambda: platform.api.streams.count == 1)
        platform.says("ada", "One")
        until(lambda: len(host.accepted) == 1)
        platform.api.streams.fall_silent()
        platform.says("ada", "two")
        until(lambda: len(host.accepted) == 2)
        assert platform.api.streams.opened == 2
        platform.api.streams.end()
        platform.says("ada", "three")
        until(lambda: len(host.accepted) == 3)
    assert [each.text for each in host.accepted] == ["One", "two", "three"]
    assert platform.complaints == []


def test_a_stream_is_cut_at_line_ends_alone(host: MemoryHost) -> None:
    platform = XPlatform("stream")
    said = "When do you open?\u2028And when\x85do you close? 😀"
    with talking(platform, host, mode="stream"):
        until(lambda: platform.api.streams.count == 1)
        platform.says("ada", said)
        until(lambda: host.accepted)
    assert [each.text for each in host.accepted] == [said]


def test_a_stream_stays_open_as_long_as_there_are_signs_of_life(host: MemoryHost) -> None:
    platform = XPlatform("stream")
    platform.api.streams.keep_alive = 0.05
    with talking(platform, host, mode="stream", stale_after=2):
        until(lambda: platform.api.streams.count == 1)
        beginning = time.monotonic()
        until(lambda: time.monotonic() - beginning > 3)
        assert platform.api.streams.opened == 1


def test_polling_keeps_within_what_may_be_read(host: MemoryHost) -> None:
    platform = XPlatform("polling")
    platform.api.reads = RateWindow(count=15, seconds=3)
    with talking(platform, host, mode="polling", reads_per_15_minutes=15 * 300):
        for number in range(3):
            platform.says("ada", f"Question {number}")
            until(lambda count=number + 1: len(host.accepted) == count)  # type: ignore[misc]
        until(lambda: platform.api.read >= 20)
    assert platform.api.limited == 0
    assert platform.complaints == []


def test_who_wrote_more_than_a_page_while_nobody_read_is_read_to_the_end(host: MemoryHost) -> None:
    platform = XPlatform("polling")
    for number in range(230):
        platform.writes(f"customer-{number}", "Hello?")
    with talking(platform, host, mode="polling"):
        until(lambda: len(host.accepted) == 230)
    assert len({each.customer for each in host.accepted}) == 230


def test_the_way_to_a_person_is_told_once(platform: XPlatform, host: MemoryHost, running: Running) -> None:
    for number in (1, 2):
        host.say("x", platform.address("ada"), HostReply(text="Yes.", feedback=True))
        running.send(told(platform, number, feedback=True))
    texts = [heard.text for heard in platform.heard("ada")]
    assert [Labels().write_human in text for text in texts] == [True, False]
    assert all(Labels().write_no in text for text in texts)


def test_no_under_an_answer_is_a_press_and_elsewhere_a_word(
    platform: XPlatform, host: MemoryHost, running: Running
) -> None:
    platform.says("ada", "No")
    host.say("x", platform.address("ada"), HostReply(text="Yes.", feedback=True))
    platform.says("ada", "No")
    platform.says("ada", "no!")
    assert running.url
    assert [(each.text, each.action and each.action.name) for each in host.accepted] == [
        ("No", None),
        ("", "not_helped"),
        ("no!", None),
    ]


def test_what_may_have_arrived_is_not_sent_twice(platform: XPlatform, host: MemoryHost) -> None:
    source = SourceCard(title="Hours", kind="article", url="https://example.com/hours")
    with talking(platform, host, answers_within=0.5) as running:
        platform.fails_next(Fate(name="silent"))
        with pytest.raises(TemporaryFailure, match="may have been delivered"):
            running.send(told(platform, 1, source=source))
        sent = running.send(told(platform, 1, source=source))
        running.send(told(platform, 2, source=source))  # the same words once more are another message
    assert sent == platform.api.posts[0].id
    assert len(platform.heard("ada")) == 2


def test_what_another_process_may_have_sent_is_not_sent_twice(platform: XPlatform, host: MemoryHost) -> None:
    text = "\n\n".join("word " * 1500 for _ in range(3))
    with talking(platform, host) as running:
        sent = running.send(told(platform, 1, text=text))
        texts = len(platform.heard("ada"))
    assert texts > 1
    with talking(platform, host) as another:
        again = another.send(replace(told(platform, 1, text=text), tried_since=datetime.now(UTC)))
    assert again == sent
    assert len(platform.heard("ada")) == texts


def test_an_answer_in_the_words_of_an_earlier_one_is_not_taken_for_it(platform: XPlatform) -> None:
    host = MemoryHost({"Where is it?": HostReply(text="I've passed it on.")})
    with talking(platform, host) as running:
        platform.says("ada", "Where is it?")
        first = running.send(told(platform, 2, text="I've passed it on."))
        platform.says("ada", "Where is it?")
        broken_off = replace(told(platform, 4, text="I've passed it on."), tried_since=datetime.now(UTC))
        second = running.send(broken_off)
        again = running.send(broken_off)
    assert second != first
    assert again == second
    assert len(platform.heard("ada")) == 2


def test_two_answers_in_the_same_words_to_questions_that_stand_before_both_are_both_sent(platform: XPlatform) -> None:
    host, passed_on = MemoryHost(), HostReply(text="I've passed it on.")
    with talking(platform, host) as running:
        platform.says("ada", "Where is it?")
        platform.says("ada", "And where is the other one?")
        first = running.send(told(platform, 3, text=passed_on.text))
        host.say("x", platform.address("ada"), passed_on, sent_as=first)
        broken_off = replace(told(platform, 4, text=passed_on.text), tried_since=datetime.now(UTC))
        assert running.send(broken_off) != first
    assert len(platform.heard("ada")) == 2


def test_a_long_message_goes_on_where_it_was_interrupted(platform: XPlatform, running: Running) -> None:
    text = "\n\n".join("word " * 1500 for _ in range(3))
    platform.api.sends[0] = RateWindow(count=2, seconds=0.5)
    with pytest.raises(TemporaryFailure):
        running.send(told(platform, 1, text=text))
    until(lambda: platform.api.sends[0].take(time.time()))
    platform.api.sends[0] = RateWindow(count=2, seconds=0.5)
    running.send(told(platform, 1, text=text))
    assert sum(heard.text.count("word") for heard in platform.heard("ada")) == 4500


def test_a_limit_that_is_used_up_says_for_how_long(platform: XPlatform, running: Running) -> None:
    platform.api.sends[1] = RateWindow(count=1, seconds=86_400, header="x-user-limit-24hour")
    running.send(told(platform, 1))
    with pytest.raises(TemporaryFailure) as refused:
        running.send(told(platform, 2))
    assert refused.value.everywhere
    assert 86_000 < (refused.value.retry_after or 0) <= 86_402


def test_who_may_not_be_written_to_is_told_in_the_platforms_words(platform: XPlatform, running: Running) -> None:
    platform.fails_next(Fate(name="blocked"))
    with pytest.raises(PermanentFailure, match="You do not have permission to DM"):
        running.send(told(platform))
    with pytest.raises(PermanentFailure, match="no conversation of the account"):
        running.send(Outbound(id=2, channel="x", address="1-2", author="bot", text="Hi"))


@pytest.mark.parametrize("secret", [None, CLIENT_SECRET], ids=["public", "confidential"])
def test_a_token_that_ran_out_is_renewed_and_kept(
    platform: XPlatform, host: MemoryHost, tmp_path: Path, secret: str | None
) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps({"access_token": "old", "refresh_token": platform.keys.refresh_token}))
    by_oauth_2 = {
        "access_token": None,
        "access_token_secret": None,
        "client_id": CLIENT_ID,
        "client_secret": secret,
        "token_file": str(file),
    }
    with talking(platform, host, **by_oauth_2) as running:
        running.send(told(platform))
        assert json.loads(file.read_text())["refresh_token"] == platform.keys.refresh_token == "refresh-token-1"
        assert file.stat().st_mode & 0o077 == 0
        running.send(told(platform, 2))
        assert platform.keys.refresh_token == "refresh-token-1"
        platform.keys.refresh()
        with pytest.raises(TemporaryFailure, match="authorize the app again"):
            running.send(told(platform, 3))
    assert len(platform.heard("ada")) == 2


def test_wrong_keys_are_told(platform: XPlatform, host: MemoryHost) -> None:
    with (
        talking(platform, host, access_token_secret="another") as running,
        pytest.raises(TemporaryFailure, match="refuses our keys"),
    ):
        running.send(told(platform))
    assert platform.complaints
    platform.complaints.clear()


def test_choices_can_be_written(platform: XPlatform, host: MemoryHost, running: Running) -> None:
    choices = (Choice(id="a", label="A bike"), Choice(id="b", label="A bag"))
    running.send(told(platform, choices=choices, text="1. First\n2. Second\n\nWhich?"))
    [heard] = platform.heard("ada")
    assert heard.buttons == ("A bike", "A bag")
    platform.presses("ada", "A bag")
    assert host.accepted[-1].text == "2"


def test_where_nothing_is_told_by_webhook_there_is_none(host: MemoryHost) -> None:
    platform = XPlatform("polling")
    with talking(platform, host, mode="polling") as running:
        assert httpx.get(f"{running.url}/webhooks/x", params={"crc_token": "abc"}).status_code == 404
