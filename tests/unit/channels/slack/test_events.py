from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.message import Action, Quotation
from channels.slack.address import ConversationRef, MessageRef
from channels.slack.events import ButtonPress, Ignored, MessageEvent, Opened, parse

BOT = "U0BOT"
DIRECT = {"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "text": "When?", "ts": "100.1"}
SHARED = DIRECT | {"channel": "C1", "channel_type": "channel"}


def told(event: dict[str, Any]) -> Any:
    return parse({"type": "event_callback", "event_id": "Ev1", "event": event}, bot=BOT)


def changed(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": before["channel"],
        "ts": "200.1",
        "message": now,
        "previous_message": before,
    }


def test_a_direct_message() -> None:
    written = told(DIRECT)
    assert isinstance(written, MessageEvent)
    assert (written.event_id, written.user, written.text) == ("Ev1", "U1", "When?")
    assert written.spot.id == "D1/100.1"
    assert written.is_addressed


def test_a_mention_is_the_same_message_whichever_way_it_is_told() -> None:
    text = {"text": "<@U0BOT> When?"}
    written, mentioned = told(SHARED | text), told(SHARED | text | {"type": "app_mention", "channel_type": None})
    assert written == mentioned
    assert (written.text, written.is_addressed) == ("When?", True)


def test_a_call_by_name_alone_is_a_greeting() -> None:
    assert told(SHARED | {"text": "<@U0BOT>"}).text == "Hello"


def test_what_is_said_to_somebody_else_is_known_as_that() -> None:
    assert told(SHARED | {"text": "<@U9> look"}).is_for_another
    assert not told(SHARED).is_addressed


@pytest.mark.parametrize(
    "event",
    [
        DIRECT | {"bot_id": "B0BOT"},
        DIRECT | {"bot_id": "B9", "subtype": "bot_message", "user": None},
        DIRECT | {"bot_profile": {"id": "B9"}},
        DIRECT | {"user": BOT},
        DIRECT | {"user": "USLACKBOT"},
        DIRECT | {"user": None},
        DIRECT | {"subtype": "channel_join"},
        DIRECT | {"subtype": "assistant_app_thread"},
        DIRECT | {"text": ""},
        DIRECT | {"text": " \n"},
        DIRECT | {"ts": "soon"},
        DIRECT | {"ts": "9" * 30},
        {"type": "reaction_added", "user": "U1", "item": {}},
        {"type": "message"},
        {"type": "app_home_opened", "channel": "D1", "tab": "home"},
        changed(DIRECT, DIRECT | {"bot_id": "B0BOT", "text": "other"}),
        changed(DIRECT, DIRECT | {"attachments": [{"title": "an unfurled link"}]}),
        {"type": "message", "subtype": "message_deleted", "channel": "D1", "deleted_ts": "1.1"},
        {
            "type": "message",
            "subtype": "message_deleted",
            "channel": "D1",
            "deleted_ts": "100.1",
            "previous_message": DIRECT | {"bot_id": "B0BOT"},
        },
    ],
)
def test_what_is_not_a_customers_is_nothing(event: dict[str, Any]) -> None:
    assert isinstance(told(event), Ignored)


@pytest.mark.parametrize("body", [{}, {"type": "view_submission"}, {"type": "event_callback"}, {"type": "shortcut"}])
def test_other_payloads_are_nothing(body: dict[str, Any]) -> None:
    assert isinstance(parse(body, bot=BOT), Ignored)


def test_an_edit_is_of_the_message_it_changes() -> None:
    edited = told(changed(DIRECT, DIRECT | {"text": "Where?", "edited": {"ts": "200.1"}}))
    assert (edited.edits, edited.deletes, edited.text, edited.spot.id) == (True, False, "Where?", "D1/100.1")


@pytest.mark.parametrize(
    "event",
    [
        {
            "type": "message",
            "subtype": "message_deleted",
            "channel": "D1",
            "deleted_ts": "100.1",
            "previous_message": DIRECT,
        },
        changed(DIRECT, {"subtype": "tombstone", "ts": "100.1", "text": "This message was deleted."}),
    ],
    ids=["deleted", "deleted, and its thread stays"],
)
def test_a_deletion(event: dict[str, Any]) -> None:
    deleted = told(event)
    assert (deleted.deletes, deleted.edits, deleted.text, deleted.spot.id) == (True, False, "", "D1/100.1")
    assert deleted.user == "U1"


def test_a_file_is_a_reference_without_a_secret() -> None:
    file = {"name": "bill.pdf", "url_private": "https://files.slack.com/1", "mimetype": "application/pdf"}
    gone = {"name": "gone", "mode": "tombstone"}
    [attachment] = told(DIRECT | {"subtype": "file_share", "text": "", "files": [file, gone]}).attachments
    assert (attachment.name, attachment.url, attachment.media_type) == (
        "bill.pdf",
        "https://files.slack.com/1",
        "application/pdf",
    )


def test_what_is_passed_on_is_a_quote_and_never_the_customers_own_word() -> None:
    shared = {"is_share": True, "is_msg_unfurl": True, "author_id": "U9", "from_url": "https://a.slack.com/1"}
    named = shared | {"text": "When &amp; where, <@U9>?", "author_name": "Cy"}
    passed_on = told(DIRECT | {"text": "", "attachments": [named]})
    assert (passed_on.text, passed_on.quotes) == ("", (Quotation(text="When & where, @U9?", origin="Cy"),))
    assert told(DIRECT | {"text": "", "attachments": [shared]}).quotes == (Quotation(text="https://a.slack.com/1"),)
    with_words = told(DIRECT | {"attachments": [shared | {"text": "Look"}]})
    assert (with_words.text, with_words.quotes) == ("When?", (Quotation(text="Look"),))
    assert isinstance(told(DIRECT | {"text": "", "attachments": [{"text": "a preview"}]}), Ignored)


def test_what_is_passed_on_calls_nobody() -> None:
    shared = {"is_share": True, "text": "<@U0BOT> When?"}
    passed_on = told(SHARED | {"text": "", "attachments": [shared]})
    assert (passed_on.text, passed_on.is_addressed, passed_on.quotes) == ("", False, (Quotation(text="When?"),))
    assert not told(SHARED | {"text": "&gt; <@U0BOT> When?\nwhat he said"}).is_addressed


@pytest.mark.parametrize(
    ("text", "own", "quoted"),
    [
        ("&gt; Hold the button.\nthat did not work", "that did not work", ["Hold the button."]),
        ("hi\n&gt; one\n&gt; two\nand\n&gt;three", "hi\nand", ["one\ntwo", "three"]),
        ("look\n&gt;&gt;&gt;all\nthe rest", "look", ["all\nthe rest"]),
        ("&gt;&gt;&gt; all", "", ["all"]),
        ("is 5 &gt; 4?", "is 5 > 4?", []),
    ],
)
def test_quoted_lines_are_quotes(text: str, own: str, quoted: list[str]) -> None:
    written = told(DIRECT | {"text": text})
    assert (written.text, [each.text for each in written.quotes]) == (own, quoted)


def test_a_sign_that_slack_does_not_show_as_a_quote_is_what_it_says() -> None:
    plain = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}
    assert told(DIRECT | {"text": "&gt;5 lamps", "blocks": [plain]}).text == ">5 lamps"


def test_opening_the_messages() -> None:
    assert told({"type": "app_home_opened", "channel": "D1", "tab": "messages"}) == Opened(channel="D1")
    older = {"type": "assistant_thread_started", "assistant_thread": {"channel_id": "D1", "thread_ts": "1.1"}}
    assert told(older) == Opened(channel="D1", thread="1.1")


@pytest.mark.parametrize(
    ("pressed", "action"),
    [
        ({"action_id": "helped", "value": "1"}, Action(name="helped", answer_id=7)),
        ({"action_id": "not_helped", "value": "1"}, Action(name="not_helped", answer_id=7)),
        ({"action_id": "human", "value": "1"}, Action(name="human", answer_id=7)),
        ({"action_id": "choose/2", "value": "b"}, Action(name="choose", answer_id=7, choice="b")),
        ({"action_id": "choose/2"}, None),
        ({"action_id": "other", "value": "1"}, None),
        ({"action_id": "helped", "value": "1", "block_id": "theirs/7/0"}, None),
        ({"action_id": "helped", "value": "1", "block_id": "answerdesk/x/0"}, None),
    ],
)
def test_a_pressed_button(pressed: dict[str, Any], action: Action | None) -> None:
    button = {"block_id": "answerdesk/7/0", "action_ts": "300.1", "text": {"text": "A bag"}} | pressed
    body = {
        "type": "block_actions",
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "message": {"ts": "200.1", "thread_ts": "100.1", "text": "Which?", "blocks": []},
        "actions": [button],
    }
    happened = parse(body, bot=BOT)
    if action is None:
        assert isinstance(happened, Ignored)
        return
    assert isinstance(happened, ButtonPress)
    assert (happened.action, happened.label, happened.user) == (action, "A bag", "U1")
    assert ConversationRef.of(happened.spot).address == "C1/100.1"


@pytest.mark.parametrize(
    ("spot", "address"),
    [
        (MessageRef(channel="D1", ts="1.1"), "D1"),
        (MessageRef(channel="D1", ts="1.1", thread="1.1"), "D1"),
        (MessageRef(channel="D1", ts="2.1", thread="1.1"), "D1/1.1"),
        (MessageRef(channel="C1", ts="1.1"), "C1/1.1"),
        (MessageRef(channel="C1", ts="2.1", thread="1.1"), "C1/1.1"),
        (MessageRef(channel="G1", ts="2.1", thread="1.1"), "G1/1.1"),
    ],
)
def test_where_a_message_belongs(spot: MessageRef, address: str) -> None:
    place = ConversationRef.of(spot)
    assert place.address == address
    assert ConversationRef.at(address) == place


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "event", "message", "channel", "ts", "user", "text", "files", "actions", "event_id"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["type", "event", "event_id", "actions", "user", "channel", "message"]), JSON))
def test_no_payload_is_an_error(body: dict[str, Any]) -> None:
    for kind in ("event_callback", "block_actions"):
        parse(body | {"type": kind}, bot=BOT)


@given(JSON)
def test_no_message_is_an_error(message: Any) -> None:
    event = {"type": "message", "channel": "D1", "ts": "1.1", "user": "U1", "text": "a", "files": message}
    told(event)
    told({"type": "message", "subtype": "message_changed", "message": message, "channel": "D1"})
    told(event | {"text": message})
