"""Which messages are the bot's to hear, over real HTTP, and what is shown beside them."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import structlog
from prometheus_client import REGISTRY
from slack_sdk.signature import SignatureVerifier

from channels.message import Choice, Labels, Outbound, Status
from channels.testing import MemoryHost, Running
from channels.testing.platform_contract import until
from channels.testing.slack.web_api import BOT_USER
from channels.testing.slack.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackWorkspace
from tests.contract.slack_running import by_http


@pytest.fixture
def slack() -> SlackWorkspace:
    return SlackWorkspace()


@pytest.fixture
def host() -> MemoryHost:
    return MemoryHost()


@pytest.fixture
def running(slack: SlackWorkspace, host: MemoryHost) -> Iterator[Running]:
    with by_http(slack, host) as running:
        yield running


pytestmark = pytest.mark.usefixtures("running")


def texts(host: MemoryHost) -> list[str]:
    return [inbound.text for inbound in host.accepted]


def test_a_mention_is_one_message_though_it_is_told_twice(slack: SlackWorkspace, host: MemoryHost) -> None:
    thread = slack.mentions("ada", "C1", "when are you open?")

    [inbound] = host.accepted
    assert (inbound.text, inbound.address, inbound.platform_message_id) == (
        "when are you open?",
        f"C1/{thread}",
        f"C1/{thread}",
    )


def test_a_channels_chatter_is_not_heard(slack: SlackWorkspace, host: MemoryHost) -> None:
    slack.writes("ada", "C1", "Lunch?")
    root = slack.writes("bo", "C1", "Coffee?")
    slack.writes("ada", "C1", "Yes", thread=root)

    assert texts(host) == []


def test_a_thread_stays_with_the_bot(slack: SlackWorkspace, host: MemoryHost) -> None:
    thread = slack.mentions("ada", "C1", "when are you open?")
    slack.writes("ada", "C1", "and on Sundays?", thread=thread)
    bo = slack.chats.user("bo")
    told = {"type": "message", "channel": "C1", "channel_type": "channel", "user": slack.chats.user("ada")}
    slack.tells(told | {"ts": slack.chats.next_ts(), "thread_ts": thread, "text": f"<@{bo}> do you know?"})

    assert texts(host) == ["when are you open?", "and on Sundays?"]
    assert {inbound.address for inbound in host.accepted} == {f"C1/{thread}"}
    assert [inbound.is_addressed for inbound in host.accepted] == [True, False]


def test_a_remark_in_a_thread_has_its_own_author_and_shows_no_work(slack: SlackWorkspace, host: MemoryHost) -> None:
    thread = slack.mentions("ada", "C1", "when are you open?")
    until(lambda: slack.api.called["assistant.threads.setStatus"] == 1)
    slack.writes("bo", "C1", "same here :+1::skin-tone-3:", thread=thread)
    remark = host.accepted[-1]
    assert (remark.customer, remark.text, remark.is_addressed) == (slack.chats.user("bo"), "same here 👍", False)
    slack.writes("ada", slack.address("ada"), "hello")
    until(lambda: slack.api.called["reactions.add"] == 1)
    assert slack.api.called["assistant.threads.setStatus"] == 1


def test_a_mention_in_others_thread_makes_it_the_bots(slack: SlackWorkspace, host: MemoryHost) -> None:
    root = slack.writes("bo", "C1", "When do we open?")
    slack.mentions("ada", "C1", "you know?", thread=root)
    slack.writes("bo", "C1", "and on Sundays?", thread=root)

    assert texts(host) == ["you know?", "and on Sundays?"]
    assert {inbound.address for inbound in host.accepted} == {f"C1/{root}"}


def test_direct_messages_are_one_conversation_with_the_threads_in_them(slack: SlackWorkspace, host: MemoryHost) -> None:
    direct = slack.address("ada")
    first = slack.says("ada", "Hello?")
    slack.writes("ada", direct, "under it", thread=first)

    assert {inbound.address for inbound in host.accepted} == {direct}


def test_where_somebody_writes_only_in_threads_each_is_a_conversation(slack: SlackWorkspace, host: MemoryHost) -> None:
    direct = slack.address("ada")
    slack.writes("ada", direct, "first", thread="1700000001.000001")
    slack.writes("ada", direct, "second", thread="1700000002.000001")
    slack.writes("ada", direct, "third", thread="1700000001.000001")

    assert [inbound.address for inbound in host.accepted] == [
        f"{direct}/1700000001.000001",
        f"{direct}/1700000002.000001",
        f"{direct}/1700000001.000001",
    ]


def test_edits_and_deletions_in_channels_are_heard_where_the_bot_takes_part(
    slack: SlackWorkspace, host: MemoryHost
) -> None:
    chatter = slack.writes("bo", "C1", "Lunch?")
    slack.edits("bo", chatter, "Dinner?")
    slack.deletes("bo", chatter)
    thread = slack.mentions("ada", "C1", "when are you open?")
    slack.edits("ada", thread, "@helpbot when do you close?")
    slack.deletes("ada", thread)

    asked, edited, deleted = host.accepted
    assert (edited.edits, edited.text, edited.address) == (
        asked.platform_message_id,
        "when do you close?",
        asked.address,
    )
    assert (deleted.deletes, deleted.address) == (asked.platform_message_id, asked.address)


@pytest.mark.parametrize(
    "told",
    [
        {"bot_id": "B9", "subtype": "bot_message", "text": "ping"},
        {"bot_id": "B9", "user": "U9", "text": "ping"},
        {"user": BOT_USER, "text": "ping"},
        {"user": "U9", "subtype": "channel_join", "text": "joined"},
    ],
)
def test_bots_are_never_heard(slack: SlackWorkspace, host: MemoryHost, told: dict[str, Any]) -> None:
    direct = {"type": "message", "channel": "D1", "channel_type": "im", "ts": slack.chats.next_ts()}
    slack.tells(direct | told)
    slack.tells({"type": "app_mention", "channel": "C1", "ts": slack.chats.next_ts()} | told)

    assert texts(host) == []


@pytest.mark.parametrize(
    "kind", ["reaction_added", "team_join", "app_uninstalled", "anything_new", "member_joined_channel"]
)
def test_every_kind_of_event_is_acknowledged(slack: SlackWorkspace, host: MemoryHost, kind: str) -> None:
    slack.tells({"type": kind, "user": "U1"})

    assert texts(host) == []


@pytest.mark.parametrize("kind", ["shortcut", "view_submission", "block_suggestion"])
def test_every_kind_of_interaction_is_acknowledged(slack: SlackWorkspace, kind: str) -> None:
    assert slack.deliveries.deliver({"type": kind, "user": {"id": "U1"}, "team": {"id": "T0"}, "callback_id": "x"})


def test_a_challenge_is_answered(slack: SlackWorkspace) -> None:
    answer = slack.deliveries.send(slack.deliveries.signed({"type": "url_verification", "challenge": "abc"}))

    assert answer.status_code == 200
    assert "abc" in answer.text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"signature": "v0=" + "0" * 64}, "signature"),
        ({"timestamp": str(int(time.time()) - 1000)}, "signature"),
        ({"timestamp": "soon"}, "malformed"),
        ({"signature": ""}, "unsigned"),
    ],
)
def test_what_slack_did_not_sign_is_refused_logged_without_its_payload_and_counted(
    slack: SlackWorkspace, host: MemoryHost, change: dict[str, str], reason: str
) -> None:
    body = slack.callback({"type": "message", "channel": "D1", "user": "U1", "text": "a secret", "ts": "1.1"})
    labels = {"channel": "slack", "reason": reason}
    before = REGISTRY.get_sample_value("answerdesk_webhooks_refused_total", labels) or 0
    with structlog.testing.capture_logs() as logs:
        answer = slack.deliveries.send(
            slack.deliveries.signed(body, timestamp=change.get("timestamp"), signature=change.get("signature"))
        )

    assert answer.status_code == 401
    assert host.accepted == []
    assert [log for log in logs if log["event"] == "webhook_refused"] == [
        {"event": "webhook_refused", "log_level": "warning", "channel": "slack", "reason": reason}
    ]
    assert "a secret" not in str(logs)
    assert REGISTRY.get_sample_value("answerdesk_webhooks_refused_total", labels) == before + 1


def test_a_delivery_whose_length_a_proxy_left_out_is_taken(slack: SlackWorkspace, host: MemoryHost) -> None:
    told = {"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "text": "When?", "ts": "100.1"}
    signed = slack.deliveries.signed(slack.callback(told))
    headers = {name: value for name, value in signed.headers.items() if name != "content-length"}
    answer = httpx.post(str(signed.url), content=iter([signed.content]), headers=headers)
    assert answer.status_code == 200
    assert [each.text for each in host.accepted] == ["When?"]


@pytest.mark.parametrize("body", [b"[1]", b"null", b'"text"'])
def test_what_is_signed_and_no_object_is_refused(slack: SlackWorkspace, host: MemoryHost, body: bytes) -> None:
    now = str(int(time.time()))
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": now,
        "x-slack-signature": str(SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=now, body=body)),
    }
    where = slack.deliveries.where
    assert where is not None
    assert httpx.post(f"{where()}/webhooks/slack", content=body, headers=headers).status_code == 400
    assert host.accepted == []


def test_what_is_too_large_is_refused(slack: SlackWorkspace) -> None:
    body = slack.callback({"type": "message", "text": "x" * 2_000_001})

    assert slack.deliveries.send(slack.deliveries.signed(body)).status_code == 413


def test_names_and_languages_are_asked_for_once(slack: SlackWorkspace, host: MemoryHost) -> None:
    slack.api.locales[slack.chats.user("ada")] = "sv-SE"

    def is_known() -> bool:
        """A slow answer is not waited for: it serves the next message."""
        slack.says("ada", "Hej?")
        return host.accepted[-1].customer_name == "Ada"

    until(is_known)

    assert host.accepted[-1].locale == "sv-SE"
    assert slack.api.called["users.info"] == 1


def test_without_a_name_a_message_is_taken_all_the_same(slack: SlackWorkspace, host: MemoryHost) -> None:
    slack.api.refuses["users.info"] = "missing_scope"
    slack.says("ada", "Hej?")

    assert [(inbound.text, inbound.customer_name) for inbound in host.accepted] == [("Hej?", None)]


def test_a_direct_message_is_marked_until_it_is_answered(slack: SlackWorkspace, running: Running) -> None:
    ts = slack.says("ada", "When?")
    mark = (slack.address("ada"), ts, "eyes")
    until(lambda: mark in slack.chats.reactions)
    running.send(Outbound(id=1, channel="slack", address=slack.address("ada"), author="bot", text="At nine."))
    until(lambda: mark not in slack.chats.reactions)


def test_a_thread_shows_that_an_answer_is_looked_up(slack: SlackWorkspace) -> None:
    thread = slack.mentions("ada", "C1", "when?")
    until(lambda: slack.api.called["assistant.threads.setStatus"])

    assert slack.api.last["assistant.threads.setStatus"] == {
        "channel_id": "C1",
        "thread_ts": thread,
        "status": "is looking it up",
    }


def test_nothing_is_shown_where_a_person_answers(slack: SlackWorkspace, host: MemoryHost) -> None:
    host.set_status("slack", slack.address("ada"), Status(owner="agent"))
    slack.says("ada", "When?")
    slack.says("bo", "When?")
    until(lambda: slack.api.called["reactions.add"])

    assert slack.api.last["reactions.add"]["channel"] == slack.address("bo")
    assert slack.api.called["reactions.add"] == 1


def test_a_sign_that_is_refused_is_not_tried_for_ever(slack: SlackWorkspace, host: MemoryHost) -> None:
    slack.api.refuses["reactions.add"] = "missing_scope"
    with structlog.testing.capture_logs() as logs:
        slack.says("ada", "When?")
        until(lambda: any(log["event"] == "slack_sign_refused" for log in logs))
    slack.says("ada", "And when else?")

    assert texts(host) == ["When?", "And when else?"]
    assert slack.api.called["reactions.add"] == 1


def test_a_press_is_accepted_once_and_shown(slack: SlackWorkspace, running: Running, host: MemoryHost) -> None:
    choices = (Choice(id="a", label="A bike"), Choice(id="b", label="A bag"))
    address = slack.address("ada")
    running.send(Outbound(id=7, channel="slack", address=address, author="bot", text="Which?", choices=choices))
    slack.presses("ada", "A bag")
    until(lambda: slack.heard("ada")[0].text == "Which?\n✓ A bag")

    assert slack.heard("ada")[0].buttons == ()
    [inbound] = host.accepted
    assert inbound.action is not None
    assert inbound.action.choice == "b"


def test_in_a_channel_a_press_belongs_to_its_thread(slack: SlackWorkspace, running: Running, host: MemoryHost) -> None:
    thread = slack.mentions("ada", "C1", "when?")
    address = f"C1/{thread}"
    running.send(Outbound(id=7, channel="slack", address=address, author="bot", text="At nine.", feedback=True))
    slack.presses_in("ada", "C1", "Helped")

    assert [inbound.address for inbound in host.accepted] == [address, address]
    [heard] = slack.heard_in("C1", thread)
    assert heard.text.startswith("At nine.")


@pytest.fixture
def with_agent_view(host: MemoryHost) -> Iterator[SlackWorkspace]:
    slack = SlackWorkspace()
    with by_http(slack, host, agent_view=True, suggestions=["When are you open?"], greeting="Ask me"):
        yield slack


def test_with_the_agent_view_each_direct_message_begins_a_conversation(
    with_agent_view: SlackWorkspace, host: MemoryHost
) -> None:
    slack = with_agent_view
    direct = slack.address("ada")
    first, second = slack.says("ada", "first"), slack.says("ada", "second")
    slack.writes("ada", direct, "more", thread=first)

    assert [inbound.address for inbound in host.accepted] == [
        f"{direct}/{first}",
        f"{direct}/{second}",
        f"{direct}/{first}",
    ]
    until(lambda: slack.api.called["assistant.threads.setStatus"] == 3)
    assert slack.api.called["reactions.add"] == 0


def test_who_opens_the_agent_view_sees_what_could_be_asked(with_agent_view: SlackWorkspace) -> None:
    slack = with_agent_view
    slack.opens("ada", tab="home")
    slack.opens("ada")
    until(lambda: slack.api.called["assistant.threads.setSuggestedPrompts"])

    assert slack.api.called["assistant.threads.setSuggestedPrompts"] == 1
    assert slack.api.last["assistant.threads.setSuggestedPrompts"] == {
        "channel_id": slack.address("ada"),
        "title": "Ask me",
        "prompts": [{"title": "When are you open?", "message": "When are you open?"}],
    }


def test_while_slack_does_not_say_who_the_bot_is_nothing_is_acknowledged(host: MemoryHost) -> None:
    slack = SlackWorkspace()
    slack.api.refuses["auth.test"] = "internal_error"
    with by_http(slack, host):
        with pytest.raises(AssertionError):
            slack.says("ada", "When?", event="Ev1", message="1700000001.000001")
        slack.api.refuses.clear()
        slack.says("ada", "When?", event="Ev1", message="1700000001.000001")

    assert texts(host) == ["When?"]


def test_the_words_on_buttons_are_those_of_the_message(slack: SlackWorkspace, running: Running) -> None:
    swedish = Labels(helped="Det hjälpte", not_helped="Det hjälpte inte", human="Prata med en människa")
    told = Outbound(
        id=7, channel="slack", address=slack.address("ada"), author="bot", text="Klockan nio.", feedback=True
    )
    running.send(replace(told, labels=swedish))
    assert slack.heard("ada")[0].buttons == ("Det hjälpte", "Det hjälpte inte", "Prata med en människa")


def test_no_secret_leaves_but_in_the_header(slack: SlackWorkspace, running: Running) -> None:
    slack.says("ada", "When?")
    running.send(Outbound(id=1, channel="slack", address=slack.address("ada"), author="bot", text="At nine."))

    told = str(slack.api.last)
    assert not any(secret in told for secret in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET))
