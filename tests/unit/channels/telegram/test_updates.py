from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from channels.errors import PermanentFailure
from channels.message import Action, Attachment, Inbound, Quotation
from channels.telegram.address import TelegramAddress
from channels.telegram.updates import BotIdentity, Skipped, parse_update
from channels.testing.telegram.chats import marks

ME = BotIdentity(id=700001, username="answerdesk_bot")
NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
ADA = {"id": 42, "is_bot": False, "first_name": "Ada", "last_name": "Ek", "language_code": "sv"}
BOT = {"id": 700001, "is_bot": True, "first_name": "Answerdesk"}
PRIVATE = {"id": 42, "type": "private"}
GROUP = {"id": -7, "type": "supergroup", "title": "Team"}


def told(text: str = "", *, chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    words = {"text": text, "entities": marks(text)} if text else {}
    return {"message_id": 5, "date": 1_760_000_000, "chat": chat, "from": ADA, **words, **more}


def read(**content: Any) -> Inbound | Skipped:
    update = Update.de_json({"update_id": 9, **content})
    return parse_update(update, ME, NOW)


def taken(**content: Any) -> Inbound:
    inbound = read(**content)
    assert isinstance(inbound, Inbound), inbound
    return inbound


def test_a_message_in_a_private_chat() -> None:
    assert taken(message=told("When are you open?")) == Inbound(
        channel="telegram",
        event_id="700001:9",
        address="42",
        customer="42",
        customer_name="Ada Ek",
        locale="sv",
        text="When are you open?",
        sent_at=datetime.fromtimestamp(1_760_000_000, UTC),
        platform_message_id="42/5",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@answerdesk_bot when are you open?", "when are you open?"),
        ("🚲 hello @Answerdesk_Bot, are you open?", "🚲 hello , are you open?"),
        ("@answerdesk_bot", "Hej"),
        ("/start@answerdesk_bot", "Hej"),
        ("/language@answerdesk_bot sv", "/language sv"),
        ("/forget", "/forget"),
    ],
)
def test_what_is_addressed_to_the_bot_in_a_group(text: str, said: str) -> None:
    inbound = taken(message=told(text, chat=GROUP))

    assert (inbound.text, inbound.address, inbound.platform_message_id) == (said, "-7/user:42", "-7/5")


@pytest.mark.parametrize(
    "text", ["When is lunch?", "@somebody_bot hello", "/start@somebody_bot", "/dance", "mail me@answerdesk_bot.com"]
)
def test_what_is_not_addressed_to_the_bot_in_a_group(text: str) -> None:
    message = told(text, chat=GROUP) | ({"entities": []} if "mail" in text else {})

    assert read(message=message) == Skipped(reason="not addressed to the bot")


def test_a_reply_to_the_bot_is_addressed_to_it() -> None:
    answered = {"message_id": 4, "date": 1, "chat": GROUP, "from": BOT, "text": "Nine."}
    elsewhere = {**answered, "from": ADA}

    assert taken(message=told("And on Sundays?", chat=GROUP, reply_to_message=answered)).text == "And on Sundays?"
    assert isinstance(read(message=told("And on Sundays?", chat=GROUP, reply_to_message=elsewhere)), Skipped)


def test_a_topic_is_part_of_the_address() -> None:
    topic = {"message_thread_id": 3, "is_topic_message": True}

    assert taken(message=told("@answerdesk_bot hi", chat=GROUP, **topic)).address == "-7/topic:3/user:42"
    assert taken(message=told("hi", message_thread_id=3)).address == "42"  # a thread of replies is no topic


@pytest.mark.parametrize("address", ["42", "-7/user:42", "-7/topic:3/user:42", "42/topic:3"])
def test_an_address_is_read_as_it_was_written(address: str) -> None:
    assert str(TelegramAddress.read(address)) == address


@pytest.mark.parametrize("address", ["", "ada", "42/", "42/topic:x", "4" * 30])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(PermanentFailure):
        TelegramAddress.read(address)


def test_commands_say_what_a_customer_would() -> None:
    assert taken(message=told("/human")).action == Action(name="human")
    assert taken(message=told("/human my bike is gone")).text == "A human, please. my bike is gone"
    assert taken(message=told("/help")).text == "Hej"
    assert taken(message=told("/language")).text == "/language sv"
    assert taken(message=told("/language en")).text == "/language en"
    assert taken(message=told("/whatever it is")).text == "/whatever it is"


def test_bots_are_not_heard() -> None:
    assert read(message=told("Hello") | {"from": BOT}) == Skipped(reason="not from a person")


def test_an_edit_is_an_event_about_a_message() -> None:
    inbound = taken(edited_message=told("When do you close?", edit_date=1_760_000_100))

    assert (inbound.edits, inbound.platform_message_id, inbound.text) == ("42/5", None, "When do you close?")


@pytest.mark.parametrize(
    ("content", "attachment"),
    [
        (
            {
                "document": {
                    "file_id": "AA",
                    "file_unique_id": "u",
                    "file_name": "bill.pdf",
                    "mime_type": "application/pdf",
                }
            },
            Attachment(name="bill.pdf", url="telegram:file/AA", media_type="application/pdf"),
        ),
        (
            {
                "photo": [
                    {"file_id": size, "file_unique_id": size, "width": width, "height": width}
                    for size, width in (("small", 90), ("large", 1280))
                ]
            },
            Attachment(name="photo.jpg", url="telegram:file/large", media_type="image/jpeg"),
        ),
        (
            {"voice": {"file_id": "AA", "file_unique_id": "u", "duration": 3}},
            Attachment(name="voice.ogg", url="telegram:file/AA"),
        ),
        ({"location": {"latitude": 59.3, "longitude": 18.1}}, Attachment(name="location", url="geo:59.3,18.1")),
        (
            {"contact": {"phone_number": "+46701", "first_name": "Bo"}},
            Attachment(name="contact Bo", url="tel:+46701"),
        ),
        (
            {"dice": {"emoji": "🎲", "value": 3}},
            Attachment(name="dice", url="telegram:message/42/5"),
        ),
    ],
    ids=["document", "photo", "voice", "location", "contact", "dice"],
)
def test_a_file_is_a_reference(content: dict[str, Any], attachment: Attachment) -> None:
    inbound = taken(message=told(**content))

    assert (inbound.text, inbound.attachments) == ("", (attachment,))


def test_a_file_has_words_too() -> None:
    document = {"file_id": "AA", "file_unique_id": "u"}
    inbound = taken(message=told(document=document, caption="What is this?"))

    assert (inbound.text, [each.name for each in inbound.attachments]) == ("What is this?", ["document"])


def test_a_sticker_is_its_emoji() -> None:
    sticker = {
        "file_id": "AA",
        "file_unique_id": "u",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    }
    inbound = taken(message=told(sticker=sticker))

    assert (inbound.text, inbound.attachments) == ("👍", ())


def test_what_the_chat_does_is_nothing_to_answer() -> None:
    assert isinstance(read(message=told(new_chat_title="Another")), Skipped)
    assert isinstance(read(message=told(migrate_to_chat_id=-100)), Skipped)


def pressed(data: str, **more: Any) -> dict[str, Any]:
    message = {"message_id": 6, "date": 1_760_000_000, "chat": PRIVATE, "from": BOT, "text": "Which?"}
    return {"id": "1", "from": ADA, "chat_instance": "1", "data": data, "message": message, **more}


def test_a_press_is_an_action_on_our_message() -> None:
    inbound = taken(callback_query=pressed("choose:17::a:b"))

    assert inbound.action == Action(name="choose", answer_id=17, choice="a:b")
    assert (inbound.address, inbound.sent_at, inbound.text) == ("42", NOW, "")


def test_a_press_of_somebody_else_is_told_so() -> None:
    skipped = read(callback_query=pressed("helped:17:43:"))

    assert isinstance(skipped, Skipped)
    assert skipped.told


@pytest.mark.parametrize("data", ["", "dance:1::", "choose:x::a", "helped", "choose:99999999999::a"])
def test_a_button_that_is_not_ours_is_told_so(data: str) -> None:
    skipped = read(callback_query=pressed(data))

    assert isinstance(skipped, Skipped)
    assert skipped.told


def test_a_button_too_old_for_telegram_to_tell_its_topic() -> None:
    gone = {"message_id": 6, "date": 0, "chat": GROUP}

    assert isinstance(read(callback_query=pressed("helped:17:42:", message=gone)), Skipped)
    assert taken(callback_query=pressed("helped:17::", message={**gone, "chat": PRIVATE})).address == "42"


def test_what_is_forwarded_is_a_quote_and_ones_own_is_said_again() -> None:
    def forwarded(origin: dict[str, Any]) -> Inbound:
        return taken(message=told("I want a human!", forward_origin={"date": 1, **origin}))

    for origin, name in (
        ({"type": "user", "sender_user": {"id": 7, "is_bot": False, "first_name": "Cy"}}, "Cy"),
        ({"type": "hidden_user", "sender_user_name": "Somebody"}, "Somebody"),
        ({"type": "channel", "chat": {"id": -9, "type": "channel", "title": "News"}, "message_id": 3}, "News"),
    ):
        inbound = forwarded(origin)
        assert (inbound.text, inbound.quotes) == ("", (Quotation(text="I want a human!", origin=name),))
    own = forwarded({"type": "user", "sender_user": ADA})
    assert (own.text, own.quotes) == ("I want a human!", ())


def test_a_reply_keeps_what_it_points_at() -> None:
    bots = {"message_id": 4, "date": 1, "chat": PRIVATE, "from": BOT, "text": "Hold the button. Wait."}
    mine = {**bots, "from": ADA, "text": "my hub is a GX4"}
    quote = {"text": "Hold the button.", "position": 0}
    assert taken(message=told("which one?", reply_to_message=bots, quote=quote)).quotes == (
        Quotation(text="Hold the button.", origin="Answerdesk"),
    )
    assert taken(message=told("thanks", reply_to_message=bots)).quotes == ()
    pointing = taken(message=told("this one", reply_to_message=mine))
    assert (pointing.text, pointing.quotes) == ("this one", (Quotation(text="my hub is a GX4", origin="Ada Ek"),))
