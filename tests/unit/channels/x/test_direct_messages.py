import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from channels.testing.x.message import XPost, activity, page
from channels.x.direct_messages import DirectMessage, conversation_of, in_order, other_party
from channels.x.dm_v2 import from_activity, from_page
from channels.x.polling import unanswered

US, ADA, BO = "500", "42", "9000"
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def post(text: str, number: int = 1, *, sender: str = ADA, media: str | None = None) -> XPost:
    to = US if sender != US else ADA
    return XPost(
        id=str(number),
        sender=sender,
        sender_name="Ada",
        recipient=to,
        text=text,
        at=NOON.timestamp() + number,
        media=media,
    )


def message(number: int, *, sender: str = ADA, customer: str = ADA) -> DirectMessage:
    return DirectMessage(
        id=str(number),
        event_id=f"e{number}",
        conversation=conversation_of(US, customer),
        sender=sender,
        text="?",
        sent_at=NOON + timedelta(minutes=number),
    )


@pytest.mark.parametrize(
    "text", ["a < b && c > d", "&lt; stays", "See https://example.com/a?b=1&c=2 now", "line\nline"]
)
def test_both_shapes_tell_the_text_as_it_was_written(text: str) -> None:
    [told] = from_activity(activity(US, [post(text)], "7"), US)
    [read] = from_page(page([post(text)], None))
    assert told.text == read.text == text
    assert (told.id, told.sender, told.sender_name, told.conversation) == ("1", ADA, "Ada", f"{ADA}-{US}")
    assert (read.id, read.sender, read.sender_name, read.conversation) == ("1", ADA, "Ada", f"{ADA}-{US}")
    assert told.sent_at == read.sent_at == NOON + timedelta(seconds=1)
    assert (told.event_id, read.event_id) == ("7", "dm:1")


def test_a_picture_is_a_reference_and_its_link_no_text() -> None:
    [told] = from_activity(activity(US, [post("", media="lamp.jpg")], "7"), US)
    [read] = from_page(page([post("", media="lamp.jpg")], None))
    assert told.text == read.text == ""
    assert told.attachments == read.attachments
    assert [each.name for each in told.attachments] == ["lamp.jpg"]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"data": None},
        {"data": {"event_type": "dm.read", "payload": {}}},
        {"data": {"event_type": "dm.sent", "payload": {"direct_message_events": [{}]}}},
        {"data": {"event_type": "dm.received", "payload": []}},
        {"data": {"event_type": "dm.received", "payload": {"direct_message_events": None}}},
        {"data": {"event_type": "dm.received", "payload": {"direct_message_events": [{"type": "welcome"}]}}},
    ],
)
def test_an_event_that_tells_of_no_message_is_none(event: dict[str, Any]) -> None:
    assert from_activity(event, US) == ()


def test_a_message_between_others_is_none_of_ours() -> None:
    assert from_activity(activity("777", [post("Hi")], "7"), "777") == ()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda of: st.lists(of) | st.dictionaries(st.text(), of)
    )
)
def test_no_event_whatever_it_holds_is_an_error_or_told_in_the_log(odd: Any) -> None:
    events = [odd, {"type": "message_create", "id": odd, "message_create": odd}]
    with capture_logs() as logs:
        assert (
            from_activity({"data": {"event_type": "dm.received", "payload": {"direct_message_events": events}}}, US)
            == ()
        )
    assert all(set(log) == {"event", "log_level", "error"} for log in logs)


@pytest.mark.parametrize("users", [None, [], {ADA: None}, {ADA: "Ada"}, {ADA: {"data": "Ada"}}, {ADA: {"name": 5}}])
def test_a_message_is_not_lost_over_its_senders_name(users: Any) -> None:
    event = activity(US, [post("Hi")], "7")
    event["data"]["payload"]["users"] = users
    assert [(each.text, each.sender_name) for each in from_activity(event, US)] == [("Hi", None)]


def test_what_a_page_leaves_empty_is_nothing() -> None:
    assert from_page({"data": None, "includes": None, "meta": None}) == ()
    [read] = from_page(page([post("Hi")], None) | {"includes": {"users": None, "media": None}})
    assert (read.text, read.sender_name) == ("Hi", None)


def test_one_that_is_not_understood_does_not_hide_the_next() -> None:
    event = activity(US, [post("First", 1), post("Second", 2)], "7")
    del event["data"]["payload"]["direct_message_events"][0]["message_create"]["sender_id"]
    assert [each.text for each in from_activity(event, US)] == ["Second"]


def test_conversations_are_named_by_the_smaller_number_first() -> None:
    assert conversation_of("9", "10") == conversation_of("10", "9") == "9-10"
    assert [other_party("9-10", account) for account in ("9", "10", "11")] == ["10", "9", None]
    assert other_party("1234567890123456789", "9") is None


@given(st.permutations([message(number) for number in range(5)]))
def test_messages_are_put_in_the_order_they_were_written(shuffled: list[DirectMessage]) -> None:
    assert [each.id for each in in_order([*shuffled, message(3)])] == ["0", "1", "2", "3", "4"]


def test_where_nobody_of_ours_knows_a_conversation_what_people_have_answered_is_left() -> None:
    ours = message(2, sender=US)
    messages = [*in_order([message(1), ours, message(3)]), message(4, sender=BO, customer=BO)]
    assert [each.id for each in unanswered(messages, US, known=set())] == ["3", "4"]
    assert [each.id for each in unanswered(messages, US, known={conversation_of(US, ADA)})] == ["1", "3", "4"]


def test_the_event_is_what_the_documentation_shows() -> None:
    shown = json.loads(
        '{"data": {"event_uuid": "-68504", "filter": {"user_id": "500"}, "event_type": "dm.received", "tag": "dm", '
        '"payload": {"direct_message_events": [{"type": "message_create", "id": "2080", "created_timestamp": '
        '"1784928224372", "message_create": {"target": {"recipient_id": "500"}, "sender_id": "42", "message_data": '
        '{"text": "hello!", "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []}}}}], '
        '"users": {"42": {"data": {"id": "42", "name": "Ada"}}}}}}'
    )
    [told] = from_activity(shown, US)
    assert (told.text, told.sender_name, told.event_id, told.id) == ("hello!", "Ada", "-68504", "2080")
